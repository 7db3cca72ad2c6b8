"""What a rule says: which number, which limits, for how long. The same words judge live readings and stored history.

In:  the rule's row or a form makes a `RuleSpec`. Out: the limits that apply to one reading, and what is wrong with a rule, in words.
Must not know who is told, or how.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from dashboard.domain.baseline import Baseline
from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.thresholds import Severity


class RuleKind(StrEnum):
    """`threshold` and `spike` judge a metric; `lost` the age of the data in seconds, `source` for how many the vendor has failed us,
    `screen` for how many a TV has painted nothing."""

    THRESHOLD = "threshold"
    SPIKE = "spike"
    LOST = "lost"
    SOURCE = "source"
    SCREEN = "screen"


# How far below the bound, as a share of its height over the usual, a spike must fall before it is over.
SPIKE_LEAVE_RATIO = 0.25
LONGEST_FOR_S = 86_400
# A screen tells every ten seconds that it paints, and now and then such a word is lost.
LEAST_SILENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Limit:
    """One severity's line: entered at `enter`, left at `leave` (equal counts, both), held for `for_s` seconds before it tells."""

    enter: float
    leave: float
    for_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Spike:
    """What makes a value a spike, in the metric's unit: at least `floor`, and above the usual by at least `rise` and by `times` its
    usual spread (the MAD scaled to a standard deviation)."""

    floor: float
    rise: float
    times: float


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One rule as it is judged. `metric` is empty for lost, source and screen. `spike` is set for spikes alone, whose `warning` then says
    no more than `for_s`, and whose `critical` is an absolute line on top. `keep_s`: how long a value must be back before it is over.
    `while_metric` (of the same feed; empty: none) must be at least `while_at_least`, or nothing holds.
    """

    kind: RuleKind
    metric: str = ""
    higher_is_worse: bool = True
    warning: Limit | None = None
    critical: Limit | None = None
    spike: Spike | None = None
    keep_s: float = 60.0
    while_metric: str = ""
    while_at_least: float = 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """The lines that one reading is judged by. None: this severity is not used."""

    warning: Limit | None
    critical: Limit | None

    def of(self, severity: Severity) -> Limit | None:
        """The line of a severity; that of the other where only one is used, None for ok."""
        if severity is Severity.OK:
            return None
        return (self.critical or self.warning) if severity is Severity.CRITICAL else (self.warning or self.critical)


def limits_of(spec: RuleSpec, baseline: Baseline | None) -> Limits | None:
    """The limits now. None for a spike whose usual is not known yet: nothing can be said then."""
    if spec.spike is None:
        return Limits(spec.warning, spec.critical)
    if baseline is None:
        return None
    sign = 1 if spec.higher_is_worse else -1
    rise = max(spec.spike.rise, spec.spike.times * baseline.spread)
    bound = baseline.median + sign * rise
    enter = max(bound, spec.spike.floor) if spec.higher_is_worse else min(bound, spec.spike.floor)
    leave = enter - SPIKE_LEAVE_RATIO * (enter - baseline.median)
    return Limits(Limit(enter, leave, spec.warning.for_s if spec.warning else 0.0), spec.critical)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a rule: the field it concerns (a name of `RuleSpec`, dotted) and one sentence for the form."""

    field: str
    message: str


def problems(spec: RuleSpec) -> list[Problem]:
    """Everything that is wrong; empty for a rule that can be judged."""
    return [*_metric_problems(spec), *_limit_problems(spec), *_spike_problems(spec)]


def _metric_problems(spec: RuleSpec) -> Iterator[Problem]:
    judged = spec.kind in (RuleKind.THRESHOLD, RuleKind.SPIKE)
    metric = CATALOGUE.get(spec.metric)
    if judged and metric is None:
        yield Problem("metric", f"There is no metric {spec.metric!r}." if spec.metric else "Choose the metric to judge.")
    if not judged and (spec.metric or spec.while_metric):
        yield Problem("metric", "A rule about the data itself or a screen has no metric.")
    if not judged and not spec.higher_is_worse:
        yield Problem("higher_is_worse", "Only too long a time can be bad here, so this rule must look above its limit.")
    if spec.while_metric:
        other = CATALOGUE.get(spec.while_metric)
        if other is None:
            yield Problem("while_metric", f"There is no metric {spec.while_metric!r}.")
        elif metric is not None and other.endpoint is not metric.endpoint:
            yield Problem("while_metric", f"{other.label} comes from another feed than {metric.label}; both must be of one moment.")
        if not math.isfinite(spec.while_at_least):
            yield Problem("while_at_least", "This must be a number.")


def _limit_problems(spec: RuleSpec) -> Iterator[Problem]:
    sign = 1 if spec.higher_is_worse else -1
    beyond = "above" if spec.higher_is_worse else "below"
    absolute = [("critical", spec.critical)] if spec.spike else [("warning", spec.warning), ("critical", spec.critical)]
    if not spec.spike and spec.warning is None and spec.critical is None:
        yield Problem("warning.enter", "Give at least one limit: a warning, a critical one, or both.")
    for name, limit in absolute:
        if limit is None:
            continue
        if not (math.isfinite(limit.enter) and math.isfinite(limit.leave)):
            yield Problem(f"{name}.enter", "A limit must be a number.")
        elif spec.kind in (RuleKind.LOST, RuleKind.SOURCE) and limit.enter <= 0:
            yield Problem(f"{name}.enter", "This must be more than 0 seconds: data is never newer than now.")
        elif spec.kind is RuleKind.SCREEN and limit.enter < LEAST_SILENCE_S:
            yield Problem(f"{name}.enter", "A screen tells every ten seconds that it paints: give it at least 30 seconds.")
        elif sign * limit.leave > sign * limit.enter:
            yield Problem(
                f"{name}.leave",
                f"The {name} leaves at {limit.leave:g}, which is {beyond} where it enters ({limit.enter:g}): it would never be over.",
            )
    for name, limit in (("warning", spec.warning), ("critical", spec.critical)):
        if limit is not None and not 0 <= limit.for_s <= LONGEST_FOR_S:
            yield Problem(f"{name}.for_s", "This must be between 0 seconds and a day.")
    if not 0 <= spec.keep_s <= LONGEST_FOR_S:
        yield Problem("keep_s", "This must be between 0 seconds and a day.")
    if not spec.spike and spec.warning and spec.critical and sign * spec.warning.enter > sign * spec.critical.enter:
        yield Problem("critical.enter", "Critical would be entered before the warning.")


def _spike_problems(spec: RuleSpec) -> Iterator[Problem]:
    if (spec.kind is RuleKind.SPIKE) != (spec.spike is not None):
        yield Problem("spike.floor", "A spike needs its floor, its rise and its spread; no other rule has them.")
    if spec.spike is None:
        return
    for name, value in (("floor", spec.spike.floor), ("rise", spec.spike.rise), ("times", spec.spike.times)):
        if not math.isfinite(value) or value < 0:
            yield Problem(f"spike.{name}", "This must be a number, 0 or more.")
    if spec.spike.rise == 0 and spec.spike.times == 0:
        yield Problem("spike.rise", "With neither a rise nor a spread, every value would be a spike.")
