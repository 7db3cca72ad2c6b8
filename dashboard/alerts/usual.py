"""What was usual at each moment of the past, as a spike rule would have seen it then.

In:  a `Past` with the weeks before it. Out: the `Baseline` of a moment, or None when there was too little to say.
The values are chosen as for live readings (`domain.baseline.usual`); a moment sees only what lay before it.
Live, the last half hour moves with every reading; here it is that of the whole minutes before.
"""

from __future__ import annotations

import zoneinfo
from collections import defaultdict
from datetime import datetime

from dashboard.alerts.past import Past
from dashboard.domain.baseline import QUARTER_MINUTES, QUARTERS_AROUND, RECENT_MINUTES, WEEKS, Baseline, Peaks, peaks, usual

QUARTERS_AN_HOUR = 60 // QUARTER_MINUTES
Quarter = tuple[int, int]


class Usual:
    """Remembers what it has worked out: for a quarter of an hour where there are weeks enough, else for a minute.

    `zone` is the account's; `higher_is_worse` False: the lowest of each minute counts.
    """

    def __init__(self, past: Past, zone: zoneinfo.ZoneInfo, *, higher_is_worse: bool) -> None:
        self._zone, self._higher_is_worse = zone, higher_is_worse
        self._quarters: defaultdict[Quarter, list[float]] = defaultdict(list)
        self._minutes: dict[int, float] = {}
        self._of_quarter: dict[Quarter, Baseline | None] = {}
        self._of_minute: dict[int, Baseline | None] = {}
        for blocks in (past.before, past.blocks):
            for block in blocks:
                if block.last is not None:
                    worst = block.high if higher_is_worse else block.low
                    self._quarters[self._quarter(block.at)].append(worst)
                    self._minutes[int(block.at.timestamp()) // 60] = worst

    def at(self, at: datetime) -> Baseline | None:
        """What was usual at this moment."""
        quarter = self._quarter(at)
        if quarter not in self._of_quarter:
            self._of_quarter[quarter] = usual(self._weeks(quarter), (), higher_is_worse=self._higher_is_worse)
        return self._of_quarter[quarter] or self._recent(int(at.timestamp()) // 60)

    def _weeks(self, quarter: Quarter) -> Peaks:
        day, number = quarter
        found = {
            distance: [self._quarters.get(_shifted(day - 7 * back, number + distance), ()) for back in range(1, WEEKS + 1)]
            for distance in range(-QUARTERS_AROUND, QUARTERS_AROUND + 1)
        }
        return peaks(found, higher_is_worse=self._higher_is_worse)

    def _recent(self, minute: int) -> Baseline | None:
        if minute not in self._of_minute:
            found = (self._minutes.get(minute - back) for back in range(1, RECENT_MINUTES + 1))
            self._of_minute[minute] = usual(Peaks(), [value for value in found if value is not None])
        return self._of_minute[minute]

    def _quarter(self, at: datetime) -> Quarter:
        local = at.astimezone(self._zone)
        return local.toordinal(), local.hour * QUARTERS_AN_HOUR + local.minute // QUARTER_MINUTES


def _shifted(day: int, number: int) -> Quarter:
    """The same quarter of an hour with its number within the day: before the first comes the last of the day before."""
    days, number = divmod(number, 24 * QUARTERS_AN_HOUR)
    return day + days, number
