"""Judges one rule by one reading: ok, pending, open, recovering, and back. Live readings and back-tests both come through here.

In:  a rule, what was held of it before, one observation. Out: what to hold now, and what happened. Pure; nothing here tells anybody.

A value that is not known, and a gap between two readings longer than `longest_gap_s`, break every "for": time that nobody watched
does not count, neither towards opening nor towards resolving. What is open stays open; what was only pending begins anew, its limit
to be entered again. `docs/alerts.md` draws the states.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from dashboard.domain.rules import Limit, Limits, RuleSpec
from dashboard.domain.thresholds import Severity

# A reading this much older than the one before is not a straggler but the first after a clock was put back.
OLDEST_STRAGGLER = timedelta(minutes=2)
# A spike is judged by the limits of its beginning, lest its own values move them; what has lasted this long is judged by what is usual now.
FROZEN_FOR = timedelta(hours=2)

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


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
    """What is kept of a rule between two readings.

    `level` is where the newest value stands. Four durations, each without a break until now, None while it does not run:
    `warning_since` and `critical_since`: the level has been at least that; `back_since`: something is open and the level is ok;
    `eased_since`: critical is open and the level is below it. `opened`: the severity of the open incident, ok when there is none;
    `recovering`: it was said of it that the value is back. `limits` are frozen, as of `limits_at`, from the first entered reading on.
    """

    at: datetime
    level: Severity = Severity.OK
    warning_since: datetime | None = None
    critical_since: datetime | None = None
    back_since: datetime | None = None
    eased_since: datetime | None = None
    opened: Severity = Severity.OK
    recovering: bool = False
    limits: Limits | None = None
    limits_at: datetime | None = None

    @property
    def pending(self) -> bool:
        """Whether a limit is passed that has not been passed for long enough."""
        return self.opened is Severity.OK and self.level is not Severity.OK

    @property
    def calm(self) -> bool:
        """Whether nothing but the time is held: no limit is passed and nothing is open."""
        return self.opened is Severity.OK and self.level is Severity.OK


@dataclass(frozen=True, slots=True)
class Happened:
    """One event. `since` is when the condition began to hold (for recovering and resolved: when it ceased to); `limit` is the line that
    was passed, None where the value is back."""

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
    after, judged = _watched(spec, held, observed, limits)
    if not judged or after.calm:
        return after, ()
    return _happen(spec, after, observed)


def watch(spec: RuleSpec, held: Held | None, observed: Observed, limits: Limits | None) -> Held:
    """The same reading without what it makes happen: time goes on, and what was to happen will at the next reading.

    For when nothing can be written down, because the database does not answer.
    """
    return _watched(spec, held, observed, limits)[0]


def interrupted(held: Held) -> Held:
    """What is left when nothing is known of the time since (a clock was put back): any reading is newer, every duration begins anew."""
    return replace(_broken(held, _LONG_AGO), at=_LONG_AGO)


def edited(held: Held) -> Held:
    """What is left when the rule was changed: what is open stays open and is judged by the new limits; what was pending begins anew."""
    left = _broken(held, held.at)
    return replace(left, limits=None, limits_at=None)


def aligned(held: Held, *, opened: Severity, recovering: bool) -> Held:
    """Held as it must be beside an incident that is open with this severity (ok: none is): the incident's record is what counts.

    What was held as open and is not any more goes on as pending, so that it opens again if its condition still holds.
    """
    if (held.opened, held.recovering) == (opened, recovering):
        return held
    left = replace(held, opened=opened, recovering=recovering and opened is not Severity.OK)
    if opened is Severity.OK:
        left = replace(left, back_since=None, eased_since=None)
        if left.level is Severity.OK:
            return Held(held.at)
    return left


def _broken(held: Held, at: datetime) -> Held:
    """The time since the last reading is not known. Of an open incident the level stays, for the leave values, and so do its limits."""
    if held.opened is Severity.OK:
        return Held(at)
    return replace(held, at=at, warning_since=None, critical_since=None, back_since=None, eased_since=None)


def _watched(spec: RuleSpec, held: Held | None, observed: Observed, limits: Limits | None) -> tuple[Held, bool]:
    """What is held after the reading, but for what happens by it; and whether the reading could be judged at all."""
    before = held or Held(observed.at)
    if held is not None and observed.at <= held.at:
        if held.at - observed.at <= OLDEST_STRAGGLER:
            return held, False
        before = _broken(before, observed.at)
    elif (observed.at - before.at).total_seconds() > observed.longest_gap_s:
        before = _broken(before, observed.at)
    lines, lines_at = _lines(before, observed.at, limits)
    if observed.value is None or lines is None:
        return _broken(before, observed.at), False
    level = _level(spec, before.level, observed.value, lines) if observed.holds else Severity.OK
    if level is Severity.OK and before.opened is Severity.OK:
        return Held(observed.at), True
    return _timed(before, observed.at, level, lines, lines_at), True


def _timed(before: Held, at: datetime, level: Severity, lines: Limits, lines_at: datetime) -> Held:
    """The durations that run at this level. Either the level is not ok, or something is open."""
    is_ok, is_critical = level is Severity.OK, level is Severity.CRITICAL
    return Held(
        at,
        level,
        warning_since=None if is_ok else before.warning_since or at,
        critical_since=(before.critical_since or at) if is_critical else None,
        back_since=(before.back_since or at) if is_ok else None,
        eased_since=(before.eased_since or at) if before.opened is Severity.CRITICAL and not is_critical else None,
        opened=before.opened,
        recovering=before.recovering,
        limits=lines,
        limits_at=lines_at,
    )


def _lines(before: Held, at: datetime, limits: Limits | None) -> tuple[Limits | None, datetime]:
    """The limits to judge by, and as of when: the frozen ones while there are any, unless they are too old and there are new ones."""
    if before.limits is None or before.limits_at is None:
        return limits, at
    if limits is not None and at - before.limits_at >= FROZEN_FOR:
        return limits, at
    return before.limits, min(before.limits_at, at)


def _level(spec: RuleSpec, before: Severity, value: float, lines: Limits) -> Severity:
    worse = value if spec.higher_is_worse else -value
    warned = _beyond(spec, worse, lines.warning, inside=before is not Severity.OK)
    # A spike's critical line is absolute: a value beyond it that is no spike is nothing at all.
    if (warned or spec.spike is None) and _beyond(spec, worse, lines.critical, inside=before is Severity.CRITICAL):
        return Severity.CRITICAL
    return Severity.WARNING if warned else Severity.OK


def _beyond(spec: RuleSpec, worse: float, line: Limit | None, *, inside: bool) -> bool:
    if line is None:
        return False
    sign = 1 if spec.higher_is_worse else -1
    return worse >= sign * line.enter or (inside and worse > sign * line.leave)


def _happen(spec: RuleSpec, held: Held, observed: Observed) -> tuple[Held, tuple[Happened, ...]]:
    """What has held for long enough. `held` is as watched: its durations include this reading."""
    if held.opened is not Severity.OK and held.level is Severity.OK:
        return _recovering(spec, held, observed)
    lines = held.limits or Limits(None, None)
    reached, since, line = _reached(held, lines)
    if held.opened is Severity.OK:
        if since is None:
            return held, ()
        return replace(held, opened=reached), (Happened(What.OPENED, observed.at, reached, since, observed.value, line),)
    events: tuple[Happened, ...] = ()
    if held.recovering:
        since_now = held.warning_since or observed.at
        events = (Happened(What.BACK, observed.at, held.opened, since_now, observed.value, lines.of(held.opened)),)
        held = replace(held, recovering=False)
    if reached is Severity.CRITICAL and since is not None and held.opened is Severity.WARNING:
        worse = Happened(What.WORSE, observed.at, reached, since, observed.value, line)
        return replace(held, opened=reached, eased_since=None), (*events, worse)
    if held.eased_since is not None and (observed.at - held.eased_since).total_seconds() >= spec.keep_s:
        # Critical goes back to warning as slowly as an incident resolves.
        eased = Happened(What.EASED, observed.at, Severity.WARNING, held.eased_since, observed.value, lines.warning)
        return replace(held, opened=Severity.WARNING, eased_since=None), (*events, eased)
    return held, events


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
    since = held.back_since or observed.at
    events: tuple[Happened, ...] = ()
    if not held.recovering:
        events = (Happened(What.RECOVERING, observed.at, held.opened, since, observed.value, None),)
    if (observed.at - since).total_seconds() >= spec.keep_s:
        return Held(observed.at), (*events, Happened(What.RESOLVED, observed.at, held.opened, since, observed.value, None))
    return replace(held, recovering=True), events
