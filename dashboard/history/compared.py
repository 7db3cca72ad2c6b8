"""A metric over a while that people name ("today", "7 d"), beside the same times of the same weekday before.

In:  Redis, a feed, a metric, a span's name, the time, the zone by whose clock the board is read. Out: one value a step, now and then.
A daily total is shown by how much it grew in each step, anything else by its highest value. What is not known is None: a gap stays a gap.
"Before" is by the clock: 9:15 stands beside 9:15 also over a change to summer time. Must not draw.
"""

from __future__ import annotations

import itertools
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import redis as redis_py

from dashboard.domain.catalogue import Metric
from dashboard.domain.feeds import Feed
from dashboard.history.span import Span, StepOver, steps

HOUR = timedelta(hours=1)
QUARTER_S = 900.0
LONGEST_EVEN_S = 3600.0


class Reach(StrEnum):
    """How far back; the word is what the address says."""

    HOUR = "1h"
    FOUR_HOURS = "4h"
    TODAY = "today"
    WEEK = "7d"
    MONTH = "28d"


_LENGTHS: Mapping[Reach, timedelta] = {
    Reach.HOUR: HOUR,
    Reach.FOUR_HOURS: 4 * HOUR,
    Reach.WEEK: timedelta(days=7),
    Reach.MONTH: timedelta(days=28),
}
# A total is counted by the quarter of an hour, as floors are staffed; a level moves faster.
_TOTAL_STEPS_S: Mapping[Reach, float] = {Reach.WEEK: 3600.0, Reach.MONTH: 3600.0}
_LEVEL_STEPS_S: Mapping[Reach, float] = {
    Reach.HOUR: 60.0,
    Reach.FOUR_HOURS: 120.0,
    Reach.TODAY: 300.0,
    Reach.WEEK: 3600.0,
    Reach.MONTH: 3600.0,
}


@dataclass(frozen=True, slots=True)
class Axis:
    """The steps, by when each begins, aware and by the board's clock. `step_s`: 86400 is a day of the calendar, of 23 to 25 hours.
    `running`: the step that holds now, None when there is none."""

    starts: tuple[datetime, ...]
    step_s: float
    days_before: int
    running: int | None


@dataclass(frozen=True, slots=True)
class Compared:
    """One value a step of the axis, in the metric's own unit. `corrected`: the steps in which the vendor took back what it had counted."""

    values: tuple[float | None, ...]
    then: tuple[float | None, ...]
    corrected: tuple[int, ...]


def axis(reach: Reach, now: datetime, zone: zoneinfo.ZoneInfo, *, totals: bool) -> Axis:
    """The steps of `reach` up to the one that holds `now` (aware); of today all, to midnight."""
    local = now.astimezone(zone)
    step_s = (_TOTAL_STEPS_S if totals else _LEVEL_STEPS_S).get(reach, QUARTER_S)
    if reach is Reach.TODAY:
        start, end = _midnight(local.date(), zone), _midnight(local.date() + timedelta(days=1), zone)
    else:
        end = _floor(local, step_s) + timedelta(seconds=step_s)
        start = end - _LENGTHS[reach]
        if reach is Reach.MONTH:
            start, end = _midnight(local.date() - timedelta(days=27), zone), _midnight(local.date() + timedelta(days=1), zone)
    starts = _between(start, end, step_s, zone)
    if reach is Reach.MONTH:
        starts = tuple(_midnight(day, zone) for day in dict.fromkeys(each.date() for each in starts))
        step_s = 86_400.0
    running = next((index for index in reversed(range(len(starts))) if starts[index] <= now), None)
    return Axis(starts, step_s, 28 if reach is Reach.MONTH else 7, running)


def compared(redis: redis_py.Redis, feed: Feed, metric: Metric, over: Axis, now: datetime) -> Compared:
    """redis.RedisError when Redis does not answer."""
    zone = over.starts[0].tzinfo
    assert isinstance(zone, zoneinfo.ZoneInfo)  # noqa: S101 - `axis` makes no other
    edges = [*over.starts, _after(over, zone)]
    found = _steps(redis, feed, metric, edges, step_s=over.step_s, now=now)
    before = [_shifted(edge, over.days_before, zone) for edge in edges]
    then = _steps(redis, feed, metric, before, step_s=over.step_s, now=now)
    return Compared(
        tuple(_value(step, metric) if start <= now else None for start, step in zip(over.starts, found, strict=True)),
        tuple(_value(step, metric) for step in then),
        tuple(index for index, step in enumerate(found) if step is not None and step.increment is not None and step.increment.corrected),
    )


def _steps(
    redis: redis_py.Redis, feed: Feed, metric: Metric, edges: Sequence[datetime], *, step_s: float, now: datetime
) -> list[StepOver | None]:
    """What happened from each edge to the next. Days are asked for one by one, for they differ in length; the rest in one go, and None
    for a step that the clock's change has moved between two others."""
    if step_s > LONGEST_EVEN_S:
        pairs = itertools.pairwise([edge.astimezone(UTC) for edge in edges])
        days = [Span(start, end, (end - start).total_seconds()) for start, end in pairs]
        return [steps(redis, feed, metric, day, now)[0] for day in days]
    start, end = edges[0].astimezone(UTC), edges[-1].astimezone(UTC)
    found = {each.at: each for each in steps(redis, feed, metric, Span(start, end, step_s), now)}
    return [found.get(edge.astimezone(UTC)) for edge in edges[:-1]]


def _value(found: StepOver | None, metric: Metric) -> float | None:
    """How much a total grew, or the highest of what there was."""
    if found is None:
        return None
    if metric.daily_total:
        return None if found.increment is None else found.increment.value
    return found.step.max if found.step.count else None


def _after(over: Axis, zone: zoneinfo.ZoneInfo) -> datetime:
    last = over.starts[-1]
    if over.step_s > LONGEST_EVEN_S:
        return _midnight(last.date() + timedelta(days=1), zone)
    return (last.astimezone(UTC) + timedelta(seconds=over.step_s)).astimezone(zone)


def _between(start: datetime, end: datetime, step_s: float, zone: zoneinfo.ZoneInfo) -> tuple[datetime, ...]:
    """In true seconds: a day of a change to summer time has an hour less."""
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    many = round((last - first).total_seconds() / step_s)
    return tuple((first + timedelta(seconds=step_s * index)).astimezone(zone) for index in range(max(1, many)))


def _midnight(day: date, zone: zoneinfo.ZoneInfo) -> datetime:
    """When a day began: where midnight was skipped, an hour later. Through UTC, so that the time it names exists."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC).astimezone(zone)


def _floor(local: datetime, step_s: float) -> datetime:
    """The step that holds a moment, counted from the full hour."""
    past_s = (local.minute * 60 + local.second) % step_s if step_s < 3600 else local.minute * 60 + local.second
    zone = local.tzinfo
    return (local.replace(microsecond=0).astimezone(UTC) - timedelta(seconds=past_s)).astimezone(zone)


def _shifted(at: datetime, days: int, zone: zoneinfo.ZoneInfo) -> datetime:
    """The same time of the clock so many days before; where it was skipped, an hour later."""
    naive = at.replace(tzinfo=None) - timedelta(days=days)
    return naive.replace(tzinfo=zone, fold=at.fold).astimezone(UTC).astimezone(zone)
