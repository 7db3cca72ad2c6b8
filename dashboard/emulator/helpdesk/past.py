"""The seeded past: tickets that were closed before the simulation begins, many times more than could be lived through one by one.

In:  a few hundred courses of tickets that were lived through once (`templates`), and for each ticket which of them it took, on which
day, by whom. Out: a `Past` for the book. A ticket costs some 30 bytes until somebody looks at it, and its events eight bytes each.
Courses are moved by whole days of the account's wall clock, so that their business hours stay right; one that lies over a change of the
clocks counts its hours by the clock that it began under.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from dashboard.emulator.helpdesk.book import update_key
from dashboard.emulator.helpdesk.clocks import Clock
from dashboard.emulator.helpdesk.company import Company
from dashboard.emulator.helpdesk.event_log import EVENT_BASE, key_of
from dashboard.emulator.helpdesk.tickets import Event, Figures, Span, Ticket

EVENTS_BITS = 8
MOST_EVENTS = 1 << EVENTS_BITS
_EVENT_MASK = MOST_EVENTS - 1


@dataclass(slots=True)
class Taken:
    """Ticket number `place` (from 0) has the id `ids[place]` and took the course `courses[place]`, moved by `shifts_ms[place]`."""

    ids: array[int] = field(default_factory=lambda: array("q"))
    courses: array[int] = field(default_factory=lambda: array("i"))
    shifts_ms: array[int] = field(default_factory=lambda: array("q"))
    requesters: array[int] = field(default_factory=lambda: array("q"))

    def add(self, ticket_id: int, course: int, shift_ms: int, requester_id: int) -> None:
        """One more, with a greater id than all before."""
        self.ids.append(ticket_id)
        self.courses.append(course)
        self.shifts_ms.append(shift_ms)
        self.requesters.append(requester_id)


class SeededPast:
    """The tickets that `taken` lists.

    Events of a course are numbered from 0; in the account their number is the place times 256 plus that.
    """

    def __init__(self, templates: Sequence[Ticket], taken: Taken, company: Company) -> None:
        ids, courses, shifts_ms = taken.ids, taken.courses, taken.shifts_ms
        self.ids = ids
        self._templates, self._courses, self._shifts_ms, self._requesters = templates, courses, shifts_ms, taken.requesters
        self._company = company
        self._given_up = bytearray(len(ids))
        self._given_up_count = 0
        self.update_keys = array(
            "q",
            sorted(
                update_key(templates[course].updated_ms + shift_ms, ticket_id)
                for ticket_id, course, shift_ms in zip(ids, courses, shifts_ms, strict=True)
            ),
        )

    @property
    def event_numbers_count(self) -> int:
        """The numbers of events that are taken."""
        return len(self.ids) << EVENTS_BITS

    def event_keys(self) -> array[int]:
        """The keys of all events, in order."""
        ordinals = [[key_of(event.at_ms, event.id) for event in template.events] for template in self._templates]
        keys: list[int] = []
        for place, (course, shift_ms) in enumerate(zip(self._courses, self._shifts_ms, strict=True)):
            moved = key_of(shift_ms, place << EVENTS_BITS)
            keys.extend([key + moved for key in ordinals[course]])
        keys.sort()
        return array("q", keys)

    def look_event(self, number: int) -> Event | None:
        """The event of this number; None when its ticket was given up."""
        place = number >> EVENTS_BITS
        if self._given_up[place]:
            return None
        event = self._templates[self._courses[place]].events[number & _EVENT_MASK]
        return _moved_event(event, EVENT_BASE + number, self.ids[place], self._shifts_ms[place])

    def _place(self, ticket_id: int) -> int | None:
        place = bisect_left(self.ids, ticket_id)
        return place if place < len(self.ids) and self.ids[place] == ticket_id and not self._given_up[place] else None

    def __len__(self) -> int:
        return len(self.ids) - self._given_up_count

    def holds(self, ticket_id: int) -> bool:
        return self._place(ticket_id) is not None

    def give_up(self, ticket_id: int) -> None:
        place = self._place(ticket_id)
        if place is None:
            raise KeyError(ticket_id)
        self._given_up[place] = 1
        self._given_up_count += 1

    def brief(self, ticket_id: int) -> Ticket:
        place = self._place(ticket_id)
        if place is None:
            raise KeyError(ticket_id)
        told, shift_ms, requester_id = self._templates[self._courses[place]], self._shifts_ms[place], self._requesters[place]
        return Ticket(
            ticket_id,
            told.created_ms + shift_ms,
            told.updated_ms + shift_ms,
            told.subject,
            requester_id,
            requester_id,
            status=told.status,
            priority=told.priority,
            type=told.type,
            group_id=told.group_id,
            assignee_id=told.assignee_id,
        )

    def chosen(self, match: Callable[[Ticket], bool], requester_ids: frozenset[int] | None) -> list[int]:
        matching = [match(template) for template in self._templates]
        return [
            self.ids[place]
            for place, course in enumerate(self._courses)
            if matching[course] and not self._given_up[place] and (requester_ids is None or self._requesters[place] in requester_ids)
        ]

    def look(self, ticket_id: int) -> Ticket | None:
        place = self._place(ticket_id)
        if place is None:
            return None
        told, shift_ms, requester_id = self._templates[self._courses[place]], self._shifts_ms[place], self._requesters[place]
        first_number = EVENT_BASE + (place << EVENTS_BITS)
        events = [_moved_event(event, first_number + event.id, ticket_id, shift_ms) for event in told.events]
        customer = self._company.customer(requester_id)
        return replace(
            told,
            id=ticket_id,
            created_ms=told.created_ms + shift_ms,
            updated_ms=told.updated_ms + shift_ms,
            requester_id=requester_id,
            submitter_id=requester_id,
            organization_id=customer.organization_id if customer is not None else None,
            due_ms=_moved(told.due_ms, shift_ms),
            tags=list(told.tags),
            custom_fields=[],
            collaborator_ids=list(told.collaborator_ids),
            follower_ids=list(told.follower_ids),
            email_cc_ids=list(told.email_cc_ids),
            followup_ids=[],
            comments=[
                replace(
                    comment,
                    at_ms=comment.at_ms + shift_ms,
                    author_id=requester_id if comment.author_id == told.requester_id else comment.author_id,
                )
                for comment in told.comments
            ],
            events=events,
            clocks={metric: _moved_clock(clock, events, shift_ms) for metric, clock in told.clocks.items()},
            old_clocks=[_moved_clock(clock, events, shift_ms) for clock in told.old_clocks],
            figures=_moved_figures(told.figures, shift_ms),
        )


def _moved(at_ms: int | None, by_ms: int) -> int | None:
    return None if at_ms is None else at_ms + by_ms


def _moved_event(event: Event, event_id: int, ticket_id: int, by_ms: int) -> Event:
    return Event(event_id, ticket_id, event.metric, event.instance, event.type, event.at_ms + by_ms, event.sla, event.status, event.deleted)


def _moved_clock(clock: Clock, events: Sequence[Event], by_ms: int) -> Clock:
    return replace(
        clock,
        activated_ms=clock.activated_ms + by_ms,
        since_ms=_moved(clock.since_ms, by_ms),
        fulfilled_ms=_moved(clock.fulfilled_ms, by_ms),
        breach=None if clock.breach is None else events[clock.breach.id],
        missed=None if clock.missed is None else events[clock.missed.id],
    )


def _moved_figures(told: Figures, by_ms: int) -> Figures:
    def copy(span: Span | None) -> Span | None:
        return None if span is None else replace(span)

    return replace(
        told,
        initially_assigned_ms=_moved(told.initially_assigned_ms, by_ms),
        assigned_ms=_moved(told.assigned_ms, by_ms),
        solved_ms=_moved(told.solved_ms, by_ms),
        assignee_updated_ms=_moved(told.assignee_updated_ms, by_ms),
        requester_updated_ms=_moved(told.requester_updated_ms, by_ms),
        status_updated_ms=_moved(told.status_updated_ms, by_ms),
        latest_comment_ms=_moved(told.latest_comment_ms, by_ms),
        status_since_ms=told.status_since_ms + by_ms,
        reply=copy(told.reply),
        first_resolution=copy(told.first_resolution),
        full_resolution=copy(told.full_resolution),
        requester_wait=copy(told.requester_wait),
        agent_wait=copy(told.agent_wait),
        on_hold=replace(told.on_hold),
    )
