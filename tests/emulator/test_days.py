"""Days of a zone: 23, 24 and 25 hours, and where they begin."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.emulator import days

HOUR_MS = 3_600_000
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/St_Johns",
    "America/Havana",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Australia/Lord_Howe",
)


@given(at=st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)), name=st.sampled_from(ZONES))
def test_day_of_any_instant_holds_it_and_lasts_about_a_day(at: datetime, name: str) -> None:
    zone, at_ms = ZoneInfo(name), days.to_ms(at)
    start, end = days.day_start_ms(at_ms, zone), days.next_day_start_ms(at_ms, zone)
    assert start <= at_ms < end
    assert 22.5 <= (end - start) / HOUR_MS <= 49  # Apia left a whole day out in 2011
    assert days.next_day_start_ms(start, zone) == end


@pytest.mark.parametrize(
    ("zone", "day", "begins", "hours"),
    [
        ("UTC", date(2026, 11, 21), "2026-11-21T00:00", 24),
        ("Europe/Berlin", date(2026, 3, 29), "2026-03-28T23:00", 23),
        ("Europe/Berlin", date(2026, 10, 25), "2026-10-24T22:00", 25),
        ("America/St_Johns", date(2026, 3, 8), "2026-03-08T03:30", 23),
        ("America/St_Johns", date(2026, 11, 1), "2026-11-01T02:30", 25),
        ("Asia/Beirut", date(2026, 3, 29), "2026-03-28T22:00", 23),  # clocks jump from 00:00 to 01:00
        ("America/Havana", date(2026, 11, 1), "2026-11-01T04:00", 25),  # 00:00-01:00 comes twice
    ],
)
def test_day_begins_at_its_first_instant(zone: str, day: date, begins: str, hours: int) -> None:
    start_ms = days.to_ms(datetime.fromisoformat(begins).replace(tzinfo=UTC))
    inside = start_ms + 12 * HOUR_MS
    assert days.day_of(inside, ZoneInfo(zone)) == day
    assert days.day_start_ms(inside, ZoneInfo(zone)) == start_ms
    assert days.next_day_start_ms(inside, ZoneInfo(zone)) - start_ms == hours * HOUR_MS


def test_wall_clock_of_a_minute_beyond_midnight_is_the_next_days() -> None:
    zone = ZoneInfo("Europe/Berlin")
    at_ms = days.wall_ms(date(2026, 3, 28), 24 * 60 + 5 * 60, zone)
    assert days.to_datetime(at_ms) == datetime(2026, 3, 29, 3, tzinfo=UTC)  # 05:00 summer time, after the skipped hour
    assert days.minute_of_day(at_ms, zone) == 300


@given(at=st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_milliseconds_and_back_lose_less_than_one(at: datetime) -> None:
    assert timedelta(0) <= at - days.to_datetime(days.to_ms(at)) < timedelta(milliseconds=1)
