"""The tickets that a plan is about, as they are at this moment: asked of the vendor, or, when it does not answer, as the mirror knew them.

In:  a wish, clients, a permit. Out: `Seen`s, and the groups that agents call their own. Changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from dashboard.desk.refusal_words import error_said
from dashboard.desk.wishes import PlanError, Seen, Wish
from dashboard.domain.tickets import UNSOLVED, Ticket, User
from dashboard.models import KnownTicket
from dashboard.polling.permit import heed
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.zendesk_tickets import ZendeskTickets

# Somebody waits for the page; after that the mirror's rows do.
WITHIN_S = 5.0
AT_ONCE = 100
# Channels on which the vendor tells nothing of a merge, whatever is asked.
QUIET_CHANNELS = frozenset({"twitter", "facebook", "any_channel"})
_PASSING = frozenset({ErrorKind.TIMEOUT, ErrorKind.NETWORK, ErrorKind.SERVER, ErrorKind.RATE_LIMIT})

Client = Callable[[str], ZendeskTickets]
Allow = Callable[[str], Callable[[], None]]


def seen(account: str, wish: Wish, client: Client, allow: Allow) -> tuple[list[Seen], Mapping[int, int]]:
    """The wish's tickets, the one that others are merged into, and the problem; and by agent the group that is their own, where it matters
    (missing: not told). PlanError: the vendor refuses to show them."""
    also = (wish.into_id, wish.change.problem_id)
    wanted = list(dict.fromkeys([*wish.ids, *(each for each in also if each)]))
    asking: dict[str, Any] = {"before_request": allow(account), "deadline": time.monotonic() + WITHIN_S}
    found: list[Ticket] = []
    try:
        tickets = client(account)
        for start in range(0, len(wanted), AT_ONCE):
            found += tickets.show_many(wanted[start : start + AT_ONCE], **asking)
    except SourceError as error:
        heed(account, error, datetime.now(UTC))
        if error.kind not in _PASSING:
            raise PlanError(error_said(error)) from None
        return known(account, wanted, fresh=False), {}
    except ValueError:
        raise PlanError("Each ticket can be chosen once, by its number.") from None
    return [_of(ticket) for ticket in found], _homes(account, wish, found, lambda ids: tickets.users(ids, **asking))


def known(account: str, ids: Iterable[int], *, fresh: bool) -> list[Seen]:
    """As the mirror has them; those that it does not know are missing. `fresh`: what else could be known is not, so it counts as now."""
    return [
        Seen(
            row.ticket_id,
            row.moved_at,
            row.status,
            row.subject,
            row.priority,
            row.type,
            row.group_id,
            row.assignee_id,
            row.requester_id,
            row.problem_id,
            row.external_id,
            tuple(row.tags),
            fresh=fresh,
        )
        for row in KnownTicket.objects.filter(account=account, ticket_id__in=list(ids))
    ]


def incidents_of(account: str, tickets: Iterable[Seen]) -> dict[int, list[int]]:
    """The unsolved incidents that the mirror knows, by their problem."""
    unsolved = [each.value for each in UNSOLVED]
    rows = KnownTicket.objects.filter(
        account=account, problem_id__in=[each.id for each in tickets if each.type == "problem"], status__in=unsolved, is_gone=False
    )
    found: dict[int, list[int]] = {}
    for problem_id, ticket_id in rows.order_by("ticket_id").values_list("problem_id", "ticket_id"):
        found.setdefault(problem_id or 0, []).append(ticket_id)
    return found


def _homes(account: str, wish: Wish, found: Sequence[Ticket], ask: Callable[[list[int]], Iterable[User]]) -> Mapping[int, int]:
    """Asked only where a group or an assignee is to change. Without an answer the plan says "if" where it could have been sure."""
    change = wish.change
    agents = {change.assignee_id} if change.assignee_id else {each.assignee_id for each in found} if change.group_id else set()
    ids = sorted(each for each in agents if each)
    if not ids:
        return {}
    try:
        told = ask(ids[:AT_ONCE])
    except SourceError as error:
        heed(account, error, datetime.now(UTC))
        return {}
    return {each.id: each.default_group_id for each in told if each.default_group_id is not None}


def _of(ticket: Ticket) -> Seen:
    return Seen(
        ticket.id,
        ticket.updated_at,
        ticket.status,
        ticket.subject,
        ticket.priority or "",
        ticket.type or "",
        ticket.group_id,
        ticket.assignee_id,
        ticket.requester_id,
        ticket.problem_id,
        ticket.external_id or "",
        ticket.tags,
        not ticket.is_public or ticket.channel in QUIET_CHANNELS,
    )
