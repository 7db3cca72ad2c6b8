"""Minutes go after 400 days, a bounded number at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.history.prune import KEPT, MOST_DAYS, prune
from dashboard.history.reader import minutes
from dashboard.models import Minute
from tests.history.filled import fill

pytestmark = pytest.mark.django_db

QUEUE, SALES = Feed("main", Endpoint.QUEUE), Feed("main", Endpoint.QUEUE, (1,))
START = datetime(2025, 1, 1, 6, 30, tzinfo=UTC)


def test_prune_takes_what_is_too_old_and_nothing_else() -> None:
    for feed in (QUEUE, SALES):
        fill(feed, {"calls_waiting": list(range(90))}, START)
    now = START + KEPT + timedelta(minutes=30)
    assert prune(now) == 60
    assert [value.last for value in minutes(QUEUE, "calls_waiting", START, now)] == list(range(30, 90))
    assert prune(now) == 0
    assert prune(START) == 0


def test_prune_takes_no_more_than_some_days_at_a_time_however_late_it_is() -> None:
    for day in range(MOST_DAYS + 3):
        fill(QUEUE, {"calls_waiting": [day] * 5}, START + timedelta(days=10 * day))
    wrong = START + timedelta(days=20 * 365)
    assert prune(wrong) == 5 * MOST_DAYS
    assert Minute.objects.count() == 15
    assert prune(wrong) == 5 * MOST_DAYS


def test_prune_without_history_does_nothing() -> None:
    assert prune(START) == 0
