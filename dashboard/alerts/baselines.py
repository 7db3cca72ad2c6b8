"""What is usual for a metric right now, for the rules about spikes.

In:  a feed, a metric, the time; the minutes of past weeks in the database, the last half hour in Redis. Out: a `Baseline`, or None.
Kept per quarter of an hour (of the account's own day), or per minute where history is short: no reading pays for it twice.
The arithmetic is `domain.baseline.usual`, which the back-test and the measurement use as well.
"""

from __future__ import annotations

import logging
import threading
import zoneinfo
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

import redis as redis_py
from django.conf import settings
from django.db import DatabaseError

from dashboard.domain.baseline import QUARTER_MINUTES, QUARTERS_AROUND, RECENT_MINUTES, WEEKS, Baseline, Peaks, peaks, usual
from dashboard.domain.catalogue import Metric
from dashboard.domain.feeds import Feed
from dashboard.domain.totals import series_fields, value_of
from dashboard.history import reader
from dashboard.polling.feeds import base_interval_s
from dashboard.polling.quietly import OncePerMinute
from dashboard.store.series import series_of

logger = logging.getLogger(__name__)

# A feed and metric needs two entries at a time; the bound is for an installation of a thousand spike rules.
MOST_KEPT = 4096
MINUTE = timedelta(minutes=1)

Weeks = Callable[[Feed, str, datetime, bool], Peaks]
Recent = Callable[[redis_py.Redis, Feed, Metric, datetime, bool], Sequence[float]]
Key = tuple[Feed, str, bool, int, int]


def weeks_of(feed: Feed, metric_name: str, at: datetime, higher_is_worse: bool) -> Peaks:
    """The worst of this quarter of an hour and of its neighbours, on the same weekday of the last weeks. DatabaseError."""
    worst: reader.Figure = "max" if higher_is_worse else "min"
    zone = settings.ACCOUNT_TIME_ZONE
    found = reader.quarters(feed, metric_name, at, WEEKS, zone, around=QUARTERS_AROUND, figure=worst)
    return peaks(found, higher_is_worse=higher_is_worse)


def recent_of(redis: redis_py.Redis, feed: Feed, metric: Metric, at: datetime, higher_is_worse: bool) -> Sequence[float]:
    """The worst value of each whole minute of the half hour before the minute of `at`, where there is one. redis.RedisError."""
    end = at.replace(second=0, microsecond=0)
    series = series_of(feed, base_interval_s(feed.endpoint))
    start, last = end - RECENT_MINUTES * MINUTE, end - timedelta(milliseconds=1)
    if metric.name in series_fields(feed.endpoint):
        points: Iterable[tuple[datetime, float | None]] = series.column(redis, start, last, metric.name)
    else:
        value_at = value_of(metric)
        points = ((point.at, value_at(point.values)) for point in series.read(redis, start, last))
    worst: dict[int, float] = {}
    pick = max if higher_is_worse else min
    for when, value in points:
        if value is not None:
            minute = int(when.timestamp()) // 60
            worst[minute] = pick(worst.get(minute, value), value)
    return list(worst.values())


class Baselines:
    """Remembers what it has worked out. Thread-safe. `weeks` and `recent` read the past."""

    def __init__(self, weeks: Weeks = weeks_of, recent: Recent = recent_of) -> None:
        self._weeks, self._recent = weeks, recent
        self._lock = threading.Lock()
        self._known: OrderedDict[Key, Baseline | None] = OrderedDict()
        self._may_say = OncePerMinute()

    def usual(self, redis: redis_py.Redis, feed: Feed, metric: Metric, at: datetime, *, higher_is_worse: bool) -> Baseline | None:
        """What is usual at this moment; None when there is too little to say. Without the database the last half hour has to do;
        redis.RedisError when Redis does not answer."""
        quarter = _quarter(at)
        by_weeks: Key = (feed, metric.name, higher_is_worse, quarter, -1)
        found, is_known = self._look(by_weeks)
        if not is_known:
            found = self._of_weeks(by_weeks, at)
        if found is not None:
            return found
        by_minute: Key = (feed, metric.name, higher_is_worse, quarter, int(at.timestamp()) // 60)
        found, is_known = self._look(by_minute)
        if not is_known:
            found = usual(Peaks(), self._recent(redis, feed, metric, at, higher_is_worse))
            self._keep(by_minute, found)
        return found

    def forget(self) -> None:
        """Everything is worked out anew."""
        with self._lock:
            self._known.clear()

    def _of_weeks(self, key: Key, at: datetime) -> Baseline | None:
        feed, metric_name, higher_is_worse, *_ = key
        try:
            found = usual(self._weeks(feed, metric_name, at, higher_is_worse), (), higher_is_worse=higher_is_worse)
        except DatabaseError as error:  # not kept: the next reading asks again
            if self._may_say():
                logger.warning("What is usual cannot be read (%s); spikes are judged by the last half hour.", type(error).__name__)
            return None
        self._keep(key, found)
        return found

    def _look(self, key: Key) -> tuple[Baseline | None, bool]:
        with self._lock:
            return self._known.get(key), key in self._known

    def _keep(self, key: Key, found: Baseline | None) -> None:
        with self._lock:
            self._known[key] = found
            self._known.move_to_end(key)
            while len(self._known) > MOST_KEPT:
                self._known.popitem(last=False)


BASELINES = Baselines()


def _quarter(at: datetime) -> int:
    """The number of the quarter of an hour since 1970 in the account's zone: a key, the same for every moment within it."""
    local = at.astimezone(zoneinfo.ZoneInfo(settings.ACCOUNT_TIME_ZONE))
    # With the offset from UTC, so that the hour that a clock put back repeats is another one the second time.
    offset = local.utcoffset() or timedelta(0)
    return int((at.timestamp() + offset.total_seconds()) // (QUARTER_MINUTES * 60)) * 1000 + int(offset.total_seconds() // 900) % 1000
