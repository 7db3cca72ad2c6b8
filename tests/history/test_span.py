"""A metric over any span: readings where there are, else minutes, and no hole before now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import redis as redis_py
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import Feed
from dashboard.domain.increments import Increment, Total, increments
from dashboard.domain.minutes import Folded
from dashboard.history import span as spans
from dashboard.history.span import Span, StepOver, steps
from dashboard.history.writer import write_minutes
from dashboard.models import Board, Minute
from dashboard.store import keys
from dashboard.store.series import series_of
from tests.history.filled import Value, fill
from tests.history.readings import ACCOUNT, NOON, QUEUE, after, read, waits

pytestmark = pytest.mark.django_db
WAIT, CALLS = CATALOGUE["longest_wait_time"], CATALOGUE["total_calls"]


def over(redis: redis_py.Redis, start: datetime, end: datetime, step_s: float, now: datetime, feed: Feed = QUEUE) -> list[StepOver]:
    return steps(redis, feed, CALLS if feed == ACCOUNT else WAIT, Span(start, end, step_s), now)


def maxima(found: list[StepOver]) -> list[float | None]:
    return [step.step.max if step.step.count else None for step in found]


def test_last_48_hours_are_served_from_the_ring_by_the_reading(redis: redis_py.Redis) -> None:
    waits(redis, 0, 60)
    fill(QUEUE, {"longest_wait_time": [9999, 9999]}, NOON)
    found = over(redis, NOON, after(60), 10, after(47 * 3600))
    assert maxima(found) == [9, 19, 29, 39, 49, 59]
    assert [step.step.count for step in found] == [10] * 6
    assert [step.live_ratio for step in found] == [1.0] * 6


def test_what_the_ring_has_lost_comes_from_the_minutes(redis: redis_py.Redis) -> None:
    fill(QUEUE, {"longest_wait_time": [1, 2, 3, 4, 5]}, NOON)
    now = after(600)
    assert maxima(over(redis, NOON, after(300), 60, now)) == [1, 2, 3, 4, 5]
    waits(redis, 205, 300)
    found = over(redis, NOON, after(300), 60, now)
    assert maxima(found) == [1, 2, 3, 239, 299]
    assert found[3].live_ratio == pytest.approx(35 / 60)


def test_older_spans_are_served_by_the_minute(redis: redis_py.Redis) -> None:
    fill(QUEUE, {"longest_wait_time": [10, Folded(0, 25, 100, 5), None, 40]}, NOON, live_ratio=0.5)
    found = over(redis, NOON, after(300), 120, after(30 * 86_400))
    assert [step.step.count for step in found] == [2, 1, 0]
    assert (found[0].step.min, found[0].step.max, found[0].step.last) == (0, 100, 5)
    assert found[0].step.mean == pytest.approx(17.5, abs=0.001)
    assert [step.live_ratio for step in found] == [0.5, 0.25, 0]
    assert all(step.increment is None for step in found)


def test_span_of_days_goes_on_with_the_ring_where_the_minutes_end(redis: redis_py.Redis) -> None:
    """The newest minutes are not written yet, or the database was away."""
    now = NOON + timedelta(days=3)
    fill(QUEUE, {"longest_wait_time": [1, 2]}, NOON)
    fill(QUEUE, {"longest_wait_time": [3, 4]}, now - timedelta(minutes=5))
    waits(redis, -240, 0, start=now)
    found = over(redis, NOON, now, 60, now)
    assert maxima(found)[:3] == [1, 2, None]
    assert maxima(found)[-6:] == [None, 3, 4, 3600 - 121, 3600 - 61, 3600 - 1]
    assert sum(step.step.count for step in found) == 4 + 180


def test_span_in_the_past_does_not_look_at_the_ring(redis: redis_py.Redis) -> None:
    redis.lpush(keys.series(QUEUE.id), "poison")
    assert maxima(over(redis, NOON, after(120), 60, NOON + timedelta(days=9))) == [None, None]


def test_daily_total_says_how_much_it_grew_from_readings_and_from_minutes_alike(redis: redis_py.Redis) -> None:
    Board.objects.create(slug="main", title="Main")
    values = [(second, 100 + second // 40) for second in range(-300, 900, 15)]
    read(redis, ACCOUNT, values, "total_calls")
    write_minutes(redis, after(1000))
    by_reading = over(redis, NOON, after(900), 300, after(900), ACCOUNT)
    redis.flushall()
    by_minute = over(redis, NOON, after(900), 300, after(3 * 86_400), ACCOUNT)
    assert [step.increment for step in by_reading] == [Increment(8), Increment(7), Increment(8)]
    assert [step.increment for step in by_minute] == [Increment(8), Increment(7), Increment(8)]
    assert Minute.objects.count() == 21


def test_increase_is_unknown_over_a_gap_and_marked_where_it_fell(redis: redis_py.Redis) -> None:
    values: list[float | Folded | None] = [5, 8, 9, None, None, 20, 22, Folded(15, 18, 22, 17, corrected=True), 18]
    fill(ACCOUNT, {"total_calls": values}, NOON - timedelta(minutes=1))
    found = [step.increment for step in over(redis, NOON, after(480), 120, NOON + timedelta(days=5), ACCOUNT)]
    assert found == [Increment(4), Increment(None), Increment(None), Increment(1, corrected=True)]


def test_increase_over_midnight_of_the_account_begins_anew(redis: redis_py.Redis) -> None:
    midnight = NOON.replace(hour=23, minute=58)
    fill(ACCOUNT, {"total_calls": [90, 95, 97, Folded(1, 1, 1, 1, reset=True), 4]}, midnight - timedelta(minutes=1))
    found = [step.increment for step in over(redis, midnight, midnight + timedelta(minutes=4), 60, midnight + timedelta(days=5), ACCOUNT)]
    assert found == [Increment(5), Increment(2), Increment(1, reset=True), Increment(3)]


def test_slow_feed_is_watched_through_minutes_without_a_reading(redis: redis_py.Redis) -> None:
    """Asked every 90 s, of three minutes one has no reading; but the numbers were live all the time."""
    Board.objects.create(slug="main", title="Main")
    series = series_of(ACCOUNT, 15.0)
    for number in range(20):
        series.append(redis, after(90 * number - 100), {"total_calls": number}, live_s=180.5)
    write_minutes(redis, after(1800))
    redis.flushall()
    found = over(redis, NOON, after(1200), 300, after(5 * 86_400), ACCOUNT)
    assert [step.live_ratio for step in found] == [1.0] * 4
    assert sum(step.increment.value or 0 for step in found if step.increment) == 13
    assert all(step.increment and step.increment.value is not None for step in found)


def test_step_in_hand_and_steps_to_come(redis: redis_py.Redis) -> None:
    read(redis, ACCOUNT, [(second, 100 + second / 15) for second in range(0, 91, 15)], "total_calls")
    found = over(redis, NOON, after(240), 60, after(95), ACCOUNT)
    assert [step.increment for step in found] == [Increment(3), Increment(3), None, None]
    assert [step.live_ratio for step in found] == [1.0, 1.0, 0.0, 0.0]


def test_minutes_to_now_include_those_that_are_not_written(redis: redis_py.Redis) -> None:
    fill(QUEUE, {"longest_wait_time": [1, 2]}, NOON)
    waits(redis, 120, 200)
    found = spans.minutes(redis, QUEUE, WAIT, NOON, after(200))
    assert [(value.at, value.max) for value in found] == [(NOON, 1), (after(60), 2), (after(120), 179), (after(180), 199)]
    assert spans.minutes(redis, QUEUE, WAIT, after(-60), NOON) == []


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(st.tuples(st.sampled_from([1, 1, 1, 1, 1, 2, 5]), st.integers(-2, 6)), min_size=1, max_size=40),
    step_s=st.sampled_from([60, 90, 120, 300, 1000]),
    lead_s=st.integers(-200, 200),
)
def test_minutes_grow_as_their_totals_do_one_by_one(
    redis: redis_py.Redis, moves: list[tuple[int, int]], step_s: float, lead_s: int
) -> None:
    """Of minutes that follow each other, most are not counted one by one; the answer is the same as if they were."""
    Minute.objects.all().delete()
    minute, value = 0, 50
    values: list[Value] = []
    plain: list[Total] = []
    for wait, change in moves:
        values += [None] * (wait - 1)
        minute, value = minute + wait, max(0, value + change)
        values.append(value)
        plain.append(Total(after(60 * minute - 0.001), value, 0.001))
    followed = [
        Total(one.at, one.value, 60.0 if after_it.at - one.at < timedelta(seconds=61) else 0.001) for one, after_it in pairwise(plain)
    ]
    fill(ACCOUNT, {"total_calls": values}, NOON)
    start, end = after(lead_s), after(lead_s + 1500)
    now = NOON + timedelta(days=5)
    found = over(redis, start, end, step_s, now, ACCOUNT)
    edges = [min(end, start + timedelta(seconds=step_s * number)) for number in range(len(found) + 1)]
    assert [step.increment for step in found] == increments([*followed, plain[-1]], edges, UTC)
