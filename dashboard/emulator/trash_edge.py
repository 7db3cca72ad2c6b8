"""The vendor's trash: what is in it, bringing back, deleting for good.

In:  `Asked`. Out: `Answer`s. A permanent delete is a job of which the vendor tells no numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from dashboard.emulator.answers import Answer, Refused, invalid_pagination, json_answer, record_not_found
from dashboard.emulator.bodies import refusing
from dashboard.emulator.bulk_writes import answer_job, step
from dashboard.emulator.callers import sees
from dashboard.emulator.helpdesk.book import update_key
from dashboard.emulator.helpdesk.tickets import Ticket
from dashboard.emulator.helpdesk.trash import Trash
from dashboard.emulator.jobs import Row, Step
from dashboard.emulator.listing import Numbered, Series, by_cursor, by_number, of_keys, wants_cursor
from dashboard.emulator.places import Asked, place
from dashboard.emulator.ticket_json import iso
from dashboard.emulator.tickets_edge import required_ids

SORTS = ("id", "subject", "deleted_at")
# This one list the vendor numbers beyond the hundredth page, and limits there.
DEEPEST_PAGE = 10_000
_ID_MASK = (1 << 32) - 1


def _held(asked: Asked) -> list[Ticket]:
    return [ticket for ticket in Trash(asked.desk).tickets() if sees(asked.desk, asked.caller, ticket)]


def _series(tickets: list[Ticket], sort: str, *, descending: bool) -> Series:
    if sort == "deleted_at":
        return of_keys("deleted_at", sorted(update_key(each.deleted_ms or 0, each.id) for each in tickets), descending=descending)
    if sort == "id":
        return of_keys("id", sorted(each.id for each in tickets), descending=descending)
    ranked = [each.id for each in sorted(tickets, key=lambda each: (each.subject.casefold(), each.id), reverse=descending)]

    def take(after: int | None, backwards: bool) -> Iterator[int]:
        order = ranked[::-1] if backwards else ranked
        if after is None:
            return iter(order)
        if after not in order:
            raise Refused(invalid_pagination("the cursor's ticket is no longer in this list"))
        return iter(order[order.index(after) + 1 :])

    return Series("subject", take)


def _list(asked: Asked) -> Answer:
    sort, order = asked.query.get("sort_by", "id"), asked.query.get("sort_order", "asc")
    if sort not in SORTS:
        raise Refused(invalid_pagination(f"sort_by is not valid; it is one of {', '.join(SORTS)}"))
    if order not in {"asc", "desc"}:
        raise Refused(invalid_pagination("sort_order must be asc or desc"))
    tickets = _held(asked)
    by_id = {ticket.id: ticket for ticket in tickets}
    series = _series(tickets, sort, descending=order == "desc")

    def row(key: int) -> Row:
        return _row(asked, by_id[key & _ID_MASK])

    query = asked.request.query
    if wants_cursor(query):
        return json_answer(by_cursor(series, row, name="deleted_tickets", query=query, url=asked.url).body)
    numbered = Numbered(series.take(None, False), len(tickets))
    return json_answer(by_number(numbered, row, name="deleted_tickets", query=query, url=asked.url, deepest=DEEPEST_PAGE).body)


def _row(asked: Asked, ticket: Ticket) -> Row:
    actor = asked.desk.company.person(ticket.deleted_by or 0)
    return {
        "id": ticket.id,
        "subject": ticket.subject,
        "actor": {"id": ticket.deleted_by, "name": "" if actor is None else actor.name},
        "deleted_at": iso(ticket.deleted_ms or 0),
        "previous_state": ticket.status,
    }


def _in_trash(asked: Asked, ticket_id: int) -> bool:
    found = Trash(asked.desk).holds(ticket_id)
    return found is not None and sees(asked.desk, asked.caller, found)


def _restore(asked: Asked) -> Answer:
    if not _in_trash(asked, asked.id):
        raise Refused(record_not_found())
    with refusing():
        Trash(asked.desk).restore(asked.id)
    return json_answer({})


def _restore_many(asked: Asked) -> Answer:
    found = [ticket_id for ticket_id in required_ids(asked) if _in_trash(asked, ticket_id)]
    if not found:
        raise Refused(record_not_found())
    for ticket_id in found:
        with refusing():
            Trash(asked.desk).restore(ticket_id)
    return json_answer({})


def _steps(asked: Asked, ids: list[int]) -> list[Step]:
    def gone(ticket_id: int) -> Row:
        Trash(asked.desk).destroy(ticket_id)
        return {"id": ticket_id, "success": True}

    return [step(index, ticket_id, "TicketDestroyFailed", partial(gone, ticket_id)) for index, ticket_id in enumerate(ids)]


def _destroy(asked: Asked) -> Answer:
    if not _in_trash(asked, asked.id):
        raise Refused(record_not_found())
    return answer_job(asked, "Permanently Delete Tickets", "Deleting ticket", _steps(asked, [asked.id]), is_mute=True)


def _destroy_many(asked: Asked) -> Answer:
    return answer_job(asked, "Permanently Delete Tickets", "Deleting ticket", _steps(asked, required_ids(asked)), is_mute=True)


PLACES = (
    place("deleted_tickets", "deleted_tickets", _list),
    place("deleted_ticket_restore", "deleted_tickets/{id}/restore", _restore, "PUT"),
    place("deleted_tickets_restore_many", "deleted_tickets/restore_many", _restore_many, "PUT"),
    place("deleted_ticket_destroy", "deleted_tickets/{id}", _destroy, "DELETE"),
    place("deleted_tickets_destroy_many", "deleted_tickets/destroy_many", _destroy_many, "DELETE"),
)
