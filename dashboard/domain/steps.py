"""A metric in steps of equal length, from readings and from minutes alike; pure arithmetic.

In:  figures with their time and weight, spans in which the feed was live. Out: per step count, min, mean, max, last, and how much was live.
The mean weighs each figure by the seconds it stood. A step without a figure has none: nothing is filled in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from dashboard.domain.minutes import Folded


@dataclass(slots=True)
class Step:
    """What is known of one step so far. `count` of figures; while it is 0, only `live_s` says something: seconds of it that were live."""

    count: int = 0
    min: float = math.inf
    max: float = -math.inf
    last: float = 0.0
    live_s: float = 0.0
    weighted: float = 0.0
    weight_s: float = 0.0
    plain: float = 0.0

    @property
    def mean(self) -> float:
        """Between min and max; all figures alike where none stood for any time. ZeroDivisionError without a figure."""
        found = self.weighted / self.weight_s if self.weight_s > 0 else self.plain / self.count
        return min(self.max, max(self.min, found))


class Steps:
    """start_s <= t < end_s (Unix seconds) in steps of `step_s`, the last perhaps shorter. Figures must come in the order of time."""

    def __init__(self, start_s: float, end_s: float, step_s: float) -> None:
        """ValueError when the span or the step has no length."""
        if end_s <= start_s or step_s <= 0:
            raise ValueError("steps need a span and a length")
        self.start_s, self.end_s, self.step_s = start_s, end_s, step_s
        self.steps = [Step() for _ in range(math.ceil((end_s - start_s) / step_s))]

    def add(self, at_s: float, figures: Folded, weight_s: float) -> None:
        """Figures of a minute that begins `at_s`, to the step in which it begins; outside the span they do not count."""
        if (step := self._at(at_s)) is not None:
            step.count += 1
            step.last = figures.last
            step.min = min(step.min, figures.min)
            step.max = max(step.max, figures.max)
            step.weighted += figures.mean * weight_s
            step.weight_s += weight_s
            step.plain += figures.mean

    def add_value(self, at_s: float, value: float, weight_s: float) -> None:
        """One reading."""
        if (step := self._at(at_s)) is not None:
            step.count += 1
            step.min, step.max, step.last = min(step.min, value), max(step.max, value), value
            step.weighted += value * weight_s
            step.weight_s += weight_s
            step.plain += value

    def add_live(self, from_s: float, to_s: float) -> None:
        """The feed was live in from_s <= t < to_s; spans must not overlap."""
        from_s, to_s = max(from_s, self.start_s), min(to_s, self.end_s)
        index = int((from_s - self.start_s) / self.step_s)
        while from_s < to_s and index < len(self.steps):
            until_s = min(to_s, self.start_s + (index + 1) * self.step_s)
            if until_s > from_s:
                self.steps[index].live_s += until_s - from_s
                from_s = until_s
            index += 1

    def live_ratio(self, index: int, now_s: float) -> float:
        """The live share of what has passed of a step by `now_s`, 0..1."""
        begin_s = self.start_s + index * self.step_s
        passed_s = min(begin_s + self.step_s, self.end_s, now_s) - begin_s
        return min(1.0, self.steps[index].live_s / passed_s) if passed_s > 0 else 0.0

    def index(self, at_s: float) -> int:
        """The number of the step that holds `at_s`; below 0 or beyond the last for a time outside the span."""
        return math.floor((at_s - self.start_s) / self.step_s)

    def _at(self, at_s: float) -> Step | None:
        if not self.start_s <= at_s < self.end_s:
            return None
        return self.steps[min(len(self.steps) - 1, int((at_s - self.start_s) / self.step_s))]
