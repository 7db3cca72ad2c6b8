"""A feed's past, laid out so that a rule can be judged by it: poll by poll for the last two days, minute by minute before.

In:  a metric, a range, the rings in Redis and the minutes in the database. Out: a `Past`: blocks of one minute each, oldest first.
Must not judge. Gaps are gaps: a minute without a reading has no block, and nothing is filled in.

A stored minute knows its lowest, mean, highest and last value, not their order. It is laid out again as four observations at 10, 25, 45
and 59 s: the extreme that lies nearer to the minute before comes first, then the mean, the other extreme, the last. So what is judged of
a stored minute is right about how high a number went and about a minute or two of how long; a "for" of some seconds is a guess there.
"""

from __future__ import annotations

import functools
import logging
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import NamedTuple, Protocol

import redis as redis_py

from dashboard.alerts.judge import longest_gap_s
from dashboard.domain.catalogue import CATALOGUE, Metric
from dashboard.domain.feeds import Feed
from dashboard.domain.freshness import GRACE_S, LATE_AFTER_INTERVALS
from dashboard.domain.judging import Observed
from dashboard.domain.totals import value_of
from dashboard.history import reader
from dashboard.history.reader import MinuteValue
from dashboard.polling.feeds import base_interval_s
from dashboard.store.series import series_of

logger = logging.getLogger(__name__)

RING_SPAN = timedelta(hours=48)
LAID_OUT_AT_S = (10, 25, 45, 59)
# Between two stored minutes that follow one another 11 s pass; with one missing 71 s.
STORED_GAP_S = 30.0
# A minute of which less than this share was live is judged, but what lay before it does not count as watched.
FEWEST_LIVE = 0.5
MINUTE = timedelta(minutes=1)


class Sample(NamedTuple):
    """One reading: when it came (Unix seconds), for how long it counted as live, the value (None: unknown), whether the condition held."""

    at_s: float
    live_s: float
    value: float | None
    holds: bool = True


class Block(Protocol):
    """One minute, from `at` on: what can be asked of it without laying it out, and how to do so.

    `low`, `high` and `last` are those of its known values, in the metric's unit; without any: +inf, -inf and None, which reach no limit.
    `last_at` is when its last observation was; `live_s` how much of it was live, 0..60. `lay_out` wants the last value before it.
    """

    low: float
    high: float

    @property
    def at(self) -> datetime: ...
    @property
    def last(self) -> float | None: ...
    @property
    def last_at(self) -> datetime: ...
    @property
    def live_s(self) -> float: ...
    def lay_out(self, before: float | None) -> Sequence[Observed]: ...


@dataclass(frozen=True, slots=True)
class Past:
    """`blocks` of start <= t < end; `before`: those of the weeks before `start`, for what is usual. `fine_from`: poll resolution from here
    on. `redis_gone`: Redis did not answer, so that the last minutes come from the database or are missing."""

    start: datetime
    end: datetime
    blocks: Sequence[Block]
    before: Sequence[Block]
    fine_from: datetime
    redis_gone: bool = False
    # The share of the time that had live data, 0..1.
    data_ratio: float = field(init=False)

    def __post_init__(self) -> None:
        live_s = sum(block.live_s for block in self.blocks)
        object.__setattr__(self, "data_ratio", min(1.0, live_s / max(1.0, (self.end - self.start).total_seconds())))


@dataclass(frozen=True, slots=True)
class While:
    """A rule's condition on another metric of the same feed: at least `at_least`, in its unit."""

    metric: Metric
    at_least: float


def read(
    redis: redis_py.Redis,
    feed: Feed,
    metric_name: str,
    start: datetime,
    end: datetime,
    *,
    condition: While | None = None,
    before: timedelta = timedelta(0),
) -> Past:
    """The past of a metric from `start` to `end` (aware), and of `before` that. KeyError: no such metric.

    Without Redis the last two days come from the database's minutes too.
    """
    start, end = _whole(start), _whole(end)
    metric = CATALOGUE[metric_name]
    fine_from = max(start, _whole(end - RING_SPAN + MINUTE))
    gone = False
    try:
        fine = list(_fine(redis, feed, metric, fine_from, end, condition=condition))
    except redis_py.RedisError as error:
        logger.warning("The last two days are taken from the database: Redis does not answer (%s).", type(error).__name__)
        fine, gone = [], True
    # A ring that was lost or made anew begins later than it could.
    fine_from = fine[0].at if fine else end
    coarse = list(_coarse(feed, metric, start - before, fine_from, condition))
    split = next((index for index, block in enumerate(coarse) if block.at >= start), len(coarse))
    return Past(start, end, [*coarse[split:], *fine], coarse[:split], fine_from, gone)


