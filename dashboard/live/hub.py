"""The hub: one per web process. One subscription to Redis, and the same text to every socket of the board it is about.

In:  pushed messages, hellos. Out: frames, patches, byes on the sockets, and beats (beats.py). Must not compose anything: workers do.
It holds a copy of the frame of each board that is watched here (`picture`), so that a hello, and a slow viewer who missed something,
get the newest frame without asking Redis. Nothing here expires: a socket that is served today is served the same way next week.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import redis.asyncio as redis_asyncio

from dashboard.live.assignments import Assignments, load_assignments
from dashboard.live.audience import text_for_floor
from dashboard.live.beats import Beats
from dashboard.live.door import NO_BOARD, STRANGER, Admit
from dashboard.live.exchange import EVERY_S, exchange
from dashboard.live.messages import EVERYBODY, RELOAD, SCREENS_CHANGED, VERSION, Hello, Painted, encode
from dashboard.live.patch import Object
from dashboard.live.picture import Step
from dashboard.live.pictures import REDIS_FAILURES, Pictures
from dashboard.live.recheck import recheck
from dashboard.live.seats import DEFAULT_CAPACITY, Seat, Seats
from dashboard.live.subscription import Listener, keep_subscribed
from dashboard.live.teller import Teller, painted_record

logger = logging.getLogger(__name__)

BOARDS_KNOW = ("reload", "bye")
# A screen that says it every ten seconds by a clock a little faster than ours must not be heard only every twenty.
PAINTED_EARLY_RATIO = 0.9


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the hub does what it does by itself, in seconds. The protocol promises a beat every 5 s, and that a screen whose key was
    taken away is dark within 5 s: `screens_s` is how often it is asked what each screen may show, though nobody said that it changed."""

    beat_s: float = 4.0
    recheck_s: float = 60.0
    stalled_s: float = 60.0
    painted_s: float = 10.0
    screens_s: float = 2.0


