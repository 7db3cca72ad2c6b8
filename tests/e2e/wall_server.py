"""A real server with nothing behind it: the rendered wall, the static files and a WebSocket that plays scenes after protocol 1.

In:  a Scene (tests/e2e/frames.py), and orders: beat with a cause, fall silent, drop the sockets, stop listening, send this text.
Out: an address to open. It runs in a thread of its own; every order may be given from the test's thread.
"""

from __future__ import annotations

import asyncio
import json
import threading
import types
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from django.conf import settings
from django.template.loader import render_to_string
from django.test import override_settings
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboard.boards.page import carried, catalogue
from dashboard.launch.redis_server import free_port
from dashboard.live.patch import diff
from dashboard.widgets import layout
from dashboard.words.tables import table
from tests.e2e.frames import Frame, Scene, compose, stamp

ROOT = Path(__file__).resolve().parent.parent.parent
PLAIN_STATIC = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


def content_security_policy() -> str:
    directives: dict[str, list[str]] = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return "; ".join(f"{name} {' '.join(map(str, values))}" for name, values in directives.items())


class WallServer:
    """`playing`: each second a patch (or a frame) of the scene. `beating`: a beat every second, with `cause`."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.playing = True
        self.beating = True
        self.cause: str | None = None
        self.with_opening = True
        self.seq = 1000
        self.heard: list[Frame] = []
        self.port = free_port()
        self.page_loads = 0
        self.page_errors: list[str] = []
        self.refuse_pages = False
        self.policy = True
        self._frame: Frame = {}
        self._sockets: set[WebSocket] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/wall/main/"

    @property
    def blank(self) -> str:
        """A page of the same origin without a script of its own, for loading single modules."""
        return f"http://127.0.0.1:{self.port}/blank/"

    # --- orders, from the test's thread

    def start(self) -> None:
        app = Starlette(routes=self.routes())
        config = uvicorn.Config(
            app, host="127.0.0.1", port=self.port, log_level="error", ws="websockets-sansio", lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(self._server, ready), daemon=True)
        self._thread.start()
        if not ready.wait(10):
            raise RuntimeError("the wall's server did not start")

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/wall/main/", self._page),
            Route("/blank/", self._blank),
            Route("/words/metrics.json", self._metrics),
            Route("/words/{language}.json", self._words),
            Mount("/static", StaticFiles(directory=ROOT / "static")),
            WebSocketRoute("/ws/boards/main/", self._socket),
        ]

    def stop(self) -> None:
        if self._server is None or self._thread is None:
            return
        self.drop()
        self._server.should_exit = True
        self._thread.join(10)
        self._server = None

    def show(self, scene: Scene) -> None:
        """The next picture shows this scene, as a whole frame."""
        self.scene = scene
        self._do(self._frame_to_all())

    def beat(self) -> None:
        self._do(self._beat_to_all())

    def send(self, message: Frame) -> None:
        self._do(self._to_all(json.dumps(message)))

    def drop(self, code: int = 1012) -> None:
        self._do(self._close_all(code))

    # --- the server's thread

    def _run(self, server: uvicorn.Server, ready: threading.Event) -> None:
        async def main() -> None:
            self._loop = asyncio.get_running_loop()
            player = asyncio.create_task(self._play())
            serving = asyncio.create_task(server.serve())
            while not server.started and not serving.done():
                await asyncio.sleep(0.01)
            ready.set()
            await serving
            player.cancel()

        asyncio.run(main())

    def _do(self, order: Coroutine[Any, Any, None]) -> None:
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(order, self._loop).result(10)

    async def _page(self, request: Request) -> Response:
        if self.refuse_pages:
            return Response("no", status_code=503)
        self.page_loads += 1
        self._advance()
        board = types.SimpleNamespace(slug="main", title=self.scene.title, theme=self.scene.theme, distance_m=self.scene.distance_m)
        opening = {"seq": self.seq, "at": stamp(datetime.now(UTC)), "frame": self._frame} if self.with_opening else None
        with override_settings(STORAGES=PLAIN_STATIC):
            widgets = layout.read(self._frame["board"]["widgets"])
            context = {"board": board, "opening": opening, **carried(self.scene.language, widgets, opening)}
            text = render_to_string("boards/wall.html", context)
        return HTMLResponse(text, headers={"Content-Security-Policy": content_security_policy(), "Cache-Control": "no-store"})

    async def _blank(self, request: Request) -> Response:
        headers = {"Content-Security-Policy": content_security_policy()} if self.policy else {}
        return HTMLResponse("<!doctype html><title>blank</title>", headers=headers)

    async def _words(self, request: Request) -> Response:
        return JSONResponse(table(request.path_params["language"]))

    async def _metrics(self, request: Request) -> Response:
        return JSONResponse(catalogue())

    async def _socket(self, socket: WebSocket) -> None:
        await socket.accept()
        try:
            while True:
                message = json.loads(await socket.receive_text())
                self.heard.append(message)
                if message["type"] == "hello":
                    self._sockets.add(socket)
                    if message["seq"] != self.seq and self._frame:
                        await socket.send_text(self._frame_text())
                    elif self.beating:
                        await socket.send_text(self._beat_text())
        except (WebSocketDisconnect, RuntimeError):
            self._sockets.discard(socket)

    async def _play(self) -> None:
        while True:
            await asyncio.sleep(0.5)
            if self.playing and self._sockets:
                before = self._frame
                prev = self.seq
                self._advance()
                patch = diff(before, self._frame)
                message = {"type": "patch", "v": 1, "seq": self.seq, "prev": prev, "at": stamp(datetime.now(UTC)), "patch": patch}
                await self._to_all(json.dumps(message))
            if self.beating:
                await self._beat_to_all()

    def _advance(self) -> None:
        self._frame = compose(self.scene, datetime.now(UTC))
        self.seq += 1

    async def _frame_to_all(self) -> None:
        self._advance()
        await self._to_all(self._frame_text())

    async def _beat_to_all(self) -> None:
        await self._to_all(self._beat_text())

    def _frame_text(self) -> str:
        at = stamp(datetime.now(UTC))
        return json.dumps({"type": "frame", "v": 1, "board": "main", "seq": self.seq, "at": at, "frame": self._frame})

    def _beat_text(self) -> str:
        beat: Frame = {"type": "beat", "v": 1, "seq": self.seq, "at": stamp(datetime.now(UTC))}
        if self.cause is not None:
            beat["cause"] = self.cause
        return json.dumps(beat)

    async def _to_all(self, text: str) -> None:
        for socket in list(self._sockets):
            try:
                await socket.send_text(text)
            except (WebSocketDisconnect, RuntimeError):
                self._sockets.discard(socket)

    async def _close_all(self, code: int) -> None:
        for socket in list(self._sockets):
            self._sockets.discard(socket)
            try:
                await socket.close(code)
            except (WebSocketDisconnect, RuntimeError):
                continue
