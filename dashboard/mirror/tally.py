"""How many tickets of one group have one status and priority: kept by differences, so that a count costs the same in any account.

In:  which tickets counted where before, and where now; within the transaction that writes their rows. Out: rows of `Tally`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Sum

from dashboard.models import KnownTicket, Tally


class Place(NamedTuple):
    """Where a ticket is counted. `group_id` 0: of no group; `priority` empty: of none."""

    group_id: int
    status: str
    priority: str


def place_of(ticket: KnownTicket) -> Place | None:
    """None: it is in the trash, and counted nowhere."""
    return None if ticket.is_gone else Place(ticket.group_id or 0, ticket.status, ticket.priority)


def move(account: str, changes: Iterable[tuple[Place | None, Place | None]]) -> None:
    """Each ticket from where it was counted to where it is; None: nowhere. Two statements, however many tickets."""
    deltas: Counter[Place] = Counter()
    for before, now in changes:
        if before is not None:
            deltas[before] -= 1
        if now is not None:
            deltas[now] += 1
    deltas = Counter({place: delta for place, delta in deltas.items() if delta})
    if not deltas:
        return
    found = Tally.objects.filter(account=account, group_id__in={place.group_id for place in deltas})
    known = {Place(row.group_id, row.status, row.priority): row.count for row in found}
    # Never below 0: a count that is wrong for whatever reason must not keep every later page from being written.
    rows = [Tally(account=account, **place._asdict(), count=max(0, known.get(place, 0) + delta)) for place, delta in sorted(deltas.items())]
    unique = ["account", "group_id", "status", "priority"]
    Tally.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=["count"])


def counted(account: str, groups: Sequence[int], statuses: Sequence[str]) -> dict[Place, int]:
    """The counts of these statuses; `groups` empty: of all. Places without tickets may be left out."""
    found = Tally.objects.filter(account=account, status__in=statuses, count__gt=0)
    if groups:
        found = found.filter(group_id__in=groups)
    return {Place(row.group_id, row.status, row.priority): row.count for row in found}


def total(account: str) -> int:
    """All tickets that are counted."""
    return Tally.objects.filter(account=account).aggregate(sum=Sum("count"))["sum"] or 0
