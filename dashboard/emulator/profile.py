"""The shape of the day: how many people call at which hour of the wall clock.

In:  minutes after midnight. Out: demand relative to the day's mean.
A floor that works round the clock: two peaks, about 10:30 and 14:30, and a night that never falls silent.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

BUSINESS_OPENS_MINUTE = 8 * 60
BUSINESS_CLOSES_MINUTE = 20 * 60

# Hour of the wall clock and demand there, straight lines between; scaled below so that the day's mean is 1.
_HOURS_AND_DEMAND = (
    (0.0, 0.50),
    (2.0, 0.45),
    (5.0, 0.45),
    (6.5, 0.60),
    (8.0, 1.10),
    (9.5, 1.70),
    (10.5, 1.95),
    (11.5, 1.75),
    (12.75, 1.45),
    (13.5, 1.65),
    (14.5, 1.90),
    (16.0, 1.65),
    (18.0, 1.20),
    (20.0, 0.80),
    (22.0, 0.60),
    (24.0, 0.50),
)
_MINUTES = tuple(hour * 60 for hour, _ in _HOURS_AND_DEMAND)
_AREA = sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in pairwise(_HOURS_AND_DEMAND))
_DEMAND = tuple(demand * 24 / _AREA for _, demand in _HOURS_AND_DEMAND)

PEAK = max(_DEMAND)


def demand(minute: float) -> float:
    """Demand at `minute` minutes after midnight (0 <= minute < 1440) relative to the day's mean, which is 1."""
    right = bisect_right(_MINUTES, minute)
    left = right - 1
    if right == len(_MINUTES):
        return _DEMAND[-1]
    share = (minute - _MINUTES[left]) / (_MINUTES[right] - _MINUTES[left])
    return _DEMAND[left] + share * (_DEMAND[right] - _DEMAND[left])


def in_business_hours(minute: float) -> bool:
    """Whether the account's business hours, 08:00-20:00, are open. The floor works on outside them; the vendor counts those calls."""
    return BUSINESS_OPENS_MINUTE <= minute < BUSINESS_CLOSES_MINUTE
