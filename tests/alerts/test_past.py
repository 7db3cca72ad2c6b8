"""A feed's past for a back-test: poll by poll from the ring, minute by minute from the database, gaps as gaps."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest
import redis as redis_py

from dashboard.alerts import backtest, past
from dashboard.alerts.past import While
from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.rules import Limit, RuleKind, RuleSpec
from dashboard.store.series import series_of
from tests.history.filled import fill

pytestmark = pytest.mark.django_db

QUEUE = Feed("main", Endpoint.QUEUE)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
UTC_ZONE = zoneinfo.ZoneInfo("UTC")


def poll(redis: redis_py.Redis, start: datetime, values: list[tuple[float | None, int]], *, every_s: int = 10) -> None:
    """One reading every `every_s` seconds: longest wait and calls waiting."""
    series = series_of(QUEUE, 1.0)
    for number, (wait, calls) in enumerate(values):
        series.append(redis, start + timedelta(seconds=every_s * number), {"longest_wait_time": wait, "calls_waiting": calls}, live_s=25.0)


def test_past_is_the_ring_where_there_is_one_and_minutes_before(redis: redis_py.Redis) -> None:
    fill(QUEUE, {"longest_wait_time": [10.0] * 180}, NOW - 3 * HOUR)
    poll(redis, NOW - 2 * MINUTE, [(50.0, 1)] * 12)
    found = past.read(redis, QUEUE, "longest_wait_time", NOW - 3 * HOUR, NOW)
    assert len(found.blocks) == 180
    assert found.fine_from == NOW - 2 * MINUTE
    assert [block.high for block in found.blocks[-3:]] == [10, 50, 50]
    assert len(found.blocks[-1].lay_out(None)) == 6
    assert found.data_ratio == pytest.approx(1.0)
    assert [block.at for block in found.blocks] == sorted(block.at for block in found.blocks)


def test_past_without_redis_is_the_minutes_alone(no_redis: None) -> None:
    from dashboard.store.connection import client

    fill(QUEUE, {"longest_wait_time": [10.0] * 60}, NOW - HOUR)
    found = past.read(client(), QUEUE, "longest_wait_time", NOW - HOUR, NOW)
    assert (len(found.blocks), found.redis_gone, found.fine_from) == (60, True, NOW)


def test_gap_and_unknown_values_are_no_data(redis: redis_py.Redis) -> None:
    fill(QUEUE, {"longest_wait_time": [10.0] * 30 + [None] * 60 + [10.0] * 30}, NOW - 3 * HOUR)
    poll(redis, NOW - MINUTE, [(None, 1)] * 6)
    found = past.read(redis, QUEUE, "longest_wait_time", NOW - 3 * HOUR, NOW)
    assert found.data_ratio == pytest.approx(60 / 180)
    assert found.blocks[-1].last is None


def test_weeks_before_are_kept_apart(redis: redis_py.Redis) -> None:
    fill(QUEUE, {"longest_wait_time": [10.0] * 120}, NOW - 2 * HOUR)
    found = past.read(redis, QUEUE, "longest_wait_time", NOW - HOUR, NOW, before=HOUR)
    assert (len(found.before), len(found.blocks)) == (60, 60)
    assert found.before[-1].at + MINUTE == found.blocks[0].at


def test_condition_on_another_metric_holds_in_the_ring_and_in_minutes(redis: redis_py.Redis) -> None:
    minutes = {"longest_wait_time": [200.0] * 60, "calls_waiting": [0.0] * 30 + [3.0] * 30}
    fill(QUEUE, minutes, NOW - HOUR - 2 * MINUTE)
    poll(redis, NOW - 2 * MINUTE, [(200.0, 0)] * 6 + [(200.0, 2)] * 6)
    condition = While(CATALOGUE["calls_waiting"], 2)
    found = past.read(redis, QUEUE, "longest_wait_time", NOW - HOUR - 2 * MINUTE, NOW, condition=condition)
    holds = [block.lay_out(None)[0].holds for block in found.blocks]
    assert holds == [False] * 30 + [True] * 30 + [False, True]


def test_formula_of_the_catalogue_works_on_the_ring(redis: redis_py.Redis) -> None:
    account = Feed("main", Endpoint.ACCOUNT)
    series = series_of(account, 15.0)
    for number in range(4):
        at = NOW - MINUTE + timedelta(seconds=15 * number)
        series.append(redis, at, {"total_inbound_calls": 100, "total_calls_abandoned_in_queue": 7 + number})
    found = past.read(redis, account, "abandon_ratio", NOW - HOUR, NOW)
    assert [(block.low, block.high) for block in found.blocks] == [(pytest.approx(0.07), pytest.approx(0.10))]


def test_backtest_over_ring_and_minutes_sees_an_incident_that_spans_both(redis: redis_py.Redis) -> None:
    fill(QUEUE, {"longest_wait_time": [10.0] * 50 + [200.0] * 10}, NOW - HOUR - 5 * MINUTE)
    poll(redis, NOW - 5 * MINUTE, [(200.0, 1)] * 12 + [(10.0, 1)] * 18)
    spec = RuleSpec(RuleKind.THRESHOLD, "longest_wait_time", warning=Limit(180, 160, 30), keep_s=60)
    found = backtest.run(spec, past.read(redis, QUEUE, "longest_wait_time", NOW - HOUR - 5 * MINUTE, NOW), zone=UTC_ZONE)
    assert len(found.incidents) == 1
    assert found.incidents[0].resolved_at == NOW - 2 * MINUTE
