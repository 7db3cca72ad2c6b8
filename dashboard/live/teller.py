"""Tells the screens whose sockets are here what each shows in turn, and ends those that may show nothing any more.

In:  the seats, the database by `assignments`. Out: `screen` messages where there is something new, byes. What Redis pushes only says that
it is time to look: the database alone is believed, so that no order of two changes can leave a screen with the older one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import Error as DatabaseError

from dashboard.live.assignments import Assignments
from dashboard.live.door import STRANGER
from dashboard.live.messages import Painted, bye_message, stamp
from dashboard.live.patch import Json, Object
from dashboard.live.seats import Seat

logger = logging.getLogger(__name__)


class Teller:
    """`everybody` gives the seats of this process, those of boards too: a screen that was removed is ended on every socket it has."""

    def __init__(self, everybody: Callable[[], Iterable[Seat]], assignments: Assignments) -> None:
        self._everybody = everybody
        self._assignments = assignments
        self._changed = asyncio.Event()
        self._complained = False

    def look(self) -> None:
        """Something may have changed: looks now, once for many calls."""
        self._changed.set()

    async def keep_telling(self, every_s: float) -> None:
        """Never returns. Looks when it was told to, and every `every_s` though nobody did: a push can be lost."""
        while True:
            await self.tell()
            try:
                async with asyncio.timeout(every_s):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def tell(self) -> None:
        """One look. While the database does not answer, every screen goes on as it is: a wall must not go dark for that."""
        self._changed.clear()
        screens = [(seat, screen_id) for seat in self._everybody() if (screen_id := seat.screen_id) is not None]
        if not screens:
            return
        try:
            assignments = await self._assignments({screen_id for _, screen_id in screens})
        except DatabaseError as error:
            if not self._complained:
                logger.warning("What screens show cannot be read (%s); they go on as they are.", type(error).__name__)
            self._complained = True
            return
        self._complained = False
        for seat, screen_id in screens:
            text = assignments.get(screen_id)
            if text is None:
                seat.outlet.end(STRANGER, "revoked", last_text=bye_message("revoked"))
            elif not seat.board and seat.ready and seat.told != text:
                seat.told = text
                seat.outlet.push(text)  # as with frames: a slow screen gets the newest, and what it missed in between is of no use


def painted_record(seat: Seat, painted: Painted, now: datetime) -> Object:
    """What Redis keeps of it: `store/painted.py` reads it. A person's browser is nobody's business: only a screen says what it is."""
    record: Object = {"board": painted.board or seat.board, "seq": painted.seq, "at": stamp(now)}
    if seat.screen_id is None:
        return record
    client = seat.scope.get("client")
    facts: dict[str, Json] = {
        "width": painted.width,
        "height": painted.height,
        "ratio": painted.ratio,
        "version": painted.version or seat.version,
        "skew_ms": None if painted.clock_ms is None else round(painted.clock_ms - now.timestamp() * 1000),
        "address": str(client[0]) if client else None,
        "sound": painted.sound,
        "speech": painted.speech,
        "no_voice": painted.no_voice,
        "wake": painted.wake,
        "fullscreen": painted.fullscreen,
    }
    return {**record, **{name: value for name, value in facts.items() if value is not None}}
