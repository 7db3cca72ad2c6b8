"""A screen's working hours, as its row says them.

In:  a screen, the account's time zone. Out: its `WorkingHours`. A time zone that nobody knows (any more) counts as the account's.
"""

from __future__ import annotations

import zoneinfo

from django.conf import settings

from dashboard.domain.working_hours import WorkingHours
from dashboard.models import Screen


def hours_of(screen: Screen) -> WorkingHours:
    """Without both times: the whole of each of its days."""
    both = screen.hours_from is not None and screen.hours_to is not None
    days = frozenset(day for day in screen.hours_days if isinstance(day, int) and 0 <= day < 7) if screen.hours_days else frozenset()
    return WorkingHours(screen.hours_from if both else None, screen.hours_to if both else None, days, zone_of(screen))


def zone_of(screen: Screen) -> zoneinfo.ZoneInfo:
    """Where the screen hangs."""
    try:
        return zoneinfo.ZoneInfo(screen.time_zone or settings.ACCOUNT_TIME_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return zoneinfo.ZoneInfo(settings.ACCOUNT_TIME_ZONE)
