"""A vendor in memory, as unpleasant as the real one may be: short pages that overlap, breaches announced and taken back, tickets that move
while their list is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.domain.tickets import (
    Counted,
    DeletedTicket,
    EventType,
    MetricEvent,
    Minutes,
    Priority,
    SlaTarget,
    Status,
    Ticket,
    TicketMetric,
    TicketMetrics,
    User,
)
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.paging import Heard, Page
from dashboard.sources.zendesk_metrics import Events

BEGAN = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
TARGET = SlaTarget(30, False, 7, "Standard")
UNSOLVED = (Status.NEW, Status.OPEN, Status.PENDING, Status.HOLD)


def _nothing() -> None:
    return None


@dataclass
class FakeDesk:
    """`page` entries a page. `requests` counts what was asked; `now` is the vendor's clock, and ours."""

    page: int = 3
    now: datetime = BEGAN
    requests: int = 0
    asked: list[str] = field(default_factory=list)
    refuses_events: bool = False
    shows_many_nothing: bool = False
    tickets: dict[int, Ticket] = field(default_factory=dict)
    trash: dict[int, tuple[Ticket, datetime]] = field(default_factory=dict)
    metrics: dict[int, TicketMetrics] = field(default_factory=dict)
    events: list[MetricEvent] = field(default_factory=list)

    # --- what people do

    def pass_s(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    def create(self, group_id: int | None = None, priority: Priority | None = None) -> int:
        ticket_id = len(self.metrics) + 1
        self.tickets[ticket_id] = Ticket(ticket_id, self.now, self.now, Status.NEW, f"Ticket {ticket_id}", "", priority, group_id=group_id)
        self.metrics[ticket_id] = TicketMetrics(900 + ticket_id, ticket_id, self.now, self.now)
        self._event(ticket_id, EventType.ACTIVATE, self.now)
        self._event(ticket_id, EventType.APPLY_SLA, self.now, sla=TARGET)
        self._event(ticket_id, EventType.BREACH, self.now + timedelta(minutes=30))
        return ticket_id

    def move(self, ticket_id: int, **changes: Any) -> None:
        if ticket_id in self.tickets:
            self.tickets[ticket_id] = replace(self.tickets[ticket_id], updated_at=self.now, **changes)

    def pause(self, ticket_id: int) -> None:
        if ticket_id in self.tickets and self.tickets[ticket_id].status in (Status.NEW, Status.OPEN):
            self.move(ticket_id, status=Status.PENDING)
            self._take_back(ticket_id)
            self._event(ticket_id, EventType.PAUSE, self.now)

    def resume(self, ticket_id: int) -> None:
        if ticket_id in self.tickets and self.tickets[ticket_id].status is not Status.OPEN:
            self.move(ticket_id, status=Status.OPEN)
            self._event(ticket_id, EventType.ACTIVATE, self.now)
            self._event(ticket_id, EventType.BREACH, self.now + timedelta(minutes=20))

    def solve(self, ticket_id: int) -> None:
        if ticket_id in self.tickets and self.tickets[ticket_id].status in UNSOLVED:
            self.move(ticket_id, status=Status.SOLVED)
            self._take_back(ticket_id)
            self._event(ticket_id, EventType.FULFILL, self.now)
            self._event(ticket_id, EventType.UPDATE_STATUS, self.now, status=Minutes(5, 5))
            took = Minutes(int((self.now - self.tickets[ticket_id].created_at).total_seconds() // 60), 1)
            self.metrics[ticket_id] = replace(
                self.metrics[ticket_id],
                updated_at=self.now,
                solved_at=self.now,
                reply_time=took,
                full_resolution_time=took,
                replies_count=self.metrics[ticket_id].replies_count + 1,
            )

    def delete(self, ticket_id: int) -> None:
        if ticket_id in self.tickets:
            self.trash[ticket_id] = (self.tickets.pop(ticket_id), self.now)

    def restore(self, ticket_id: int) -> None:
        if ticket_id in self.trash:
            self.tickets[ticket_id] = replace(self.trash.pop(ticket_id)[0], updated_at=self.now)

    def destroy(self, ticket_id: int) -> None:
        """Away at once, without a word in the trash."""
        self.tickets.pop(ticket_id, None)

    def _event(self, ticket_id: int, kind: EventType, at: datetime, **more: Any) -> None:
        self.events.append(MetricEvent(5000 + len(self.events), ticket_id, TicketMetric.RESOLUTION, 1, kind, at, **more))

    def _take_back(self, ticket_id: int) -> None:
        for place, event in enumerate(self.events):
            if event.ticket_id == ticket_id and event.type is EventType.BREACH and event.at > self.now:
                self.events[place] = replace(event, deleted=True)

    # --- what the clients give

    def _heard(self, what: str, before_request: Callable[[], None]) -> Heard:
        before_request()
        self.requests += 1
        self.asked.append(what)
        return Heard(self.now, 700, 690, 1)

    def _cut(self, found: list[Any], key: Callable[[Any], str], after: str | None, heard: Heard, size: int = 100) -> Page[Any]:
        start = next((place + 1 for place, each in enumerate(found) if key(each) == after), 0) if after else 0
        if after and start == 0:  # that one has moved away: go on with what comes after it in the order of keys
            start = sum(key(each) >= after for each in found) if after.startswith("d") else sum(key(each) <= after for each in found)
        items = tuple(found[start : start + min(size, self.page)])
        more = start + len(items) < len(found)
        return Page(items, key(items[-1]) if more and items else None, None, heard)

    def list_page(
        self, *, sort: str = "id", after: str | None = None, size: int = 100, before_request: Callable[[], None] = _nothing
    ) -> Page[Ticket]:
        heard = self._heard(f"tickets {sort}", before_request)
        if sort == "id":
            found = sorted(self.tickets.values(), key=lambda ticket: ticket.id)
            return self._cut(found, lambda ticket: f"a{ticket.id:09}", after, heard, size)
        found = sorted(self.tickets.values(), key=lambda ticket: (ticket.updated_at, ticket.id), reverse=True)
        return self._cut(found, lambda ticket: f"d{int(ticket.updated_at.timestamp()):012}{ticket.id:09}", after, heard, size)

    def count(self, *, before_request: Callable[[], None] = _nothing) -> Counted:
        self._heard("count", before_request)
        return Counted(len(self.tickets), self.now)

    def groups_page(self, *, after: str | None = None, before_request: Callable[[], None] = _nothing) -> Page[User]:
        return Page((User(1, "Support"), User(2, "Billing")), None, None, self._heard("groups", before_request))

    def deleted_page(self, *, after: str | None = None, before_request: Callable[[], None] = _nothing) -> Page[DeletedTicket]:
        heard = self._heard("trash", before_request)
        found = [DeletedTicket(ticket.id, "", at) for ticket, at in self.trash.values()]
        found.sort(key=lambda each: (each.deleted_at, each.id), reverse=True)
        return self._cut(found, lambda each: f"d{int(each.deleted_at.timestamp()):012}{each.id:09}", after, heard)

    def show_many(self, ids: Iterable[int], *, before_request: Callable[[], None] = _nothing) -> tuple[Ticket, ...]:
        self._heard("show_many", before_request)
        return () if self.shows_many_nothing else tuple(self.tickets[each] for each in ids if each in self.tickets)

    def show(self, ticket_id: int, *, before_request: Callable[[], None] = _nothing) -> Ticket:
        self._heard("show", before_request)
        if ticket_id not in self.tickets:
            raise SourceError(ErrorKind.NOT_FOUND, "The vendor knows nothing of this number (404).", status=404)
        return self.tickets[ticket_id]

    def of_ticket(self, ticket_id: int, *, before_request: Callable[[], None] = _nothing) -> TicketMetrics:
        self._heard("metrics of ticket", before_request)
        if ticket_id not in self.tickets:
            raise SourceError(ErrorKind.NOT_FOUND, "The vendor knows nothing of this number (404).", status=404)
        return self.metrics[ticket_id]

    def events_since(self, start_s: int, *, before_request: Callable[[], None] = _nothing) -> Events:
        heard = self._heard("events", before_request)
        if self.refuses_events:
            raise SourceError(ErrorKind.FORBIDDEN, "Ticket metric events need an administrator's credentials (403).", status=403)
        found = sorted((event for event in self.events if event.at.timestamp() >= start_s), key=lambda event: (event.at, event.id))
        if start_s > self.now.timestamp() - 60:
            raise SourceError(ErrorKind.INVALID, "Too recent start_time (422).", status=422)
        size = 30 + self.page  # room for the breaches that are announced
        items = found[:size]
        end_s = int(items[-1].at.timestamp()) if items else start_s
        is_full = len(items) == size
        if is_full and end_s == int(items[0].at.timestamp()):
            items = [event for event in found if int(event.at.timestamp()) == end_s]
            end_s += 1
        elif is_full and end_s == start_s:
            end_s += 1
        return Events(tuple(items), end_s, len(items), not is_full, heard)


class FakeMetrics:
    """The same vendor by the names of the other client."""

    def __init__(self, desk: FakeDesk) -> None:
        self._desk = desk
        self.of_ticket, self.events_since = desk.of_ticket, desk.events_since

    def list_page(self, *, after: str | None = None, before_request: Callable[[], None] = _nothing) -> Page[TicketMetrics]:
        desk = self._desk
        heard = desk._heard("metrics", before_request)
        found = sorted((desk.metrics[each] for each in desk.tickets), key=lambda metrics: -metrics.ticket_id)
        return desk._cut(found, lambda metrics: f"d{metrics.ticket_id:09}", after, heard)
