"""Holds what a rule told of a month against what was injected into it: found, missed, false, and how late.

In:  a `Month`, a rule's spec. Out: a `Score`. The rule is judged by the code that judges live: `domain.judging.step` on every poll, with
the limits of `domain.rules.limits_of` and what is usual by `domain.baseline.usual`, from the same minutes as `alerts/baselines.py` takes.

The truth knows nothing of the rule's baseline. A spike is there from the first poll at which the spiked world's longest wait stands above
its twin's by the rule's rise and above the rule's floor, until it has not for ten minutes after what was injected ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from dashboard.bench.month import DAY_S, FIRST_DAY, Month, Plan
from dashboard.domain.baseline import QUARTER_MINUTES, QUARTERS_AROUND, RECENT_MINUTES, WEEKS, Peaks, peaks, usual
from dashboard.domain.judging import Held, Observed, What, step
from dashboard.domain.rules import Limits, RuleSpec, limits_of

GONE_FOR_S = 600
WEEK_S = 7 * DAY_S
# As for live readings: a reading counts as live for five intervals.
LIVE_INTERVALS = 5


@dataclass(frozen=True, slots=True)
class Presence:
    """An injected spike that was there: from poll `first` to poll `last`, both included."""

    plan: Plan
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Opened:
    """An incident, from the poll at which it opened to that at which it was resolved (or the month ended)."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Score:
    """`faint`: injected, but never there by the definition: nothing to find. `delays`: polls from there to opened, of those found (0: at
    once, or before it was there by the definition). `false_alarms`: incidents that overlap no spike."""

    there: int
    faint: tuple[Plan, ...]
    missed: tuple[Plan, ...]
    delays: tuple[int, ...]
    false_alarms: tuple[Opened, ...]
    weeks: float

    @property
    def recall(self) -> float:
        """0..1. ZeroDivisionError when nothing was there."""
        return len(self.delays) / self.there


def presence(month: Month, plan: Plan, *, floor: float, rise: float) -> Presence | None:
    """When the spike was there; None: never."""
    begin, end = month.poll_of(plan.day, plan.at_s), month.poll_of(plan.day, plan.at_s + plan.for_s)
    midnight = min(month.poll_of(plan.day + 1, 0), len(month.spiked))
    first = last = -1
    for poll in range(begin, midnight):
        wait_s = month.spiked[poll]
        if wait_s >= floor and wait_s - month.twin[poll] >= rise:
            first, last = (poll if first < 0 else first), poll
        elif (poll - max(last, end)) * month.poll_s > GONE_FOR_S:
            break
    return Presence(plan, first, last) if first >= 0 else None


def opened(month: Month, spec: RuleSpec, *, waits: Sequence[int] | None = None, first_day: int | None = None) -> list[Opened]:
    """The incidents of a rule in the measured days of the spiked world (or in other `waits`, from another day on), in order."""
    values = month.spiked if waits is None else waits
    begin = month.poll_of(month.warm_days if first_day is None else first_day, 0)
    limits_at = _limits(values, month.poll_s, spec)
    found: list[Opened] = []
    since = -1
    held: Held | None = None
    gap_s = float(LIVE_INTERVALS * month.poll_s)
    for poll in range(begin, len(values)):
        at = FIRST_DAY + timedelta(seconds=poll * month.poll_s)
        held, happened = step(spec, held, Observed(at, values[poll], gap_s), limits_at(poll))
        for event in happened:
            if event.what is What.OPENED:
                since = poll
            elif event.what is What.RESOLVED:
                found.append(Opened(since, poll))
                since = -1
    return [*found, Opened(since, len(values) - 1)] if since >= 0 else found


def score(month: Month, spec: RuleSpec) -> Score:
    """ValueError for a rule that is about no spike."""
    if spec.spike is None:
        raise ValueError("only a spike rule can be measured by spikes")
    incidents = opened(month, spec)
    found = {plan: presence(month, plan, floor=spec.spike.floor, rise=spec.spike.rise) for plan in month.plans}
    there = [spike for spike in found.values() if spike is not None]
    delays: list[int] = []
    missed: list[Plan] = []
    for spike in there:
        injected = month.poll_of(spike.plan.day, spike.plan.at_s)
        first = next((incident.first for incident in incidents if injected <= incident.first <= spike.last), None)
        if first is None:
            missed.append(spike.plan)
        else:
            delays.append(max(0, first - spike.first))
    return Score(
        there=len(there),
        faint=tuple(plan for plan, spike in found.items() if spike is None),
        missed=tuple(missed),
        delays=tuple(delays),
        false_alarms=tuple(i for i in incidents if not any(i.first <= spike.last and spike.first <= i.last for spike in there)),
        weeks=(len(month.spiked) * month.poll_s - month.warm_days * DAY_S) / WEEK_S,
    )


def false_a_week_without_history(month: Month, spec: RuleSpec, *, weeks: int) -> float:
    """Incidents a week in the month's first weeks, which have no past weeks to compare with, and in which nothing was injected."""
    polls = weeks * WEEK_S // month.poll_s
    return len(opened(month, spec, waits=month.twin[:polls], first_day=0)) / weeks


def _limits(values: Sequence[int], poll_s: int, spec: RuleSpec) -> Callable[[int], Limits | None]:
    """The limits at a poll, from what lay before it: one baseline a quarter of an hour, or a minute where there are too few weeks."""
    minutes = list(_minutes(values, poll_s))
    kept: dict[tuple[int, int], Limits | None] = {}

    def at(poll: int) -> Limits | None:
        minute = poll * poll_s // 60
        quarter = minute // QUARTER_MINUTES
        key = (quarter, -1)
        if key not in kept:
            baseline = usual(_weeks(minutes, quarter), ())
            kept[key] = None if baseline is None else limits_of(spec, baseline)
        if kept[key] is not None:
            return kept[key]
        key = (quarter, minute)
        if key not in kept:
            kept[key] = limits_of(spec, usual(Peaks(), minutes[max(0, minute - RECENT_MINUTES) : minute]))
        return kept[key]

    return at


def _minutes(values: Sequence[int], poll_s: int) -> Iterator[float]:
    """The highest value of each minute."""
    a_minute = 60 // poll_s
    for begin in range(0, len(values), a_minute):
        yield float(max(values[begin : begin + a_minute]))


def _weeks(minutes: Sequence[float], quarter: int) -> Peaks:
    """The peaks of the same time in the weeks before. The days are UTC's, so that every week is as long."""

    def of(distance: int) -> Iterator[Sequence[float]]:
        for week in range(1, WEEKS + 1):
            begin = (quarter + distance) * QUARTER_MINUTES - week * WEEK_S // 60
            yield minutes[begin : begin + QUARTER_MINUTES] if begin >= 0 else ()

    return peaks({distance: of(distance) for distance in range(-QUARTERS_AROUND, QUARTERS_AROUND + 1)}, higher_is_worse=True)
