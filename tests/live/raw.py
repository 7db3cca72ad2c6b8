"""A viewer on a bare socket: it reads when the test says so and not before, and costs no thread."""

from __future__ import annotations

import json
import re
import socket
import time
from types import TracebackType
from typing import Any

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from tests.live.serving import DEADLINE_S, Served

_SEQ = re.compile(r'"seq":(\d+)')


def _seq_of(text: str) -> int | None:
    """A frame's or a patch's number; None for a beat and whatever else has none."""
    found = _SEQ.search(text)
    return int(found[1]) if found is not None and '"type":"beat"' not in text else None


class RawViewer:
    """`receive_buffer` bytes in the kernel, and then the server feels it."""

    def __init__(self, served: Served, key: str, *, receive_buffer: int | None = None) -> None:
        self._socket = socket.socket()
        if receive_buffer is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._socket.settimeout(DEADLINE_S)
        self._socket.connect(("127.0.0.1", served.port))
        self._protocol = ClientProtocol(parse_uri(f"ws://127.0.0.1:{served.port}/ws/boards/main/"), max_size=None)
        request = self._protocol.connect()
        request.headers["Authorization"] = f"Bearer {key}"
        self._protocol.send_request(request)
        self._flush()
        self._unread: list[Any] = []
        self._held = 0
        self.received_bytes = 0
        while not self._protocol.handshake_exc and self._protocol.state.name == "CONNECTING":
            self._read()

    def __enter__(self) -> RawViewer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._socket.close()

    def hello(self, seq: int | None = None) -> None:
        self._protocol.send_text(json.dumps({"type": "hello", "v": 1, "seq": seq}).encode())
        self._flush()

    def next_text(self, timeout_s: float = DEADLINE_S) -> str:
        """The next message's exact text. TimeoutError when none comes, ConnectionError when the server has gone."""
        deadline = time.monotonic() + timeout_s
        while not self._unread:
            self._socket.settimeout(max(0.001, deadline - time.monotonic()))
            self._read()
        text: str = self._unread.pop(0)
        return text

    def next_change(self) -> str:
        """The exact text of the next frame or patch that is newer than what came before. On a slow machine the floor's signs of life grow
        old, and beats say so in between; and a server that has heard of Redis only now sends the newest frame once more."""
        while True:
            text = self.next_text()
            seq = _seq_of(text)
            if seq is not None and seq > self._held:
                self._held = seq
                return text

    def next(self, timeout_s: float = DEADLINE_S) -> Any:
        text = self.next_text(timeout_s)
        self._held = _seq_of(text) or self._held
        return json.loads(text)

    def _read(self) -> None:
        data = self._socket.recv(65_536)
        if not data:
            raise ConnectionError("the server closed the connection")
        self.received_bytes += len(data)
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                self._unread.append(bytes(event.data).decode())
        self._flush()

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._socket.sendall(data)
