"""One act at the vendor: the right request for it, upon the tickets as they were when somebody agreed.

In:  a plan that was agreed to, a client. Out: what the vendor answered. Writes no row, and repeats nothing.

One ticket's fields change by safe update: the vendor itself refuses a copy that is no longer the newest. It offers that for nothing else,
so for everything else we compare the stamps just before, and what has moved is left out; of a merge, all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from dashboard.desk.plans import OF_TRASH, SINGLE, Planned, What, Wish
from dashboard.domain.tickets import Comment, Job, Ticket
from dashboard.sources.zendesk_tickets import ZendeskTickets

MOVED = "Changed by somebody else in the meantime."
MISSING = "Zendesk does not know it any more."
_AT_ONCE = 100

Item = tuple[int | None, str]


@dataclass(frozen=True, slots=True)
class Sent:
    """What came back: the ticket, a job that goes on, or neither. `left_out`: tickets that were not sent, and why."""

    ticket: Ticket | None = None
    job: Job | None = None
    left_out: tuple[Item, ...] = ()


class MovedError(Exception):
    """Nothing was sent: everything that it was about (of a merge: anything) has changed since. `items`: which, and why."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = tuple(items)
        super().__init__("Somebody has changed this in the meantime; nothing was done.")


def send(agreed: Planned, tickets: ZendeskTickets, before_request: Callable[[], None], checkpoint: Callable[[str], None]) -> Sent:
    """The request. SourceError as the client's (`is_unsure`: it may have been done). MovedError, ValueError: nothing was sent."""
    wish = agreed.wish
    if wish.what in SINGLE:
        only = wish.ids[0]
        ticket = tickets.update(only, wish.change, updated_stamp=agreed.stamps[only], before_request=before_request)
        return Sent(ticket=ticket)
    left_out = () if wish.what in OF_TRASH else _moved(agreed, tickets, before_request)
    checkpoint("compared")
    gone = {ticket_id for ticket_id, _ in left_out}
    wish = replace(wish, ids=tuple(each for each in wish.ids if each not in gone))
    if not wish.ids or (left_out and wish.what == What.MERGE):
        raise MovedError(left_out)
    return Sent(job=_asked(wish, tickets, before_request), left_out=left_out)


def _moved(agreed: Planned, tickets: ZendeskTickets, before_request: Callable[[], None]) -> tuple[Item, ...]:
    wanted = list(dict.fromkeys([*agreed.wish.ids, *((agreed.wish.into_id,) if agreed.wish.into_id else ())]))
    now: dict[int, Ticket] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        found = tickets.show_many(wanted[start : start + _AT_ONCE], before_request=before_request)
        now |= {ticket.id: ticket for ticket in found}
    return tuple(
        (ticket_id, MISSING if ticket_id not in now else MOVED)
        for ticket_id in wanted
        if ticket_id not in now or now[ticket_id].updated_at != agreed.stamps.get(ticket_id)
    )


def _asked(wish: Wish, tickets: ZendeskTickets, before_request: Callable[[], None]) -> Job | None:
    """None: done at once."""
    job: Job | None = None
    ids, only = wish.ids, wish.ids[0] if len(wish.ids) == 1 else None
    match wish.what:
        case What.BULK:
            job = tickets.update_many(ids, wish.change, before_request=before_request)
        case What.MERGE:
            job = _merge(wish, tickets, before_request)
        case What.SPAM if only is not None:
            tickets.mark_as_spam(only, before_request=before_request)
        case What.SPAM:
            job = tickets.mark_many_as_spam(ids, before_request=before_request)
        case What.DELETE if only is not None:
            tickets.delete(only, before_request=before_request)
        case What.DELETE:
            job = tickets.delete_many(ids, before_request=before_request)
        case What.RESTORE if only is not None:
            tickets.restore(only, before_request=before_request)
        case What.RESTORE:
            tickets.restore_many(ids, before_request=before_request)
        case What.DESTROY if only is not None:
            job = tickets.destroy(only, before_request=before_request)
        case What.DESTROY:
            job = tickets.destroy_many(ids, before_request=before_request)
        case _:
            raise ValueError("no such act")
    return job


def _merge(wish: Wish, tickets: ZendeskTickets, before_request: Callable[[], None]) -> Job:
    into, source = wish.into_comment or Comment(""), wish.from_comment or Comment("")
    return tickets.merge(
        wish.into_id or 0,
        wish.ids,
        target_comment=into.body,
        source_comment=source.body,
        target_is_public=into.is_public,
        source_is_public=source.is_public,
        before_request=before_request,
    )
