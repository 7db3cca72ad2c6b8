"""A screen's working hours in words.

In:  a screen. Out: text for the fleet page. Must not decide whether now lies within them (domain/working_hours.py).
"""

from __future__ import annotations

from dashboard.domain.working_hours import EVERY_DAY
from dashboard.models import Screen

SHORT_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def in_words(screen: Screen) -> str:
    """ "always", "Mon–Fri 08:00 to 18:00", "Mon, Wed, all day"."""
    days = sorted(set(screen.hours_days or EVERY_DAY))
    if screen.hours_from is None or screen.hours_to is None:
        return "always" if len(days) == len(EVERY_DAY) else f"{_days(days)}, all day"
    clock = f"{screen.hours_from:%H:%M} to {screen.hours_to:%H:%M}"
    return clock if len(days) == len(EVERY_DAY) else f"{_days(days)} {clock}"


def _days(days: list[int]) -> str:
    is_run = len(days) > 2 and days[-1] - days[0] == len(days) - 1
    return f"{SHORT_DAYS[days[0]]}–{SHORT_DAYS[days[-1]]}" if is_run else ", ".join(SHORT_DAYS[day] for day in days)
