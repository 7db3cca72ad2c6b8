"""Looks for the limit that would have told about so many times a week.

In:  a rule's spec, its metric's unit, a `Past`. Out: a `Suggestion`, or the reason why there is none.
Candidates are tried by the back-test itself, from the furthest out towards the calm side: there a limit tells ever more often, until it is
hardly ever left and many incidents run into one. The walk ends where it tells often enough; the nearest is refined between its neighbours.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from dashboard.alerts.backtest import BackTest, run
from dashboard.alerts.past import Past
from dashboard.domain.amounts import leave_for, span, step_of
from dashboard.domain.catalogue import Unit
from dashboard.domain.rules import Limit, RuleSpec

# Less than three days with data says nothing about a week.
FEWEST_DATA_S = 3 * 86_400
# A limit that is passed for more than this share of the time tells of the usual, not of trouble.
MOST_OPEN = 0.25
SPREAD = 16
REFINED = 8


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`enter` and `leave` in the metric's unit (of the warning, or of the critical limit where there is no warning; for a spike `enter`
    is its floor and `leave` says nothing); `back_test` is what the rule would then have told."""

    enter: float
    leave: float
    back_test: BackTest


class NoSuggestionError(Exception):
    """There is no limit to suggest; the message is one sentence for the form."""


def suggest(spec: RuleSpec, unit: Unit, past: Past, *, per_week: float, zone: zoneinfo.ZoneInfo) -> Suggestion:
    """The limit whose rate comes nearest to `per_week` (> 0), of two equally near ones the further out. NoSuggestionError."""
    data_s = past.data_ratio * (past.end - past.start).total_seconds()
    if data_s < FEWEST_DATA_S:
        known = f"only {span(data_s)} of history" if data_s >= 1.0 else "no history"
        raise NoSuggestionError(f"There is {known} in this range; a suggestion needs at least 3 days.")
    search = _Search(spec, unit, past, per_week, zone)
    candidates = _spread(past, unit, higher_is_worse=spec.higher_is_worse)
    if len(candidates) < 2:
        raise NoSuggestionError("The metric had only one value in all this time: no limit can be told from another.")
    search.walk(candidates)
    for low, high in search.beside_best():
        search.try_all(_between(low, high, unit))
    found = search.tried[search.best]
    if not found.incidents or found.open_ratio > MOST_OPEN:
        raise NoSuggestionError("No limit would have told about so often in this time, with this “for” and this condition.")
    return Suggestion(search.best, leave_for(search.best, unit, higher_is_worse=spec.higher_is_worse), found)


def with_limit(spec: RuleSpec, enter: float, unit: Unit) -> RuleSpec:
    """The spec with another first limit and the leave value that goes with it. A critical limit that would come before it moves out too."""
    leave = leave_for(enter, unit, higher_is_worse=spec.higher_is_worse)
    if spec.spike is not None:
        return replace(spec, spike=replace(spec.spike, floor=enter))
    if spec.warning is None and spec.critical is not None:
        return replace(spec, critical=Limit(enter, leave, spec.critical.for_s))
    critical = spec.critical
    sign = 1 if spec.higher_is_worse else -1
    if critical is not None and sign * critical.enter < sign * enter:
        critical = None
    return replace(spec, warning=Limit(enter, leave, spec.warning.for_s if spec.warning else 0.0), critical=critical)


class _Search:
    def __init__(self, spec: RuleSpec, unit: Unit, past: Past, per_week: float, zone: zoneinfo.ZoneInfo) -> None:
        self._spec, self._unit, self._past, self._per_week, self._zone = spec, unit, past, per_week, zone
        self._sign = 1 if spec.higher_is_worse else -1
        self.tried: dict[float, BackTest] = {}

    @property
    def best(self) -> float:
        return min(self.tried, key=self._badness)

    def walk(self, candidates: Sequence[float]) -> None:
        """From the furthest out inwards, until one tells often enough or is open most of the time."""
        for enter in sorted(candidates, key=lambda each: -self._sign * each):
            self.try_all([enter])
            found = self.tried[enter]
            if (found.per_week or 0.0) >= self._per_week or found.open_ratio > MOST_OPEN:
                return

    def try_all(self, candidates: Iterable[float]) -> None:
        for enter in candidates:
            if enter not in self.tried:
                self.tried[enter] = run(with_limit(self._spec, enter, self._unit), self._past, zone=self._zone)

    def beside_best(self) -> Sequence[tuple[float, float]]:
        """The best one and each of its neighbours among those tried, in ascending order."""
        tried = sorted(self.tried)
        place = tried.index(self.best)
        return list(pairwise(tried[max(0, place - 1) : place + 2]))

    def _badness(self, enter: float) -> tuple[bool, float, float]:
        found = self.tried[enter]
        rate = found.per_week or 0.0
        # One that never tells, or never ends, is no answer to "about n a week", however small n is.
        return not found.incidents or found.open_ratio > MOST_OPEN, round(abs(rate - self._per_week), 6), -self._sign * enter


def _spread(past: Past, unit: Unit, *, higher_is_worse: bool) -> list[float]:
    """At most `SPREAD` limits in human steps over what occurred, denser towards the bad end, in ascending order."""
    occurred = sorted(
        (block.high if higher_is_worse else block.low for block in past.blocks if block.last is not None), reverse=not higher_is_worse
    )
    if not occurred:
        return []
    found = set()
    for number in range(SPREAD):
        # 0, 1/2, 3/4, 7/8 … of all minutes, and the worst one.
        place = round((1 - 0.5 ** (number if number < SPREAD - 1 else 64)) * (len(occurred) - 1))
        found.add(_stepped(occurred[place], unit))
    return sorted(found)


def _between(low: float, high: float, unit: Unit) -> Sequence[float]:
    step = step_of(unit)
    between = round((high - low) / step)
    stride = max(1, between // (REFINED + 1))
    return [_stepped(low + number * step, unit) for number in range(stride, between, stride)]


def _stepped(value: float, unit: Unit) -> float:
    step = step_of(unit)
    return round(max(step, round(value / step) * step), 6)
