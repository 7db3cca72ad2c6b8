"""What happens to a ticket: made, answered, assigned, moved from status to status; with all that follows for its clocks and its figures.

In:  a ticket, what happens, when (whole seconds in milliseconds, never before the last thing that happened to it). Out: the ticket, moved.
Must not decide anything or check who may: the simulated people (`work`) and the vendor's write endpoints decide, and both act through this.
"""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.emulator.helpdesk.clocks import FULFILLED, Clocks, Journal
from dashboard.emulator.helpdesk.hours import Hours
from dashboard.emulator.helpdesk.policies import (
    AGENT_WORK,
    METRICS,
    PAUSABLE_UPDATE,
    PERIODIC_UPDATE,
    POLICIES,
    REPLY,
    REQUESTER_WAIT,
    RESOLUTION,
    Policy,
)
from dashboard.emulator.helpdesk.tickets import CLOSED, HOLD, NEW, OPEN, PENDING, SOLVED, UNSOLVED, Comment, Span, Ticket

# In which statuses each clock stands still while the ticket is unsolved.
_PAUSED_IN: dict[str, set[str]] = {
    REQUESTER_WAIT: {PENDING},
    AGENT_WORK: {PENDING, HOLD},
    PAUSABLE_UPDATE: {PENDING},
    RESOLUTION: set(),
    PERIODIC_UPDATE: set(),
}


