"""The supervisor's page on the wall's test server: the rendered template, the agents' performance, and the same socket.

In:  a Scene, and what each agent did. Out: an address to open.
"""

from __future__ import annotations

import types
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from django.template.loader import render_to_string
from django.test import override_settings
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.accounts.access import Viewer
from dashboard.accounts.forms import LoginForm
from dashboard.api.agents import row
from dashboard.domain.readings import AgentActivity
from dashboard.models import Role
from tests.e2e.frames import Frame, Scene, stamp
from tests.e2e.wall_server import PLAIN_STATIC, WallServer, content_security_policy


class SupervisorServer(WallServer):
    """`role` None: a person who only views. `performance_status`: what /api/v1/agents answers with."""

    def __init__(self, scene: Scene, role: Role = Role.SUPERVISOR) -> None:
        super().__init__(scene)
        self.role = role
        self.performance_status = 200
        self.asked = 0
        self.messages: list[str] = []
        self.letters: list[dict[str, str]] | None = None
        self.acknowledged: list[int] = []
        self.refuse_acts = 0  # the status to refuse with

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def routes(self) -> list[BaseRoute]:
        own = [Route("/", self._supervisor), Route("/api/v1/agents", self._agents), Route("/sheet/{name:path}", self._sheet)]
        own += [Route("/incidents/{pk:int}/acknowledge/", self._acknowledge, methods=["POST"]), Route("/mail/latest/", self._letters)]
        return [*own, *super().routes()]

    async def _sheet(self, request: Request) -> Response:
        """A page of one sheet, by its template's name, with a form that was filled in wrongly."""
        form = LoginForm(data={"username": "", "password": ""})
        context = {"form": form, "next": "/", "status": 404, "heading": "Not found", "message": "There is nothing at this address."}
        with override_settings(STORAGES=PLAIN_STATIC):
            text = render_to_string(request.path_params["name"], context)
        return HTMLResponse(text, headers={"Content-Security-Policy": content_security_policy()})

    async def _supervisor(self, request: Request) -> Response:
        self._advance()
        viewer = Viewer("person", 1, "dana@example.com", self.role)
        board = types.SimpleNamespace(slug="main", title=self.scene.title)
        agents = "/api/v1/agents?board=main" if viewer.may_supervise else None
        context = {
            "board": board,
            "viewer": viewer,
            "may_supervise": viewer.may_supervise,
            "page": {"socket": "/ws/boards/main/", "agents": agents},
            "opening": {"seq": self.seq, "at": stamp(datetime.now(UTC)), "frame": self._frame} if self.with_opening else None,
            "opening_agents": self.performance() if viewer.may_supervise and self.with_opening else None,
            "letters": self.letters,
            "csrf_token": "token-of-the-page",
            "emulated": True,
            "version": "test",
            "messages": self.messages,
        }
        with override_settings(STORAGES=PLAIN_STATIC):
            text = render_to_string("supervisor/page.html", context)
        return HTMLResponse(text, headers={"Content-Security-Policy": content_security_policy(), "Cache-Control": "no-store"})

    async def _agents(self, request: Request) -> Response:
        self.asked += 1
        return JSONResponse(self.performance(), status_code=self.performance_status)

    async def _acknowledge(self, request: Request) -> Response:
        """As dashboard/incidents/acts.py answers a script; the next frame says that dana has it."""
        form = parse_qs((await request.body()).decode())
        if self.refuse_acts or form.get("csrfmiddlewaretoken") != ["token-of-the-page"]:
            return JSONResponse({"message": "no"}, status_code=self.refuse_acts or 403)
        pk = request.path_params["pk"]
        self.acknowledged.append(pk)
        return JSONResponse({"id": pk, "state": "acknowledged", "acknowledged_by": "dana@example.com", "message": "You have it now."})

    async def _letters(self, request: Request) -> Response:
        return JSONResponse({"letters": self.letters or []})

    def performance(self) -> Frame:
        """What the agents of the scene did: numbers that look like a day's, one agent with few calls, one of whom much is unknown."""
        found: list[Any] = []
        for number, agent in enumerate(self._frame.get("agents", [])):
            calls = 6 if number == 13 else 21 + number * 7 % 14
            handled = calls * (230 + number * 37 % 190)
            online = None if number == 17 else int(handled / (0.76 + number * 5 % 16 / 100))
            activity = AgentActivity(
                agent_id=agent["id"],
                name=agent["name"],
                agent_state=agent["state"],
                call_status=agent.get("call_status"),
                calls_accepted=calls,
                calls_missed=5 if number == 5 else number % 3 // 2,
                calls_denied=number % 2,
                total_talk_time=handled - calls * 30,
                total_wrap_up_time=calls * 30,
                online_time=online,
            )
            found.append(row(activity, None))
        return {
            "board": "main",
            "state": "live",
            "at": stamp(datetime.now(UTC) - timedelta(seconds=0.2)),
            "interval_s": 5.0,
            "agents": found,
        }
