"""Known tickets: what the vendor tells of them, written where it differs from what is known, with the tally and the clocks that follow.

In:  tickets as the vendor has them now; ids of those that are gone. Out: rows, within one transaction. Must not ask the vendor.
Used by the streams, and by whoever has just changed a ticket at the vendor and holds its answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from dashboard.domain.tickets import UNSOLVED, Status, Ticket
from dashboard.mirror import clocks, streams, tally
from dashboard.models import KnownTicket

# How long a ticket that can change no more is kept: its numbers are in no span that a board shows by then.
KEPT_FOR = timedelta(days=40)
# A move so far ahead of our clock was told by mistake: what comes after it is not older.
BELIEVED_AHEAD = timedelta(hours=1)
# The events' stream keeps those of a ticket that is not known yet, when they are as new as this (event_stream.py).
LATE = timedelta(seconds=120)

TOLD = (
    "subject",
    "status",
    "priority",
    "type",
    "group_id",
    "assignee_id",
    "requester_id",
    "problem_id",
    "external_id",
    "tags",
    "created_at",
    "moved_at",
)
_WRITTEN = (*TOLD, "is_gone", "is_behind", "solved_at")
SOLVED = (Status.SOLVED.value, Status.CLOSED.value)
_CLOCKS_LOOK_AT = ("group_id", "status", "is_gone")


@dataclass(frozen=True, slots=True)
class Kept:
    """What a page changed: ids of tickets that are new here, and of those that are other than before."""

    new: tuple[int, ...]
    changed: tuple[int, ...]


def keep(account: str, tickets: Iterable[Ticket], now: datetime) -> Kept:
    """Brings the rows of these tickets up to date, in a transaction of its own. A copy that is older than what is known changes nothing."""
    with streams.writing(account, now):
        return keep_within(account, tickets, now=now, live=True)


def lose(account: str, ids: Iterable[int], now: datetime) -> int:
    """These tickets are gone: trash, spam, deleted for good. Returns how many of them were not before."""
    with streams.writing(account, now):
        return lose_within(account, ids)


def keep_within(account: str, tickets: Iterable[Ticket], *, now: datetime, live: bool) -> Kept:
    """`keep` within the caller's transaction (`streams.page`). `live` False: a first reading, which works out clocks at its end, and does
    not take a ticket's last move for its solution."""
    told = {each.id: each for each in sorted(tickets, key=lambda ticket: ticket.updated_at)}
    known = {row.ticket_id: row for row in KnownTicket.objects.filter(account=account, ticket_id__in=list(told))}
    written: list[KnownTicket] = []
    moves: list[tuple[tally.Place | None, tally.Place | None]] = []
    refold: list[int] = []
    new: list[int] = []
    for ticket_id, ticket in told.items():
        row = known.get(ticket_id)
        if row is None and is_over(ticket.status, ticket.updated_at, now):
            continue
        fresh = _row(account, ticket)
        if row is None:
            fresh.solved_at = ticket.updated_at if live and ticket.status is Status.SOLVED else None
            moves.append((None, tally.place_of(fresh)))
            new.append(ticket_id)
        else:
            is_older = ticket.updated_at < row.moved_at <= now + BELIEVED_AHEAD
            if is_older or not _differs(row, fresh):
                continue
            fresh.is_behind = row.is_behind or fresh.moved_at != row.moved_at
            fresh.solved_at = row.solved_at
            if live and fresh.status in SOLVED and row.status not in SOLVED:
                fresh.solved_at = ticket.updated_at  # until the vendor's own word comes with the metrics
            moves.append((tally.place_of(row), tally.place_of(fresh)))
            if any(getattr(row, name) != getattr(fresh, name) for name in _CLOCKS_LOOK_AT):
                refold.append(ticket_id)
        written.append(fresh)
    if written:
        unique = ["account", "ticket_id"]
        KnownTicket.objects.bulk_create(written, update_conflicts=True, unique_fields=unique, update_fields=list(_WRITTEN))
        tally.move(account, moves)
    if live and (refold or new):
        clocks.refold(account, [*refold, *new])
        _read_events_again(account, [told[ticket_id] for ticket_id in new], now)
    return Kept(tuple(new), tuple(row.ticket_id for row in written if row.ticket_id in known))


def lose_within(account: str, ids: Iterable[int]) -> int:
    """`lose` within the caller's transaction."""
    rows = list(KnownTicket.objects.filter(account=account, ticket_id__in=list(ids), is_gone=False))
    if not rows:
        return 0
    tally.move(account, [(tally.place_of(row), None) for row in rows])
    gone = [row.ticket_id for row in rows]
    KnownTicket.objects.filter(account=account, ticket_id__in=gone).update(is_gone=True, is_behind=False)
    clocks.refold(account, gone)
    return len(rows)


def _read_events_again(account: str, new: Sequence[Ticket], now: datetime) -> None:
    """A ticket that appears long after it was written comes out of a trash that was filled before the first reading: its events came
    while nobody knew it, and were passed over. So the events are read once more from where it began."""
    stream = streams.of(account, streams.TICKETS)
    if stream is None or stream.high_at is None:
        return
    late = [each for each in new if each.created_at < stream.high_at - LATE]
    if late:
        since = min(each.created_at if each.status in UNSOLVED else max(each.created_at, now - KEPT_FOR) for each in late)
        streams.back_to(account, streams.EVENTS, since)


def is_over(status: str, moved_at: datetime, now: datetime) -> bool:
    """It can change no more, and is in no span that anybody looks at."""
    return status == Status.CLOSED and moved_at < now - KEPT_FOR


def unsolved_of(account: str, groups: Sequence[int]) -> Q:
    """What picks the unsolved tickets of these groups (empty: all), group 0: those of no group."""
    picked = Q(account=account, status__in=[each.value for each in UNSOLVED], is_gone=False)
    return picked & in_groups(groups) if groups else picked


def in_groups(groups: Sequence[int]) -> Q:
    """What picks the tickets of these groups; empty: all."""
    if not groups:
        return Q()
    picked = Q(group_id__in=list(groups))
    return picked | Q(group_id=None) if 0 in groups else picked


def _row(account: str, ticket: Ticket) -> KnownTicket:
    return KnownTicket(
        account=account,
        ticket_id=ticket.id,
        subject=ticket.subject[:200],
        status=ticket.status.value,
        priority=ticket.priority.value if ticket.priority else "",
        type=ticket.type.value if ticket.type else "",
        group_id=ticket.group_id,
        assignee_id=ticket.assignee_id,
        requester_id=ticket.requester_id,
        problem_id=ticket.problem_id,
        external_id=(ticket.external_id or "")[:200],
        tags=list(ticket.tags),
        created_at=ticket.created_at,
        moved_at=ticket.updated_at,
    )


def _differs(row: KnownTicket, fresh: KnownTicket) -> bool:
    return row.is_gone or any(getattr(row, name) != getattr(fresh, name) for name in TOLD)
