"""The emulated vendor as an ASGI application.

In:  an `Account`. Out: a Starlette application: the vendor's addresses, Kayako's below `/api/v1/`, and `/_emulator/…`.
The room's only place where a request meets faults, the log and the connection.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from dashboard.emulator import control, kayako_control, kayako_edge, vendor
from dashboard.emulator.account import Account
from dashboard.emulator.answers import Answer, invalid_endpoint
from dashboard.emulator.clock import EmulatorClock
from dashboard.emulator.faults import CANNED, Fault, canned, changed
from dashboard.emulator.floor import OpenFloor
from dashboard.emulator.kayako_door import Asking
from dashboard.emulator.kayako_errors import STATUSES, VERSION, of_status
from dashboard.emulator.options import EmulatorSettings
from dashboard.emulator.talk import Request
from dashboard.emulator.wire import SLOW_BODY_S, ZENDESK, Connections, Line

MAX_BODY_BYTES = 4 * 1024 * 1024
ADVANCE_EVERY_S = 0.5


def build(settings: EmulatorSettings, open_floor: OpenFloor, clock: EmulatorClock, connections: Connections | None = None) -> Starlette:
    """The application of one account; it is also `app.state.account`. ValueError for a scenario that is not there.

    `connections` come from the server that noted them (`server`); without, the faults that need the connection raise LookupError.
    """
    account = Account(settings, open_floor, clock)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        living = asyncio.create_task(_live(account))
        yield
        living.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await living

    app = Starlette(
        routes=[
            Mount("/_emulator", routes=[*control.routes(account), *kayako_control.routes(account)]),
            Mount(kayako_edge.PREFIX, app=KayakoEdge(account, connections or Connections())),
            Mount("/", app=VendorEdge(account, connections or Connections())),
        ],
        lifespan=lifespan,
    )
    app.state.account = account
    return app


async def _live(account: Account) -> None:
    """Keeps the day going when nobody asks: a first question after a night must not wait for that night to be simulated."""
    while True:
        account.advance()
        await asyncio.sleep(ADVANCE_EVERY_S)


class VendorEdge:
    """Everything below `/` that is not control."""

    _marks: Mapping[str, str] = ZENDESK

    def __init__(self, account: Account, connections: Connections) -> None:
        self._account, self._connections = account, connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        account, clock = self._account, self._account.clock
        line = Line(self._connections, clock, scope, receive, send, marks=self._marks)
        endpoint = self._endpoint_of(scope)
        entry = account.log.arrived(endpoint or "other", clock.wall_s())
        outcome = "cancelled"
        try:
            outcome = await self._serve(endpoint, line, scope, receive)
        finally:
            account.log.left(entry, outcome, clock.wall_s())

    async def _serve(self, endpoint: str | None, line: Line, scope: Scope, receive: Receive) -> str:
        """Answer, one way or another; the word for the log."""
        if endpoint is None:
            await line.answer(invalid_endpoint())
            return "404"
        account = self._account
        request = await _request(scope, receive)
        if request is None:
            return "client_left"
        fault = account.faults.pick(endpoint, account.clock.steady_s())
        if fault is None:
            answer = self._answer(endpoint, request, scope)
            await line.answer(answer)
            return str(answer.status)
        return await self._serve_ill(endpoint, request, fault, line, scope)

    def _endpoint_of(self, scope: Scope) -> str | None:
        return vendor.endpoint_of(scope["method"], scope["path"])

    def _canned(self, fault: Fault) -> Answer:
        return canned(fault)

    def _answer(self, endpoint: str, request: Request, scope: Scope) -> Answer:
        """The right answer, with the rate headers of an account that knows who asks."""
        answer = vendor.answer(self._account, endpoint, request)
        if endpoint != "oauth_tokens" and answer.status not in {401, 405}:
            answer.headers.update(self._account.limits.headers(endpoint, self._account.clock.steady_s()))
        return answer

    async def _serve_ill(self, endpoint: str, request: Request, fault: Fault, line: Line, scope: Scope) -> str:
        if fault.kind == "timeout":
            await line.never_answer()
            return "timeout"
        if fault.delay_s and fault.kind != "slow" and not await line.pause(fault.delay_s):
            return "client_left"
        if fault.kind in {"close", "unheard"}:
            if fault.kind == "unheard":
                self._answer(endpoint, request, scope)  # it is done, and nobody hears of it
            await line.close_unanswered()
            return fault.kind
        answer = self._canned(fault) if fault.kind in CANNED else changed(fault, self._answer(endpoint, request, scope))
        if fault.kind == "truncated":
            await line.answer_truncated(answer)
            return "truncated"
        if fault.kind == "slow":
            await line.answer_slowly(answer, fault.delay_s or SLOW_BODY_S)
            return "slow"
        await line.answer(answer, skew_s=fault.skew_s if fault.kind == "date_skew" else 0.0)
        return str(answer.status)


class KayakoEdge(VendorEdge):
    """Everything below `/api/v1`: the other vendor of the same company, on the same server."""

    _marks = VERSION

    def _endpoint_of(self, scope: Scope) -> str | None:
        return kayako_edge.endpoint_of(scope["path"])

    def _canned(self, fault: Fault) -> Answer:
        return of_status(int(fault.kind), fault.retry_after_s) if fault.kind in STATUSES else canned(fault)

    def _answer(self, endpoint: str, request: Request, scope: Scope) -> Answer:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        asking = Asking(request.authorization, headers.get(b"x-session-id"), headers.get(b"if-none-match"))
        return kayako_edge.answer(self._account, request, asking)


async def _request(scope: Scope, receive: Receive) -> Request | None:
    """The request with its body (cut at 4 MiB, which a hundred tickets do not reach), or None when the client left while sending it."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body = (body + message.get("body", b""))[:MAX_BODY_BYTES]
        more = message.get("more_body", False)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    host = headers.get("host") or "{}:{}".format(*(scope.get("server") or ("127.0.0.1", 80)))
    # Clients that insist on https come through a TLS proxy; links must lead them back the same way.
    scheme = forwarded if (forwarded := headers.get("x-forwarded-proto", "")) in {"http", "https"} else scope["scheme"]
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True, errors="replace")
    return Request(
        method=scope["method"],
        path=scope["path"],
        origin=f"{scheme}://{host}",
        query=tuple(query),
        authorization=headers.get("authorization"),
        content_type=headers.get("content-type", ""),
        body=body,
        client=headers.get("user-agent", ""),
        idempotency_key=headers.get("idempotency-key") or None,
    )
