"""A feed whose readings a test lays down one by one, and rules on it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import redis as redis_py
from django.db import OperationalError, connection

from dashboard.alerts.judge import judge_feed
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings import Body, QueueActivity, Reading
from dashboard.models import Rule
from dashboard.store import snapshots

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
QUEUE = Feed("main", Endpoint.QUEUE)
LATENCY = timedelta(milliseconds=100)


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


def rule(**fields: Any) -> Rule:
    """A rule: longest wait of 180 s or more for 10 s."""
    given = {
        "name": "Longest wait",
        "metric": "longest_wait_time",
        "warning_enter": 180,
        "warning_leave": 165,
        "warning_for_s": 10,
        "keep_s": 5,
    }
    return Rule.objects.create(**{**given, **fields})


def queue(longest_s: int | None, **fields: Any) -> QueueActivity:
    given: dict[str, Any] = {"agents_online": 5, "calls_waiting": 1 if longest_s else 0, **fields}
    return QueueActivity(longest_wait_time=longest_s, **given)


def lay(redis: redis_py.Redis, body: Body, second: float, feed: Feed = QUEUE) -> None:
    """The newest reading of the feed, taken at `second`."""
    snapshots.save_reading(redis, feed, Reading(body, at(second)))


def judge(redis: redis_py.Redis, longest_s: int | None, second: float, **fields: Any) -> bool:
    """A reading comes and is judged a moment later."""
    lay(redis, queue(longest_s, **fields), second)
    return judge_feed(redis, QUEUE, at(second) + LATENCY)


def steadily(redis: redis_py.Redis, longest_s: int | None, start: int, end: int, **fields: Any) -> list[int]:
    """The same value at each second of start <= second < end. At which of them something changed."""
    return [second for second in range(start, end) if judge(redis, longest_s, second, **fields)]


@contextlib.contextmanager
def database_away(wanted: Callable[[str], bool] = lambda _: True) -> Iterator[list[str]]:
    """Every statement that `wanted` picks fails as if the database had gone. Yields those that were tried."""
    tried: list[str] = []

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if wanted(sql):
            tried.append(sql)
            raise OperationalError("the connection was closed")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield tried
