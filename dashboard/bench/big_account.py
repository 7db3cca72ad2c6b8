"""An account of any size in memory, as the clients of tickets show it: nothing is stored, every ticket and event follows from its number.

In:  how many tickets. Out: the vendor's answers as typed pages, in no time. Ten events a ticket. Whatever the size, the last week is a
hundred tickets a day, and two hundred are unsolved: what differs is what lies behind.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable
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
from dashboard.sources.paging import LARGEST_PAGE, Heard, Page
from dashboard.sources.zendesk_metrics import FULL_PAGE, Events

EVENTS_A_TICKET = 10
RECENT_COUNT, RECENT_DAYS, OLDEST_DAYS, UNSOLVED_COUNT = 700, 7, 38, 200
GROUPS = tuple(range(1, 21))
_PRIORITIES = (*Priority, None)
_POLICIES = tuple(SlaTarget(60 * (1 + number), False, number + 1, f"Policy {number + 1}") for number in range(4))
_FIRST_EVENT = 10_000_000


def _nothing() -> None:
    return None


class BigAccount:
    """`count` tickets (at least 700), the last of them made at `now`. It is its own client of tickets, and `metrics` that of metrics."""

    def __init__(self, count: int, now: datetime, *, dies_at: int | None = None) -> None:
        """`dies_at`: when the tickets after this number are asked for, the process that asks is killed."""
        self.dies_at = dies_at
        self.count_of_tickets, self.now, self.requests = count, now.astimezone(UTC).replace(microsecond=0), 0
        self.began = self.now
        self.moved: dict[int, Ticket] = {}
        self.later: list[MetricEvent] = []
        self.metrics = _Metrics(self)

    # --- what is

    def created_at(self, number: int) -> datetime:
        """When ticket number 1 … count was made; later numbers are later."""
        recent = number - (self.count_of_tickets - RECENT_COUNT)
        if recent > 0:
            return self.began - timedelta(days=RECENT_DAYS) * (1 - recent / RECENT_COUNT) - timedelta(seconds=60)
        old_days = OLDEST_DAYS - RECENT_DAYS - 1
        share = number / max(1, self.count_of_tickets - RECENT_COUNT)
        return self.began - timedelta(days=OLDEST_DAYS) + timedelta(days=old_days) * share

    def ticket(self, number: int) -> Ticket:
        if number in self.moved:
            return self.moved[number]
        made = self.created_at(number).replace(microsecond=0)
        is_unsolved = number > self.count_of_tickets - UNSOLVED_COUNT
        status = (Status.NEW, Status.OPEN, Status.PENDING, Status.HOLD)[number % 4] if is_unsolved else Status.CLOSED
        return Ticket(
            number,
            made,
            made + timedelta(seconds=EVENTS_A_TICKET - 1),
            status,
            subject=f"What ticket {number} is about, in a line of the usual length",
            description="Words that somebody wrote. " * 20,
            priority=_PRIORITIES[number % len(_PRIORITIES)],
            group_id=GROUPS[number % len(GROUPS)],
            assignee_id=1000 + number % 200,
            requester_id=100_000 + number % 5000,
            tags=("voice", "billing"),
        )

    def metrics_of(self, number: int) -> TicketMetrics:
        ticket = self.ticket(number)
        took = Minutes(number % 600, number % 300)
        is_solved = ticket.status in (Status.SOLVED, Status.CLOSED)
        return TicketMetrics(
            50_000_000 + number,
            number,
            ticket.created_at,
            ticket.updated_at,
            replies_count=number % 4,
            solved_at=ticket.updated_at if is_solved else None,
            reply_time=took,
            full_resolution_time=took if is_solved else Minutes(),
            requester_wait_time=took,
            agent_wait_time=took,
        )

    def event(self, place: int) -> MetricEvent:
        """Event 0 … ten times the tickets, in the order of time."""
        number, step = place // EVENTS_A_TICKET + 1, place % EVENTS_A_TICKET
        at = self.created_at(number).replace(microsecond=0) + timedelta(seconds=step)
        metric = TicketMetric.REPLY if step % 2 else TicketMetric.RESOLUTION
        is_open = number > self.count_of_tickets - UNSOLVED_COUNT
        kind = (EventType.ACTIVATE, EventType.APPLY_SLA, EventType.BREACH, EventType.UPDATE_STATUS, EventType.FULFILL)[step // 2]
        if kind is EventType.FULFILL and is_open:
            kind = EventType.MEASURE
        return MetricEvent(
            _FIRST_EVENT + place,
            number,
            metric,
            1,
            kind,
            at,
            sla=_POLICIES[number % len(_POLICIES)] if kind is EventType.APPLY_SLA else None,
            status=Minutes(1, 1) if kind is EventType.UPDATE_STATUS else None,
            deleted=kind is EventType.BREACH and number % 20 != 0,
        )

    def work(self, moved_count: int, round_number: int) -> None:
        """Fifteen seconds in which so many unsolved tickets move, each with two events."""
        self.now += timedelta(seconds=15)
        for place in range(moved_count):
            number = self.count_of_tickets - (round_number * moved_count + place) % UNSOLVED_COUNT
            known = self.ticket(number)
            status = Status.PENDING if known.status is Status.OPEN else Status.OPEN
            self.moved[number] = Ticket(
                number, known.created_at, self.now, status, known.subject, "", known.priority, group_id=known.group_id
            )
            for kind in (EventType.PAUSE, EventType.BREACH):
                self.later.append(MetricEvent(_FIRST_EVENT * 10 + len(self.later), number, TicketMetric.RESOLUTION, 1, kind, self.now))

    # --- what the clients ask

    def heard(self, before_request: Callable[[], None]) -> Heard:
        before_request()
        self.requests += 1
        return Heard(self.now, None, None, 1)

    def list_page(
        self, *, sort: str = "id", after: str | None = None, size: int = LARGEST_PAGE, before_request: Callable[[], None] = _nothing
    ) -> Page[Ticket]:
        heard = self.heard(before_request)
        start = int(after or 0)
        if self.dies_at is not None and sort == "id" and start >= self.dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if sort == "id":
            numbers = range(start + 1, min(start + size, self.count_of_tickets) + 1)
        else:  # those that moved are among the last of all
            latest = sorted(range(max(1, self.count_of_tickets - 2 * UNSOLVED_COUNT), self.count_of_tickets + 1), key=self._moved_key)
            numbers = latest[::-1][start : start + size]  # type: ignore[assignment]
        end = start + len(numbers)
        return Page(tuple(self.ticket(each) for each in numbers), str(end) if end < self.count_of_tickets else None, None, heard)

    def _moved_key(self, number: int) -> tuple[datetime, int]:
        return self.ticket(number).updated_at, number

    def count(self, *, before_request: Callable[[], None] = _nothing) -> Counted:
        return Counted(self.count_of_tickets, self.heard(before_request).at)

    def groups_page(self, *, after: str | None = None, before_request: Callable[[], None] = _nothing) -> Page[User]:
        return Page(tuple(User(each, f"Group {each}") for each in GROUPS), None, None, self.heard(before_request))

    def deleted_page(self, *, after: str | None = None, before_request: Callable[[], None] = _nothing) -> Page[DeletedTicket]:
        return Page((), None, None, self.heard(before_request))

    def show_many(self, ids: Iterable[int], *, before_request: Callable[[], None] = _nothing) -> tuple[Ticket, ...]:
        self.heard(before_request)
        return tuple(self.ticket(each) for each in ids)


class _Metrics:
    """The same account by the names of the client of metrics."""

    def __init__(self, account: BigAccount) -> None:
        self._account = account

    def list_page(self, *, after: str | None = None, before_request: Callable[[], None] = _nothing) -> Page[TicketMetrics]:
        account = self._account
        heard = account.heard(before_request)
        highest = account.count_of_tickets if after is None else int(after)
        lowest = max(0, highest - LARGEST_PAGE)
        items = tuple(account.metrics_of(each) for each in range(highest, lowest, -1))
        return Page(items, str(lowest) if lowest else None, None, heard)

    def of_ticket(self, ticket_id: int, *, before_request: Callable[[], None] = _nothing) -> TicketMetrics:
        self._account.heard(before_request)
        return self._account.metrics_of(ticket_id)

    def events_since(self, start_s: int, *, before_request: Callable[[], None] = _nothing) -> Events:
        account = self._account
        heard = account.heard(before_request)
        low, high = 0, account.count_of_tickets * EVENTS_A_TICKET
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if account.event(middle).at.timestamp() >= start_s else (middle + 1, high)
        total = account.count_of_tickets * EVENTS_A_TICKET
        found = [account.event(place) for place in range(low, min(low + FULL_PAGE, total))]
        is_last = len(found) < FULL_PAGE
        if is_last:
            found += [event for event in account.later if event.at.timestamp() >= start_s]
        end_s = int(found[-1].at.timestamp()) if found else start_s
        return Events(tuple(found), end_s, len(found), is_last, heard)


def as_source(account: BigAccount) -> Any:
    """The mirror's source that reads this account."""
    from dashboard.mirror.source import MirrorSource  # needs Django's settings, which the measuring child makes first

    tickets: Any = account
    metrics: Any = account.metrics
    return MirrorSource(
        "main", tickets=lambda _: tickets, metrics=lambda _: metrics, site=lambda _: "in this process", clock=lambda: account.now
    )
