"""The agenda: what happens when, in whole milliseconds since 1970.

In:  actions with the time at which they are due. Out: the actions called in order of time, then of entry.
Whole milliseconds keep sums exact, so that looking at the world more often cannot change it.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush


class Agenda:
    """A simulation clock with the events that will move it. Time never runs backwards."""

    __slots__ = ("_count", "_events", "now_ms")

    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms
        self._events: list[tuple[int, int, Callable[..., None], tuple[object, ...]]] = []
        self._count = 0

    def at(self, when_ms: int, act: Callable[..., None], *args: object) -> None:
        """Call `act(*args)` at `when_ms`; at once (but after the present event) when that is past."""
        self._count += 1
        heappush(self._events, (max(when_ms, self.now_ms), self._count, act, args))

    def after(self, delay_s: float, act: Callable[..., None], *args: object) -> None:
        """Call `act(*args)` in `delay_s` seconds, rounded to a millisecond."""
        self.at(self.now_ms + max(0, round(delay_s * 1000)), act, *args)

    def run_to(self, until_ms: int) -> None:
        """Call everything that is due up to and including `until_ms`, which then is the time. An earlier time changes nothing."""
        while self._events and self._events[0][0] <= until_ms:
            self.now_ms, _, act, args = heappop(self._events)
            act(*args)
        self.now_ms = max(self.now_ms, until_ms)
