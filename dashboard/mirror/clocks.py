"""Clocks of known tickets: folded from all events of a ticket, anew whenever one of them comes or the ticket itself changes.

In:  ids of tickets, within the transaction that changed them. Out: rows of `KnownClock`, those of clocks with a target alone.
The folding is domain/sla.py's. A ticket in the trash has no clocks; its events stay, in case it comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dashboard.domain.sla import Clock, ClockState
from dashboard.domain.sla import clocks as folded
from dashboard.domain.tickets import UNSOLVED
from dashboard.mirror import events, streams
from dashboard.models import KnownClock, KnownTicket

WAITING = (ClockState.RUNNING.value, ClockState.PAUSED.value)
_KEY = ("ticket_id", "metric", "instance")
_TOLD = ("group_id", "state", "target_min", "business_hours", "policy_id", "policy_title", "breach_at", "fulfilled_at")


def refold(account: str, ids: Iterable[int]) -> None:
    """Brings the clocks of these tickets up to date. Until the first reading of events has folded all, by their ids, those alone that it
    has passed: it comes to the others."""
    stream = streams.of(account, streams.CLOCKS)
    if stream is None:
        return
    passed = None if stream.caught_up_at is not None else int(stream.cursor or 0)
    for some in events.chunks(sorted({each for each in ids if passed is None or each <= passed})):
        fold(account, some)


def fold(account: str, ids: Sequence[int]) -> None:
    """As `refold`, at most some hundreds of tickets, whatever was folded before."""
    tickets = {
        row[0]: row[1:]
        for row in KnownTicket.objects.filter(account=account, ticket_id__in=ids, is_gone=False).values_list(
            "ticket_id", "group_id", "status"
        )
    }
    wanted = {
        (clock.key.ticket_id, clock.key.metric.value, clock.key.instance): _row(account, clock, *tickets[clock.key.ticket_id])
        for clock in folded(events.of_tickets(account, list(tickets))).values()
        if clock.target is not None
    }
    known = {tuple(getattr(row, name) for name in _KEY): row for row in KnownClock.objects.filter(account=account, ticket_id__in=ids)}
    written = [row for key, row in wanted.items() if key not in known or _differs(known[key], row)]
    if written:
        KnownClock.objects.bulk_create(
            written, update_conflicts=True, unique_fields=["account", *_KEY], update_fields=list(_TOLD), batch_size=events.AT_ONCE
        )
    if gone := [row.pk for key, row in known.items() if key not in wanted]:
        KnownClock.objects.filter(pk__in=gone).delete()


def _row(account: str, clock: Clock, group_id: int | None, status: str) -> KnownClock:
    assert clock.target is not None  # noqa: S101 (the caller leaves the others out)
    state = clock.state.value
    if status not in UNSOLVED and state in WAITING:
        # Nobody works on a solved ticket: a clock that the vendor left running waits for nothing. What it missed before stays missed.
        state = ClockState.IDLE.value
    return KnownClock(
        account=account,
        ticket_id=clock.key.ticket_id,
        metric=clock.key.metric.value,
        instance=clock.key.instance,
        group_id=group_id or 0,
        state=state,
        target_min=clock.target.target_min,
        business_hours=clock.target.business_hours,
        policy_id=clock.target.policy_id,
        policy_title=clock.target.policy_title[:200],
        breach_at=clock.breach_at,
        fulfilled_at=clock.fulfilled_at,
    )


def _differs(known: KnownClock, row: KnownClock) -> bool:
    return any(getattr(known, name) != getattr(row, name) for name in _TOLD)
