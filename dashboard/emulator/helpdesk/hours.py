"""The account's business hours, 08:00 to 20:00 of its wall clock, every day: how much of a span lies in them, and when so much has passed.

In:  instants in whole milliseconds since 1970. Out: milliseconds.
Clocks change at night, outside these hours: so the hours of a span are the difference of two readings of the wall clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard.emulator.profile import BUSINESS_CLOSES_MINUTE, BUSINESS_OPENS_MINUTE

DAY_MS = 86_400_000
_OPENS_MS = BUSINESS_OPENS_MINUTE * 60_000
_OPEN_MS = (BUSINESS_CLOSES_MINUTE - BUSINESS_OPENS_MINUTE) * 60_000


class Hours:
    """The business hours of one time zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._is_utc = zone.key in {"UTC", "Etc/UTC"}

    def _offset_ms(self, at_ms: int) -> int:
        if self._is_utc:
            return 0
        offset = datetime.fromtimestamp(at_ms / 1000, self._zone).utcoffset() or timedelta()
        return int(offset.total_seconds()) * 1000

    def _worked_ms(self, at_ms: int) -> int:
        """Business time since the wall clock's 1970."""
        days, rest_ms = divmod(at_ms + self._offset_ms(at_ms), DAY_MS)
        return days * _OPEN_MS + min(_OPEN_MS, max(0, rest_ms - _OPENS_MS))

    def between_ms(self, start_ms: int, end_ms: int) -> int:
        """Business time from one instant to a later one."""
        return self._worked_ms(end_ms) - self._worked_ms(start_ms)

    def after_ms(self, start_ms: int, amount_ms: int) -> int:
        """The first instant by which so much business time (> 0) has passed since `start_ms`."""
        # One millisecond less, so that a target that is met by closing time falls on that evening and not on the next morning.
        days, rest_ms = divmod(self._worked_ms(start_ms) + amount_ms - 1, _OPEN_MS)
        wall_ms = days * DAY_MS + _OPENS_MS + rest_ms + 1
        first_guess_ms = wall_ms - self._offset_ms(wall_ms)
        return wall_ms - self._offset_ms(first_guess_ms)
