"""The vendor's durations and counts of known tickets, written beside them.

In:  metrics as the vendor has them. Out: columns of `KnownTicket`, within one transaction. Metrics of unknown tickets are passed over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from dashboard.domain.tickets import TicketMetrics
from dashboard.models import KnownTicket

_WRITTEN = (
    "is_behind",
    "metrics_at",
    "replied_at",
    "solved_at",
    "reply_calendar_min",
    "reply_business_min",
    "resolution_calendar_min",
    "resolution_business_min",
    "first_resolution_calendar_min",
    "agent_wait_calendar_min",
    "agent_wait_business_min",
    "requester_wait_calendar_min",
    "requester_wait_business_min",
    "on_hold_calendar_min",
    "on_hold_business_min",
    "reopens_count",
    "replies_count",
)


def keep_within(account: str, found: Sequence[TicketMetrics], *, asked: Mapping[int, datetime] | None, moved_to: datetime | None) -> int:
    """Writes them in the caller's transaction (`streams.page`); returns of how many known tickets.

    A ticket that has moved since is still behind: one of `asked` (ticket and its move as of the question) by another move than that, one
    of a list by a move after `moved_to`, which was the latest that was known when the list was asked for.
    """
    told = {each.ticket_id: each for each in found}
    rows = list(KnownTicket.objects.filter(account=account, ticket_id__in=list(told), is_gone=False))
    for row in rows:
        was_known = row.moved_at == asked.get(row.ticket_id) if asked is not None else moved_to is None or row.moved_at <= moved_to
        _fill(row, told[row.ticket_id])
        row.is_behind = not was_known
    if rows:
        unique = ["account", "ticket_id"]
        KnownTicket.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=list(_WRITTEN))
    return len(rows)


def _fill(row: KnownTicket, told: TicketMetrics) -> None:
    reply = told.reply_time.calendar
    if reply is None and told.reply_time_s is not None:  # a ticket of messaging, which is told in seconds alone
        reply = told.reply_time_s // 60
    row.metrics_at = told.updated_at
    row.replied_at = None if reply is None else row.created_at + _after(told, reply)
    row.solved_at = told.solved_at
    row.reply_calendar_min, row.reply_business_min = reply, told.reply_time.business
    row.resolution_calendar_min, row.resolution_business_min = told.full_resolution_time.calendar, told.full_resolution_time.business
    row.first_resolution_calendar_min = told.first_resolution_time.calendar
    row.agent_wait_calendar_min, row.agent_wait_business_min = told.agent_wait_time.calendar, told.agent_wait_time.business
    row.requester_wait_calendar_min = told.requester_wait_time.calendar
    row.requester_wait_business_min = told.requester_wait_time.business
    row.on_hold_calendar_min, row.on_hold_business_min = told.on_hold_time.calendar, told.on_hold_time.business
    row.reopens_count, row.replies_count = told.reopens_count, told.replies_count


def _after(told: TicketMetrics, minutes: int) -> timedelta:
    """The vendor tells no time of the first reply, only how long it took; for messaging to the second."""
    return timedelta(minutes=minutes) if told.reply_time_s is None else timedelta(seconds=told.reply_time_s)
