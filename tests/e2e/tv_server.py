"""The page of a paired screen with real sockets: what its browser really does with sound, voice, light and window is told here.

In:  a scene. Out: an address to open; `painted`, what the screen said of itself.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.e2e.frames import Frame, Scene, stamp
from tests.e2e.stage_server import StageServer, framed


class TvServer(StageServer):
    """The screen shows the board `main`, which rings and speaks."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene, "main", speech=True)

    @property
    def painted(self) -> list[Frame]:
        return [message for message in self.heard if message["type"] == "painted"]

    def routes(self) -> list[BaseRoute]:
        return [WebSocketRoute("/ws/screen/", self._orders), *super().routes()]

    def _advance(self) -> None:
        super()._advance()
        self._frame = framed(self.scene, "main", datetime.now(UTC), speech=True)

    async def _orders(self, socket: WebSocket) -> None:
        await socket.accept()
        shows = {"type": "screen", "name": "Reception", "items": [{"slug": "main", "seconds": 30}], "preempts": True}
        try:
            while True:
                message = json.loads(await socket.receive_text())
                self.heard.append(message)
                if message["type"] == "hello":
                    self._sockets.add(socket)
                    await socket.send_text(json.dumps(shows))
                    await socket.send_text(json.dumps({"type": "beat", "v": 1, "seq": 0, "at": stamp(datetime.now(UTC))}))
        except (WebSocketDisconnect, RuntimeError):
            self._sockets.discard(socket)
