"""What is usual: from past weeks where there are some, else from the last half hour, and never asked for twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
import redis as redis_py
from django.db import OperationalError

from dashboard.alerts.baselines import MOST_KEPT, Baselines, recent_of
from dashboard.alerts.judge import judge_feed
from dashboard.domain.baseline import Baseline, Peaks
from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings import AccountOverview
from dashboard.domain.totals import totals
from dashboard.models import Incident
from dashboard.polling.feeds import base_interval_s
from dashboard.store.series import series_of
from tests.alerts.judged_floor import LATENCY, QUEUE, at, lay, queue, rule
from tests.history.filled import fill

pytestmark = pytest.mark.django_db
WAIT = CATALOGUE["longest_wait_time"]


def ring(redis: redis_py.Redis, second: float, longest_s: int) -> None:
    series_of(QUEUE, base_interval_s(Endpoint.QUEUE)).append(redis, at(second), totals(queue(longest_s)), live_s=2.5)


def fill_weeks(weeks: Sequence[int], values: Sequence[float]) -> None:
    """Each minute of the hour and a quarter around START in each of those past weeks, `values` every quarter of an hour."""
    for week in weeks:
        fill(QUEUE, {"longest_wait_time": [*values] * 5}, at(0) - timedelta(weeks=week, minutes=30))


def usual(redis: redis_py.Redis, second: float = 0, **seams: Any) -> Baseline | None:
    return Baselines(**seams).usual(redis, QUEUE, WAIT, at(second), higher_is_worse=True)


def test_usual_without_any_past_is_not_known(redis: redis_py.Redis) -> None:
    assert usual(redis) is None


def test_usual_takes_the_same_quarter_of_at_least_three_weeks(redis: redis_py.Redis) -> None:
    fill_weeks([1, 2], [*[10.0] * 14, 40.0])
    assert usual(redis) is None
    fill_weeks([3], [*[10.0] * 14, 60.0])
    assert usual(redis, 14 * 60) == Baseline(40, 0, 15)
    assert usual(redis, 45 * 60) is None  # three quarters later is another time


def test_usual_of_short_history_takes_the_worst_of_each_of_the_last_minutes(redis: redis_py.Redis) -> None:
    for minute in range(1, 10):
        ring(redis, -60 * minute, 20)
        ring(redis, -60 * minute + 30, 10)
    assert usual(redis) is None
    ring(redis, -600, 20)
    ring(redis, 5, 900)  # this very minute does not count: what is judged must not move what it is judged by
    assert usual(redis, 10) == Baseline(20, 0, 10)


def test_usual_where_low_is_bad_takes_the_lowest_of_each_minute(redis: redis_py.Redis) -> None:
    for minute in range(1, 12):
        ring(redis, -60 * minute, 20)
        ring(redis, -60 * minute + 30, 10)
    assert Baselines().usual(redis, QUEUE, WAIT, at(0), higher_is_worse=False) == Baseline(10, 0, 11)


def test_recent_of_a_formula_is_worked_out_from_what_the_ring_keeps(redis: redis_py.Redis) -> None:
    feed = Feed("main", Endpoint.ACCOUNT)
    body = AccountOverview(total_inbound_calls=100, total_calls_abandoned_in_queue=25)
    series_of(feed, base_interval_s(Endpoint.ACCOUNT)).append(redis, at(-90), totals(body), live_s=30)
    assert list(recent_of(redis, feed, CATALOGUE["abandon_ratio"], at(0), True)) == [0.25]


class Counting:
    """Counts how often the past is read."""

    def __init__(self, weeks: Peaks | None = None, recent: Sequence[float] = ()) -> None:
        self.found_weeks, self.found_recent = weeks or Peaks(), recent
        self.weeks_count = self.recent_count = 0

    def weeks(self, feed: Feed, name: str, when: datetime, higher_is_worse: bool) -> Peaks:
        self.weeks_count += 1
        return self.found_weeks

    def recent(self, *_: Any) -> Sequence[float]:
        self.recent_count += 1
        return self.found_recent


def test_usual_is_worked_out_once_a_quarter_of_an_hour(redis: redis_py.Redis) -> None:
    past = Counting(weeks=Peaks([5.0] * 9, [5.0] * 45))
    known = Baselines(past.weeks, past.recent)
    for second in range(0, 1800, 10):
        assert known.usual(redis, QUEUE, WAIT, at(second), higher_is_worse=True) == Baseline(5, 0, 45)
    assert (past.weeks_count, past.recent_count) == (2, 0)


def test_usual_of_short_history_is_worked_out_once_a_minute(redis: redis_py.Redis) -> None:
    past = Counting(recent=[5.0] * 12)
    known = Baselines(past.weeks, past.recent)
    for second in range(0, 300, 10):
        known.usual(redis, QUEUE, WAIT, at(second), higher_is_worse=True)
    assert (past.weeks_count, past.recent_count) == (1, 5)


def test_usual_keeps_a_bounded_number(redis: redis_py.Redis) -> None:
    past = Counting(weeks=Peaks([5.0] * 9, [5.0] * 45))
    known = Baselines(past.weeks, past.recent)
    for line in range(MOST_KEPT + 10):
        known.usual(redis, Feed("main", Endpoint.QUEUE, (line,)), WAIT, at(0), higher_is_worse=True)
    assert len(known._known) == MOST_KEPT


def test_usual_without_the_database_takes_the_last_half_hour_and_asks_again(
    redis: redis_py.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    answers = [Peaks([5.0] * 9, [5.0] * 45)]
    asked = 0

    def weeks(feed: Feed, name: str, when: datetime, higher_is_worse: bool) -> Peaks:
        nonlocal asked
        asked += 1
        if asked <= 2:
            raise OperationalError("gone")
        return answers[0]

    known = Baselines(weeks, Counting(recent=[7.0] * 12).recent)
    found = [known.usual(redis, QUEUE, WAIT, at(second), higher_is_worse=True) for second in range(3)]
    assert found == [Baseline(7, 0, 12), Baseline(7, 0, 12), Baseline(5, 0, 45)]


def test_a_spike_rule_opens_above_what_is_usual_and_not_by_its_own_values(redis: redis_py.Redis) -> None:
    """Half an hour of 20 s, then 200 s for a quarter of an hour: one incident, which does not end because the new value grows usual."""
    rule(kind="spike", spike_floor=60, spike_rise=60, spike_times=6, warning_enter=None, warning_leave=None, warning_for_s=3)
    for minute in range(1, 30):
        ring(redis, -60 * minute, 20)
    known = Baselines()
    for second in range(0, 1200, 3):
        value = 20 if second < 10 else 200
        ring(redis, second, value)
        lay(redis, queue(value), second)
        judge_feed(redis, QUEUE, at(second) + LATENCY, baselines=known)
    incident = Incident.objects.get()
    assert (incident.opened_at, incident.state, incident.limit) == (at(15), "open", 80)
