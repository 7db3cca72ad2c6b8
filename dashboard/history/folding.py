"""Folds a feed's readings into minutes: every metric of its endpoint, and how much of each minute was live.

In:  points of the feed's ring in the order of time, from a little before the first minute on; what was known before those. Out: minutes.
Must not read or write anything.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.increments import Fall
from dashboard.domain.minutes import MINUTE_S, Folded, Known, Moment, falls, folded, live_ratio, stood_s
from dashboard.domain.totals import value_of
from dashboard.store.series import Point


@dataclass(frozen=True, slots=True)
class FeedMinute:
    """`minute` counts from 1970; `columns` in the order of the names asked for, None: no value; `live_ratio` 0..1."""

    minute: int
    live_ratio: float
    columns: tuple[Folded | None, ...]


def feed_minutes(
    points: Sequence[Point], names: Sequence[str], minutes: range, zone: tzinfo, before: Mapping[str, Known]
) -> Iterator[FeedMinute]:
    """The minutes of `minutes` that have a reading, or some seconds in which an earlier one was still live.

    `names` are metrics of one endpoint. `before`: daily totals by name as they were known before the first point; a fall from there is
    marked as one within the points is. Points must be in the order of time.
    """
    moments = [Moment(point.at.timestamp(), point.live_s) for point in points]
    times = [moment.at_s for moment in moments]
    live_until = [*itertools.accumulate((moment.at_s + moment.live_s for moment in moments), max)]
    columns = [_Column(name, points, before.get(name)) for name in names]
    first = bisect.bisect_left(times, minutes.start * MINUTE_S)
    for column in columns:
        column.marks(points, 0, first, zone)
    for minute in minutes:
        start_s, end_s = minute * MINUTE_S, (minute + 1) * MINUTE_S
        last = bisect.bisect_left(times, end_s, lo=first)
        here = moments[first:last]
        still = [Moment(start_s, max(0.0, live_until[first - 1] - start_s))] if first else []
        live = live_ratio([*still, *here], start_s, end_s)
        if here or live > 0:
            weights = stood_s(here, end_s)
            yield FeedMinute(minute, live, tuple(column.folded(points, first, last, weights, zone) for column in columns))
        first = last


class _Column:
    """One metric over all points; knows the last value of a daily total as it goes along."""

    def __init__(self, name: str, points: Sequence[Point], known: Known | None) -> None:
        metric = CATALOGUE[name]
        value = value_of(metric)
        self._values = [value(point.values) for point in points]
        self._is_total, self._known = metric.daily_total, known

    def marks(self, points: Sequence[Point], first: int, last: int, zone: tzinfo) -> set[Fall]:
        if not self._is_total:
            return set()
        readings = ((points[index].at, self._values[index]) for index in range(first, last))
        found, self._known = falls(self._known, readings, zone)
        return found

    def folded(self, points: Sequence[Point], first: int, last: int, weights: Sequence[float], zone: tzinfo) -> Folded | None:
        found = folded(self._values[first:last], weights)
        if found is None or not (why := self.marks(points, first, last, zone)):
            return found
        return Folded(found.min, found.mean, found.max, found.last, Fall.RESET in why, Fall.CORRECTED in why)
