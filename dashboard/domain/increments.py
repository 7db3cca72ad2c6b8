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
    """One per step from each edge to the next. `totals` in the order of time, with one before the first edge if there is any; edges ascend.

    What grew between two readings belongs to the step of the later one. A step is None when the total was not known, that is live, at
    both of its edges, or when a midnight lies within a gap of it: what came before that midnight was never seen.
    """
    steps = [_Step() for _ in edges[1:]]
    before: Total | None = None
    index = 0  # of the step that holds `before`, or of the first one
    for total in totals:
        if before is not None:
            first = index
            while index < len(steps) and total.at >= edges[index + 1]:
                index += 1
            _add(steps, edges, (before, total), (first, index), zone)
        else:
            while index < len(steps) and total.at >= edges[index + 1]:
                steps[index].known = False
                index += 1
            if index < len(steps) and total.at > edges[index]:
                steps[index].known = False  # it was not known at the edge before
        before = total
    _end(steps, edges, before, index)
    return [Increment(step.grown if step.known else None, step.reset, step.corrected) for step in steps]


@dataclass(slots=True)
class _Step:
    grown: float = 0.0
    known: bool = True
    reset: bool = False
    corrected: bool = False


def _add(steps: list[_Step], edges: Sequence[datetime], pair: tuple[Total, Total], span: tuple[int, int], zone: tzinfo) -> None:
    """Adds what grew between two readings to the step of the later; across a gap, the steps it touches are not known."""
    before, total = pair
    first, last = span
    if total.at < edges[0]:
        return
    gap = total.at - before.at > timedelta(seconds=before.live_s)
    crosses = first != last or before.at < edges[0] <= total.at
    if gap and (crosses or day_began(before.at, total.at, zone)):
        for step in steps[first : last + 1]:
            step.known = False
    if last >= len(steps):
        return
    step, why = steps[last], fall(before.at, before.value, total.at, total.value, zone)
    if why is Fall.RESET or total.reset:
        step.reset = True
        step.grown += total.value
    elif why is None:
        step.grown += total.value - before.value
    step.corrected = step.corrected or total.corrected or why is Fall.CORRECTED


def _end(steps: list[_Step], edges: Sequence[datetime], last: Total | None, index: int) -> None:
    """What the last reading says is known for as long as it was live; steps that end later are not known."""
    if last is not None:
        live_until = last.at + timedelta(seconds=last.live_s)
        while index < len(steps) and live_until >= edges[index + 1]:
            index += 1
    for step in steps[index:]:
        step.known = False
