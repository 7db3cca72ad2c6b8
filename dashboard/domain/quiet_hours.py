"""When nobody wants to be told: quiet hours by the clock on the wall, and windows that are planned once or every week.

In:  times of day or a planned window with their zone, and now. Out: whether now lies inside, as the end of it (aware UTC). Pure.

Days on which the clocks change, for quiet hours and weekly windows alike: a time that does not exist (spring) is the moment of the change;
of one that exists twice (autumn) the first begins a quiet time and the last ends it. So a night is always one unbroken quiet time, in
autumn an hour longer and in spring an hour shorter, and no reading of the clock within it is ever loud.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
# A chain of windows that begin as others end is followed this far; a longer one is looked at again when this part of it is over.
MOST_LINKS = 20


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Every day from `begins` to `ends` in `zone`; `ends` at or before `begins` is on the next day. Equal times: never quiet, since
    silence all day is what switching a recipient off is for."""

    begins: time
    ends: time
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Window:
    """From `starts_at` (inclusive) to `ends_at` (exclusive), both aware. `weekly`: again every seven days at the same times of day in
    `zone`, from the first time on. `why` is what people wrote, or empty."""

    starts_at: datetime
    ends_at: datetime
    zone: tzinfo = UTC
    weekly: bool = False
    why: str = ""


def quiet_until(hours: QuietHours, now: datetime) -> datetime | None:
    """The end (aware UTC) of the quiet time that `now` (aware) lies in; None: it is not quiet. The end itself is not quiet."""
    if hours.begins == hours.ends:
        return None
    today = now.astimezone(hours.zone).date()
    over_midnight = hours.ends < hours.begins
    # From two days ago: a zone that moved over the date line may have skipped a whole day.
    for day in (today - 2 * DAY, today - DAY, today):
        begins_at = moment(day, hours.begins, hours.zone, last=False)
        ends_at = moment(day + DAY if over_midnight else day, hours.ends, hours.zone, last=True)
        if begins_at <= now < ends_at:
            return ends_at
    return None


def window_until(window: Window, now: datetime) -> datetime | None:
    """The end (aware UTC) of the occurrence that `now` lies in, the latest if weekly ones overlap; None: outside."""
    if not window.weekly:
        return window.ends_at.astimezone(UTC) if window.starts_at <= now < window.ends_at else None
    first, last = (at.astimezone(window.zone).replace(tzinfo=None) for at in (window.starts_at, window.ends_at))
    weeks = (now.astimezone(window.zone).replace(tzinfo=None) - first) // WEEK
    # A window longer than a week covers now from earlier weeks too; the latest occurrence ends last. One more for a changed clock.
    for number in (weeks + 1, weeks, weeks - 1):
        if number < 0:
            continue
        begins, ends = first + number * WEEK, last + number * WEEK
        begins_at = moment(begins.date(), begins.time(), window.zone, last=False)
        ends_at = moment(ends.date(), ends.time(), window.zone, last=True)
        if begins_at <= now < ends_at:
            return ends_at
    return None


def windows_until(windows: Iterable[Window], now: datetime) -> tuple[datetime, str] | None:
    """Until when all of these together keep quiet without a break, and why (of the window that `now` lies in); None: none does."""
    known = tuple(windows)
    until, why = now, ""
    for _ in range(MOST_LINKS):
        ends = [(end, window.why) for window in known if (end := window_until(window, until)) is not None]
        if not ends:
            break
        latest, reason = max(ends, key=lambda each: each[0])
        until, why = latest, why or reason
    return None if until == now else (until.astimezone(UTC), why)


def moment(day: date, clock: time, zone: tzinfo, *, last: bool) -> datetime:
    """When (aware UTC) the clocks of `zone` show this; of two such moments the first or the `last`; of none the moment of the change."""
    naive = datetime.combine(day, clock.replace(fold=0))
    first, second = (naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:
        return second if last else first
    return _change(second, first, zone)


def _change(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The moment between the two at which the zone's offset changes, to the second."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
