"""The vendor's ticket metrics: the list, the newest ticket first; by their own id; by ticket.

In:  `Asked`. Out: `Answer`s. A single one comes as an object, though the document's example shows a list. Tickets in the trash have none.
"""

from __future__ import annotations

from dashboard.emulator.answers import Answer, Refused, json_answer, record_not_found
from dashboard.emulator.callers import sees
from dashboard.emulator.listing import Numbered, Row, Series, by_cursor, by_number, of_keys, wants_cursor
from dashboard.emulator.places import Asked, place
from dashboard.emulator.ticket_json import metrics_row, ticket_of_metrics
from dashboard.emulator.ticket_lists import seen_ids


def _list(asked: Asked) -> Answer:
    book, query = asked.desk.book, asked.request.query

    def row(ticket_id: int) -> Row:
        ticket = book.look(ticket_id)
        if ticket is None:  # the id comes from the book a moment ago
            raise LookupError(ticket_id)
        return metrics_row(asked, ticket)

    # Ids are given in the order of creation.
    newest_first = Series("-created_at", lambda after, backwards: book.ids(after=after, descending=not backwards))
    found_count = len(book)
    if asked.caller.role == "restricted":
        ids = seen_ids(asked, book.ids())
        newest_first, found_count = of_keys("-created_at", ids, descending=True), len(ids)
    if wants_cursor(query):
        return json_answer(by_cursor(newest_first, row, name="ticket_metrics", query=query, url=asked.url).body)
    numbered = Numbered(newest_first.take(None, False), found_count)
    return json_answer(by_number(numbered, row, name="ticket_metrics", query=query, url=asked.url).body)


def _one(asked: Asked, ticket_id: int | None) -> Answer:
    ticket = asked.desk.book.look(ticket_id) if ticket_id is not None else None
    if ticket is None or not sees(asked.desk, asked.caller, ticket):
        raise Refused(record_not_found())
    return json_answer({"ticket_metric": metrics_row(asked, ticket)})


PLACES = (
    place("ticket_metrics", "ticket_metrics", _list),
    place("ticket_metric", "ticket_metrics/{id}", lambda asked: _one(asked, ticket_of_metrics(asked.id))),
    place("metrics_of_ticket", "tickets/{id}/metrics", lambda asked: _one(asked, asked.id)),
)
