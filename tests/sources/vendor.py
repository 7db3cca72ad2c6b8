"""Vendors for tests, on real loopback sockets: one that answers properly what a test tells it to, and one that speaks raw bytes."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import pytest
import uvicorn

from dashboard.sources.errors import SourceError

START_S = 10.0
# How a raw server's good answer begins.
OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
FENCE = "/-/fence"


def refused(call: Callable[[], object]) -> SourceError:
    """The error that a call must end with."""
    with pytest.raises(SourceError) as caught:
        call()
    return caught.value


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived; header names in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer. `headers` may say another content type."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, value: object, status: int = 200, **headers: str) -> Reply:
        return cls(status, json.dumps(value).encode(), {name.replace("_", "-"): text for name, text in headers.items()})


class Vendor:
    """An ASGI app: `answer` decides (from any thread), `asked` remembers."""

    def __init__(self) -> None:
        self.url = ""
        self.forget()

    def reset(self) -> None:
        """As new. A request that was given up may still lie in a socket: it is read before the fence, and so never by the next test."""
        fence = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=START_S)
        with contextlib.closing(fence):
            fence.request("GET", FENCE)
            assert fence.getresponse().status == 204
        self.forget()

    def forget(self) -> None:
        self.asked: list[Asked] = []
        self.answer: Callable[[Asked], Reply] = lambda _: Reply.json({})

    def replies(self, *replies: Reply) -> None:
        """These in turn, the last one for ever."""
        waiting = list(replies)
        self.answer = lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == FENCE:
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message["body"]
            if not message["more_body"]:
                break
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        asked = Asked(scope["method"], scope["path"], dict(parse_qsl(scope["query_string"].decode())), headers, body)
        self.asked.append(asked)
        reply = self.answer(asked)
        told = {"content-type": "application/json; charset=utf-8", **reply.headers}
        pairs = [(name.lower().encode("latin-1"), text.encode("latin-1")) for name, text in told.items() if text]
        await send({"type": "http.response.start", "status": reply.status, "headers": pairs})
        await send({"type": "http.response.body", "body": reply.body})


@contextlib.contextmanager
def serving(vendor: Vendor) -> Iterator[Vendor]:
    """`vendor` on a free port of 127.0.0.1 until the block ends."""
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(vendor, log_config=None, lifespan="off", access_log=False, ws="none", date_header=False))
    ready = threading.Event()
    startup = server.startup

    async def started(sockets: list[socket.socket] | None = None) -> None:
        await startup(sockets)
        ready.set()

    server.startup = started  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    try:
        assert ready.wait(START_S)
        vendor.url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        yield vendor
    finally:
        server.should_exit = True
        thread.join(START_S)
        bound.close()


@contextlib.contextmanager
def raw_server(talk: Callable[[socket.socket, int], None]) -> Iterator[str]:
    """The address of a server that hands each connection, with its number from 0, to `talk` in a thread of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    connections: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def run(connection: socket.socket, number: int) -> None:
        # The client may be gone before we are done: that is what these tests are about.
        with connection, contextlib.suppress(OSError):
            talk(connection, number)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connections.append(connection)
                thread = threading.Thread(target=run, args=(connection, len(connections) - 1), daemon=True)
                threads.append(thread)
                thread.start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        for open_socket in (listener, *connections):
            with contextlib.suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)
            open_socket.close()
        for thread in (accepting, *threads):
            thread.join(START_S)


def read_request(connection: socket.socket) -> bytes:
    """The head of one request; empty when the client hung up."""
    head = b""
    while b"\r\n\r\n" not in head:
        more = connection.recv(65536)
        if not more:
            return head
        head += more
    return head
