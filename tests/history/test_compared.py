"""A while that people name, beside the same weekday before: by the clock, with gaps, never negative."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest
import redis as redis_py

from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.minutes import Folded
from dashboard.history.compared import Reach, axis, compared
from tests.history.filled import fill
from tests.history.readings import ACCOUNT, QUEUE

BERLIN, ZONE = zoneinfo.ZoneInfo("Europe/Berlin"), zoneinfo.ZoneInfo("UTC")
NOW = datetime(2026, 11, 21, 14, 20, 30, tzinfo=UTC)
INBOUND, WAIT = CATALOGUE["total_inbound_calls"], CATALOGUE["longest_wait_time"]


@pytest.mark.parametrize(
    ("reach", "totals", "many", "first", "step_s"),
    [
        (Reach.HOUR, True, 4, "13:30", 900),
        (Reach.HOUR, False, 60, "13:21", 60),
        (Reach.FOUR_HOURS, True, 16, "10:30", 900),
        (Reach.TODAY, True, 96, "00:00", 900),
        (Reach.WEEK, False, 168, "15:00", 3600),
        (Reach.MONTH, True, 28, "00:00", 86_400),
    ],
)
def test_axis_of_each_reach_ends_with_the_step_that_holds_now(reach: Reach, totals: bool, many: int, first: str, step_s: float) -> None:
    found = axis(reach, NOW, ZONE, totals=totals)
    assert (len(found.starts), f"{found.starts[0]:%H:%M}", found.step_s) == (many, first, step_s)
    assert found.running is not None
    assert found.starts[found.running] <= NOW < found.starts[found.running] + timedelta(seconds=step_s)
    assert found.days_before == (28 if reach is Reach.MONTH else 7)


@pytest.mark.parametrize(
    ("day", "hours"), [(datetime(2026, 3, 29, 12, tzinfo=BERLIN), 23), (datetime(2026, 10, 25, 12, tzinfo=BERLIN), 25)]
)
def test_day_of_a_change_of_the_clock_has_all_its_hours(day: datetime, hours: int) -> None:
    found = axis(Reach.TODAY, day, BERLIN, totals=True)
    assert len(found.starts) == hours * 4
    assert len(axis(Reach.MONTH, day, BERLIN, totals=True).starts) == 28


@pytest.mark.django_db
def test_same_weekday_is_the_same_time_of_the_clock_over_a_change_of_it(redis: redis_py.Redis) -> None:
    now = datetime(2026, 10, 28, 9, 5, tzinfo=BERLIN)  # the clock went back on the 25th
    fill(QUEUE, {"longest_wait_time": [77]}, datetime(2026, 10, 21, 9, 5, tzinfo=BERLIN))
    over = axis(Reach.TODAY, now, BERLIN, totals=False)
    found = compared(redis, QUEUE, WAIT, over, now)
    at = [f"{start:%H:%M}" for start, value in zip(over.starts, found.then, strict=True) if value is not None]
    assert at == ["09:05"]


@pytest.mark.django_db
def test_volume_is_differences_with_gaps_and_is_never_negative(redis: redis_py.Redis) -> None:
    """Eleven to one: 30 calls an hour; a gap in the second quarter; then a correction by 10 downwards; nothing after now."""
    start = NOW.replace(hour=11, minute=0, second=0) - timedelta(minutes=1)
    totals: list[Folded | float | None] = [float(minute // 2) for minute in range(121)]
    totals[20:40] = [None] * 20
    totals[60] = Folded(20, 25, 30, 20, corrected=True)
    totals[61:] = [value - 10 for value in totals[61:] if isinstance(value, float)]
    fill(ACCOUNT, {"total_inbound_calls": totals}, start)
    over = axis(Reach.FOUR_HOURS, NOW, ZONE, totals=True)
    found = compared(redis, ACCOUNT, INBOUND, over, NOW)
    by_time = {f"{step:%H:%M}": value for step, value in zip(over.starts, found.values, strict=True)}
    assert by_time["11:00"] == pytest.approx(7, abs=1)
    assert by_time["11:15"] is None
    assert by_time["11:30"] is None
    assert by_time["12:00"] is not None
    assert [f"{over.starts[index]:%H:%M}" for index in found.corrected] == ["11:45"]
    assert by_time["13:15"] is None
    assert all(value is None or value >= 0 for value in (*found.values, *found.then))


@pytest.mark.django_db
def test_days_count_from_midnight_to_midnight(redis: redis_py.Redis) -> None:
    midnight = datetime(2026, 11, 19, tzinfo=UTC)
    day = [float(minute // 10) for minute in range(1440)]
    fill(ACCOUNT, {"total_inbound_calls": [*day, Folded(0, 0, 143, 0, reset=True), *day[1:]]}, midnight)
    over = axis(Reach.MONTH, NOW, ZONE, totals=True)
    found = compared(redis, ACCOUNT, INBOUND, over, NOW)
    assert found.values[-2] == 143
    assert found.values[-1] is None
    assert set(found.then) == {None}
