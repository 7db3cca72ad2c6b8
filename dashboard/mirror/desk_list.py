"""The list of unsolved tickets for whoever works through it: those whose target is missed or nearly first.

In:  what to narrow the list to, the time, which part of it. Out: tickets with their next breach. Reads rows only; asks nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery

from dashboard.domain.sla import ClockState
from dashboard.domain.tickets import UNSOLVED
from dashboard.mirror.clocks import WAITING
from dashboard.mirror.names import names
from dashboard.mirror.tickets import unsolved_of
from dashboard.models import KnownClock, KnownTicket

__all__ = ["AtRisk", "names", "tickets_at_risk", "tickets_count"]


@dataclass(frozen=True, slots=True)
class AtRisk:
    """An unsolved ticket and, of its clocks that wait, the one whose breach is announced for the earliest time.

    `breach_at` None, `metric` and `policy` empty, `state` empty: no breach is announced for it. `left_s`: seconds until then, below 0 after
    it; None: the clock is paused, or there is none.
    """

    ticket: KnownTicket
    metric: str = ""
    policy: str = ""
    breach_at: datetime | None = None
    left_s: int | None = None
    state: str = ""


def tickets_at_risk(
    account: str,
    *,
    groups: Sequence[int] = (),
    assignees: Sequence[int] = (),
    statuses: Sequence[str] = (),
    priorities: Sequence[str] = (),
    now: datetime,
    limit: int,
    offset: int = 0,
) -> list[AtRisk]:
    """Missed longest first, then by the time that is left, then those without a breach, the oldest first.

    Empty sequences narrow nothing. Assignee 0: of nobody; group 0: of no group; priority "": of none. Of `statuses` only the
    unsolved count.
    """
    found = _narrowed(account, groups, assignees, statuses, priorities)
    # The earliest by its value alone: asked for the first in order, or for what has a breach, SQLite walks all of the account's clocks by
    # their breaches for each single ticket.
    clock = KnownClock.objects.filter(account=account, ticket_id=OuterRef("ticket_id"), state__in=WAITING)
    earliest = clock.order_by().values("ticket_id").annotate(earliest=Min("breach_at")).values("earliest")
    found = found.annotate(next_at=Subquery(earliest))
    rows = list(found.order_by(F("next_at").asc(nulls_last=True), "created_at", "ticket_id")[offset : offset + limit])
    clocks = _next_clocks(account, [row.ticket_id for row in rows])
    return [_at_risk(row, clocks.get(row.ticket_id), now) for row in rows]


def tickets_count(
    account: str,
    *,
    groups: Sequence[int] = (),
    assignees: Sequence[int] = (),
    statuses: Sequence[str] = (),
    priorities: Sequence[str] = (),
) -> int:
    """How many tickets the whole list has, narrowed alike."""
    return _narrowed(account, groups, assignees, statuses, priorities).count()


def _narrowed(
    account: str, groups: Sequence[int], assignees: Sequence[int], statuses: Sequence[str], priorities: Sequence[str]
) -> QuerySet[KnownTicket, Any]:
    found = KnownTicket.objects.filter(unsolved_of(account, groups))
    if assignees:
        theirs = Q(assignee_id__in=[each for each in assignees if each])
        found = found.filter(theirs | Q(assignee_id=None) if 0 in assignees else theirs)
    if statuses:
        found = found.filter(status__in=[each.value for each in UNSOLVED if each in statuses])
    if priorities:
        found = found.filter(priority__in=list(priorities))
    return found


def _next_clocks(account: str, ticket_ids: Sequence[int]) -> dict[int, KnownClock]:
    """Of each ticket's waiting clocks the one whose breach is announced for the earliest time."""
    # Sorted and looked through here, for the same reason as above.
    waiting = KnownClock.objects.filter(account=account, ticket_id__in=ticket_ids, state__in=WAITING)
    known = [(clock.breach_at, clock.pk, clock) for clock in waiting if clock.breach_at is not None]
    return {clock.ticket_id: clock for _, _, clock in sorted(known, key=lambda each: each[:2], reverse=True)}


def _at_risk(ticket: KnownTicket, clock: KnownClock | None, now: datetime) -> AtRisk:
    if clock is None or clock.breach_at is None:
        return AtRisk(ticket)
    left_s = int((clock.breach_at - now).total_seconds()) if clock.state == ClockState.RUNNING else None
    return AtRisk(ticket, clock.metric, clock.policy_title, clock.breach_at, left_s, clock.state)
