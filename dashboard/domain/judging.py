"""Judges one rule by one reading: ok, pending, open, recovering, and back. Live readings and back-tests both come through here.

In:  a rule, what was held of it before, one observation. Out: what to hold now, and what happened. Pure; nothing here tells anybody.

A value that is not known, and a gap between two readings longer than `longest_gap_s`, break every "for": time that nobody watched
does not count, neither towards opening nor towards resolving. What is open stays open. `docs/alerts.md` draws the states.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from dashboard.domain.rules import Limit, Limits, RuleSpec
from dashboard.domain.thresholds import Severity

# A reading this much older than the one before is not a straggler but the first after a clock was put back.
OLDEST_STRAGGLER = timedelta(minutes=2)


class What(StrEnum):
    """`recovering`: the value is back and `keep_s` runs; `back`: it was recovering and entered again; `eased`: critical to warning."""

    OPENED = "opened"
    WORSE = "worse"
    EASED = "eased"
    RECOVERING = "recovering"
    BACK = "back"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Observed:
    """One live reading as a rule sees it: `value` in the metric's unit, None when it has none; `holds` False: the rule's `while` does not.

    `longest_gap_s`: how long after the reading before this one may come for the time between to count as watched.
    """

    at: datetime
    value: float | None
    longest_gap_s: float
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept of a rule between two readings. `warning_since` and `critical_since`: the level has been at least that since then,
    without a break. `opened`: the severity of the open incident, ok when there is none; `back_since`: it is recovering since then;
    `eased_since`: critical is open, and the level has been below it since then. `limits` are frozen from the first entered reading on,
    so that a spike's own values cannot move its bound."""

    at: datetime
    level: Severity = Severity.OK
    warning_since: datetime | None = None
    critical_since: datetime | None = None
    opened: Severity = Severity.OK
    back_since: datetime | None = None
    eased_since: datetime | None = None
    limits: Limits | None = None

    @property
    def pending(self) -> bool:
        """Whether a limit is passed that has not been passed for long enough."""
        return self.opened is Severity.OK and self.level is not Severity.OK


@dataclass(frozen=True, slots=True)
class Happened:
    """One event. `since` is when the condition began to hold (for resolved: when it ceased to); `limit` the line that was passed."""

    what: What
    at: datetime
    severity: Severity
    since: datetime
    value: float | None
    limit: Limit | None


def step(spec: RuleSpec, held: Held | None, observed: Observed, limits: Limits | None) -> tuple[Held, tuple[Happened, ...]]:
    """One reading. `limits` are those of `rules.limits_of` now; None (what is usual is not known) judges as an unknown value does.

    A reading that is not newer than the one before changes nothing.
    """
    before = held or Held(observed.at)
    if held is not None and observed.at <= held.at:
        if held.at - observed.at <= OLDEST_STRAGGLER:
            return held, ()
        before = _broken(before)
    elif (observed.at - before.at).total_seconds() > observed.longest_gap_s:
        before = _broken(before)
    lines = before.limits or limits
    if observed.value is None or lines is None:
        return replace(_broken(before), at=observed.at), ()
    after = _levelled(spec, before, observed, lines)
    return _phase(spec, after, observed, lines)


def _broken(held: Held) -> Held:
    """The time since the last reading is not known: every duration begins anew. The level stays, for the leave values."""
    return replace(held, warning_since=None, critical_since=None, back_since=None, eased_since=None)


def _levelled(spec: RuleSpec, held: Held, observed: Observed, lines: Limits) -> Held:
    level = _level(spec, held.level, observed, lines)
    warning = critical = None
    if level is not Severity.OK:
        warning = held.warning_since or observed.at
    if level is Severity.CRITICAL:
        critical = held.critical_since or observed.at
    frozen = lines if level is not Severity.OK or held.opened is not Severity.OK else None
    return replace(held, at=observed.at, level=level, warning_since=warning, critical_since=critical, limits=frozen)


def _level(spec: RuleSpec, before: Severity, observed: Observed, lines: Limits) -> Severity:
    if not observed.holds or observed.value is None:
        return Severity.OK
    sign = 1 if spec.higher_is_worse else -1
    value = sign * observed.value

    def beyond(line: Limit | None, *, inside: bool) -> bool:
        return line is not None and (value >= sign * line.enter or (inside and value > sign * line.leave))

    warned = beyond(lines.warning, inside=before is not Severity.OK)
    # A spike's critical line is absolute: a value beyond it that is no spike is nothing at all.
    if beyond(lines.critical, inside=before is Severity.CRITICAL) and (warned or spec.spike is None):
        return Severity.CRITICAL
    return Severity.WARNING if warned else Severity.OK


def _phase(spec: RuleSpec, held: Held, observed: Observed, lines: Limits) -> tuple[Held, tuple[Happened, ...]]:
    reached, since, line = _reached(held, lines)
    if held.opened is Severity.OK:
        if reached is Severity.OK:
            return held, ()
        event = Happened(What.OPENED, observed.at, reached, since or observed.at, observed.value, line)
        return replace(held, opened=reached), (event,)
    if held.level is Severity.OK:
        return _recovering(spec, held, observed)
    events: list[Happened] = []
    if held.back_since is not None:
        events.append(Happened(What.BACK, observed.at, held.opened, observed.at, observed.value, lines.of(held.opened)))
        held = replace(held, back_since=None)
    if reached is Severity.CRITICAL and held.opened is Severity.WARNING:
        events.append(Happened(What.WORSE, observed.at, reached, since or observed.at, observed.value, line))
        return replace(held, opened=reached, eased_since=None), tuple(events)
    return _easing(spec, held, observed, lines, events)


def _reached(held: Held, lines: Limits) -> tuple[Severity, datetime | None, Limit | None]:
    """The worst severity that has held for its `for_s`, since when, and its line."""
    for severity, since, line in (
        (Severity.CRITICAL, held.critical_since, lines.critical),
        (Severity.WARNING, held.warning_since, lines.warning),
    ):
        if since is not None and line is not None and (held.at - since).total_seconds() >= line.for_s:
            return severity, since, line
    return Severity.OK, None, None


def _recovering(spec: RuleSpec, held: Held, observed: Observed) -> tuple[Held, tuple[Happened, ...]]:
    events: list[Happened] = []
    since = held.back_since
    if since is None:
        since = observed.at
        if held.opened is not Severity.OK:
            events.append(Happened(What.RECOVERING, observed.at, held.opened, since, observed.value, None))
    if (observed.at - since).total_seconds() >= spec.keep_s:
        events.append(Happened(What.RESOLVED, observed.at, held.opened, since, observed.value, None))
        return Held(observed.at), tuple(events)
    return replace(held, back_since=since, eased_since=None), tuple(events)


def _easing(spec: RuleSpec, held: Held, observed: Observed, lines: Limits, events: list[Happened]) -> tuple[Held, tuple[Happened, ...]]:
    """Critical goes back to warning as slowly as an incident resolves: `keep_s` below the critical line."""
    if held.opened is not Severity.CRITICAL or held.level is Severity.CRITICAL:
        return replace(held, eased_since=None), tuple(events)
    since = held.eased_since or observed.at
    if (observed.at - since).total_seconds() < spec.keep_s:
        return replace(held, eased_since=since), tuple(events)
    events.append(Happened(What.EASED, observed.at, Severity.WARNING, since, observed.value, lines.warning))
    return replace(held, opened=Severity.WARNING, eased_since=None), tuple(events)
