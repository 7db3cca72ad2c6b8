"""An outage of Redis fills no log."""

from __future__ import annotations

import logging
import sys

import pytest
import redis as redis_py
from kombu.exceptions import OperationalError

from dashboard.polling.budget import BudgetError
from dashboard.polling.quietly import BrokerAwayOncePerMinute, OncePerMinute, without_redis_said_once

logger = logging.getLogger("tests.quietly")


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_once_per_minute_lets_one_through_each_minute() -> None:
    clock = Clock()
    may_say = OncePerMinute(clock)
    said = []
    for second in range(181):
        clock.now_s = float(second)
        said.append(may_say())
    assert [second for second, each in enumerate(said) if each] == [0, 60, 120, 180]


@pytest.mark.parametrize(
    "error", [redis_py.ConnectionError("gone"), redis_py.TimeoutError("slow"), BudgetError("no budget"), OperationalError("broker")]
)
def test_without_redis_ends_quietly_and_says_it_once(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    may_say = OncePerMinute(Clock())
    for _ in range(100):
        with without_redis_said_once(logger, may_say):
            raise error
    (record,) = caplog.records
    assert record.getMessage().startswith("Redis does not answer, so nothing is polled")


@pytest.mark.parametrize("error", [ValueError("ours"), redis_py.ResponseError("WRONGTYPE")])
def test_without_redis_lets_every_other_error_pass(error: Exception) -> None:
    with pytest.raises(type(error)), without_redis_said_once(logger, OncePerMinute(Clock())):
        raise error


def record(message: str, error: Exception | None = None) -> logging.LogRecord:
    exc_info = None
    if error is not None:
        try:
            raise RuntimeError("Couldn't apply scheduled task") from error
        except RuntimeError:
            exc_info = sys.exc_info()
    return logging.LogRecord("celery.beat", logging.ERROR, "beat.py", 1, message, (), exc_info)


def test_broker_away_is_one_line_a_minute() -> None:
    clock = Clock()
    quiet = BrokerAwayOncePerMinute(OncePerMinute(clock))
    first = record("Message Error: %s\n%s", OperationalError("Error 111"))
    assert quiet.filter(first)
    assert first.exc_info is None
    assert "task queue in Redis" in first.getMessage()
    assert not quiet.filter(record("consumer: Cannot connect to %s: %s."))
    assert not quiet.filter(record("Message Error", redis_py.ConnectionError("gone")))
    clock.now_s = 61.0
    assert quiet.filter(record("consumer: Cannot connect to %s: %s."))


def test_broker_away_leaves_other_records_alone() -> None:
    quiet = BrokerAwayOncePerMinute(lambda: False)
    other = record("Message Error", ValueError("a bug"))
    assert quiet.filter(other)
    assert other.exc_info is not None
    assert quiet.filter(record("Task raised unexpected"))
