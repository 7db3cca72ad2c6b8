"""A metric over any span up to now: at poll resolution where the ring reaches, else by the minute.

In:  Redis, a feed, a metric, a span, the time. Out: steps; for a daily total also how much it grew in each. Gaps are gaps.
The minutes that are over and not yet written come from the ring as well, so that there is no hole before now.
"""

from __future__ import annotations

import itertools
import math
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import redis as redis_py
from django.conf import settings

from dashboard.domain.catalogue import Metric
from dashboard.domain.feeds import Feed
from dashboard.domain.increments import Growth, Increment, Total
from dashboard.domain.minutes import MINUTE_S, Folded
from dashboard.domain.steps import Step, Steps
from dashboard.domain.totals import series_fields, value_of
from dashboard.history import reader
from dashboard.history.folding import feed_minutes
from dashboard.history.reader import MinuteValue
from dashboard.polling.feeds import base_interval_s
from dashboard.store.series import SPAN_S, series_of

RING = timedelta(seconds=SPAN_S)
# At least so far before the span is looked for what was live, and what a total was, when it began.
LEAD = timedelta(minutes=10)
# A minute without a reading counts as watched when the numbers before it were live for nearly all of it.
WATCHED_RATIO = 0.99
_TICK_S = 0.001

Sample = tuple[float, float, float | None]  # Unix seconds, live seconds, value


@dataclass(frozen=True, slots=True)
class Span:
    """start <= t < end (aware), in steps of `step_s` > 0 seconds."""

    start: datetime
    end: datetime
    step_s: float


@dataclass(frozen=True, slots=True)
class StepOver:
    """One step, by its beginning; `live_ratio` 0..1 of what has passed of it; `increment` of a daily total, else None."""

    at: datetime
    step: Step
    live_ratio: float
    increment: Increment | None


def by_minute(start: datetime, now: datetime) -> bool:
    """Whether a span that begins so early is made of minutes. Who asks for the last 48 hours is some seconds late by the time we see it."""
    return start < now - RING - timedelta(minutes=1)


def steps(redis: redis_py.Redis, feed: Feed, metric: Metric, span: Span, now: datetime) -> list[StepOver]:
    """The span in steps, oldest first. ValueError for a span or a step of no length; redis.RedisError when Redis is away.

    From 48 hours ago on, each reading counts; before, and where the ring has nothing, each minute does, in the step in which it begins.
    """
    folds = Steps(span.start.timestamp(), span.end.timestamp(), span.step_s)
    many = len(folds.steps)
    starts = [span.start + timedelta(seconds=span.step_s * index) for index in range(many)]
    edges = [min(edge, max(now, span.start)) for edge in (*starts, span.end)]
    growth = Growth(edges, zoneinfo.ZoneInfo(settings.ACCOUNT_TIME_ZONE)) if metric.daily_total else None
    _Fold(folds, growth, now.timestamp()).all(redis, feed, metric, span, now)
    increments = growth.increments() if growth else []
    return [
        StepOver(at, step, folds.live_ratio(index, now.timestamp()), increments[index] if growth and at < now else None)
        for index, (at, step) in enumerate(zip(starts, folds.steps, strict=True))
    ]


def minutes(redis: redis_py.Redis, feed: Feed, metric: Metric, start: datetime, end: datetime) -> list[MinuteValue]:
    """`reader.minutes`, and those that are over or in hand and not yet written. redis.RedisError when Redis is away."""
    found = reader.minutes(feed, metric.name, start, end)
    begin = max(found[-1].at + timedelta(minutes=1) if found else start, end - RING)
    first, last = (math.ceil(at.timestamp() / MINUTE_S) for at in (begin, end))
    points = series_of(feed, base_interval_s(feed.endpoint)).read(redis, begin - LEAD, end - timedelta(milliseconds=1))
    zone = zoneinfo.ZoneInfo(settings.ACCOUNT_TIME_ZONE)
    for minute in feed_minutes(points, [metric.name], range(first, max(first, last)), zone, {}):
        (figures,) = minute.columns
        if figures is not None:
            found.append(reader.value(minute.minute, minute.live_ratio, figures))
    return found


