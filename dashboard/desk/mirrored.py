"""The mirror's rows after a change of ours, so that a page does not show for some seconds what is no longer so.

In:  tickets as the vendor answered, or ids. Out: rows, and the counts beside them, in the caller's transaction. The next poll would bring
the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from dashboard.domain.tickets import Ticket
from dashboard.models import KnownTicket, Tally


def keep(account: str, tickets: Iterable[Ticket]) -> None:
    """Brings rows that are known up to date; a ticket that the mirror has not met is left to the next poll."""
    for ticket in tickets:
        with transaction.atomic():
            row = KnownTicket.objects.select_for_update().filter(account=account, ticket_id=ticket.id).first()
            if row is not None and row.moved_at <= ticket.updated_at:
                _counted(row, -1)
                _fill(row, ticket)
                row.save()
                _counted(row, 1)


def mark_gone(account: str, ids: Iterable[int], *, is_gone: bool) -> None:
    """Into the trash, or out of it."""
    with transaction.atomic():
        rows = KnownTicket.objects.select_for_update().filter(account=account, ticket_id__in=list(ids), is_gone=not is_gone)
        for row in rows.order_by("ticket_id"):
            _counted(row, -1)
            row.is_gone = is_gone
            row.save(update_fields=["is_gone"])
            _counted(row, 1)


def _fill(row: KnownTicket, ticket: Ticket) -> None:
    row.subject = ticket.subject[:200]
    row.status, row.priority, row.type = ticket.status, ticket.priority or "", ticket.type or ""
    row.group_id, row.assignee_id, row.requester_id = ticket.group_id, ticket.assignee_id, ticket.requester_id
    row.problem_id, row.external_id, row.tags = ticket.problem_id, (ticket.external_id or "")[:200], list(ticket.tags)
    row.moved_at, row.is_gone, row.is_behind = ticket.updated_at, False, True


def _counted(row: KnownTicket, by: int) -> None:
    if row.is_gone:
        return
    of = Tally.objects.filter(account=row.account, group_id=row.group_id or 0, status=row.status, priority=row.priority)
    if of.update(count=F("count") + by) == 0 and by > 0:
        Tally.objects.create(account=row.account, group_id=row.group_id or 0, status=row.status, priority=row.priority, count=1)
