"""Reading minutes back: what was written, only that, and of past weeks the same quarter by the clock on the wall."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.minutes import Folded
from dashboard.history import layouts
from dashboard.history.packing import packed
from dashboard.history.reader import MinuteValue, minutes, quarter_values, quarters
from dashboard.models import HistoryFeed, Minute
from tests.history.filled import Value, fill

pytestmark = pytest.mark.django_db

QUEUE = Feed("main", Endpoint.QUEUE)
SALES = Feed("main", Endpoint.QUEUE, (1, 3))
START = datetime(2026, 11, 21, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_minutes_are_those_that_were_written_gaps_left_out() -> None:
    wait: list[Value] = [12, None, Folded(3, 20.5, 90, 14), 7]
    assert fill(QUEUE, {"longest_wait_time": wait, "calls_waiting": [1, None, 2]}, START, live_ratio=0.75) == 3
    fill(SALES, {"longest_wait_time": [99] * 4}, START)

    found = minutes(QUEUE, "longest_wait_time", START, START + 3 * MINUTE)
    assert [(value.at, value.max, value.last) for value in found] == [(START, 12, 12), (START + 2 * MINUTE, 90, 14)]
    assert found[1].mean == pytest.approx(20.5, abs=0.001)
    assert found[0] == MinuteValue(START, 12, 12, 12, 12, 0.75, reset=False, corrected=False)
    assert [value.last for value in minutes(QUEUE, "calls_waiting", START + timedelta(seconds=1), START + 9 * MINUTE)] == [2]


def test_what_nobody_wrote_is_empty() -> None:
    fill(QUEUE, {"longest_wait_time": [1]}, START)
    assert minutes(QUEUE, "total_calls", START, START + MINUTE) == []
    assert minutes(Feed("other", Endpoint.QUEUE), "longest_wait_time", START, START + MINUTE) == []
    assert minutes(QUEUE, "longest_wait_time", START, START) == []
    assert quarter_values(QUEUE, "longest_wait_time", START, 0, "UTC") == []


def test_minutes_of_an_older_layout_stay_readable() -> None:
    fill(QUEUE, {"calls_waiting": [1, 2]}, START)
    old = layouts.layout(("agents_online", "a_metric_that_is_gone", "calls_waiting"))
    row = HistoryFeed.objects.get(feed=QUEUE.id)
    body = packed([None, Folded(8, 8, 8, 8), Folded(0, 1, 4, 4)])
    Minute.objects.create(feed=row, layout=old, minute=int(START.timestamp()) // 60 - 1, live_ratio=1.0, packed=body)

    found = minutes(QUEUE, "calls_waiting", START - MINUTE, START + 2 * MINUTE)
    assert [value.max for value in found] == [4, 1, 2]
    assert minutes(QUEUE, "longest_wait_time", START - MINUTE, START) == []
    assert [value.last for value in minutes(QUEUE, "a_metric_that_is_gone", START - MINUTE, START + MINUTE)] == [8]


def test_minute_that_cannot_be_read_is_a_gap_and_is_said(caplog: pytest.LogCaptureFixture) -> None:
    fill(QUEUE, {"calls_waiting": [1, 2, 3]}, START)
    Minute.objects.filter(minute=int(START.timestamp()) // 60 + 1).update(packed=b"\x63new")
    with caplog.at_level(logging.WARNING):
        assert [value.last for value in minutes(QUEUE, "calls_waiting", START, START + 3 * MINUTE)] == [1, 3]
    assert "1 minutes of main:current_queue_activity cannot be read" in caplog.text


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"])
def test_quarter_values_are_those_of_the_same_quarter_by_the_clock(zone: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    local = ZoneInfo(zone)
    at = datetime(2026, 11, 16, 9, 22, tzinfo=local)  # between it and eight weeks ago, summer time ends in most of these
    for week in range(1, 10):
        then = at.replace(tzinfo=None) - timedelta(weeks=week)
        quarter = then.replace(minute=15, tzinfo=local)
        fill(QUEUE, {"longest_wait_time": [-1, *[week * 100 + number for number in range(15)], -1]}, quarter - MINUTE)
    with django_assert_num_queries(2):  # the layouts, the minutes
        found = quarter_values(QUEUE, "longest_wait_time", at, 8, zone)
    assert found == [week * 100 + number for week in range(8, 0, -1) for number in range(15)]


def test_quarter_values_of_a_night_that_changed_the_clock() -> None:
    zone = "Europe/Berlin"
    autumn = datetime(2026, 10, 25, tzinfo=UTC)  # 2:15 happened twice: at 0:15 and at 1:15 UTC
    fill(QUEUE, {"longest_wait_time": list(range(180))}, autumn)
    at = datetime(2026, 11, 1, 2, 20, tzinfo=ZoneInfo(zone))
    assert quarter_values(QUEUE, "longest_wait_time", at, 1, zone) == [*range(15, 30), *range(75, 90)]

    spring = datetime(2026, 3, 29, tzinfo=UTC)  # 2:15 did not happen
    fill(QUEUE, {"longest_wait_time": [7] * 180}, spring)
    at = datetime(2026, 4, 5, 2, 20, tzinfo=ZoneInfo(zone))
    assert quarter_values(QUEUE, "longest_wait_time", at, 1, zone) == []


def test_quarter_values_give_the_figure_that_is_asked_for() -> None:
    fill(QUEUE, {"longest_wait_time": [Folded(1, 2, 9, 4)]}, START - timedelta(weeks=1))
    assert quarter_values(QUEUE, "longest_wait_time", START, 3, "UTC", figure="min") == [1]
    assert quarter_values(QUEUE, "longest_wait_time", START, 3, "UTC") == [9]


def test_quarters_are_told_apart_by_their_distance_over_midnight_too(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    midnight = START.replace(hour=0)
    for week in (1, 2):
        then = midnight - timedelta(weeks=week)
        fill(QUEUE, {"longest_wait_time": [minute // 15 for minute in range(75)]}, then - timedelta(minutes=30))
    with django_assert_num_queries(2):
        found = quarters(QUEUE, "longest_wait_time", midnight + 3 * MINUTE, 3, "UTC", around=2)
    assert found == {distance: [[distance + 2] * 15, [distance + 2] * 15, []] for distance in range(-2, 3)}
    assert quarters(QUEUE, "longest_wait_time", midnight, 0, "UTC", around=2) == {}
