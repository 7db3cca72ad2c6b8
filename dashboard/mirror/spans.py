"""The spans of time that numbers of tickets speak of: today, and seven days.

In:  a moment, the account's time zone. Out: where they begin.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)


def today_from(at: datetime) -> datetime:
    """The account's midnight before `at`, aware UTC."""
    local = at.astimezone(ZoneInfo(settings.ACCOUNT_TIME_ZONE))
    # Where clocks are put back at midnight there are two of them: the day begins with the first.
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)
