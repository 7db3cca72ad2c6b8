"""Hours of rows in the database: written once each, minute by minute; and gone with the history."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import pytest
import redis as redis_py

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings_tickets import BacklogRow, TicketBacklog
from dashboard.domain.rows import MOST_ROWS, Kept
from dashboard.domain.totals import totals
from dashboard.history import past_rows as hours
from dashboard.history.prune import KEPT, prune
from dashboard.history.writer import write_minutes
from dashboard.models import HistoryFeed, HourOfRows
from dashboard.polling.feeds import base_interval_s
from dashboard.store import past_rows
from dashboard.store.series import series_of
from tests.live.examples import NOW

pytestmark = pytest.mark.django_db
FEED = Feed("main", Endpoint.TICKETS)


def rows_of(number: int, *, many: int = 3) -> Kept:
    """Of which three change with each number."""
    return Kept(tuple(BacklogRow(each, f"Group {each}", number if each < 3 else 7, open=12 + each) for each in range(many)), beside=2)


def poll(redis: redis_py.Redis, at: datetime, found: Kept) -> None:
    past_rows.keep(redis, FEED, found, at=at)
    series_of(FEED, base_interval_s(FEED.endpoint)).append(redis, at, totals(TicketBacklog(tickets_unsolved=1)))


def test_hours_of_rows_outlive_redis_minute_by_minute_and_are_written_once(redis: redis_py.Redis, caplog: pytest.LogCaptureFixture) -> None:
    start = NOW.replace(minute=0) - timedelta(hours=2)
    HistoryFeed.objects.create(feed=FEED.id)
    for number in range(240):  # an hour, a poll every 15 s, but none in minutes 20 to 29
        at = start + timedelta(seconds=15 * number)
        if not 20 <= at.minute < 30:
            poll(redis, at, rows_of(number, many=MOST_ROWS))
    write_minutes(redis, NOW)
    while hours.write_hours(redis, NOW):
        pass
    assert HourOfRows.objects.count() == 47
    (full,) = [row for row in HourOfRows.objects.all() if row.packed]
    assert len(full.packed) < 3_000, "of the fullest backlog with three changes a minute"
    redis.flushall()
    found = hours.rows_by_minute(FEED, start, NOW)
    for minute in (0, 1, 19, 30, 59):
        assert found.at(start + timedelta(minutes=minute, seconds=20)) == rows_of(minute * 4 + 3, many=MOST_ROWS), minute
    assert found.at(start + timedelta(minutes=25)) == rows_of(79, many=MOST_ROWS), "what was known last; its age is the reading's"
    assert found.at(start + timedelta(minutes=70)) is None, "of the next hour nothing was noted"
    HourOfRows.objects.filter(pk=full.pk).update(packed=b"damaged")
    with caplog.at_level(logging.WARNING):
        assert hours.rows_by_minute(FEED, start, NOW).at(start + timedelta(minutes=5)) is None
    assert "cannot be read" in caplog.text
    prune(NOW + KEPT - timedelta(hours=24))
    assert 0 < HourOfRows.objects.count() < 47
