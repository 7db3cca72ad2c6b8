"""`POST /api/v2/problems/autocomplete`: problem tickets whose subject contains a text. It reads, though it is a POST.

In:  `text` in the query or in a JSON body. Out: at most 100 tickets, the last updated first.
"""

from __future__ import annotations

import json

from dashboard.emulator.answers import Answer, json_answer
from dashboard.emulator.callers import sees
from dashboard.emulator.helpdesk.tickets import Ticket
from dashboard.emulator.places import Asked, place
from dashboard.emulator.ticket_json import ticket_row

MOST = 100


def _text(asked: Asked) -> str:
    """What to look for; the body's word goes before the query's. Empty where neither says anything."""
    try:
        body = json.loads(asked.request.body) if asked.request.body.strip() else {}
    except (ValueError, RecursionError):
        body = {}
    given = body.get("text") if isinstance(body, dict) else None
    return given if isinstance(given, str) else asked.query.get("text", "")


def _autocomplete(asked: Asked) -> Answer:
    wanted, book = _text(asked).casefold(), asked.desk.book

    def matches(ticket: Ticket) -> bool:
        return ticket.type == "problem" and wanted in ticket.subject.casefold()

    found = [ticket for ticket_id in book.chosen(matches) if (ticket := book.look(ticket_id)) is not None]
    found.sort(key=lambda ticket: (-ticket.updated_ms, ticket.id))
    rows = [ticket_row(asked, ticket) for ticket in found[:MOST] if sees(asked.desk, asked.caller, ticket)]
    return json_answer({"tickets": rows, "next_page": None, "previous_page": None, "count": len(rows)})


PLACES = (place("problems_autocomplete", "problems/autocomplete", _autocomplete, "POST"),)
