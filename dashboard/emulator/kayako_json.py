"""A conversation and its metrics as Kayako writes them: every third ticket of the desk is one, under its own number.

In:  a ticket, the desk. Out: JSON objects. Times have the account's offset. What never happened is null, 1970, or not there at all; two
fields are spelt in either way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from dashboard.emulator.helpdesk.desk import HelpDesk
from dashboard.emulator.helpdesk.tickets import CLOSED, HOLD, NEW, OPEN, PENDING, SOLVED, Comment, Span, Ticket

Row = dict[str, object]
EVERY = 3
NEVER = "1970-01-01T00:00:00+05:00"
_STATUSES: Mapping[str, tuple[int, str, str]] = {
    NEW: (1, "New", "NEW"),
    OPEN: (2, "Open", "OPEN"),
    PENDING: (3, "Pending", "PENDING"),
    SOLVED: (4, "Completed", "COMPLETED"),
    CLOSED: (5, "Closed", "CLOSED"),
    HOLD: (6, "Waiting for others", "CUSTOM"),
}
_PRIORITIES: Mapping[str, tuple[int, str]] = {"low": (1, "Low"), "normal": (2, "Normal"), "high": (3, "High"), "urgent": (4, "Urgent")}
_CHANNELS = {"email": "MAIL", "web": "HELPCENTER", "native_messaging": "MESSENGER"}


def is_conversation(ticket_id: int) -> bool:
    """Whether this ticket came in through Kayako."""
    return ticket_id % EVERY == 0


def case_row(desk: HelpDesk, ticket: Ticket, origin: str, include: frozenset[str]) -> Row:
    """One conversation of a list; what is not included is told by its id alone."""
    number, label, kind = _STATUSES[ticket.status]
    status = {"id": number, "resource_type": "case_status"}
    if "case_status" in include:
        status = {**status, "label": label, "type": kind, "sort_order": number}
    by_customer, by_agents = _authors(ticket)
    return {
        "id": ticket.id,
        "legacy_id": None,
        "subject": ticket.subject,
        "portal": "API",
        "source_channel": {"type": _CHANNELS.get(ticket.channel, "NOTE"), "resource_type": "channel"},
        "requester": _user(ticket.requester_id),
        "creator": _user(ticket.submitter_id),
        "assigned_agent": _user(ticket.assignee_id),
        "assigned_team": None if ticket.group_id is None else {"id": ticket.group_id, "resource_type": "team"},
        "status": status,
        "priority": _priority(ticket.priority, included="case_priority" in include),
        "state": "ACTIVE",
        "post_count": len(ticket.comments),
        "has_notes": any(not comment.is_public for comment in ticket.comments),
        "last_agent_activity_at": _at(desk, by_agents[-1].at_ms) if by_agents else None,
        "last_customer_activity_at": _at(desk, by_customer[-1].at_ms) if by_customer else None,
        "last_completed_at": _at(desk, ticket.figures.solved_ms),
        "created_at": _at(desk, ticket.created_ms),
        "updated_at": _at(desk, ticket.updated_ms),
        "resource_type": "case",
        "resource_url": f"{origin}/api/v1/cases/{ticket.id}",
    }


def metrics_row(desk: HelpDesk, ticket: Ticket) -> Row:
    """The metrics of one conversation; durations in whole seconds, 0 where nothing has happened yet."""
    figures = ticket.figures
    by_customer, by_agents = _authors(ticket)
    public = [comment for comment in by_agents if comment.is_public]
    waits = list(_responses(desk, ticket))
    is_resolved = not ticket.is_unsolved
    reopened_ms = figures.requester_updated_ms if figures.reopens else None
    other_spelling = ticket.id % 2
    row: Row = {
        "is_first_contact_resolved": first_contact(ticket),
        "was_reopened": figures.reopens > 0,
        "last_reopen_at" if other_spelling else "last_reopened_at": _at(desk, reopened_ms),
        "first_assignment_at": _at(desk, figures.initially_assigned_ms),
        "last_assignment_at": _at(desk, figures.assigned_ms) or NEVER,
        "last_activity_by_requester_at": _at(desk, figures.requester_updated_ms),
        "last_activity_by_assignee_at": _at(desk, by_agents[-1].at_ms) if by_agents else None,
        "last_reply_by_agent_at": _at(desk, public[-1].at_ms) if public else None,
        "last_reply_by_requester_at": _at(desk, by_customer[-1].at_ms) if by_customer else None,
        "agent_update_at" if other_spelling else "agent_updated_at": _at(desk, by_agents[-1].at_ms) if by_agents else None,
        "status_update_at": _at(desk, figures.status_updated_ms),
        "resolution_at": _at(desk, figures.solved_ms) if is_resolved else None,
        "last_replier": _user(public[-1].author_id) if public else None,
        "resolved_by": _user(ticket.assignee_id) if is_resolved else None,
        "resolution_calendar_time": _seconds(figures.full_resolution if is_resolved else None),
        "resolution_business_time": _seconds(figures.full_resolution if is_resolved else None, business=True),
        "average_calendar_response_time": _mean([calendar_ms for calendar_ms, _ in waits]),
        "average_business_response_time": _mean([business_ms for _, business_ms in waits]),
        "agent_first_calendar_response_time": _seconds(figures.reply),
        "agent_first_business_response_time": _seconds(figures.reply, business=True),
        "agent_calendar_wait_time": _seconds(figures.agent_wait),
        "agent_business_wait_time": _seconds(figures.agent_wait, business=True),
        "customer_calendar_wait_time": _seconds(figures.requester_wait),
        "customer_business_wait_time": _seconds(figures.requester_wait, business=True),
        "reopen_count": figures.reopens,
        "agents_to_resolution": len({comment.author_id for comment in by_agents}) if is_resolved else 0,
        "replies_to_resolution": len(public) if is_resolved else 0,
        "agent_reply_count": len(public),
        "requester_reply_count": len(by_customer),
        "assignee_change_count": figures.assignee_stations,
        "team_change_count": figures.group_stations,
        "agent_touch_count": len(by_agents),
        "resource_type": "case_metric",
    }
    # Some installations leave out what has not happened.
    return row if ticket.id % 4 else {name: value for name, value in row.items() if value is not None}


def first_contact(ticket: Ticket) -> bool:
    """Resolved with one reply at most, and for good."""
    return not ticket.is_unsolved and ticket.figures.replies <= 1 and ticket.figures.reopens == 0


def _authors(ticket: Ticket) -> tuple[list[Comment], list[Comment]]:
    """The customer's comments, and everybody else's."""
    theirs = [comment for comment in ticket.comments if comment.author_id == ticket.requester_id]
    return theirs, [comment for comment in ticket.comments if comment.author_id != ticket.requester_id]


def _responses(desk: HelpDesk, ticket: Ticket) -> Iterator[tuple[int, int]]:
    """From each question to its answer, milliseconds around the clock and in business hours."""
    asked_ms: int | None = None
    for comment in ticket.comments:
        if comment.author_id == ticket.requester_id:
            asked_ms = comment.at_ms if asked_ms is None else asked_ms
        elif comment.is_public and asked_ms is not None:
            yield comment.at_ms - asked_ms, desk.hours.between_ms(asked_ms, comment.at_ms)
            asked_ms = None


def _at(desk: HelpDesk, at_ms: int | None) -> str | None:
    return None if at_ms is None else datetime.fromtimestamp(at_ms // 1000, desk.zone).isoformat()


def _user(user_id: int | None) -> Row | None:
    return None if user_id is None else {"id": user_id, "resource_type": "user"}


def _priority(priority: str | None, *, included: bool) -> Row | None:
    if priority is None:
        return None
    number, label = _PRIORITIES[priority]
    row: Row = {"id": number, "resource_type": "case_priority"}
    return {**row, "label": label, "level": number} if included else row


def _seconds(span: Span | None, *, business: bool = False) -> int:
    return 0 if span is None else (span.business_ms if business else span.calendar_ms) // 1000


def _mean(found_ms: list[int]) -> int:
    return sum(found_ms) // len(found_ms) // 1000 if found_ms else 0