class Lifecycle:
    """The events in a ticket's life. Each call is one event; several of the same second are told in the order of the calls."""

    def __init__(self, hours: Hours, journal: Journal, policies: Mapping[str, Policy] = POLICIES) -> None:
        """`policies` by priority; none for the time before the account had agreements."""
        self._policies = policies
        self.clocks = Clocks(hours, journal)
        self._hours, self._journal = hours, journal

    def open(self, ticket: Ticket, at_ms: int) -> None:
        """A new ticket: its first comment is there, its clocks begin, its policy is applied. Its group and assignee count as its first."""
        figures = ticket.figures
        figures.status_since_ms = figures.status_updated_ms = figures.requester_updated_ms = figures.latest_comment_ms = at_ms
        if not ticket.comments:
            ticket.comments.append(Comment(at_ms, ticket.submitter_id, ticket.is_public))
        if ticket.group_id is not None:
            figures.group_stations = 1
        if ticket.is_public:
            self.clocks.repeat(ticket, REPLY, at_ms)
        for metric in (REQUESTER_WAIT, AGENT_WORK, RESOLUTION):
            self.clocks.activate(ticket, metric, at_ms)
        self._apply_policy(ticket, at_ms)
        wanted = ticket.status
        if ticket.assignee_id is not None:
            self._note_assignee(ticket, at_ms)
        # A ticket that somebody has is no longer new; one that is made pending or solved was open for no time at all.
        ticket.status = NEW if wanted == NEW and ticket.assignee_id is None else OPEN
        if wanted != NEW:
            self.set_status(ticket, wanted, at_ms)
        self._journal.changed(ticket, at_ms)

    # --- comments

    def reply(self, ticket: Ticket, author_id: int, at_ms: int, *, is_public: bool = True, body: str = "") -> None:
        """An agent's comment. A public one is a reply: it fulfils what waits for one, and the next update is due from now on.

        With a change to `solved` in the same second that comes first: there is no next update then.
        """
        self._comment(ticket, author_id, at_ms, is_public, body)
        if is_public:
            ticket.is_public = True
            self._replied(ticket, at_ms)
        self._journal.changed(ticket, at_ms)

    def _replied(self, ticket: Ticket, at_ms: int) -> None:
        figures = ticket.figures
        figures.replies += 1
        if figures.reply is None:
            figures.reply = self._span(ticket.created_ms, at_ms)
        self.clocks.fulfill(ticket, REPLY, at_ms)
        if not ticket.is_unsolved or ticket.policy is None:
            return
        for metric in (PERIODIC_UPDATE, PAUSABLE_UPDATE):
            # These two are kept for tickets whose policy has such a target: nobody else looks at them.
            if ticket.policy.target(metric) is not None:
                self.clocks.fulfill(ticket, metric, at_ms)
                self.clocks.repeat(ticket, metric, at_ms)
                self.clocks.apply(ticket, metric, ticket.policy, at_ms)
                if ticket.status in _PAUSED_IN[metric]:
                    self.clocks.pause(ticket, metric, at_ms)

    def answer(self, ticket: Ticket, author_id: int, at_ms: int, *, body: str = "") -> None:
        """A customer's comment. It asks for another reply, and opens a ticket that was pending, on hold or solved again."""
        self._comment(ticket, author_id, at_ms, True, body)
        ticket.figures.requester_updated_ms = at_ms
        if ticket.status in (PENDING, HOLD, SOLVED):
            self.set_status(ticket, OPEN, at_ms)
        if ticket.is_unsolved:
            self.clocks.repeat(ticket, REPLY, at_ms)
        self._journal.changed(ticket, at_ms)

    def _comment(self, ticket: Ticket, author_id: int, at_ms: int, is_public: bool, body: str) -> None:
        ticket.comments.append(Comment(at_ms, author_id, is_public, body))
        ticket.figures.latest_comment_ms = at_ms

    # --- what people set

    def set_status(self, ticket: Ticket, status: str, at_ms: int) -> None:
        """Another status; the same one changes nothing. `new` cannot come back, and `closed` is the end: the caller sees to that."""
        before, figures = ticket.status, ticket.figures
        if status == before:
            return
        self._end_stay(ticket, before, at_ms)
        ticket.status, figures.status_since_ms, figures.status_updated_ms = status, at_ms, at_ms
        if status in (SOLVED, CLOSED):
            if before in UNSOLVED:
                self._solve(ticket, at_ms)
        else:
            if before in (SOLVED, CLOSED):
                figures.reopens += 1
            for metric, paused_in in _PAUSED_IN.items():
                clock = ticket.clocks.get(metric)
                # Updates that were fulfilled begin anew with the next public reply; the others run on although they were fulfilled.
                if clock is None or (clock.state == FULFILLED and metric in (PERIODIC_UPDATE, PAUSABLE_UPDATE)):
                    continue
                if status in paused_in:
                    self.clocks.pause(ticket, metric, at_ms)
                else:
                    self.clocks.activate(ticket, metric, at_ms)
        self._journal.changed(ticket, at_ms)

    def _solve(self, ticket: Ticket, at_ms: int) -> None:
        figures = ticket.figures
        figures.solved_ms = at_ms
        figures.full_resolution = self._span(ticket.created_ms, at_ms)
        if figures.first_resolution is None:
            figures.first_resolution = self._span(ticket.created_ms, at_ms)
        # Of a ticket that is solved both waits are known, also the one that never was.
        figures.requester_wait = figures.requester_wait or Span()
        figures.agent_wait = figures.agent_wait or Span()
        for metric in METRICS:
            self.clocks.fulfill(ticket, metric, at_ms)

    def _end_stay(self, ticket: Ticket, status: str, at_ms: int) -> None:
        """Count the stay in a status to the figures that it belongs to."""
        figures = ticket.figures
        if status not in UNSOLVED:
            return
        calendar_ms = at_ms - figures.status_since_ms
        business_ms = self._hours.between_ms(figures.status_since_ms, at_ms)
        if status == PENDING:
            figures.agent_wait = figures.agent_wait or Span()
            figures.agent_wait.add(calendar_ms, business_ms)
            return
        figures.requester_wait = figures.requester_wait or Span()
        figures.requester_wait.add(calendar_ms, business_ms)
        if status == HOLD:
            figures.on_hold.add(calendar_ms, business_ms)

    def assign(self, ticket: Ticket, assignee_id: int | None, group_id: int | None, at_ms: int) -> None:
        """The agent and the group that it is with from now on; a ticket that somebody gets is no longer new."""
        if group_id != ticket.group_id:
            ticket.group_id = group_id
            ticket.figures.group_stations += group_id is not None
        if assignee_id != ticket.assignee_id:
            ticket.assignee_id = assignee_id
            self._note_assignee(ticket, at_ms)
        if assignee_id is not None and ticket.status == NEW:
            self.set_status(ticket, OPEN, at_ms)
        self._journal.changed(ticket, at_ms)

    def _note_assignee(self, ticket: Ticket, at_ms: int) -> None:
        figures = ticket.figures
        figures.assignee_updated_ms = at_ms
        if ticket.assignee_id is None:
            return
        figures.assignee_stations += 1
        figures.assigned_ms = at_ms
        if figures.initially_assigned_ms is None:
            figures.initially_assigned_ms = at_ms

    def set_priority(self, ticket: Ticket, priority: str | None, at_ms: int) -> None:
        """Another priority: the targets of its policy hold from now on, counted from when each clock began."""
        if priority != ticket.priority:
            ticket.priority = priority
            self._apply_policy(ticket, at_ms)
        self._journal.changed(ticket, at_ms)

    def _apply_policy(self, ticket: Ticket, at_ms: int) -> None:
        ticket.policy = self._policies.get(ticket.priority or "")
        if not ticket.is_unsolved:
            return
        for metric, clock in ticket.clocks.items():
            # The target of replies is one for the first: later ones have the update targets.
            if metric != REPLY or clock.instance == 1:
                self.clocks.apply(ticket, metric, ticket.policy, at_ms)

    def touch(self, ticket: Ticket, at_ms: int) -> None:
        """Something else was changed, such as its tags: it moves no clock, but it is an update."""
        self._journal.changed(ticket, at_ms)

    def _span(self, start_ms: int, end_ms: int) -> Span:
        return Span(end_ms - start_ms, self._hours.between_ms(start_ms, end_ms))
