"""Runs a rule over the past: what it would have told, how often, how long, at which hours.

In:  a rule's spec, a `Past`, who has quiet hours. Out: a `BackTest`. Reads nothing itself, writes nothing, tells nobody.
Every observation that can matter goes through `domain.judging.step`, the code that judges live. Minutes in which nothing is held and no
limit is reached are passed over, because `step` would do nothing with them (tests/alerts/test_backtest.py holds that).
"""

from __future__ import annotations

import statistics
import zoneinfo
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from dashboard.alerts.past import Block, Past
from dashboard.alerts.usual import Usual
from dashboard.domain.judging import Happened, Held, What, step
from dashboard.domain.quiet_hours import QuietHours, quiet_until
from dashboard.domain.rules import RuleSpec, limits_of
from dashboard.domain.thresholds import Severity

# Where nobody has said when it is quiet.
NIGHT = (time(22), time(7))


@dataclass(frozen=True, slots=True)
class PastIncident:
    """`resolved_at` None: still open at the end. `severity` is the worst, `worst_value` in the metric's unit."""

    since_at: datetime
    opened_at: datetime
    resolved_at: datetime | None
    severity: Severity
    worst_value: float

    def lasted_s(self, end: datetime) -> float:
        """From the opening to the end of it, or to `end`."""
        return ((self.resolved_at or end) - self.opened_at).total_seconds()


@dataclass(frozen=True, slots=True)
class BackTest:
    """What a rule would have told from `start` to `end`. `by_hour`: openings by hour of the day in the account's zone, 24 counts.

    `data_ratio`: the share of the time that had live data. `in_quiet_count`: openings in quiet hours, `quiet_words` says whose.
    """

    start: datetime
    end: datetime
    incidents: Sequence[PastIncident]
    by_hour: Sequence[int]
    in_quiet_count: int
    quiet_words: str
    data_ratio: float
    fine_from: datetime

    @property
    def critical_count(self) -> int:
        return sum(incident.severity is Severity.CRITICAL for incident in self.incidents)

    @property
    def watched_s(self) -> float:
        """The seconds that had data."""
        return self.data_ratio * (self.end - self.start).total_seconds()

    @property
    def per_week(self) -> float | None:
        """Openings per week of time that had data; None with less than an hour of it."""
        return len(self.incidents) * 7 * 86_400 / self.watched_s if self.watched_s >= 3600 else None

    @property
    def median_s(self) -> float | None:
        """How long an incident was open, in the middle; None without one."""
        return statistics.median(self._lengths) if self.incidents else None

    @property
    def open_ratio(self) -> float:
        """The share of the time that had data in which one was open, 0..1."""
        return min(1.0, sum(self._lengths) / max(1.0, self.watched_s))

    @property
    def longest_s(self) -> float | None:
        return max(self._lengths, default=None)

    @property
    def _lengths(self) -> list[float]:
        return [incident.lasted_s(self.end) for incident in self.incidents]


def run(spec: RuleSpec, past: Past, *, zone: zoneinfo.ZoneInfo, quiets: Sequence[QuietHours] = ()) -> BackTest:
    """Judge the past. `zone` is the account's; without `quiets`, 22:00 to 7:00 there counts as quiet. The spec must have no problems."""
    incidents = list(_incidents(events(spec, past, zone), spec, past))
    by_hour = [0] * 24
    for incident in incidents:
        by_hour[incident.opened_at.astimezone(zone).hour] += 1
    asked = quiets or (QuietHours(*NIGHT, zone),)
    words = "in the quiet hours of those it tells" if quiets else "between 22:00 and 7:00"
    in_quiet = sum(any(quiet_until(quiet, incident.opened_at) for quiet in asked) for incident in incidents)
    return BackTest(past.start, past.end, incidents, by_hour, in_quiet, words, past.data_ratio, past.fine_from)


def events(spec: RuleSpec, past: Past, zone: zoneinfo.ZoneInfo) -> Iterator[Happened]:
    """What `step` says of the whole past, in order."""
    usual = Usual(past, zone, higher_is_worse=spec.higher_is_worse) if spec.spike else None
    reaches = _reaches(spec)
    held: Held | None = None
    passed: Block | None = None
    for block in past.blocks:
        if (held is None or held.calm) and not reaches(block):
            held, passed = None, block
            continue
        if held is None and passed is not None:
            held = Held(passed.last_at)
        for observed in block.lay_out(passed.last if passed else None):
            known = usual.at(observed.at) if usual else None
            held, happened = step(spec, held, observed, limits_of(spec, known))
            yield from happened
        passed = block


def _reaches(spec: RuleSpec) -> Callable[[Block], bool]:
    """Whether a value of a block may pass a limit. A spike's bound is never on the calm side of its floor."""
    lines = [spec.spike.floor] if spec.spike else [limit.enter for limit in (spec.warning, spec.critical) if limit]
    if spec.higher_is_worse:
        lowest = min(lines)
        return lambda block: block.high >= lowest
    highest = max(lines)
    return lambda block: block.low <= highest


def _incidents(happened: Iterator[Happened], spec: RuleSpec, past: Past) -> Iterator[PastIncident]:
    opened: Happened | None = None
    severity = Severity.OK
    for event in happened:
        if event.what is What.OPENED:
            opened, severity = event, event.severity
        elif event.what is What.WORSE:
            severity = event.severity
        elif event.what is What.RESOLVED and opened is not None:
            yield _incident(spec, past, opened, severity, ceased=event.since, resolved_at=event.at)
            opened = None
    if opened is not None:
        yield _incident(spec, past, opened, severity, ceased=past.end, resolved_at=None)


def _incident(
    spec: RuleSpec, past: Past, opened: Happened, severity: Severity, *, ceased: datetime, resolved_at: datetime | None
) -> PastIncident:
    """`ceased`: up to when the worst value is looked for."""
    worst = opened.value if opened.value is not None else 0.0
    for block in _between(past.blocks, opened.since, ceased):
        worst = max(worst, block.high) if spec.higher_is_worse else min(worst, block.low)
    return PastIncident(opened.since, opened.at, resolved_at, severity, worst)


def _between(blocks: Sequence[Block], start: datetime, end: datetime) -> Iterator[Block]:
    """The blocks that lie in a range, found by halving: there are half a million in 400 days."""
    low, high = 0, len(blocks)
    first = start - timedelta(seconds=59)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if blocks[middle].at < first else (low, middle)
    while low < len(blocks) and blocks[low].at <= end:
        yield blocks[low]
        low += 1
