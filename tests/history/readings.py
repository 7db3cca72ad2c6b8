"""Rings to write history from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import redis as redis_py

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.polling.feeds import base_interval_s
from dashboard.store.series import series_of

QUEUE, ACCOUNT = Feed("main", Endpoint.QUEUE), Feed("main", Endpoint.ACCOUNT)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def read(redis: redis_py.Redis, feed: Feed, readings: Iterable[tuple[float, float | None]], field: str, start: datetime = NOON) -> None:
    """Appends (seconds after `start`, value) of one field to a feed's ring."""
    series = series_of(feed, base_interval_s(feed.endpoint))
    for second, value in readings:
        series.append(redis, start + timedelta(seconds=second), {field: value})


def waits(redis: redis_py.Redis, first_s: int, last_s: int, start: datetime = NOON) -> None:
    """The queue, read once a second: the longest wait is the number of the second, of 3600."""
    read(redis, QUEUE, ((second, second % 3600) for second in range(first_s, last_s)), "longest_wait_time", start)


def after(seconds: float, start: datetime = NOON) -> datetime:
    return start + timedelta(seconds=seconds)
