"""What happened between two moments, from totals that grow all day: calls in a quarter of an hour from "calls today".

In:  a daily total as it was read, and the edges of steps. Out: how much it grew in each step, never negative; None where nobody can know.
At the account's midnight a total begins anew from 0 (a reset); a fall at any other time is the vendor's correction, which is marked and
counts as no growth. Nothing is spread over a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

# The vendor's clock and ours differ, and its totals lag a little: a fall so close to midnight is still that of midnight.
SKEW = timedelta(minutes=2)


class Fall(StrEnum):
    RESET = "reset"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Total:
    """A daily total as read `at` (aware), which counts as known for `live_s` seconds from then on. `reset`, `corrected`: falls since the
    one before that the two values do not show, such as those within a minute of which only the last value is kept."""

    at: datetime
    value: float
    live_s: float
    reset: bool = False
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Increment:
    """How much a total grew in one step, >= 0; None: a gap makes it unknown. Marked when it fell in this step."""

    value: float | None
    reset: bool = False
    corrected: bool = False


def day_began(since: datetime, until: datetime, zone: tzinfo) -> bool:
    """Whether a day of `zone` began after `since` and not after `until` (aware). By the calendar, so that a day of 23 or 25 hours, or one
    that begins at one o'clock because midnight was skipped, is one day."""
    return since.astimezone(zone).date() != until.astimezone(zone).date()


def fall(since: datetime, before: float, at: datetime, after: float, zone: tzinfo) -> Fall | None:
    """Why a total is lower `at` than it was `since`; None when it is not. A reset when midnight, give or take SKEW, lies between."""
    if after >= before:
        return None
    return Fall.RESET if day_began(since - SKEW, at + SKEW, zone) else Fall.CORRECTED


def increments(totals: Iterable[Total], edges: Sequence[datetime], zone: tzinfo) -> list[Increment]:
    """One per step from each edge to the next. `totals` in the order of time, one from before the first edge among them; edges ascend."""
    growth = Growth(edges, zone)
    for total in totals:
        growth.add(total)
    return growth.increments()


class Growth:
    """The same, for one total after the other. What grew between two readings belongs to the step of the later one.

    A step is None when the total was not known, that is live, at both of its edges, or when a midnight lies within a gap of it: what came
    before that midnight was never seen.
    """

    def __init__(self, edges: Sequence[datetime], zone: tzinfo) -> None:
        self._edges, self._zone = edges, zone
        self._steps = [_Step() for _ in edges[1:]]
        self._before: Total | None = None
        self._index = 0  # of the step that holds `before`, or of the first one

    def add(self, total: Total) -> None:
        before, first = self._before, self._index
        while self._index < len(self._steps) and total.at >= self._edges[self._index + 1]:
            self._index += 1
        self._before = total
        if total.at < self._edges[0]:
            return
        if before is None:
            self._forget(first, self._index - (total.at == self._edges[self._index]))
            return
        crosses = first != self._index or before.at < self._edges[0]
        live_until = before.at + timedelta(seconds=before.live_s)
        if total.at > live_until and (crosses or day_began(before.at, total.at, self._zone)):
            while first < self._index and self._edges[first + 1] <= live_until:
                first += 1
            self._forget(first, self._index)
        if self._index < len(self._steps):
            self._steps[self._index].grow(before, total, self._zone)

    def increments(self) -> list[Increment]:
        """What is known by now. What the last total says is known for as long as it was live; steps that end later are not known."""
        end, last = self._index, self._before
        if last is not None:
            live_until = last.at + timedelta(seconds=last.live_s)
            while end < len(self._steps) and live_until >= self._edges[end + 1]:
                end += 1
        return [
            Increment(step.grown if step.known and index < end else None, step.reset, step.corrected)
            for index, step in enumerate(self._steps)
        ]

    def _forget(self, first: int, last: int) -> None:
        for step in self._steps[first : last + 1]:
            step.known = False


@dataclass(slots=True)
class _Step:
    grown: float = 0.0
    known: bool = True
    reset: bool = False
    corrected: bool = False

    def grow(self, before: Total, total: Total, zone: tzinfo) -> None:
        marked = total.reset or total.corrected  # whoever did it saw more than these two values
        why = None if marked else fall(before.at, before.value, total.at, total.value, zone)
        reset = total.reset or why is Fall.RESET
        self.grown += total.value if reset else max(0.0, total.value - before.value)
        self.reset = self.reset or reset
        self.corrected = self.corrected or total.corrected or why is Fall.CORRECTED
