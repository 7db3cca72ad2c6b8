"""A metric as a line of steps up to now: what charts draw.

In:  Redis, a feed, a metric, a grid of steps. Out: one value a step, and where a daily total fell.
Up to 48 hours come from the ring, and from the database what the ring has lost; longer lines from the database, and from the ring what is
not written yet. A step without a reading has no value: nothing is filled in. Must not decide how anything looks.
"""

from __future__ import annotations

import logging
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import redis as redis_py
from django.conf import settings
from django.db import Error as DatabaseError

from dashboard.domain.catalogue import Better, Metric, Unit
from dashboard.domain.feeds import Feed
from dashboard.domain.increments import fall
from dashboard.domain.minutes import MINUTE_S, Folded
from dashboard.domain.totals import series_fields, value_of
from dashboard.history import reader
from dashboard.polling.feeds import base_interval_s
from dashboard.store.database import DATABASE, AwayError
from dashboard.store.series import SPAN_S, Series, series_of

logger = logging.getLogger(__name__)

# A step that has just begun and has no reading yet is no gap: its first one is on its way.
JUST_BEGUN_S = 60
_WEEK = timedelta(weeks=1)

Sample = tuple[float, float, float | None]  # Unix seconds, live seconds, value


@dataclass(frozen=True, slots=True)
class Grid:
    """`count` steps of `step_s` seconds (a multiple of 60), the first from `start_s` (Unix time, a multiple of `step_s`) on."""

    start_s: int
    step_s: int
    count: int

    @property
    def end_s(self) -> int:
        return self.start_s + self.step_s * self.count


@dataclass(frozen=True, slots=True)
class Mark:
    """A daily total fell in step `index`: at the account's midnight (`reset`), or because the vendor corrected it."""

    index: int
    reset: bool


@dataclass(frozen=True, slots=True)
class Line:
    """`values` in the metric's own unit, one a step; None: no reading. Of each step the worst: the highest where lower is better, the
    lowest where higher is, the mean where neither; of a total of the day, and of a rate of it, the last. `is_whole` False: the database
    did not answer."""

    values: tuple[float | None, ...]
    marks: tuple[Mark, ...] = ()
    is_whole: bool = True


def grid(now: datetime, span_s: int, step_s: int) -> Grid:
    """The grid whose last step holds `now` (aware), and whose first holds `now` less `span_s`."""
    count = span_s // step_s + 1
    last = int(now.timestamp()) // step_s
    return Grid((last - count + 1) * step_s, step_s, count)


def line(redis: redis_py.Redis, feed: Feed, metric: Metric, over: Grid, now: datetime) -> Line:
    """The metric over a grid. redis.RedisError when Redis is away."""
    cells = _Cells(metric, over, zoneinfo.ZoneInfo(settings.ACCOUNT_TIME_ZONE))
    ring = series_of(feed, base_interval_s(feed.endpoint))
    oldest_s = now.timestamp() - SPAN_S
    try:
        if over.start_s >= oldest_s - over.step_s:
            cells.readings(_samples(redis, ring, metric, over, (over.start_s, now)))
            for first, last in cells.holes(now.timestamp()):
                _check_database()
                cells.minutes(_minutes(feed, metric, over, first, last), only_empty=True)
        else:
            _check_database()
            written_s = cells.minutes(_minutes(feed, metric, over, 0, over.count - 1), only_empty=False)
            if over.end_s > oldest_s:
                cells.readings(_samples(redis, ring, metric, over, (max(over.start_s, int(oldest_s), written_s), now)))
    except AwayError:  # said in the log once, where it was found out
        return cells.line(now.timestamp(), is_whole=False)
    except DatabaseError as error:
        logger.warning("The minutes of %s do not answer (%s): a chart has gaps for now.", feed.id, type(error).__name__)
        return cells.line(now.timestamp(), is_whole=False)
    return cells.line(now.timestamp(), is_whole=True)


def _check_database() -> None:
    """AwayError at once when it is known to be away: each of a board's charts would wait for it otherwise."""
    if not DATABASE.answers():
        raise AwayError("the database does not answer")


def week_before(redis: redis_py.Redis, feed: Feed, metric: Metric, over: Grid, now: datetime, *, time_zone: str) -> Line:
    """The same steps a week before by the clock of `time_zone`: 9:15 is compared with 9:15, also over a change to summer time."""
    zone = zoneinfo.ZoneInfo(time_zone)
    values: list[float | None] = []
    marks: list[Mark] = []
    is_whole = True
    for piece in _shifted(over, zone):
        found = line(redis, feed, metric, piece, now)
        marks += [Mark(len(values) + mark.index, mark.reset) for mark in found.marks]
        values += found.values
        is_whole = is_whole and found.is_whole
    return Line(tuple(values), tuple(marks), is_whole)


def _shifted(over: Grid, zone: zoneinfo.ZoneInfo) -> Iterator[Grid]:
    """The grid a week before, in pieces between which the clock was changed. A piece begins on a whole minute, perhaps on no step."""
    begin, shift = 0, _shift_s(over.start_s, zone)
    for index in range(1, over.count + 1):
        here = _shift_s(over.start_s + index * over.step_s, zone) if index < over.count else None
        if here != shift:
            yield Grid(over.start_s + begin * over.step_s - shift, over.step_s, index - begin)
            begin, shift = index, here or 0


