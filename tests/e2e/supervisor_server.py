"""The supervisor's page on the wall's test server: the rendered template, the agents' performance, the past, and the same socket.

In:  a Scene, and what each agent did. Out: an address to open.
"""

from __future__ import annotations

import math
import types
import zoneinfo
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
from dashboard.boards.supervisor_views import fixed, rows_beside
from dashboard.domain.agents import InState
from dashboard.domain.catalogue import CATALOGUE, Plan
from dashboard.domain.feeds import TALK
from dashboard.domain.readings import AgentActivity
from dashboard.history.compared import Reach, axis
from dashboard.models import Role
from dashboard.words.tables import table
from tests.e2e.frames import Frame, Scene, stamp
from tests.e2e.wall_server import PLAIN_STATIC, WallServer, content_security_policy

# What the phones tell: a board has numbers of tickets only where one of its tiles shows some.
ONE_A_CATALOGUE = {metric.name: 37 if metric.unit != "ratio" else 0.81 for metric in CATALOGUE.values() if metric.endpoint in TALK}
PROFESSIONAL = [metric.name for metric in CATALOGUE.values() if metric.plan is Plan.PROFESSIONAL]


def whole_day(scene: Scene, *, professional: bool = True) -> Scene:
    """The scene with every number that the plan sends: agents as they are listed, 37 of all else."""
    states = {"on_call": scene.agents.count("o"), "wrap_up": scene.agents.count("w"), "away": scene.agents.count("x")}
    values = {**ONE_A_CATALOGUE, **scene.values, **{f"agents_{name}": number for name, number in states.items()}}
    values["agents_online"] = sum(scene.agents.count(letter) for letter in "aowx")
    lacking = {} if professional else dict.fromkeys(PROFESSIONAL, "not_on_plan")
    return scene.but(values={**values, **lacking})


