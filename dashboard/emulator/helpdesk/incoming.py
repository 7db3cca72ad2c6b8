"""Incoming: what makes new tickets while the simulation runs: customers who write, and calls that end without an answer.

In:  the desk, the course of its tickets, the hour; what the floor tells of its calls. Out: new tickets, followed by `work`.
Those who write come as those who call do: a Poisson process by the hour of the wall clock, with a stream of chance of each day's own.
"""

from __future__ import annotations

from random import Random

from dashboard.emulator.chance import stream
from dashboard.emulator.days import day_of, minute_of_day, next_day_start_ms
from dashboard.emulator.helpdesk.course import Called, Course
from dashboard.emulator.helpdesk.desk import HelpDesk
from dashboard.emulator.helpdesk.linking import Linking
from dashboard.emulator.helpdesk.policies import REPLY, Policy, Target
from dashboard.emulator.helpdesk.tickets import Ticket
from dashboard.emulator.helpdesk.work import Work
from dashboard.emulator.profile import PEAK, demand

MAILS_PER_AGENT_DAY = 10.0
SHOWN_POLICY_ID = 360001500071


class Incoming:
    """The day's new tickets."""

    def __init__(self, desk: HelpDesk, course: Course, work: Work, linking: Linking) -> None:
        self._desk, self._course, self._work, self._linking = desk, course, work, linking
        self._per_s = MAILS_PER_AGENT_DAY * len(desk.company.agents) / 86_400
        self._callbacks: dict[int, Ticket] = {}
        self._rng = Random(0)  # noqa: S311 (replaced at once by the day's own)
        self._turn = 0
        self._begin_day()

    def _begin_day(self) -> None:
        desk = self._desk
        self._turn += 1
        self._rng = stream(desk.config.seed, day_of(desk.now_ms, desk.zone).isoformat(), "mail")
        self._expect()
        desk.agenda.at(next_day_start_ms(desk.now_ms, desk.zone), self._begin_day)

    def _expect(self) -> None:
        if self._per_s > 0:
            self._desk.agenda.after(self._rng.expovariate(self._per_s * PEAK), self._candidate, self._turn)

    def _candidate(self, turn: int) -> None:
        if turn != self._turn:
            return
        if self._rng.random() * PEAK < demand(minute_of_day(self._desk.now_ms, self._desk.zone)):
            self.write()
        self._expect()

    def write(self, breach_in_min: int | None = None) -> Ticket:
        """A customer writes now. With `breach_in_min` the ticket has an agreement of its own: the first reply is due in so many minutes,
        and nobody comes to it before that."""
        desk = self._desk
        ticket = self._course.written(desk.book.next_id(), desk.stamp_ms)
        if breach_in_min is None:
            return self._begun(ticket)
        ticket.priority = None
        self._begun(ticket, followed=False)
        ticket.policy = Policy(SHOWN_POLICY_ID, "Shown", "For demonstrations.", "", (Target(REPLY, breach_in_min),))
        desk.lifecycle.clocks.apply(ticket, REPLY, ticket.policy, desk.stamp_ms)
        desk.agenda.after(breach_in_min * 60 + 90, self._come, ticket, ticket.turn)
        return ticket

    def _come(self, ticket: Ticket, turn: int) -> None:
        if ticket.turn == turn:
            self._work.follow(ticket)

    def _begun(self, ticket: Ticket, *, followed: bool = True) -> Ticket:
        desk = self._desk
        desk.book.add(ticket)
        self._linking.link(ticket)
        self._course.begin(ticket, ticket.created_ms)
        if followed:
            self._work.follow(ticket)
        return ticket

    # --- calls

    def called(self, call: Called) -> None:
        """A call has left a voicemail, or a request to be called back."""
        desk = self._desk
        made = self._course.called(desk.book.next_id(), desk.stamp_ms, call)
        # Nobody answers a request by mail while the phone system is about to call back.
        self._begun(made, followed=call.what != "callback")
        if call.what == "callback":
            self._callbacks[call.id] = made

    def called_back(self, call_id: int, agent_id: int, *, answered: bool) -> None:
        """An agent has called back: the ticket of the request is solved if somebody answered. No matter for a call without one."""
        desk, asked = self._desk, self._callbacks.pop(call_id, None)
        if asked is None or not asked.is_unsolved or asked.deleted_ms is not None:
            return
        if answered:
            self._course.solve(asked, agent_id, desk.stamp_ms)
        else:
            desk.lifecycle.reply(asked, agent_id, desk.stamp_ms, is_public=False, body="Called back; nobody answered.")
        self._work.follow(asked)
