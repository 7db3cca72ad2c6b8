"""The way of an answer onto the connection, well or ill: headers, bytes, and connections that break.

In:  an `Answer`, an ASGI connection, a fault. Out: bytes on the wire, and a word for the log.
Knows which TCP connection a request came by, because closing one without an answer is nothing ASGI can say.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import math
from collections.abc import Mapping
from email.utils import formatdate

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from dashboard.emulator.answers import Answer
from dashboard.emulator.clock import EmulatorClock

ZENDESK = {"X-Zendesk-API-Version": "v2"}
ANSWERED_AT = "X-Emulator-Answered-At"
NO_CONTENT = 204
GZIP_FROM_BYTES = 1_400
SLOW_BODY_S = 20.0
DRIP_S = 0.1


class Connections:
    """The open connections by the client's address, and the news that the server is ending."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], asyncio.BaseTransport] = {}
        self._noting = False
        self.ending = asyncio.Event()

    def protocol_class(self) -> type[H11Protocol]:
        """uvicorn's HTTP protocol, which also notes its connection here."""
        connections, self._noting = self._open, True

        class NotedConnection(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                self._peer = transport.get_extra_info("peername")[:2]
                connections[self._peer] = transport
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                connections.pop(self._peer, None)
                super().connection_lost(exc)

        return NotedConnection

    def close(self, scope: Scope) -> None:
        """Close the request's connection once what was written is sent. LookupError on a server that does not note its connections."""
        if not self._noting:
            raise LookupError("Start the emulator through dashboard.emulator.server: only that can drop a connection.")
        if transport := self._open.get(tuple(scope["client"])):
            transport.close()


class Line:
    """One request's connection."""

    def __init__(
        self,
        connections: Connections,
        clock: EmulatorClock,
        scope: Scope,
        receive: Receive,
        send: Send,
        *,
        marks: Mapping[str, str] = ZENDESK,
    ) -> None:
        """`marks`: headers by which every answer tells whose it is."""
        self._connections, self._clock, self._marks = connections, clock, marks
        self._scope, self._receive, self._send = scope, receive, send

    async def pause(self, seconds: float | None) -> bool:
        """Wait (None: without end). False when the client left or the server ends before."""
        gone = asyncio.ensure_future(self._gone())
        ending = asyncio.ensure_future(self._connections.ending.wait())
        try:
            done, _ = await asyncio.wait({gone, ending}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            return not done
        finally:
            gone.cancel()
            ending.cancel()

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def close_unanswered(self) -> None:
        """Drop the connection."""
        self._connections.close(self._scope)
        await self.pause(None)

    async def never_answer(self) -> None:
        """Hold the connection until the client leaves; at the server's end drop it."""
        if not await self.pause(None) and self._connections.ending.is_set():
            self._connections.close(self._scope)
            await self._gone()

    async def answer(self, answer: Answer, *, skew_s: float = 0.0) -> None:
        """Send it whole."""
        body = await self._start(answer, skew_s=skew_s)
        await self._send({"type": "http.response.body", "body": body})

    async def answer_truncated(self, answer: Answer) -> None:
        """Promise the whole body, send half, close."""
        body = await self._start(answer, promised_more=1 if len(answer.body) < 2 else 0)
        await self._send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        await self.close_unanswered()

    async def answer_slowly(self, answer: Answer, over_s: float) -> None:
        """Send the body in drips, over about `over_s` seconds."""
        body = await self._start(answer)
        size = max(1, math.ceil(len(body) * DRIP_S / over_s))
        for first in range(0, len(body), size):
            if not await self.pause(DRIP_S):
                self._connections.close(self._scope)
                await self._gone()
                return
            last = first + size >= len(body)
            await self._send({"type": "http.response.body", "body": body[first : first + size], "more_body": not last})
        if not body:
            await self._send({"type": "http.response.body", "body": b""})

    async def _start(self, answer: Answer, *, skew_s: float = 0.0, promised_more: int = 0) -> bytes:
        body = answer.body
        headers = {
            "Date": formatdate(self._clock.wall_s() + skew_s, usegmt=True),
            "Content-Type": answer.content_type,
            "Cache-Control": "max-age=0, private, must-revalidate" if answer.status < 400 else "no-cache",
            **self._marks,
            **answer.headers,
        }
        if answer.status == NO_CONTENT:
            del headers["Content-Type"]
            headers["Cache-Control"] = "no-cache"
        elif answer.status < 300 and body:
            headers.setdefault("ETag", f'W/"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"')
        accepted = next((value for name, value in self._scope["headers"] if name == b"accept-encoding"), b"")
        if len(body) >= GZIP_FROM_BYTES and b"gzip" in accepted.lower():
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        # RFC 9110 forbids a length where there can be no body.
        if answer.status != NO_CONTENT:
            headers["Content-Length"] = str(len(body) + promised_more)
        headers[ANSWERED_AT] = str(int(self._clock.wall_s() * 1000))
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": answer.status, "headers": raw})
        return b"" if self._scope["method"] == "HEAD" else body
