"""One viewer's WebSocket, of a board or of a screen: the handshake, what the viewer says, and the end. Sending is the hub's work.

In:  ASGI events of one connection. Out: a seat in the hub. Must not send on its own: the outlet alone writes to the socket.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from channels.consumer import get_handler_name
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import Error as DatabaseError

from dashboard.accounts.access import Viewer
from dashboard.live.door import BAD_MESSAGE, NO_HELLO, TOO_MANY_MESSAGES, TRY_AGAIN_LATER, Refusal, admit_screen
from dashboard.live.hub import Hub
from dashboard.live.messages import BadMessage, Hello, parse_inbound
from dashboard.live.outlet import Outlet
from dashboard.live.seats import Seat

logger = logging.getLogger(__name__)

HELLO_TIMEOUT_S = 10.0
# A viewer says painted every ten seconds, and hello now and then: at most twice a second while it looks for a frame that fits.
BURST_COUNT = 20
REFILL_PER_S = 2.0


class BoardConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    """`hub` is the process's own."""

    def __init__(self, *, hub: Hub, hello_timeout_s: float = HELLO_TIMEOUT_S) -> None:
        super().__init__()
        self._hub = hub
        self._hello_timeout_s = hello_timeout_s
        self._seat: Seat | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._allowance = float(BURST_COUNT)
        self._spent_at_s = time.monotonic()
        self._aborted = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        except asyncio.CancelledError:
            if not self._aborted:
                raise
        finally:
            self._depart()

    async def dispatch(self, message: dict[str, Any]) -> None:
        # Channels lets go of old database connections before each message, a hop to a thread and back: dear when thousands say hello
        # at once. Only the handshake uses the database, and `admit` does that itself.
        await getattr(self, get_handler_name(message))(message)

    async def connect(self) -> None:
        try:
            verdict = await self._admit()
        except DatabaseError as error:
            logger.warning("A viewer could not be checked (%s).", type(error).__name__)
            verdict = Refusal(TRY_AGAIN_LATER, "the database does not answer")
        # A browser learns a close code only from a socket that was accepted; refused before, every reason looks like a dead server.
        await self.accept()
        if isinstance(verdict, Refusal):
            await self.close(verdict.code, verdict.reason)
            return
        task = asyncio.current_task()

        def abort() -> None:
            self._aborted = True
            if task is not None:
                task.cancel()

        seat = self._made_seat(verdict, abort)
        self._hub.start()  # where the server has no lifespan events, the first viewer starts it
        if not self._take(seat):
            await self.close(TRY_AGAIN_LATER, "this server is full")
            return
        self._seat = seat
        self._deadline = asyncio.get_running_loop().call_later(self._hello_timeout_s, seat.outlet.end, NO_HELLO, "no hello")

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        seat = self._seat
        if seat is None:
            return
        if not self._may_speak():
            seat.outlet.end(TOO_MANY_MESSAGES, "too many messages")
            return
        try:
            if text_data is None:
                raise BadMessage("not text")
            message = parse_inbound(text_data)
        except BadMessage as error:
            seat.outlet.end(BAD_MESSAGE, str(error))
            return
        if isinstance(message, Hello):
            if self._deadline is not None:
                self._deadline.cancel()
            await self._answer(seat, message)
        else:
            self._hub.painted(seat, message)

    async def disconnect(self, code: int) -> None:
        self._depart()

    # --- what a board's socket does; that of screens differs

    async def _admit(self) -> Viewer | Refusal:
        return await self._hub.admit(self.scope, self._board)

    def _made_seat(self, viewer: Viewer, abort: Callable[[], None]) -> Seat:
        outlet = Outlet(self.base_send, lambda: self._hub.newest(seat.board, supervises=seat.supervises))
        seat = Seat(self._board, viewer.key, self.scope, outlet, abort, supervises=viewer.may_supervise)
        return seat

    def _take(self, seat: Seat) -> bool:
        return self._hub.seats.take(seat)

    async def _answer(self, seat: Seat, hello: Hello) -> None:
        await self._hub.hello(seat, hello)

    @property
    def _board(self) -> str:
        return str(self.scope["url_route"]["kwargs"]["slug"])

    def _depart(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        if self._seat is not None:
            self._hub.leave(self._seat)
            self._seat = None

    def _may_speak(self) -> bool:
        now_s = time.monotonic()
        self._allowance = min(BURST_COUNT, self._allowance + (now_s - self._spent_at_s) * REFILL_PER_S)
        self._spent_at_s = now_s
        if self._allowance < 1:
            return False
        self._allowance -= 1
        return True


class ScreenConsumer(BoardConsumer):
    """A screen's own socket: what it shows in turn, and orders to it. No frames."""

    async def _admit(self) -> Viewer | Refusal:
        return await admit_screen(self.scope)

    def _made_seat(self, viewer: Viewer, abort: Callable[[], None]) -> Seat:
        seat = Seat("", viewer.key, self.scope, Outlet(self.base_send, lambda: seat.told), abort)
        return seat

    def _take(self, seat: Seat) -> bool:
        return self._hub.screen_seats.take(seat)

    async def _answer(self, seat: Seat, hello: Hello) -> None:
        self._hub.hello_of_screen(seat, hello)
