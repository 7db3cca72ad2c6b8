"""The page of a paired screen, for stages whose sockets and clock are played in the page itself (tests/js/playing.js).

In:  a scene for the board that comes with the page, and its slug, or "": the screen waits for one. Out: an address to open.
"""

from __future__ import annotations

import json
import types
from datetime import UTC, datetime
from pathlib import Path

from django.template.loader import render_to_string
from django.test import override_settings
from playwright.sync_api import Page
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.boards.page import carried
from dashboard.widgets import layout
from tests.e2e.frames import CALM, Frame, Scene, compose, stamp
from tests.e2e.wall_server import PLAIN_STATIC, WallServer, content_security_policy

PLAYING = Path(__file__).parent.parent / "js" / "playing.js"


class StageServer(WallServer):
    """`slug`: the board that comes with the page. `is_screen`: whether a paired screen opened it. `interval_s`, `speech`: of all frames."""

    def __init__(
        self, scene: Scene = CALM, slug: str = "a", *, is_screen: bool = True, interval_s: float | None = None, speech: bool = False
    ) -> None:
        super().__init__(scene)
        self.slug = slug
        self.interval_s = interval_s
        self.speech = speech
        self.is_screen = is_screen
        self.pair_loads = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/screen/"

    def routes(self) -> list[BaseRoute]:
        return [Route("/screen/", self._page), Route("/pair/", self._pair), *super().routes()]

    async def _page(self, request: Request) -> Response:
        if self.refuse_pages:
            return Response("no", status_code=503)
        self.page_loads += 1
        board = types.SimpleNamespace(slug=self.slug, title=self.scene.title, theme=self.scene.theme, distance_m=self.scene.distance_m)
        now = datetime.now(UTC)
        frame = self.framed(self.scene, self.slug, now) if self.slug else None
        with override_settings(STORAGES=PLAIN_STATIC):
            context = {
                "board": board,
                "opening": None if frame is None else {"seq": 1, "at": stamp(now), "frame": frame},
                "screen": "yes" if self.is_screen else "",
                "version": "v1",
                **carried(self.scene.language, layout.read(frame["board"]["widgets"]) if frame else None),
            }
            text = render_to_string("boards/wall.html", context)
        return HTMLResponse(text, headers={"Content-Security-Policy": content_security_policy(), "Cache-Control": "no-store"})

    def framed(self, scene: Scene, slug: str, now: datetime) -> Frame:
        return framed(scene, slug, now, interval_s=self.interval_s, speech=self.speech)

    async def _pair(self, request: Request) -> Response:
        self.pair_loads += 1
        return HTMLResponse("<!doctype html><title>pair</title>")


def framed(scene: Scene, slug: str, now: datetime, *, interval_s: float | None = None, speech: bool = False) -> Frame:
    """The scene as the frame of the board `slug`. `interval_s`: the pace of its feeds, where a test's own pace is slower than they are."""
    frame = compose(scene, now)
    frame["board"] = {**frame["board"], "slug": slug, "chime": True, "speech": speech}
    for feed in frame["feeds"].values():
        feed["interval_s"] = interval_s or feed["interval_s"]
    return frame


def play(page: Page, server: StageServer, boards: dict[str, Scene], items: list[tuple[str, int]] | None, name: str = "Reception") -> None:
    """Opens the page with these boards behind it. `items`: what the screen is to show; None: a person's page, without a screen's line."""
    page.add_init_script(path=PLAYING)
    frames = {slug: server.framed(scene, slug, datetime.now(UTC)) for slug, scene in boards.items()}
    screen = None if items is None else {"name": name, "items": [{"slug": slug, "seconds": seconds} for slug, seconds in items]}
    page.add_init_script(f"""(() => {{ const frames = {_json(frames)};
        for (const slug of Object.keys(frames)) play.serve(slug, frames[slug]);
        play.screen = {_json(screen)}; }})()""")
    page.goto(server.address)


def _json(value: object) -> str:
    return json.dumps(value)
