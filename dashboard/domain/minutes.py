"""What a metric was over one minute, from the readings of it; pure arithmetic.

In:  the readings of one feed in the order of time, and a metric's value in each. Out: min, mean, max, last and marks; how much was live.
The mean weighs each reading by how long it stood: until the next one, until it was no longer live, or until the minute's end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from dashboard.domain.increments import Fall, fall

MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Folded:
    """min <= mean <= max, min <= last <= max, in the metric's unit. `reset`, `corrected`: a daily total fell, at midnight or otherwise."""

    min: float
    mean: float
    max: float
    last: float
    reset: bool = False
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """When a reading came (Unix seconds), and for how many seconds it counts as live."""

    at_s: float
    live_s: float


@dataclass(frozen=True, slots=True)
class Known:
    """The last value that is known of a total, and when it was read (aware)."""

    at: datetime
    value: float


def stood_s(moments: Sequence[Moment], end_s: float) -> list[float]:
    """For how many seconds each reading stood, up to `end_s` (Unix seconds); >= 0. `moments` in the order of time."""
    if not moments:
        return []
    ends = [*(moment.at_s for moment in moments[1:]), end_s]
    return [max(0.0, min(until, end_s, moment.at_s + moment.live_s) - moment.at_s) for moment, until in zip(moments, ends, strict=True)]


def live_ratio(moments: Iterable[Moment], start_s: float, end_s: float) -> float:
    """The share of start_s <= t < end_s in which the newest reading was live, 0..1. Readings before `start_s` count as long as they last.

    `moments` in the order of time. ValueError when the span is empty.
    """
    if end_s <= start_s:
        raise ValueError("a span of no length has no live share")
    live, reached = 0.0, start_s
    for moment in moments:
        until = min(moment.at_s + moment.live_s, end_s)
        if until > reached:
            live += until - max(reached, min(moment.at_s, end_s))
            reached = until
    return min(1.0, max(0.0, live / (end_s - start_s)))


def folded(values: Sequence[float | None], weights: Sequence[float]) -> Folded | None:
    """One metric's values in a span, each with its weight (>= 0, such as the seconds it stood). None when there is no value at all.

    Where all weights are 0, the values count alike. ValueError when there are not as many weights as values.
    """
    known = [(value, weight) for value, weight in zip(values, weights, strict=True) if value is not None]
    if not known:
        return None
    found = [value for value, _ in known]
    lowest, highest, whole = min(found), max(found), sum(weight for _, weight in known)
    mean = sum(value * weight for value, weight in known) / whole if whole > 0 else sum(found) / len(found)
    return Folded(lowest, min(highest, max(lowest, mean)), highest, found[-1])


def falls(before: Known | None, readings: Iterable[tuple[datetime, float | None]], zone: tzinfo) -> tuple[set[Fall], Known | None]:
    """How a daily total fell over `readings` (aware times, in order), and what is known last. `before`: what was known before them."""
    found: set[Fall] = set()
    for at, value in readings:
        if value is None:
            continue
        if before is not None and (why := fall(before.at, before.value, at, value, zone)) is not None:
            found.add(why)
        before = Known(at, value)
    return found, before
