"""Runs the emulator on a real socket: for the command, or in a thread for tests.

In:  settings, a way to open a floor, a clock, a socket. Out: a serving uvicorn; `bound_socket`; `serve_in_thread`.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import uvicorn
from starlette.applications import Starlette

from dashboard.emulator.asgi import build
from dashboard.emulator.clock import EmulatorClock
from dashboard.emulator.floor import OpenFloor
from dashboard.emulator.options import EmulatorSettings
from dashboard.emulator.wire import Connections

START_TIMEOUT_S = 30.0


class EmulatorServer(uvicorn.Server):
    """uvicorn, telling when it answers and letting go of requests that hang on purpose before it ends."""

    def __init__(self, app: Starlette, connections: Connections, on_ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=connections.protocol_class(),
                ws="none",
                lifespan="on",
                log_config=None,
                log_level="warning",
                access_log=False,
                # Both are ours to send: the Date can be skewed on purpose.
                date_header=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=2,
            )
        )
        self._connections, self._on_ready = connections, on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._connections.ending.set()
        await super().shutdown(sockets)


def bound_socket(host: str, port: int) -> socket.socket:
    """A listening-to-be socket; port 0 takes a free one. OSError when the address cannot be had."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound


def url_of(bound: socket.socket) -> str:
    """The address to ask it by; a socket on all interfaces is asked by loopback."""
    host, port = bound.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def server_for(settings: EmulatorSettings, open_floor: OpenFloor, clock: EmulatorClock, on_ready: Callable[[], None]) -> EmulatorServer:
    """A server, not yet running. `on_ready` is called in its loop once it answers. ValueError for an unknown scenario."""
    connections = Connections()
    return EmulatorServer(build(settings, open_floor, clock, connections), connections, on_ready)


@contextlib.contextmanager
def serve_in_thread(settings: EmulatorSettings, open_floor: OpenFloor, clock: EmulatorClock) -> Iterator[str]:
    """The address of a server that runs in a thread until the block ends. RuntimeError when it does not start within 30 s."""
    ready = threading.Event()
    bound = bound_socket("127.0.0.1", 0)
    server = server_for(settings, open_floor, clock, ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, name="emulator", daemon=True)
    thread.start()
    try:
        if not ready.wait(START_TIMEOUT_S):
            raise RuntimeError("The emulator did not start.")
        yield url_of(bound)
    finally:
        server.should_exit = True
        thread.join(START_TIMEOUT_S)
        bound.close()
