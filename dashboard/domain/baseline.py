"""What is usual: the median of what a metric came to at such a time, and how far that scatters around it.

In:  past values. Out: a `Baseline`. Must not know where the values come from.
Of past weeks the worst of each quarter of an hour counts, not every minute: most minutes of a queue are 0, so that their median and
MAD are 0 too and say nothing of how high it climbs on an ordinary day (docs/design/0003-spikes.md has the figures).
Both figures are robust: half of the values may be anything (a spike last Monday) without moving them far.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

# For a normal distribution, MAD x this is the standard deviation (1 / the 75 % quantile of the standard normal).
MAD_TO_SIGMA = 1.4826
# What is usual at a time of the week: the same quarter of an hour, and so many before and after it, on so many weekdays of the same name
# before. The neighbours make 40 values of 8, which is few for a MAD.
WEEKS = 8
QUARTER_MINUTES = 15
QUARTERS_AROUND = 2
# More quarters than two weeks can have: there are at least three, so that one odd week is outvoted.
FEWEST_OF_WEEKS = 2 * (2 * QUARTERS_AROUND + 1) + 1
# A quarter of an hour of which fewer minutes are known says nothing of how high it went.
FEWEST_OF_QUARTER = 8
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


@dataclass(frozen=True, slots=True)
class Peaks:
    """The worst value of each quarter of an hour of past weeks: `own` of the same time of the week, `around` of that and its neighbours."""

    own: Sequence[float] = ()
    around: Sequence[float] = ()


def peaks(quarters: Mapping[int, Iterable[Sequence[float]]], *, higher_is_worse: bool) -> Peaks:
    """Of quarters of an hour by their distance from the one in question (0: that one), each with one value per known minute."""
    pick = max if higher_is_worse else min
    by_distance = {
        distance: [pick(minutes) for minutes in found if len(minutes) >= FEWEST_OF_QUARTER] for distance, found in quarters.items()
    }
    return Peaks(by_distance.get(0, []), [value for found in by_distance.values() for value in found])


def usual(weeks: Peaks, recent: Sequence[float], *, higher_is_worse: bool = True) -> Baseline | None:
    """What is usual now, by past weeks; where they hold too little by `recent`: one value per minute of the last 30, the highest of it
    (the lowest where low is bad). None: both hold too little.

    How far the peaks scatter is told by the neighbours as well: 8 values alone say little of it. Their median counts too, but never
    hides a rush that comes every week in this quarter of an hour alone: the worse of the two medians is the usual.
    """
    around = baseline_of(weeks.around, fewest=FEWEST_OF_WEEKS)
    if around is None or not weeks.own:
        return baseline_of(recent, fewest=FEWEST_RECENT)
    pick = max if higher_is_worse else min
    return replace(around, median=pick(around.median, statistics.median(weeks.own)))
