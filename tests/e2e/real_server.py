"""The pages and sockets of a web process as they are, with the tests' database and Redis, in a thread: for stories of several pages.

In:  nothing. Out: an address. There is no worker: what is published is published by the pages, or by the test.
"""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import uvicorn
from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from dashboard.launch.redis_server import free_port
from dashboard.live.door import admit
from dashboard.live.hub import Hub
from dashboard.live.routing import websocket_application, with_lifespan
from dashboard.store import connection

STATIC = Path(__file__).resolve().parents[2] / "static"
WITHIN_S = 20.0


class RealServer:
    """Served from `start` to `stop`. `version`: the release that the sockets serve; a page of another one loads itself anew."""

    def __init__(self, version: str = "test") -> None:
        self.version = version
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        if not ready.wait(WITHIN_S):
            raise RuntimeError("the server did not start")

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(WITHIN_S)

    def _run(self, ready: threading.Event) -> None:
        hub = Hub(subscriber=connection.subscriber, client=connection.async_client, admit=admit, version=self.version)
        static: Any = Starlette(routes=[Mount("/static", StaticFiles(directory=STATIC))])
        pages: Any = get_asgi_application()

        async def http(scope: Any, receive: Any, send: Any) -> None:
            """A page finishes though its tab is closed: Django leaves the body's file open where it is told to stop half-way."""

            async def patient() -> Any:
                message = await receive()
                if message["type"] == "http.disconnect":
                    await asyncio.Event().wait()
                return message

            await (static if scope["path"].startswith("/static/") else pages)(scope, patient, send)

        application = with_lifespan(ProtocolTypeRouter({"http": http, "websocket": websocket_application(hub)}), hub)
        how: dict[str, Any] = {"log_level": "error", "ws": "websockets-sansio", "lifespan": "on", "timeout_graceful_shutdown": 1}
        config = uvicorn.Config(application, host="127.0.0.1", port=self.port, **how)
        self._server = uvicorn.Server(config)

        async def serve() -> None:
            task = asyncio.ensure_future(self._server.serve())
            while not self._server.started and not task.done():
                await asyncio.sleep(0.01)
            ready.set()
            await task

        asyncio.run(serve())