class _Fold:
    """Takes minutes and readings into steps and growth, minutes first."""

    def __init__(self, folds: Steps, growth: Growth | None, now_s: float) -> None:
        self._folds, self._growth, self._now_s = folds, growth, now_s
        # The total of a minute that is not counted yet, and the newest that followed it in the same step: all between are the same growth.
        self._held: Total | None = None
        self._latest: Total | None = None
        self._held_step = 0
        self._followed_s = 0.0  # Unix seconds until which minutes have followed without a gap

    def all(self, redis: redis_py.Redis, feed: Feed, metric: Metric, span: Span, now: datetime) -> None:
        if not by_minute(span.start, now):
            found = _samples(redis, feed, metric, span.start - LEAD, span.end)
            # The ring begins later than the span when Redis has lost it, or it is new: the minutes before it may be written.
            begin = _minute(found[0][0]) if found else span.end
            if begin > span.start:
                self._minutes(reader.rows(feed, metric.name, span.start - LEAD, begin))
            self._readings(found, begin.timestamp())
        else:
            last = self._minutes(reader.rows(feed, metric.name, span.start - LEAD, span.end))
            begin = max(span.start, now - RING) if last is None else datetime.fromtimestamp((last + 1) * MINUTE_S, UTC)
            if begin < span.end and span.end > now - RING:
                self._readings(_samples(redis, feed, metric, max(begin, now - RING), span.end), begin.timestamp())
        self._release(None)

    def _minutes(self, rows: Iterator[tuple[int, float, Folded | None]]) -> int | None:
        """Returns the last minute there was."""
        minute: int | None = None
        for minute, live_ratio, figures in rows:
            at_s, live_s = float(minute * MINUTE_S), live_ratio * MINUTE_S
            self._folds.add_live(at_s, min(at_s + live_s, self._now_s))
            if figures is not None:
                self._folds.add(at_s, figures, live_s)
            if self._growth is None:
                continue
            if figures is not None:
                self._total(at_s, figures)
            elif live_ratio >= WATCHED_RATIO and at_s == self._followed_s:
                self._followed_s += MINUTE_S
        return minute

    def _total(self, at_s: float, figures: Folded) -> None:
        """A daily total at the end of a minute."""
        total = Total(datetime.fromtimestamp(at_s + MINUTE_S - _TICK_S, UTC), figures.last, _TICK_S, figures.reset, figures.corrected)
        before = self._latest or self._held
        follows = at_s == self._followed_s and before is not None and total.value >= before.value and not (total.reset or total.corrected)
        step = self._folds.index(at_s + MINUTE_S - _TICK_S)
        if follows and step == self._held_step:
            self._latest = total
        else:
            self._release(total.at)
            self._held, self._held_step = total, step
        self._followed_s = at_s + MINUTE_S

    def _release(self, following: datetime | None) -> None:
        """Counts the totals that were held. The last was known until the next one, `following`, when that is of the minute after; else as
        long as minutes followed."""
        for total, after in ((self._held, self._latest), (self._latest, None)):
            if total is None or self._growth is None:
                continue
            until = datetime.fromtimestamp(self._followed_s, UTC)
            if after is not None:
                until = after.at
            elif following is not None and following - until < timedelta(seconds=MINUTE_S):
                until = following
            self._growth.add(Total(total.at, total.value, (until - total.at).total_seconds(), total.reset, total.corrected))
        self._held = self._latest = None

    def _readings(self, samples: list[Sample], begin_s: float) -> None:
        reached_s = begin_s
        for (at_s, live_s, value), (next_s, _, _) in itertools.pairwise([*samples, (self._now_s, 0.0, None)]):
            until_s = min(at_s + live_s, self._now_s)
            self._folds.add_live(max(at_s, reached_s), until_s)
            reached_s = max(reached_s, until_s)
            if value is not None:
                self._folds.add_value(at_s, value, max(0.0, min(next_s, until_s) - at_s))
                if self._growth is not None:
                    at = datetime.fromtimestamp(at_s, UTC)
                    self._release(at)
                    self._growth.add(Total(at, value, live_s))


def _minute(at_s: float) -> datetime:
    return datetime.fromtimestamp(at_s // MINUTE_S * MINUTE_S, UTC)


def _samples(redis: redis_py.Redis, feed: Feed, metric: Metric, start: datetime, end: datetime) -> list[Sample]:
    """The metric in each reading of start <= at < end."""
    ring, last = series_of(feed, base_interval_s(feed.endpoint)), end - timedelta(milliseconds=1)
    if metric.name in series_fields(feed.endpoint):
        return ring.samples(redis, start, last, metric.name)
    value = value_of(metric)
    return [(point.at.timestamp(), point.live_s, value(point.values)) for point in ring.read(redis, start, last)]
