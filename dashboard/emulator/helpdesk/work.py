"""Work: the people on the floor take tickets when no call keeps them, and the tickets' own course goes on.

In:  the desk, the course of its tickets; who is free, asked every 20 s of simulated time. Out: tickets, moved.
It looks at the floor and never touches it: a day of calls is the same with tickets or without. An agent who is called away goes on with
the ticket when the call is over; the time counts only while nothing else is in hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from heapq import heappop, heappush

from dashboard.emulator.helpdesk.course import Course
from dashboard.emulator.helpdesk.desk import HelpDesk
from dashboard.emulator.helpdesk.seeding import Pending
from dashboard.emulator.helpdesk.tickets import NEW, OPEN, Ticket

ROUND_MS = 20_000
# Who has not come back to a ticket for so long has gone home, or is kept by calls: it waits for somebody else again.
_LEFT_MS = 3_600_000
_LEFT_EVERY_MS = 900_000
# What no clock presses is due half a day after it came.
_DUE_MS = 12 * 3_600_000
# Of the time that a ticket of the past lies until somebody comes, the part before anybody notices it at all.
_UNNOTICED_SHARE = 0.6
# With so many waiting, agents take half the time.
_LONG_LIST = 40


@dataclass(slots=True)
class _InHand:
    ticket: Ticket
    turn: int
    left_ms: int
    since_ms: int


class Work:
    """Who works on what. `groups` are the groups of each agent by id, the main one first."""

    def __init__(self, desk: HelpDesk, course: Course, groups: Mapping[int, tuple[int, ...]]) -> None:
        self._desk, self._course, self._groups = desk, course, groups
        self._in_hand: dict[int, _InHand] = {}
        self._queues: dict[int, list[tuple[int, int, int]]] = {group.id: [] for group in desk.config.groups}
        self._own: dict[int, list[tuple[int, int, int]]] = {}
        desk.listeners.append(self.follow)
        for every_ms, act in ((ROUND_MS, self._round), (_LEFT_EVERY_MS, self._pass_on)):
            desk.agenda.at(desk.agenda.now_ms - desk.agenda.now_ms % every_ms + every_ms, act)

    def begin_with(self, pending: list[Pending]) -> None:
        """Take over what the past has left open."""
        for ticket, following in pending:
            if following is None:
                self._queue(ticket, ticket.turn)
            else:
                self._desk.agenda.at(following[1], self._happen, ticket, following[0], ticket.turn)

    def follow(self, ticket: Ticket) -> None:
        """Something has happened to it: what was to come is void, and what comes now goes onto the agenda. Not for one in the trash."""
        ticket.turn += 1
        if ticket.deleted_ms is not None:
            return
        desk, ahead = self._desk, self._course.ahead(ticket)
        if ahead is not None:
            desk.agenda.at(desk.stamp_ms + ahead[1], self._happen, ticket, ahead[0], ticket.turn)
        elif ticket.status in (NEW, OPEN):
            unnoticed_ms = round(self._course.lies_ms(ticket) * _UNNOTICED_SHARE)
            desk.agenda.at(desk.stamp_ms + unnoticed_ms, self._queue, ticket, ticket.turn)

    def _holds(self, ticket: Ticket, turn: int) -> bool:
        """Whether it is still what it was when this was put onto the agenda."""
        return ticket.turn == turn and ticket.deleted_ms is None

    def _happen(self, ticket: Ticket, what: str, turn: int) -> None:
        if self._holds(ticket, turn):
            self._course.happen(ticket, what, self._desk.stamp_ms)
            self.follow(ticket)

    def _queue(self, ticket: Ticket, turn: int) -> None:
        """Somebody has noticed it: it waits for an agent of its group, the one that is due first before all others."""
        if self._holds(ticket, turn) and ticket.status in (NEW, OPEN):
            breaches_ms = [clock.breach.at_ms for clock in ticket.clocks.values() if clock.breach is not None]
            due_ms = min(breaches_ms, default=ticket.created_ms + _DUE_MS)
            if ticket.given_to is not None and ticket.given_to == ticket.assignee_id and ticket.given_to in self._groups:
                # Whom a client has named is to come to it; somebody else only when they have not for long.
                heappush(self._own.setdefault(ticket.given_to, []), (due_ms, ticket.id, turn))
                self._desk.agenda.at(self._desk.now_ms + _LEFT_MS, self._give_up, ticket, turn)
                return
            queue = self._queues.get(ticket.group_id or 0)
            # A ticket of no group of ours is everybody's: it is put where the first group looks.
            heappush(queue if queue is not None else next(iter(self._queues.values())), (due_ms, ticket.id, turn))

    def _give_up(self, ticket: Ticket, turn: int) -> None:
        """Whoever was named has not come: anyone may."""
        if self._holds(ticket, turn):
            ticket.given_to = None
            self._queue(ticket, turn)

    def _round(self) -> None:
        desk = self._desk
        desk.agenda.at(desk.agenda.now_ms + ROUND_MS, self._round)
        for agent_id in desk.free_agents():
            in_hand = self._in_hand.get(agent_id)
            if in_hand is None:
                self._take(agent_id)
            elif not self._holds(in_hand.ticket, in_hand.turn):
                del self._in_hand[agent_id]
            else:
                in_hand.left_ms -= ROUND_MS
                if in_hand.left_ms <= 0:
                    del self._in_hand[agent_id]
                    self._course.touch(in_hand.ticket, agent_id, desk.stamp_ms)
                    self.follow(in_hand.ticket)

    def _pass_on(self) -> None:
        """Those that were left lying wait for somebody else."""
        desk = self._desk
        desk.agenda.at(desk.agenda.now_ms + _LEFT_EVERY_MS, self._pass_on)
        for agent_id, in_hand in [*self._in_hand.items()]:
            if in_hand.since_ms <= desk.agenda.now_ms - _LEFT_MS:
                del self._in_hand[agent_id]
                if self._holds(in_hand.ticket, in_hand.turn):
                    self._queue(in_hand.ticket, in_hand.turn)

    def _take(self, agent_id: int) -> None:
        """The most pressing ticket of the agent's groups and of those given to them by name, if there is one."""
        queues = [queue for group_id in self._groups.get(agent_id, ()) if (queue := self._queues.get(group_id))]
        queues += [own] if (own := self._own.get(agent_id)) else []
        while queue := min((queue for queue in queues if queue), key=lambda queue: queue[0], default=None):
            _, ticket_id, turn = heappop(queue)
            ticket = self._desk.book.live.get(ticket_id)
            if ticket is None or not self._holds(ticket, turn) or ticket.status not in (NEW, OPEN):
                continue
            ticket.turn += 1
            if ticket.assignee_id != agent_id:
                self._desk.lifecycle.assign(ticket, agent_id, ticket.group_id, self._desk.stamp_ms)
            # People who see a long list are quicker: so a backlog finds its level instead of growing for ever.
            waiting_count = sum(len(each) for each in queues)
            work_ms = round(self._course.work_ms(ticket) / (1 + waiting_count / _LONG_LIST))
            self._in_hand[agent_id] = _InHand(ticket, ticket.turn, work_ms, self._desk.now_ms)
            return
