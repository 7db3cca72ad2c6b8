"""A metric as a line of steps: from the ring where it reaches, from the minutes where the ring has lost them, and a week before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import redis as redis_py
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.minutes import Folded
from dashboard.history.lines import Grid, Line, Mark, grid, line, week_before
from dashboard.store import keys
from dashboard.store.series import series_of
from tests.history.filled import fill
from tests.history.readings import ACCOUNT, NOON, QUEUE, after, waits

pytestmark = pytest.mark.django_db
AGENTS = Feed("main", Endpoint.AGENTS)
NOON_S = int(NOON.timestamp())


def drawn(redis: redis_py.Redis, metric: str, over: Grid, now: datetime, feed: Feed = QUEUE) -> Line:
    return line(redis, feed, CATALOGUE[metric], over, now)


def test_grid_ends_with_the_step_that_holds_now_and_stands_still_within_it() -> None:
    assert grid(NOON + timedelta(seconds=59), 7200, 60) == grid(NOON, 7200, 60) == Grid(NOON_S - 7200, 60, 121)
    assert grid(after(60), 7200, 60).start_s == NOON_S - 7200 + 60


def test_line_of_the_ring_shows_the_worst_of_each_step(redis: redis_py.Redis) -> None:
    waits(redis, 0, 180)
    assert drawn(redis, "longest_wait_time", Grid(NOON_S, 60, 3), after(179)).values == (59, 119, 179)
    ring = series_of(AGENTS, 5.0)
    for second in range(0, 120, 5):
        ring.append(redis, after(second), {"agents_available": second, "agents_on_call": second // 5 % 2})
    assert drawn(redis, "agents_available", Grid(NOON_S, 60, 2), after(119), AGENTS).values == (0, 60)
    assert drawn(redis, "agents_on_call", Grid(NOON_S, 60, 2), after(119), AGENTS).values == (0.5, 0.5)


def test_line_comes_back_from_the_minutes_when_redis_lost_its_memory(redis: redis_py.Redis) -> None:
    fill(QUEUE, {"longest_wait_time": [float(n) for n in range(118)]}, after(-7200))
    over = grid(NOON, 7200, 60)
    assert drawn(redis, "longest_wait_time", over, NOON).values == (*map(float, range(118)), None, None, None)
    assert line(redis, QUEUE, CATALOGUE["longest_wait_time"], grid(after(-119), 7200, 60), after(-119)).values[-2:] == (117, 117)
    waits(redis, -90, 1)
    values = drawn(redis, "longest_wait_time", over, NOON).values
    assert values[:118] == tuple(map(float, range(118)))
    assert None not in values[118:]


def test_line_takes_what_the_ring_has_before_what_the_minutes_say(redis: redis_py.Redis) -> None:
    fill(QUEUE, {"longest_wait_time": [9999.0] * 5}, NOON)
    waits(redis, 60, 180)
    assert drawn(redis, "longest_wait_time", Grid(NOON_S, 60, 5), after(600)).values == (9999, 119, 179, 9999, 9999)


def test_line_carries_a_reading_into_the_next_step_while_it_is_live_and_no_further(redis: redis_py.Redis) -> None:
    ring = series_of(QUEUE, 1.0)
    ring.append(redis, after(30), {"longest_wait_time": 7}, live_s=100)
    assert drawn(redis, "longest_wait_time", Grid(NOON_S, 60, 5), after(299)).values == (7, 7, 7, None, None)


def test_line_of_a_total_is_drawn_as_it_is_with_its_falls_marked(redis: redis_py.Redis) -> None:
    midnight = datetime(2026, 11, 21, tzinfo=UTC)
    ring = series_of(ACCOUNT, 15.0)
    for second, value in ((-120, 900), (-75, 905), (-15, 910), (15, 0), (75, 3), (400, 9), (460, 8)):
        ring.append(redis, midnight + timedelta(seconds=second), {"total_calls": value}, live_s=30)
    start = int(midnight.timestamp()) - 120
    found = drawn(redis, "total_calls", Grid(start, 60, 10), midnight + timedelta(seconds=470), ACCOUNT)
    assert found.values == (905, 910, 0, 3, None, None, None, None, 9, 8)
    assert found.marks == (Mark(2, reset=True), Mark(9, reset=False))
    fill(ACCOUNT, {"total_calls": [20.0, Folded(0, 10, 25, 1, reset=True), 5.0]}, midnight - timedelta(days=3, minutes=1))
    old = drawn(redis, "total_calls", Grid(start - 3 * 86_400 + 60, 60, 3), midnight, ACCOUNT)
    assert (old.values, old.marks) == ((20, 1, 5), (Mark(1, reset=True),))


def test_line_of_a_rate_is_worked_out_from_the_last_reading_of_each_step(redis: redis_py.Redis) -> None:
    ring = series_of(ACCOUNT, 15.0)
    for second in range(0, 120, 15):
        ring.append(redis, after(second), {"total_inbound_calls": 100 + second, "total_calls_abandoned_in_queue": 10})
    values = drawn(redis, "abandon_ratio", Grid(NOON_S, 60, 2), after(119), ACCOUNT).values
    assert values == (pytest.approx(10 / 145), pytest.approx(10 / 205))


def test_line_of_weeks_is_of_minutes_and_its_end_of_what_is_not_written_yet(redis: redis_py.Redis) -> None:
    now = after(0)
    fill(QUEUE, {"longest_wait_time": [float(n % 50) for n in range(7 * 1440 - 2)]}, now - timedelta(days=7))
    waits(redis, -120, 0)
    found = drawn(redis, "longest_wait_time", grid(now, 7 * 86_400, 5400), now)
    assert found.is_whole
    assert found.values[1:110] == (49,) * 109
    assert 3599 in found.values[110:]  # 3,600 is what `waits` counts to
    assert None not in drawn(redis, "longest_wait_time", grid(after(-1), 7 * 86_400, 5400), after(-1)).values[1:]


def test_line_without_any_past_is_all_gap(redis: redis_py.Redis) -> None:
    for span_s, step_s in ((7200, 60), (28 * 86_400, 21_600)):
        found = drawn(redis, "longest_wait_time", grid(NOON, span_s, step_s), NOON)
        assert set(found.values) == {None}
    redis.set(keys.series(QUEUE.id), b"not a ring")
    assert set(drawn(redis, "longest_wait_time", grid(NOON, 7200, 60), NOON).values) == {None}


def test_week_before_compares_by_the_clock_over_a_change_to_winter_time(redis: redis_py.Redis) -> None:
    """25 October 2026, 03:00 in Berlin: the clock is put back, and 9:15 a week before was an hour earlier by UTC."""
    sunday = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    fill(QUEUE, {"longest_wait_time": [float(n) for n in range(300)]}, sunday - timedelta(days=7))
    over = Grid(int(sunday.timestamp()), 60, 240)
    now = sunday + timedelta(hours=4)
    found = week_before(redis, QUEUE, CATALOGUE["longest_wait_time"], over, now, time_zone="Europe/Berlin").values
    # 02:00 to 03:00 by summer time, the same hour once more by winter time, and on with the clock.
    assert found == (*map(float, range(60)), *map(float, range(60)), *map(float, range(60, 180)))
    plain = week_before(redis, QUEUE, CATALOGUE["longest_wait_time"], over, now, time_zone="UTC").values
    assert plain == tuple(map(float, range(240)))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 599), st.integers(0, 400)), max_size=40, unique_by=lambda each: each[0]))
def test_line_has_the_highest_reading_of_each_step_whatever_came(redis: redis_py.Redis, readings: list[tuple[int, int]]) -> None:
    redis.delete(keys.series(QUEUE.id))
    ring = series_of(QUEUE, 1.0)
    for second, value in readings:
        ring.append(redis, after(second), {"longest_wait_time": value}, live_s=0)
    wanted = [max((value for second, value in readings if second // 60 == step), default=None) for step in range(10)]
    assert drawn(redis, "longest_wait_time", Grid(NOON_S, 60, 10), after(600)).values == tuple(wanted)
