"""Lists of tickets: the orders that can be asked for, in both forms, of all tickets or of some.

In:  who asks, which tickets (None: all). Out: an `Answer`. `Refused` with 400 for an order that there is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import merge

from dashboard.emulator.answers import Answer, Refused, invalid_pagination, json_answer
from dashboard.emulator.callers import sees
from dashboard.emulator.helpdesk.book import Book, update_key
from dashboard.emulator.helpdesk.tickets import CLOSED, STATUSES, Ticket
from dashboard.emulator.listing import Numbered, Row, Series, by_cursor, by_number, of_keys, wants_cursor
from dashboard.emulator.places import Asked
from dashboard.emulator.sideloads import sideloaded
from dashboard.emulator.ticket_json import ticket_row

SORTS = ("id", "-id", "updated_at", "-updated_at", "status", "-status")
_ID_BITS = 32
_ID_MASK = (1 << _ID_BITS) - 1
_PRIORITY_OF_STATUS = {status: place for place, status in enumerate(STATUSES)}
_CLOSED_KEYS = _PRIORITY_OF_STATUS[CLOSED] << _ID_BITS
# What a ticket is ordered by in the numbered form: a number, then a word; nobody and no group come first.
_BY: dict[str, Callable[[Asked, Ticket], tuple[int, str]]] = {
    "assignee": lambda asked, ticket: (ticket.assignee_id or 0, ""),
    "assignee.name": lambda asked, ticket: (0, _name(asked, ticket.assignee_id)),
    "created_at": lambda asked, ticket: (ticket.created_ms, ""),
    "group": lambda asked, ticket: (ticket.group_id or 0, ""),
    "locale": lambda asked, ticket: (0, ""),
    "requester": lambda asked, ticket: (ticket.requester_id, ""),
    "requester.name": lambda asked, ticket: (0, _name(asked, ticket.requester_id)),
    "status": lambda asked, ticket: (_PRIORITY_OF_STATUS[ticket.status], ""),
    "subject": lambda asked, ticket: (0, ticket.subject.casefold()),
}
SORTS_BY = ("id", "updated_at", *_BY)


def _name(asked: Asked, person_id: int | None) -> str:
    person = asked.desk.company.person(person_id) if person_id is not None else None
    return person.name.casefold() if person is not None else ""


def answer_list(asked: Asked, ids: list[int] | None = None, *, fixed: str | None = None) -> Answer:
    """The page of these tickets (ids ascending; None: all that are listed) that was asked for. `fixed`: the one order here."""
    query = asked.request.query
    external_id = asked.query.get("external_id")
    if external_id is not None:
        # Only a client gives a ticket such an id; so it is among those that may change.
        found = sorted(ticket.id for ticket in asked.desk.book.live.values() if ticket.external_id == external_id)
        ids = found if ids is None else [ticket_id for ticket_id in found if ticket_id in set(ids)]
    if asked.caller.role == "restricted":
        ids = seen_ids(asked, asked.desk.book.ids() if ids is None else iter(ids))
    if wants_cursor(query):
        sort = fixed or asked.query.get("sort", "id")
        if sort not in SORTS:
            raise Refused(invalid_pagination(f"sort is not valid; it is one of {', '.join(SORTS)}"))
        series = _series(asked.desk.book, sort, ids)
        page = by_cursor(series, _row(asked, with_fields=False), name="tickets", query=query, url=asked.url)
    else:
        page = by_number(_numbered(asked, ids, fixed), _row(asked), name="tickets", query=query, url=asked.url)
    return json_answer(sideloaded(asked, page.body, page.rows))


def seen_ids(asked: Asked, ids: Iterator[int]) -> list[int]:
    """Of these tickets those that the caller may see."""
    book = asked.desk.book
    return [ticket_id for ticket_id in ids if (ticket := book.look(ticket_id)) is not None and sees(asked.desk, asked.caller, ticket)]


def _row(asked: Asked, *, with_fields: bool = True) -> Callable[[int], Row]:
    def row(key: int) -> Row:
        ticket = asked.desk.book.look(key & _ID_MASK)
        if ticket is None:  # a key comes from the book a moment ago
            raise LookupError(key & _ID_MASK)
        return ticket_row(asked, ticket, with_fields=with_fields)

    return row


def _series(book: Book, sort: str, ids: list[int] | None) -> Series:
    """The tickets in one of the orders of the cursor form; every key ends in the ticket's id."""
    field, descending = sort.removeprefix("-"), sort.startswith("-")
    if ids is None and field in {"id", "updated_at"}:
        of_book = book.ids if field == "id" else book.update_keys
        return Series(sort, lambda after, backwards: of_book(after=after, descending=backwards is not descending))
    if ids is None:
        return of_keys(sort, _by_status(book), descending=descending)
    if field == "id":
        return of_keys(sort, ids, descending=descending)
    key = _status_key if field == "status" else _update_key
    return of_keys(sort, sorted(key(book.brief(ticket_id)) for ticket_id in ids), descending=descending)


def _status_key(ticket: Ticket) -> int:
    return (_PRIORITY_OF_STATUS[ticket.status] << _ID_BITS) | ticket.id


def _update_key(ticket: Ticket) -> int:
    return update_key(ticket.updated_ms, ticket.id)


def _by_status(book: Book) -> list[int]:
    """All keys by status; what the past holds is closed."""
    past = (_CLOSED_KEYS | ticket_id for ticket_id in book.past.ids if book.past.holds(ticket_id))
    return list(merge(sorted(map(_status_key, book.live.values())), past))


def _numbered(asked: Asked, ids: list[int] | None, fixed: str | None) -> Numbered:
    book, query = asked.desk.book, asked.query
    sort_by, order = query.get("sort_by", "id"), query.get("sort_order", "asc")
    if fixed is not None:
        sort_by, order = fixed.removeprefix("-"), "desc" if fixed.startswith("-") else "asc"
    if sort_by not in SORTS_BY:
        raise Refused(invalid_pagination(f"sort_by is not valid; it is one of {', '.join(SORTS_BY)}"))
    if order not in {"asc", "desc"}:
        raise Refused(invalid_pagination("sort_order must be asc or desc"))
    found_count = len(book) if ids is None else len(ids)
    if sort_by in {"id", "updated_at"}:
        series = _series(book, sort_by if order == "asc" else f"-{sort_by}", ids)
        return Numbered(series.take(None, False), found_count)
    of = _BY[sort_by]
    ranked = sorted(book.ids() if ids is None else ids, key=lambda each: of(asked, book.brief(each)), reverse=order == "desc")
    return Numbered(iter(ranked), found_count)
