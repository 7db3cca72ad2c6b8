"""The clocks of a ticket: running, paused, fulfilled, and the events that the vendor lists of them.

In:  a ticket, which clock, what happened and when. Out: the clock moved, its events written through the `Journal`.
A breach is written in advance, for the instant at which the target will be missed; it is taken back (`deleted`) when the clock stops
before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dashboard.emulator.helpdesk.hours import Hours
from dashboard.emulator.helpdesk.policies import Policy, Target
from dashboard.emulator.helpdesk.tickets import Event, Ticket

RUNNING, PAUSED, FULFILLED = "running", "paused", "fulfilled"


@dataclass(slots=True, eq=False)
class Clock:
    """One instance of one metric of one ticket. `ran_ms` and `ran_business_ms` count up to its last stop or start.

    `since_ms` None: it does not run. `breach` is the announcement that holds, past or to come; `missed` one that came true under an
    earlier target, which holds again when a later one is taken back.
    """

    metric: str
    instance: int
    activated_ms: int
    state: str = RUNNING
    since_ms: int | None = None
    ran_ms: int = 0
    ran_business_ms: int = 0
    fulfilled_ms: int | None = None
    policy: Policy | None = None
    target: Target | None = None
    breach: Event | None = None
    missed: Event | None = None

    def is_breached(self, now_ms: int) -> bool:
        """Its target was missed by then; what is fulfilled in the very second of the breach is kept."""
        return self.target is not None and self.breach is not None and self.breach.at_ms <= now_ms

    def is_breached_now(self, now_ms: int) -> bool:
        """Missed, and not fulfilled since."""
        return self.state != FULFILLED and self.is_breached(now_ms)

    def left_ms(self, now_ms: int) -> int | None:
        """Time to the announced breach, negative after it; None: it does not run, or has no target."""
        if self.state != RUNNING or self.target is None or self.breach is None:
            return None
        return self.breach.at_ms - now_ms

    def met(self, now_ms: int) -> bool | None:
        """Whether its target was kept; None: that is open, or there is none."""
        if self.target is None:
            return None
        if self.is_breached(now_ms):
            return False
        return True if self.state == FULFILLED else None

    def decided_ms(self, now_ms: int) -> int | None:
        """When that was decided, or None."""
        met = self.met(now_ms)
        if met is None:
            return None
        return self.fulfilled_ms if met or self.breach is None else self.breach.at_ms


class Journal(Protocol):
    """Where events are written and changes of a ticket are told."""

    def write(self, event: Event, ticket: Ticket) -> None:
        """Give the event its id, greater than all before, and keep it; `ticket.events` gets it too."""

    def changed(self, ticket: Ticket, at_ms: int) -> None:
        """The ticket was changed then: its `updated_ms` becomes that, if it is later."""


class Clocks:
    """What moves the clocks of tickets. `at_ms` are whole seconds, never before what happened last to the ticket."""

    def __init__(self, hours: Hours, journal: Journal) -> None:
        self._hours, self._journal = hours, journal

    def _write(
        self,
        ticket: Ticket,
        clock: Clock,
        kind: str,
        at_ms: int,
        *,
        sla: tuple[Policy, Target] | None = None,
        status: tuple[int, int] | None = None,
    ) -> Event:
        event = Event(0, ticket.id, clock.metric, clock.instance, kind, at_ms, sla, status)
        self._journal.write(event, ticket)
        return event

    def activate(self, ticket: Ticket, metric: str, at_ms: int) -> None:
        """Start it: for the first time, on after a pause, or on again although it was fulfilled. A running one runs on."""
        clock = ticket.clocks.get(metric)
        if clock is None:
            self._start(ticket, metric, 1, at_ms)
        elif clock.state != RUNNING:
            clock.state, clock.since_ms, clock.fulfilled_ms = RUNNING, at_ms, None
            self._write(ticket, clock, "activate", at_ms)
            self._announce(ticket, clock, at_ms)

    def repeat(self, ticket: Ticket, metric: str, at_ms: int) -> None:
        """The next instance of a metric that repeats, if the one before is fulfilled."""
        clock = ticket.clocks.get(metric)
        if clock is not None and clock.state != FULFILLED:
            return
        if clock is not None:
            ticket.old_clocks.append(clock)
        self._start(ticket, metric, 1 if clock is None else clock.instance + 1, at_ms)

    def _start(self, ticket: Ticket, metric: str, instance: int, at_ms: int) -> None:
        clock = ticket.clocks[metric] = Clock(metric, instance, at_ms, since_ms=at_ms)
        self._write(ticket, clock, "activate", at_ms)

    def _stop(self, clock: Clock, at_ms: int) -> None:
        """Count what it ran, and take back an announcement that has not come true."""
        if clock.since_ms is not None:
            clock.ran_ms += at_ms - clock.since_ms
            clock.ran_business_ms += self._hours.between_ms(clock.since_ms, at_ms)
            clock.since_ms = None
        self._take_back(clock, at_ms)

    def _take_back(self, clock: Clock, at_ms: int) -> None:
        if clock.breach is not None and clock.breach.at_ms >= at_ms:
            clock.breach.deleted = True
            clock.breach = clock.missed

    def pause(self, ticket: Ticket, metric: str, at_ms: int) -> None:
        """Stop it for now; only a running one."""
        clock = ticket.clocks.get(metric)
        if clock is not None and clock.state == RUNNING:
            self._stop(clock, at_ms)
            clock.state = PAUSED
            self._write(ticket, clock, "pause", at_ms)

    def fulfill(self, ticket: Ticket, metric: str, at_ms: int) -> None:
        """What it measures has happened; only once."""
        clock = ticket.clocks.get(metric)
        if clock is None or clock.state == FULFILLED:
            return
        self._stop(clock, at_ms)
        clock.state, clock.fulfilled_ms = FULFILLED, at_ms
        self._write(ticket, clock, "fulfill", at_ms)
        self._write(ticket, clock, "update_status", at_ms, status=(clock.ran_ms // 60_000, clock.ran_business_ms // 60_000))

    def apply(self, ticket: Ticket, metric: str, policy: Policy | None, at_ms: int) -> None:
        """The policy's target holds for this clock from now on; one that is fulfilled keeps what it was decided by.

        A breach that has come true stays listed; what is announced after it counts instead.
        """
        clock = ticket.clocks.get(metric)
        if clock is None or clock.state == FULFILLED:
            return
        target = policy.target(metric) if policy is not None else None
        if target is clock.target and policy is clock.policy:
            return
        had_one, clock.policy, clock.target = clock.target is not None, policy, target
        if target is None and not had_one:
            return
        self._write(ticket, clock, "apply_sla", at_ms, sla=None if policy is None or target is None else (policy, target))
        self._take_back(clock, at_ms)
        if clock.state == RUNNING and target is not None:
            clock.missed, clock.breach = clock.breach or clock.missed, None
            self._announce(ticket, clock, at_ms)

    def measure(self, ticket: Ticket, metric: str, at_ms: int) -> None:
        """The event that the vendor sends without a document; it moves nothing."""
        clock = ticket.clocks.get(metric)
        if clock is not None:
            self._write(ticket, clock, "measure", at_ms)

    def _announce(self, ticket: Ticket, clock: Clock, at_ms: int) -> None:
        """Write the breach to come; at once where the time is used up, and not at all where one has come true."""
        if clock.target is None or clock.breach is not None:
            return
        running_ms = at_ms - clock.since_ms if clock.since_ms is not None else 0
        if clock.target.business_hours:
            running_ms = self._hours.between_ms(at_ms - running_ms, at_ms)
            left_ms = clock.target.target_ms - clock.ran_business_ms - running_ms
            breach_ms = self._hours.after_ms(at_ms, left_ms) if left_ms > 0 else at_ms
        else:
            breach_ms = at_ms + max(0, clock.target.target_ms - clock.ran_ms - running_ms)
        clock.breach = self._write(ticket, clock, "breach", breach_ms)
