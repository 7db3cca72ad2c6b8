"""When a screen is meant to be on: hours of a day, on some days of the week.

In:  times of day, days, their zone, and now. Out: whether now lies inside. Pure.
On days on which the clocks change it is as for quiet hours: a time that does not exist means the moment of the change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from dashboard.domain.quiet_hours import DAY, moment

EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """From `begins` (inclusive) to `ends` (exclusive) on each of `days` (0 is Monday; empty: every day); `ends` at or before `begins` is
    on the next day, which need not be one of `days`. Both None: the whole of each day."""

    begins: time | None = None
    ends: time | None = None
    days: frozenset[int] = EVERY_DAY
    zone: tzinfo = UTC


def is_within(hours: WorkingHours, now: datetime) -> bool:
    """Whether `now` (aware) lies within the hours."""
    days = hours.days or EVERY_DAY
    begins, ends = hours.begins or time(0), hours.ends or time(0)
    today = now.astimezone(hours.zone).date()
    for day in (today - timedelta(days=1), today):
        if day.weekday() not in days:
            continue
        last_day = day + DAY if ends <= begins else day
        if moment(day, begins, hours.zone, last=False) <= now < moment(last_day, ends, hours.zone, last=True):
            return True
    return False
