"""One ticket in words: its fields, its durations by both clocks, its moments. From the vendor's own ticket, or from the mirror's row.

In:  a ticket, its metrics, names. Out: labels and words; what is not known is left out. Must not read anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.desk.clock_bars import minutes_said
from dashboard.desk.plans import Names
from dashboard.domain.tickets import UNSOLVED, Minutes, Status, Ticket, TicketMetrics, TicketType
from dashboard.incidents.page import said
from dashboard.models import KnownTicket

NO_SUBJECT = "(no subject)"


@dataclass(frozen=True, slots=True)
class Shown:
    """A ticket as the page shows it, whichever way it came. `is_fresh` False: as last known, `description` unknown."""

    id: int
    subject: str
    status: str
    priority: str
    type: str
    tags: tuple[str, ...]
    description: str
    facts: tuple[tuple[str, str], ...]
    problem_id: int | None
    is_fresh: bool

    @property
    def is_unsolved(self) -> bool:
        return self.status in set(UNSOLVED)

    @property
    def is_closed(self) -> bool:
        return self.status == Status.CLOSED

    @property
    def is_problem(self) -> bool:
        return self.type == TicketType.PROBLEM


@dataclass(frozen=True, slots=True)
class Duration:
    """One duration in words; empty: it has not happened yet."""

    label: str
    calendar: str
    business: str


def of_ticket(ticket: Ticket, names: Names) -> Shown:
    """The vendor's own."""
    facts = (
        ("Group", names.group(ticket.group_id) if ticket.group_id else "none"),
        ("Assignee", names.person(ticket.assignee_id)),
        ("Requester", names.person(ticket.requester_id) if ticket.requester_id else ""),
        ("Submitter", names.person(ticket.submitter_id) if ticket.submitter_id and ticket.submitter_id != ticket.requester_id else ""),
        ("Came by", ticket.channel.replace("_", " ")),
        ("Visible to the requester", "" if ticket.is_public else "no"),
        ("Due", said(ticket.due_at)),
        ("External id", ticket.external_id or ""),
        ("Created", said(ticket.created_at)),
        ("Last changed", said(ticket.updated_at, seconds=True)),
    )
    return Shown(
        ticket.id,
        ticket.subject or NO_SUBJECT,
        ticket.status,
        ticket.priority or "",
        ticket.type or "",
        ticket.tags,
        ticket.description,
        _kept(facts),
        ticket.problem_id,
        True,
    )


def of_known(row: KnownTicket, names: Names) -> Shown:
    """The mirror's row."""
    facts = (
        ("Group", names.group(row.group_id) if row.group_id else "none"),
        ("Assignee", names.person(row.assignee_id)),
        ("Requester", names.person(row.requester_id) if row.requester_id else ""),
        ("External id", row.external_id),
        ("Created", said(row.created_at)),
        ("Last changed", said(row.moved_at, seconds=True)),
    )
    return Shown(
        row.ticket_id,
        row.subject or NO_SUBJECT,
        row.status,
        row.priority,
        row.type,
        tuple(str(tag) for tag in row.tags),
        "",
        _kept(facts),
        row.problem_id,
        False,
    )


def durations(metrics: TicketMetrics) -> tuple[Duration, ...]:
    """The vendor's durations."""
    found = (
        ("First reply", metrics.reply_time),
        ("First resolution", metrics.first_resolution_time),
        ("Full resolution", metrics.full_resolution_time),
        ("Requester waited", metrics.requester_wait_time),
        ("Agents waited", metrics.agent_wait_time),
        ("On hold", metrics.on_hold_time),
    )
    return tuple(Duration(label, minutes_said(both.calendar), minutes_said(both.business)) for label, both in found)


def known_durations(row: KnownTicket) -> tuple[Duration, ...]:
    """The same from the mirror; none before its metrics were read."""
    if row.metrics_at is None:
        return ()
    found = (
        ("First reply", Minutes(row.reply_calendar_min, row.reply_business_min)),
        ("First resolution", Minutes(row.first_resolution_calendar_min, None)),
        ("Full resolution", Minutes(row.resolution_calendar_min, row.resolution_business_min)),
        ("Requester waited", Minutes(row.requester_wait_calendar_min, row.requester_wait_business_min)),
        ("Agents waited", Minutes(row.agent_wait_calendar_min, row.agent_wait_business_min)),
        ("On hold", Minutes(row.on_hold_calendar_min, row.on_hold_business_min)),
    )
    return tuple(Duration(label, minutes_said(both.calendar), minutes_said(both.business)) for label, both in found)


def counts(metrics: TicketMetrics) -> tuple[tuple[str, str], ...]:
    """How often it changed hands, and when what happened."""
    numbers: Sequence[tuple[str, int]] = (
        ("Public replies", metrics.replies_count),
        ("Reopened", metrics.reopens_count),
        ("Groups it was in", metrics.group_stations_count),
        ("Assignees it had", metrics.assignee_stations_count),
    )
    moments: Sequence[tuple[str, datetime | None]] = (
        ("First assigned", metrics.initially_assigned_at),
        ("Last assigned", metrics.assigned_at),
        ("Status changed", metrics.status_updated_at),
        ("Requester wrote", metrics.requester_updated_at),
        ("Last comment", metrics.latest_comment_added_at),
        ("Solved", metrics.solved_at),
    )
    return (*((label, str(number)) for label, number in numbers), *_kept((label, said(at)) for label, at in moments))


def _kept(found: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, words) for label, words in found if words)
