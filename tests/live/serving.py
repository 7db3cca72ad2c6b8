"""A real web process for tests: uvicorn in a thread, the application as it is served, a hub whose pace can be shortened."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import redis.asyncio as redis_asyncio
import uvicorn
from channels.routing import ProtocolTypeRouter
from websockets.sync.client import ClientConnection, connect

from dashboard.live.door import Admit, admit
from dashboard.live.hub import Hub, Pace
from dashboard.live.routing import websocket_application, with_lifespan
from dashboard.store import connection

DEADLINE_S = 15.0
VERSION = "release-1"
SMALL_BUFFER = 16_384


class StartedServer(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


class Served:
    """A running web process. `viewer` opens a socket of it."""

    def __init__(self, hub: Hub, port: int) -> None:
        self.hub = hub
        self.port = port

    @contextmanager
    def viewer(self, key: str | None = None, *, board: str = "main", headers: dict[str, str] | None = None) -> Iterator[Viewer]:
        """InvalidStatus when the handshake is refused."""
        given = {"Authorization": f"Bearer {key}"} if key else {}
        with connect(f"ws://127.0.0.1:{self.port}/ws/boards/{board}/", additional_headers={**given, **(headers or {})}) as wire:
            yield Viewer(wire)


class Viewer:
    """A client of protocol 1 that remembers nothing: the tests look at each message."""

    def __init__(self, wire: ClientConnection) -> None:
        self.wire = wire

    def say(self, message: object) -> None:
        self.wire.send(message if isinstance(message, str | bytes) else json.dumps(message))

    def hello(self, seq: int | None = None, **more: object) -> None:
        self.say({"type": "hello", "v": 1, "seq": seq, **more})

    def next(self, timeout_s: float = DEADLINE_S) -> Any:
        """The next message, whatever it is. TimeoutError when none comes; ConnectionClosed when the server closed."""
        return json.loads(self.wire.recv(timeout=timeout_s))

    def wait_for(self, wanted: Callable[[Any], bool], timeout_s: float = DEADLINE_S) -> Any:
        """The next message that is `wanted`; the others are passed over."""
        deadline = time.monotonic() + timeout_s
        while True:
            message = self.next(max(0.001, deadline - time.monotonic()))
            if wanted(message):
                return message

    def wait_for_type(self, *types: str) -> Any:
        return self.wait_for(lambda message: message["type"] in types)


def listening_socket() -> socket.socket:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_BUFFER)
    sock.bind(("127.0.0.1", 0))
    return sock


@contextmanager
def serving(
    *,
    pace: Pace | None = None,
    capacity: int = 1000,
    hello_timeout_s: float = 10.0,
    version: str = VERSION,
    judge: Admit = admit,
    port_of: socket.socket | None = None,
    subscriber: Callable[[], redis_asyncio.Redis] = connection.subscriber,
    client: Callable[[], redis_asyncio.Redis] = connection.async_client,
) -> Iterator[Served]:
    hub = Hub(subscriber=subscriber, client=client, admit=judge, version=version, capacity=capacity, pace=pace)
    websocket = websocket_application(hub, hello_timeout_s=hello_timeout_s)
    application = with_lifespan(ProtocolTypeRouter({"websocket": websocket}), hub)
    sock = port_of or listening_socket()
    config = uvicorn.Config(
        application,
        lifespan="on",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        log_config=None,
        timeout_graceful_shutdown=2,
    )
    server = StartedServer(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, name="web")
    thread.start()
    try:
        assert server.listening.wait(DEADLINE_S)
        yield Served(hub, sock.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(DEADLINE_S)
        sock.close()
        assert not thread.is_alive()


def until(condition: Callable[[], bool], timeout_s: float = DEADLINE_S) -> None:
    """Waits until something that sends no event has come true."""
    deadline = time.monotonic() + timeout_s
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        pause.wait(0.01)
