"""A vendor that keeps tickets as the real one does, counts what it was asked to change, and fails as it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any

from dashboard.domain.tickets import Comment, Status, Ticket, TicketChange
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.paging import Heard, Page

OURSELVES = 900


class Fate(Enum):
    """What becomes of one request."""

    ANSWERED = "answered"
    AWAY = "away"  # it never arrived, and we know it
    LOST = "lost"  # it never arrived, and we do not know
    UNHEARD = "unheard"  # it was done, and nobody heard of it
    LATE = "late"  # given up on; it arrives before the next but one


@dataclass
class TicketVendor:
    """The part of ZendeskTickets that alerts use. Times have whole seconds, as the vendor's."""

    clock: Callable[[], datetime]
    fates: Iterator[Fate] = field(default_factory=lambda: iter(()))
    tickets: dict[int, Ticket] = field(default_factory=dict)
    comments: dict[int, list[Comment]] = field(default_factory=dict)
    needs_assignee: bool = False
    requests: list[str] = field(default_factory=list)
    _by_key: dict[str, int] = field(default_factory=dict)
    _on_the_way: list[tuple[int, Callable[[], Any]]] = field(default_factory=list)

    def list_page(self, *, external_id: str, before_request: Callable[[], None]) -> Page[Ticket]:
        found = tuple(each for each in self.tickets.values() if each.external_id == external_id)
        return self._asked("list", lambda: Page(found, None, None, Heard(self.clock(), None, None, 1)), before_request)

    def create(self, change: TicketChange, *, idempotency_key: str, before_request: Callable[[], None]) -> Ticket:
        return self._asked("create", lambda: self._created(change, idempotency_key), before_request)

    def show(self, ticket_id: int, *, before_request: Callable[[], None]) -> Ticket:
        return self._asked("show", lambda: self._there(ticket_id), before_request)

    def update(self, ticket_id: int, change: TicketChange, *, updated_stamp: datetime, before_request: Callable[[], None]) -> Ticket:
        return self._asked("update", lambda: self.changed(ticket_id, change, updated_stamp), before_request)

    def changed(self, ticket_id: int, change: TicketChange, stamp: datetime | None = None) -> Ticket:
        """As somebody at the vendor changes it; with a stamp, safely."""
        ticket = self._there(ticket_id)
        if stamp is not None and stamp != ticket.updated_at:
            raise SourceError(ErrorKind.CONFLICT, "Somebody changed this.", status=409)
        if ticket.status is Status.CLOSED:
            raise SourceError(ErrorKind.REFUSED, "Refused.", status=422, detail="Status closed prevents ticket update")
        if self.needs_assignee and change.status is Status.SOLVED and (change.assignee_id or ticket.assignee_id) is None:
            raise SourceError(ErrorKind.REFUSED, "Refused.", status=422, detail="Assignee is required")
        names = ("status", "priority", "assignee_id", "tags")
        told: dict[str, Any] = {name: getattr(change, name) for name in names if getattr(change, name) is not None}
        if change.comment is not None:
            self.comments[ticket_id].append(change.comment)
        self.tickets[ticket_id] = replace(ticket, **told, updated_at=self._now())
        return self.tickets[ticket_id]

    def _created(self, change: TicketChange, key: str) -> Ticket:
        if key not in self._by_key:
            assert change.comment is not None
            ticket_id = 1000 + len(self.tickets)
            self.tickets[ticket_id] = Ticket(
                ticket_id,
                self._now(),
                self._now(),
                Status.NEW,
                subject=change.subject or "",
                priority=change.priority,
                type=change.type,
                group_id=change.group_id,
                external_id=change.external_id,
                submitter_id=OURSELVES,
                tags=change.tags or (),
            )
            self.comments[ticket_id] = [change.comment]
            self._by_key[key] = ticket_id
        return self.tickets[self._by_key[key]]

    def _there(self, ticket_id: int) -> Ticket:
        if ticket_id not in self.tickets:
            raise SourceError(ErrorKind.NOT_FOUND, "The vendor knows nothing of this number (404).", status=404)
        return self.tickets[ticket_id]

    def _now(self) -> datetime:
        return self.clock().replace(microsecond=0)

    def _asked(self, what: str, done: Callable[[], Any], before_request: Callable[[], None]) -> Any:
        before_request()
        self.requests.append(what)
        self._arrive()
        changes = what in ("create", "update")
        fate = next(self.fates, Fate.ANSWERED)
        if fate is Fate.AWAY:
            raise SourceError(ErrorKind.NETWORK, "The vendor could not be reached.")
        if fate is Fate.LATE and changes:
            self._on_the_way.append((len(self.requests) + 2, done))
        if fate is Fate.UNHEARD:
            done()
        if fate is not Fate.ANSWERED:
            raise SourceError(ErrorKind.TIMEOUT, "The vendor did not answer in time.", is_unsure=changes)
        return done()

    def _arrive(self) -> None:
        here = [each for each in self._on_the_way if each[0] <= len(self.requests)]
        self._on_the_way = [each for each in self._on_the_way if each not in here]
        for _, done in here:
            try:
                done()
            except SourceError:
                continue  # nobody waits for its answer