class SupervisorServer(WallServer):
    """`role` None: a person who only views. `performance_status`: what /api/v1/agents answers with."""

    def __init__(self, scene: Scene, role: Role = Role.SUPERVISOR) -> None:
        super().__init__(scene)
        self.role = role
        self.performance_status = 200
        self.asked = 0
        self.beside: Frame = {"at": stamp(datetime.now(UTC)), "feeds": {}, "budget": {}}
        self.messages: list[str] = []
        self._listed: list[Frame] = []
        self.letters: list[dict[str, str]] | None = None
        self.acknowledged: list[int] = []
        self.refuse_acts = 0  # the status to refuse with
        self.professional = True
        self.full_names: tuple[str, ...] = ()  # what the API tells where the board shows less
        self.names_shown = "full"
        self.quality: list[Frame] = []
        self.boards = [("main", scene.title)]
        self.rows_beside = False  # of tickets and Kayako
        self.past_status = 200
        self.past_asked: list[dict[str, str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def routes(self) -> list[BaseRoute]:
        own = [Route("/", self._supervisor), Route("/api/v1/agents", self._agents), Route("/sheet/{name:path}", self._sheet)]
        own.append(Route("/api/v1/feeds", self._feeds))
        own += [Route("/incidents/{pk:int}/acknowledge/", self._acknowledge, methods=["POST"]), Route("/mail/latest/", self._letters)]
        own += [Route("/api/v1/boards/main/compared", self._compared)]
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
            "boards": [types.SimpleNamespace(slug=slug, title=title) for slug, title in self.boards],
            "viewer": viewer,
            "may_supervise": viewer.may_supervise,
            "page": {
                "socket": "/ws/boards/main/",
                "agents": agents,
                "feeds": "/api/v1/feeds",
                "board": "main",
                "boardTitle": self.scene.title,
            },
            "opening": {"seq": self.seq, "at": stamp(datetime.now(UTC)), "frame": self._frame} if self.with_opening else None,
            "opening_agents": self.performance() if viewer.may_supervise and self.with_opening else None,
            "letters": self.letters,
            "csrf_token": "token-of-the-page",
            "emulated": True,
            "version": "test",
            "messages": self.messages,
            "words": table("en"),
            "has_phone": True,
            **rows_beside(tickets=self.rows_beside, kayako=self.rows_beside),
        }
        with override_settings(STORAGES=PLAIN_STATIC):
            text = render_to_string("supervisor/page.html", {**context, **fixed()})
        return HTMLResponse(text, headers={"Content-Security-Policy": content_security_policy(), "Cache-Control": "no-store"})

    async def _agents(self, request: Request) -> Response:
        self.asked += 1
        return JSONResponse(self.performance(), status_code=self.performance_status)

    async def _feeds(self, request: Request) -> Response:
        return JSONResponse(self.beside)

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

    async def _compared(self, request: Request) -> Response:
        """A working day: a hump of calls and waits with its peak at noon, a gap, one correction, and the same a week ago."""
        query = dict(request.query_params)
        self.past_asked.append(query)
        names = query["metrics"].split(",")
        totals = names[0] != "longest_wait_time"
        # Always the afternoon of one day, so that the picture does not depend on the hour of the test.
        now = datetime(2026, 11, 21, 14, 20, tzinfo=UTC)
        over = axis(Reach(query["span"]), now, zoneinfo.ZoneInfo(self.scene.time_zone), totals=totals)
        many, running = len(over.starts), over.running or 0
        gap = range(running // 2, running // 2 + max(1, many // 24)) if query["span"] != "1h" else range(0)

        def value(name: str, place: int, shift: float) -> float:
            hump = max(0.0, math.sin((over.starts[place].hour - 6) / 13 * math.pi)) if over.step_s < 86_400 else 0.8
            wave = (1 + math.sin(place * (1.7 if totals else 0.6) + shift)) / 2
            size = {"longest_wait_time": 150, "total_inbound_calls": 24, "total_calls": 30}.get(name, 3)
            return float(round(size * hump * (0.5 + wave / 2) * (over.step_s / 900 if totals else 1)))

        def series(name: str) -> Frame:
            values = [value(name, place, 0) if place <= running and place not in gap else None for place in range(many)]
            then = [value(name, place, 2) for place in range(many)]
            unit = "s" if name == "longest_wait_time" else "count"
            return {
                "metric": name,
                "label": CATALOGUE[name].label,
                "unit": unit,
                "figure": "increase" if totals else "max",
                "values": values,
                "then": then,
                "corrected": [running - 2] if totals else [],
            }

        answer = {
            "board": "main",
            "span": query["span"],
            "time_zone": self.scene.time_zone,
            "at": stamp(datetime.now(UTC)),
            "step_s": over.step_s,
            "days_before": over.days_before,
            "steps": [each.isoformat(timespec="seconds") for each in over.starts],
            "running": running,
            "series": [series(name) for name in names],
        }
        return JSONResponse(answer if self.past_status == 200 else {"error": "no"}, status_code=self.past_status)

    def _advance(self) -> None:
        super()._advance()
        self._listed = self._frame["agents"]
        self._frame["quality"] = self.quality
        self._frame["board"]["names"] = self.names_shown
        if self.names_shown == "none":
            self._frame["agents"] = []

    def performance(self) -> Frame:
        """What the agents of the scene did: numbers that look like a day's, one agent with few calls, one of whom much is unknown."""
        found: list[Any] = []
        for number, agent in enumerate(self._listed):
            calls = 6 if number == 13 else 21 + number * 7 % 14
            handled = calls * (230 + number * 37 % 190)
            online = None if number == 17 else int(handled / (0.76 + number * 5 % 16 / 100))
            activity = AgentActivity(
                agent_id=agent["id"],
                name=self.full_names[number] if self.full_names else agent["name"],
                agent_state=agent["state"],
                call_status=agent.get("call_status"),
                calls_accepted=calls,
                calls_missed=5 if number == 5 else number % 3 // 2,
                calls_denied=number % 2,
                total_talk_time=handled - calls * 30,
                total_wrap_up_time=calls * 30,
                online_time=online,
                available_time=1800 + number * 60,
                away_time=900,
                accepted_transfers=number % 4 if self.professional else None,
                started_transfers=number % 3 if self.professional else None,
                total_hold_time=number * 20 if self.professional else None,
                calls_put_on_hold=number % 5 if self.professional else None,
            )
            since = InState(agent["state"], agent.get("call_status"), datetime.fromisoformat(agent["since"]), agent["since_exact"])
            found.append(row(activity, since))
        return {
            "board": "main",
            "state": "live",
            "at": stamp(datetime.now(UTC) - timedelta(seconds=0.2)),
            "interval_s": 5.0,
            "professional": self.professional,
            "agents": found,
        }