def _shift_s(at_s: int, zone: zoneinfo.ZoneInfo) -> int:
    local = datetime.fromtimestamp(at_s, zone)
    return at_s - int((local.replace(tzinfo=None) - _WEEK).replace(tzinfo=zone, fold=local.fold).astimezone(UTC).timestamp())


class _Cells:
    """What is known of each step so far."""

    def __init__(self, metric: Metric, over: Grid, zone: zoneinfo.ZoneInfo) -> None:
        self._over, self._zone, self._metric = over, zone, metric
        self._is_total = metric.daily_total
        of_the_day = metric.daily_total or (metric.formula is not None and metric.unit is not Unit.COUNT)
        self._pick = "last" if of_the_day else {Better.LOWER: "max", Better.HIGHER: "min", Better.NEITHER: "mean"}[metric.better]
        self._values: list[float | None] = [None] * over.count
        self._counts = [0] * over.count
        self._carried: list[float | None] = [None] * over.count
        self._marks: dict[int, bool] = {}

    def readings(self, samples: list[Sample]) -> None:
        """In the order of time. A reading that is still live at the end of its step speaks for the next ones until it is not, where nothing
        else does."""
        start_s, step_s, count = self._over.start_s, self._over.step_s, self._over.count
        add, carried = self._add, self._carried
        before: tuple[float, float] | None = None
        for at_s, live_s, value in samples:
            index = int((at_s - start_s) // step_s)
            if value is None or index >= count:
                continue
            if index >= 0:
                add(index, value)
            until = int((at_s + live_s - start_s) // step_s)
            if until > index:
                for each in range(max(0, index + 1), min(until, count - 1) + 1):
                    carried[each] = value
            if self._is_total:
                if before is not None and value < before[1] and index >= 0:
                    self._fell(index, before, at_s, value)
                before = (at_s, value)

    def minutes(self, rows: Iterator[tuple[int, Folded | None]], *, only_empty: bool) -> int:
        """Returns the Unix time up to which there were minutes; 0 without any."""
        start_s, step_s = self._over.start_s, self._over.step_s
        free = [value is None or not only_empty for value in self._values]
        written_s = 0
        for minute, figures in rows:
            written_s = (minute + 1) * MINUTE_S
            if figures is None:
                continue
            index = (minute * MINUTE_S - start_s) // step_s
            if not 0 <= index < self._over.count or not free[index]:
                continue
            self._add(index, getattr(figures, self._pick))
            if figures.reset or figures.corrected:
                self._marks[index] = figures.reset or self._marks.get(index, False)
        return written_s

    def holes(self, until_s: float) -> Iterator[tuple[int, int]]:
        """From the first to the last step without a value of those that end by `until_s`; none where there is none."""
        over = max(0, min(self._over.count, int((until_s - self._over.start_s) // self._over.step_s)))
        empty = [index for index in range(over) if self._values[index] is None]
        if empty:
            yield empty[0], empty[-1]

    def line(self, now_s: float, *, is_whole: bool) -> Line:
        values = self._values
        if self._pick == "mean":
            values = [value if value is None or not n else value / n for value, n in zip(values, self._counts, strict=True)]
        values = [held if value is None else value for value, held in zip(values, self._carried, strict=True)]
        last_s = self._over.end_s - self._over.step_s
        if len(values) > 1 and values[-1] is None and last_s <= now_s < last_s + JUST_BEGUN_S:
            values[-1] = values[-2]
        marks = tuple(Mark(index, reset) for index, reset in sorted(self._marks.items()))
        return Line(tuple(values), marks, is_whole)

    def _add(self, index: int, value: float) -> None:
        held = self._values[index]
        if held is None:
            self._values[index] = value
        elif self._pick == "max":
            if value > held:
                self._values[index] = value
        elif self._pick == "min":
            if value < held:
                self._values[index] = value
        elif self._pick == "mean":
            self._values[index] = held + value
        else:
            self._values[index] = value
        self._counts[index] += 1

    def _fell(self, index: int, before: tuple[float, float], at_s: float, value: float) -> None:
        since, at = (datetime.fromtimestamp(each, UTC) for each in (before[0], at_s))
        why = fall(since, before[1], at, value, self._zone)
        if why is not None:
            self._marks[index] = why.value == "reset" or self._marks.get(index, False)


def _minutes(feed: Feed, metric: Metric, over: Grid, first: int, last: int) -> Iterator[tuple[int, Folded | None]]:
    begin, end = (datetime.fromtimestamp(over.start_s + index * over.step_s, UTC) for index in (first, last + 1))
    return ((minute, figures) for minute, _, figures in reader.rows(feed, metric.name, begin, end))


def _samples(redis: redis_py.Redis, ring: Series, metric: Metric, over: Grid, span: tuple[int, datetime]) -> list[Sample]:
    """The metric in each reading of `span`: from a Unix time up to now, which lies in the past where a board is rewound. A formula is
    worked out for the last reading of each step alone: all of them are of the day so far, and hardly move within one."""
    begin, end = datetime.fromtimestamp(max(0, span[0]), UTC), min(datetime.fromtimestamp(over.end_s - 0.001, UTC), span[1])
    if metric.name in series_fields(metric.endpoint):
        return ring.samples(redis, begin, end, metric.name)
    lasts = {int((point.at.timestamp() - over.start_s) // over.step_s): point for point in ring.read(redis, begin, end)}
    value = value_of(metric)
    return [(point.at.timestamp(), point.live_s, value(point.values)) for point in lasts.values()]