def of_samples(samples: Iterable[Sample]) -> Iterator[Block]:
    """Blocks of readings in the order of time."""
    for minute, group in groupby(samples, key=lambda sample: int(sample.at_s // 60)):
        yield _of_readings(60 * minute, tuple(group))


def _of_readings(minute_s: int, readings: Sequence[Sample]) -> PolledMinute:
    known = [(each.at_s, each.live_s, each.value) for each in readings if each.value is not None]
    values = [value for _, _, value in known]
    ends = [*(at_s for at_s, _, _ in known[1:]), minute_s + 60.0]
    live_s = sum(min(live_s, end - at_s) for (at_s, live_s, _), end in zip(known, ends, strict=False))
    low, high = (min(values), max(values)) if values else (math.inf, -math.inf)
    return PolledMinute(low, high, _time(minute_s), values[-1] if values else None, live_s, readings)


@dataclass(slots=True)
class PolledMinute:
    """A block of readings."""

    low: float
    high: float
    at: datetime
    last: float | None
    live_s: float
    readings: Sequence[Sample]

    @property
    def last_at(self) -> datetime:
        return _time(self.readings[-1].at_s)

    def lay_out(self, before: float | None) -> Sequence[Observed]:
        return [Observed(_time(each.at_s), each.value, _gap_s(each.live_s), each.holds) for each in self.readings]


# Not frozen: there are half a million in 400 days, and a frozen one takes three times as long to make.
@dataclass(slots=True)
class StoredMinute:
    """A block of a minute from the database; `holds`: the rule's condition held in it."""

    low: float
    high: float
    minute: MinuteValue
    holds: bool

    @property
    def at(self) -> datetime:
        return self.minute.at

    @property
    def last(self) -> float | None:
        return self.minute.last

    @property
    def last_at(self) -> datetime:
        return self.minute.at + timedelta(seconds=LAID_OUT_AT_S[-1])

    @property
    def live_s(self) -> float:
        return 60 * self.minute.live_ratio

    def lay_out(self, before: float | None) -> Sequence[Observed]:
        minute = self.minute
        rising = before is None or abs(before - minute.min) <= abs(before - minute.max)
        first, third = (minute.min, minute.max) if rising else (minute.max, minute.min)
        values = (first, minute.mean, third, minute.last)
        gaps_s = (STORED_GAP_S if minute.live_ratio >= FEWEST_LIVE else 0.0, STORED_GAP_S, STORED_GAP_S, STORED_GAP_S)
        return [
            Observed(minute.at + timedelta(seconds=second), value, gap_s, self.holds)
            for second, value, gap_s in zip(LAID_OUT_AT_S, values, gaps_s, strict=True)
        ]


def of_minute(minute: MinuteValue, *, holds: bool) -> StoredMinute:
    """A block of a stored minute."""
    return StoredMinute(minute.min, minute.max, minute, holds)


def _coarse(feed: Feed, metric: Metric, start: datetime, end: datetime, condition: While | None) -> Iterator[Block]:
    if start >= end:
        return
    held: Mapping[datetime, bool] | None = None
    if condition is not None:
        # The highest of a minute: at some moment of it the condition held.
        others = reader.minutes(feed, condition.metric.name, start, end)
        held = {other.at: other.max >= condition.at_least for other in others}
    for minute in reader.minutes(feed, metric.name, start, end):
        yield of_minute(minute, holds=held is None or held.get(minute.at, False))


def _fine(redis: redis_py.Redis, feed: Feed, metric: Metric, start: datetime, end: datetime, *, condition: While | None) -> Iterator[Block]:
    series = series_of(feed, base_interval_s(feed.endpoint))
    last = end - timedelta(milliseconds=1)
    if condition is None and metric.formula is None and metric.name in series.fields:
        samples: Iterable[Sample] = (Sample(*found) for found in series.samples(redis, start, last, metric.name))
    else:
        value, holds = value_of(metric), _holds(condition)
        samples = (
            Sample(point.at.timestamp(), point.live_s, value(point.values), holds(point.values))
            for point in series.read(redis, start, last)
        )
    yield from of_samples(samples)


def _holds(condition: While | None) -> Callable[[Mapping[str, float | None]], bool]:
    if condition is None:
        return lambda values: True
    other, at_least = value_of(condition.metric), condition.at_least

    def holds(values: Mapping[str, float | None]) -> bool:
        found = other(values)
        return found is not None and found >= at_least

    return holds


@functools.cache
def _gap_s(live_s: float) -> float:
    """How long after the reading before it this one could come: a reading is live for a time that tells its feed's pace."""
    return longest_gap_s(max(0.0, live_s - GRACE_S) / LATE_AFTER_INTERVALS)


def _time(unix_s: float) -> datetime:
    return datetime.fromtimestamp(unix_s, UTC)


def _whole(at: datetime) -> datetime:
    """The minute's beginning, so that no minute is cut in two."""
    return at.astimezone(UTC).replace(second=0, microsecond=0)