class Hub:
    """`subscriber` and `client` open asyncio Redis clients; `version` is the release that this process serves."""

    def __init__(
        self,
        *,
        subscriber: Callable[[], redis_asyncio.Redis],
        client: Callable[[], redis_asyncio.Redis],
        admit: Admit,
        version: str,
        capacity: int = DEFAULT_CAPACITY,
        pace: Pace | None = None,
        assignments: Assignments = load_assignments,
    ) -> None:
        self.seats = Seats(capacity)
        self.screen_seats = Seats(capacity)
        self._teller = Teller(self._everybody, assignments)
        self.version = version
        self.admit = admit
        self._subscriber = subscriber
        self._open_client = client
        self._client: redis_asyncio.Redis | None = None
        self._pace = pace or Pace()
        self._lagging: set[str] = set()
        self._painted: dict[str, str] = {}
        self._look = asyncio.Event()
        # Somebody watches a board that was not watched here: the poller should know at once.
        self._pictures = Pictures(self._look.set)
        self._beats = Beats((self.seats, self.screen_seats), self._pictures)
        self._tasks: list[asyncio.Task[None]] = []

    # --- life

    def start(self) -> None:
        """Inside a running event loop. Starting twice is no error."""
        if self._tasks:
            return
        self._client = self._pictures.client = self._open_client()
        listener = Listener(self._subscribed, self._pushed, self._lost)
        works = (
            lambda: keep_subscribed(self._subscriber, listener),
            self._keep_exchanging,
            self._keep_beating,
            self._keep_rechecking,
            lambda: self._teller.keep_telling(self._pace.screens_s),
        )
        for work in works:
            self._tasks.append(asyncio.get_running_loop().create_task(_forever(work)))

    async def stop(self) -> None:
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for seat in self._everybody():
            self.drop(seat)
        if self._client is not None:
            await self._client.aclose()
            self._client = self._pictures.client = None

    # --- what the sockets say

    async def hello(self, seat: Seat, hello: Hello) -> None:
        """Answers with a frame, or with a beat when the viewer holds the newest one already or there is none yet."""
        if not self._speaks(seat, hello):
            return
        picture = await self._pictures.of(seat.board)
        if seat not in self.seats:
            return
        seat.ready = True
        message = None if hello.seq is not None and hello.seq == picture.seq else picture.message(supervises=seat.supervises)
        if message is not None:
            seat.outlet.push(message)
        if message is None or self._beats.cause() is not None:
            seat.outlet.beat(self._beats.text(seat.board))

    def hello_of_screen(self, seat: Seat, hello: Hello) -> None:
        """Answers with the time at once; what the screen shows follows as soon as the database has said it."""
        if not self._speaks(seat, hello):
            return
        seat.ready, seat.told = True, None
        seat.outlet.beat(self._beats.text(seat.board))
        self._teller.look()

    def _speaks(self, seat: Seat, hello: Hello) -> bool:
        """Whether it speaks our protocol; a page of another release is told to load itself anew."""
        seat.version = hello.version
        if hello.v != VERSION or (hello.version is not None and hello.version != self.version):
            seat.outlet.control(RELOAD)
        return hello.v == VERSION

    def painted(self, seat: Seat, painted: Painted) -> None:
        """Remembered until the next exchange with Redis; more often than every `painted_s` is passed over."""
        now_s = time.monotonic()
        if now_s - seat.painted_at_s < self._pace.painted_s * PAINTED_EARLY_RATIO:
            return
        seat.painted_at_s = now_s
        self._painted[seat.viewer] = encode(painted_record(seat, painted, datetime.now(UTC)))

    def newest(self, board: str, *, supervises: bool) -> str | None:
        """The newest complete frame message of a board; None while none is known."""
        picture = self._pictures.get(board)
        return picture.message(supervises=supervises) if picture is not None else None

    def leave(self, seat: Seat) -> None:
        self.seats.leave(seat)
        self.screen_seats.leave(seat)
        seat.outlet.abandon()
        if seat.board not in self.seats.boards():
            self._pictures.forget(seat.board)

    def drop(self, seat: Seat) -> None:
        """Ends a socket that takes not even a close frame."""
        self.leave(seat)
        seat.abort()

    # --- what Redis says

    async def _subscribed(self) -> None:
        """What was published while nobody listened is lost: everybody gets the newest frame."""
        for board in self.seats.boards():
            await self._resync(board)
        self._look.set()

    def _lost(self) -> None:
        self._beats.redis_failed()

    async def _pushed(self, data: bytes) -> None:
        address, _, text = data.decode().partition("\n")
        if address == SCREENS_CHANGED:
            self._teller.look()
            return
        if address == EVERYBODY or ":" in address:
            try:
                self._control(address, text)
            except ValueError:
                logger.warning("A control message for %s cannot be read.", address)
            return
        picture = self._pictures.get(address)
        if picture is None:
            return
        try:
            message = cast("Object", json.loads(text))
            if message["type"] == "bye":
                self._pictures.forget(address)
                for seat in self.seats.of_board(address):
                    seat.outlet.end(NO_BOARD, "no such board", last_text=text)
                return
            step = picture.take(message)
        except (ValueError, KeyError, TypeError) as error:
            logger.warning("A pushed message for board %s cannot be read (%s).", address, type(error).__name__)
            step = Step.GAP
        if step is Step.NEXT:
            floor_text = text_for_floor(message, text)
            for seat in self.seats.of_board(address):
                seat.outlet.push(text if seat.supervises else floor_text)
        elif step is Step.GAP:
            await self._resync(address)

    def _control(self, address: str, text: str) -> None:
        kind = cast("Object", json.loads(text)).get("type")
        # The sockets of boards know neither assignments nor flashes.
        seats = [seat for seat in self._everybody() if address in (EVERYBODY, seat.viewer) and (kind in BOARDS_KNOW or not seat.board)]
        for seat in seats:
            seat.outlet.end(STRANGER, "revoked", last_text=text) if kind == "bye" else seat.outlet.control(text)

    async def _resync(self, board: str) -> None:
        picture = await self._pictures.read_again(board)
        if picture is None:
            return  # Redis came back empty: what the viewers hold is the newest there is, and the next publication is a whole frame
        for seat in self.seats.of_board(board):
            message = picture.message(supervises=seat.supervises)
            if message is not None:
                seat.outlet.push(message)

    # --- what the hub does by itself

    async def _keep_exchanging(self) -> None:
        while True:
            await self._exchange()
            self._look.clear()
            try:
                async with asyncio.timeout(EVERY_S):
                    await self._look.wait()
            except TimeoutError:
                continue

    async def _exchange(self) -> None:
        painted, self._painted = self._painted, {}
        boards = self.seats.boards()
        unix_s = time.time()
        try:
            told = await exchange(cast("redis_asyncio.Redis", self._client), boards=boards, painted=painted, unix_s=unix_s)
        except REDIS_FAILURES:
            self._beats.redis_failed()
            return
        self._beats.seen(dict(told.signs), unix_s=unix_s)
        behind = {board for board, seq in told.seqs.items() if (picture := self._pictures.get(board)) and seq not in (None, picture.seq)}
        for board in behind & self._lagging:
            # Twice in a row another number than ours: a push never came, or Redis went back to an older day under a living connection.
            await self._resync(board)
        self._lagging = behind

    async def _keep_beating(self) -> None:
        while True:
            await asyncio.sleep(self._pace.beat_s)
            self._beats.beat()
            for seat in self._everybody():
                if seat.outlet.gone or seat.outlet.stalled_s > self._pace.stalled_s:
                    self.drop(seat)

    async def _keep_rechecking(self) -> None:
        while True:
            await asyncio.sleep(self._pace.recheck_s)
            await recheck(self.seats, self.admit)

    def _everybody(self) -> list[Seat]:
        return [*self.seats, *self.screen_seats]


async def _forever(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """A task of the hub never ends by a fault: it says so and goes on, for a wall hangs on it that nobody touches for months."""
    while True:
        try:
            await work()
        except Exception:
            logger.exception("A task of the hub failed; it starts again in a second.")
        await asyncio.sleep(1.0)
