"""Days of a time zone: where one begins, also where clocks change.

In:  aware times, dates, minutes on the wall clock. Out: whole milliseconds since 1970 or wall-clock minutes.
A day has 23, 24 or 25 hours; nothing here may assume 24.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_ms(at: datetime) -> int:
    """Whole milliseconds since 1970, rounded down. ValueError for a naive time."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return (at - _EPOCH) // timedelta(milliseconds=1)


def to_datetime(at_ms: int) -> datetime:
    """The same instant as an aware UTC time."""
    return _EPOCH + timedelta(milliseconds=at_ms)


def local(at_ms: int, zone: ZoneInfo) -> datetime:
    """What the zone's calendar and wall clock show."""
    return datetime.fromtimestamp(at_ms / 1000, zone)


def minute_of_day(at_ms: int, zone: ZoneInfo) -> float:
    """The wall clock as minutes after midnight, 0 <= m < 1440; repeats or skips an hour where clocks change."""
    wall = local(at_ms, zone)
    return wall.hour * 60 + wall.minute + wall.second / 60


def wall_ms(day: date, minute: float, zone: ZoneInfo) -> int:
    """The instant at which the wall clock shows `minute` minutes after the midnight of `day` (more than 1440: the next day).

    A time that the clocks skip is the instant of the skip or later by as much; of one shown twice, the first.
    """
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 (the zone comes next)
    return to_ms(wall.replace(tzinfo=zone).astimezone(UTC))


def day_of(at_ms: int, zone: ZoneInfo) -> date:
    """The zone's date."""
    return local(at_ms, zone).date()


def day_start_ms(at_ms: int, zone: ZoneInfo) -> int:
    """The first instant of the day in which `at_ms` lies: midnight, or the skip where clocks jump over midnight."""
    day = day_of(at_ms, zone)
    while (start := wall_ms(day, 0, zone)) > at_ms:  # midnight came twice: the day began at the first
        day -= timedelta(days=1)
    return start


def next_day_start_ms(at_ms: int, zone: ZoneInfo) -> int:
    """The first instant of the following day; always later than `at_ms`."""
    day = day_of(at_ms, zone) + timedelta(days=1)
    while (start := wall_ms(day, 0, zone)) <= at_ms:
        day += timedelta(days=1)
    return start
