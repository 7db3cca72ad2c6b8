"""The clocks of tickets: what a stream of metric events says about each, and which targets are kept, broken, or about to be.

In:  metric events in any order, each once or many times; `now` (aware). Out: a `Clock` per ticket, metric and instance. Pure.
The rules are those of the vendor's document on metric events; where it is silent, the choice is said at the place.
Business minutes cannot be worked out here (the account's hours are not in the events): they come from the vendor's `update_status`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from dashboard.domain.tickets import EventType, MetricEvent, Minutes, SlaTarget, TicketMetric


class ClockState(StrEnum):
    IDLE = "idle"  # never activated: the ticket came before its events
    RUNNING = "running"
    PAUSED = "paused"
    FULFILLED = "fulfilled"


class ClockKey(NamedTuple):
    ticket_id: int
    metric: TicketMetric
    instance: int


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock as of its last event.

    `ran_s`: seconds it ran around the clock up to `running_since`, or up to its last stop. `running_since` None: it does not run.
    `breach_at`: the vendor's own word for when the target is missed, past or to come; None: no breach is announced.
    `measured`: the vendor's minutes at the last fulfilment; None: it has not told them.
    """

    key: ClockKey
    state: ClockState = ClockState.IDLE
    activated_at: datetime | None = None
    running_since: datetime | None = None
    ran_s: int = 0
    fulfilled_at: datetime | None = None
    target: SlaTarget | None = None
    breach_at: datetime | None = None
    measured: Minutes | None = None

    def elapsed_s(self, now: datetime) -> int:
        """Seconds around the clock until now; paused time does not count."""
        running = timedelta() if self.running_since is None else max(timedelta(), now - self.running_since)
        return self.ran_s + int(running.total_seconds())

    def is_breached(self, now: datetime) -> bool:
        """The target was missed by `now`: also on a clock that was fulfilled afterwards, not on one fulfilled before."""
        if self.target is None or self.breach_at is None or self.breach_at > now:
            return False
        return self.fulfilled_at is None or self.fulfilled_at > self.breach_at

    def is_breached_now(self, now: datetime) -> bool:
        """Missed, and still waiting to be fulfilled."""
        return self.state in (ClockState.RUNNING, ClockState.PAUSED) and self.is_breached(now)

    def left_s(self, now: datetime) -> int | None:
        """Seconds until the announced breach, below 0 after it; None: it does not run, or nothing is announced.

        A paused clock has none: the vendor takes its announcement back, and writes another when the clock goes on.
        """
        if self.state is not ClockState.RUNNING or self.target is None or self.breach_at is None:
            return None
        return int((self.breach_at - now).total_seconds())

    def met(self, now: datetime) -> bool | None:
        """Whether the target was kept; None while that is open, or where there is no target."""
        if self.target is None:
            return None
        if self.is_breached(now):
            return False
        return True if self.state is ClockState.FULFILLED else None

    def decided_at(self, now: datetime) -> datetime | None:
        """When it was decided: the breach, or the fulfilment before it; None while it is open."""
        met = self.met(now)
        if met is None:
            return None
        return self.fulfilled_at if met else self.breach_at


def clocks(events: Iterable[MetricEvent]) -> Mapping[ClockKey, Clock]:
    """Every clock that these events speak of. They must be all events of their tickets; one that comes twice counts once (the later copy of
    an id wins: a breach may have been taken back since)."""
    newest: dict[int, MetricEvent] = {}
    for event in events:
        known = newest.get(event.id)
        if known is None or event.deleted or not known.deleted:
            newest[event.id] = event
    found: dict[ClockKey, Clock] = {}
    for event in sorted(newest.values(), key=lambda each: (each.at, each.id)):
        key = ClockKey(event.ticket_id, event.metric, event.instance)
        found[key] = _moved(found.get(key, Clock(key)), event)
    # Of several announcements the one written last holds, whichever time it names: a policy may have become stricter or milder.
    for event in sorted(newest.values(), key=lambda each: each.id):
        if event.type is EventType.BREACH and not event.deleted:
            key = ClockKey(event.ticket_id, event.metric, event.instance)
            found[key] = replace(found[key], breach_at=event.at)
    return found


def _moved(clock: Clock, event: MetricEvent) -> Clock:
    """The clock after one event. Breaches are announced apart from time, and `measure` and what the vendor may add move nothing."""
    if event.type is EventType.ACTIVATE:
        # Also after a fulfilment: a ticket that was solved too early runs on with what it had.
        since, first = clock.running_since or event.at, clock.activated_at or event.at
        return replace(clock, state=ClockState.RUNNING, activated_at=first, running_since=since, fulfilled_at=None)
    if event.type in (EventType.PAUSE, EventType.FULFILL):
        return _stopped(clock, event)
    if event.type is EventType.APPLY_SLA:  # the last policy holds; an empty one takes the target away
        return replace(clock, target=event.sla)
    if event.type is EventType.UPDATE_STATUS:
        return replace(clock, measured=event.status or clock.measured)
    return clock


def _stopped(clock: Clock, event: MetricEvent) -> Clock:
    """Only another activation takes a fulfilment back: the first one says whether it was in time, and no pause ends it."""
    if clock.state is ClockState.FULFILLED:
        return clock
    stopped = replace(clock, state=ClockState.PAUSED, ran_s=clock.elapsed_s(event.at), running_since=None)
    return stopped if event.type is EventType.PAUSE else replace(stopped, state=ClockState.FULFILLED, fulfilled_at=event.at)


@dataclass(frozen=True, slots=True)
class Achievement:
    """Targets that were decided in a span of time: kept, and missed."""

    met_count: int = 0
    missed_count: int = 0


def breached_count(found: Iterable[Clock], now: datetime) -> int:
    """Clocks whose target is missed and that still wait."""
    return sum(clock.is_breached_now(now) for clock in found)


def breaching_count(found: Iterable[Clock], now: datetime, within_s: int) -> int:
    """Running clocks whose announced breach comes within so many seconds from now; not those already missed."""
    soon = [clock.breach_at for clock in found if clock.left_s(now) is not None and clock.breach_at is not None]
    return sum(now < breach_at <= now + timedelta(seconds=within_s) for breach_at in soon)


def achievement(found: Iterable[Clock], start: datetime, now: datetime) -> Achievement:
    """Of the targets decided from `start` to `now`."""
    met = [clock.met(now) for clock in found if (at := clock.decided_at(now)) is not None and start <= at <= now]
    return Achievement(met.count(True), met.count(False))
