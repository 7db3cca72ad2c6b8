"""What is usual: the median of the values that a metric had at such a time, and how far they scatter around it.

In:  past values. Out: a `Baseline`. Must not know where the values come from.
Both figures are robust: half of the values may be anything (a spike last Monday) without moving them far.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# For a normal distribution, MAD x this is the standard deviation (1 / the 75 % quantile of the standard normal).
MAD_TO_SIGMA = 1.4826
# What is usual at a time of the week: the same quarter of an hour on so many weekdays of the same name before.
WEEKS = 8
QUARTER_MINUTES = 15
# More minutes than two weeks can have: there are at least three, so that one odd week is outvoted.
FEWEST_OF_WEEKS = 2 * QUARTER_MINUTES + 1
# Without such weeks: the last half hour, of which at least ten minutes must be known.
RECENT_MINUTES = 30
FEWEST_RECENT = 10


@dataclass(frozen=True, slots=True)
class Baseline:
    """`median` and `mad` (median of the absolute deviations from it, >= 0) of `count` values, in the metric's unit."""

    median: float
    mad: float
    count: int

    @property
    def spread(self) -> float:
        """The MAD scaled to a standard deviation."""
        return MAD_TO_SIGMA * self.mad


def baseline_of(values: Iterable[float], *, fewest: int) -> Baseline | None:
    """None when there are fewer than `fewest` values (at least 1): too few to say what is usual."""
    found = list(values)
    if len(found) < max(1, fewest):
        return None
    median = statistics.median(found)
    return Baseline(median, statistics.median(abs(value - median) for value in found), len(found))


def usual(weeks: Sequence[float], recent: Sequence[float]) -> Baseline | None:
    """What is usual now: one value per minute, the highest of that minute (the lowest where low is bad).

    `weeks`: of the same weekday and quarter of an hour in the last 8 weeks; `recent`: of the last 30 minutes, used when the weeks hold
    too few. None: both do.
    """
    return baseline_of(weeks, fewest=FEWEST_OF_WEEKS) or baseline_of(recent, fewest=FEWEST_RECENT)
