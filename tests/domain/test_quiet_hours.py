"""Quiet hours over midnight and over changed clocks, and windows planned once or weekly."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.quiet_hours import QuietHours, Window, moment, quiet_until, window_until, windows_until

BERLIN = ZoneInfo("Europe/Berlin")  # clocks change on 2026-03-29 at 02:00 (to 03:00) and on 2026-10-25 at 03:00 (to 02:00)
ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia")]


def _berlin(text: str, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)


def _hours(begins: str, ends: str, zone: ZoneInfo = BERLIN) -> QuietHours:
    return QuietHours(time.fromisoformat(begins), time.fromisoformat(ends), zone)


@pytest.mark.parametrize(
    ("begins", "ends", "now", "until"),
    [
        ("13:00", "14:00", "2026-11-23T12:59:59", None),
        ("13:00", "14:00", "2026-11-23T13:00", "2026-11-23T14:00"),
        ("13:00", "14:00", "2026-11-23T13:59:59", "2026-11-23T14:00"),
        ("13:00", "14:00", "2026-11-23T14:00", None),
        ("22:00", "07:00", "2026-11-23T21:59", None),
        ("22:00", "07:00", "2026-11-23T22:00", "2026-11-24T07:00"),
        ("22:00", "07:00", "2026-11-24T00:00", "2026-11-24T07:00"),
        ("22:00", "07:00", "2026-11-24T06:59", "2026-11-24T07:00"),
        ("22:00", "07:00", "2026-11-24T07:00", None),
        ("00:00", "00:00", "2026-11-24T00:00", None),
        ("22:00", "00:00", "2026-11-24T00:00", None),
        ("22:00", "00:00", "2026-11-23T23:00", "2026-11-24T00:00"),
        # the night in which 02:30 does not exist
        ("22:00", "02:30", "2026-03-29T01:59", "2026-03-29T03:00"),
        ("02:30", "06:00", "2026-03-29T01:59:59", None),
        ("02:30", "06:00", "2026-03-29T03:00", "2026-03-29T06:00"),
        ("02:10", "02:50", "2026-03-29T03:00", None),
    ],
)
def test_quiet_until(begins: str, ends: str, now: str, until: str | None) -> None:
    assert quiet_until(_hours(begins, ends), _berlin(now)) == (_berlin(until) if until else None)


def test_an_end_that_comes_twice_ends_it_the_second_time_and_a_beginning_the_first() -> None:
    night = _hours("22:00", "02:30")
    for now in (_berlin("2026-10-25T02:29"), _berlin("2026-10-25T02:45"), _berlin("2026-10-25T02:10", fold=1)):
        assert quiet_until(night, now) == _berlin("2026-10-25T02:30", fold=1)
    morning = _hours("02:30", "06:00")
    for now in (_berlin("2026-10-25T02:30"), _berlin("2026-10-25T02:10", fold=1)):
        assert quiet_until(morning, now) == _berlin("2026-10-25T06:00")
    assert quiet_until(morning, _berlin("2026-10-25T02:29")) is None


@given(
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.sampled_from(ZONES),
    st.datetimes(datetime(2011, 12, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
)
def test_a_quiet_time_lasts_until_its_end_without_a_break_and_ends_there(begins: time, ends: time, zone: ZoneInfo, now: datetime) -> None:
    hours = QuietHours(begins, ends, zone)
    until = quiet_until(hours, now)
    if until is None:
        return
    assert now < until <= now + timedelta(hours=49)
    assert quiet_until(hours, now + (until - now) / 2) == until
    assert quiet_until(hours, until - timedelta(microseconds=1)) == until
    after = quiet_until(hours, until)
    assert after is None or after > until  # a new one may begin at once: over the date line, or where a change swallowed the day


@given(st.dates(date(2011, 12, 1), date(2027, 1, 1)), st.times(), st.sampled_from(ZONES))
def test_a_moment_shows_its_clock_time_or_is_that_of_the_change(day: date, clock: time, zone: ZoneInfo) -> None:
    first, last = (moment(day, clock, zone, last=last) for last in (False, True))
    assert first <= last
    wanted = datetime.combine(day, clock)
    if first.astimezone(zone).replace(tzinfo=None) == wanted:
        assert last.astimezone(zone).replace(tzinfo=None) == wanted
    else:
        assert first == last
        assert first.astimezone(zone).replace(tzinfo=None) > wanted
        assert (first - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None) < wanted


MONDAY = _berlin("2026-03-23T18:00")


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-16T19:00", None),  # before the first
        ("2026-03-23T17:59", None),
        ("2026-03-23T18:00", "2026-03-23T20:00"),
        ("2026-03-23T20:00", None),
        ("2026-03-30T17:59", None),  # the clocks have changed: it is 18:00 on the wall that counts
        ("2026-03-30T18:00", "2026-03-30T20:00"),
        ("2027-03-29T19:00", "2027-03-29T20:00"),
        ("2027-03-30T19:00", None),
    ],
)
def test_a_weekly_window_keeps_to_the_clock_on_the_wall(now: str, until: str | None) -> None:
    window = Window(MONDAY.astimezone(UTC), (MONDAY + timedelta(hours=2)).astimezone(UTC), BERLIN, weekly=True)
    assert window_until(window, _berlin(now)) == (_berlin(until) if until else None)


def test_a_weekly_window_longer_than_a_week_never_ends() -> None:
    window = Window(MONDAY, MONDAY + timedelta(days=9), BERLIN, weekly=True)
    for days in (0, 5, 8, 9, 200):
        assert window_until(window, MONDAY + timedelta(days=days)) is not None


def test_windows_that_follow_each_other_are_one_quiet_time() -> None:
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    first = Window(at, at + timedelta(hours=1), why="New trunk")
    second = Window(at + timedelta(hours=1), at + timedelta(hours=3), why="Test")
    later = Window(at + timedelta(hours=4), at + timedelta(hours=5))
    assert windows_until([second, later, first], at) == (at + timedelta(hours=3), "New trunk")
    assert windows_until([second, later, first], at + timedelta(hours=3)) is None
    assert windows_until([], at) is None
