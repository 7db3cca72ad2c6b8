"""The vendor's tickets, the writing side, one at a time: making, changing, marking as spam, deleting.

In:  `Asked`. Out: `Answer`s with bodies as the vendor's documents and recordings have them; the desk changed.
"""

from __future__ import annotations

import json
from dataclasses import replace

from dashboard.emulator.answers import Answer, Refused, json_answer, record_not_found
from dashboard.emulator.bodies import administrators_only, body_of, member_of, refusing, unpermitted
from dashboard.emulator.callers import sees
from dashboard.emulator.helpdesk.changes import Changes
from dashboard.emulator.helpdesk.tickets import Ticket
from dashboard.emulator.helpdesk.trash import Trash
from dashboard.emulator.helpdesk.wishes import read
from dashboard.emulator.places import Asked, place
from dashboard.emulator.ticket_audit import audit_row, warning
from dashboard.emulator.ticket_json import ticket_row


def seen(asked: Asked) -> Ticket:
    """The ticket of the path, not to be changed. `Refused` with 404 where the caller may not know of it."""
    if not sees(asked.desk, asked.caller, asked.ticket):
        raise Refused(record_not_found())
    return asked.ticket


def _create(asked: Asked) -> Answer:
    key, now_s, caller = asked.request.idempotency_key, asked.account.clock.steady_s(), asked.caller
    members = member_of(asked, "ticket")
    if key is None:
        return _created(asked, members)
    asking = json.dumps(members, sort_keys=True)
    given = asked.account.idempotency.before(caller.id, key, asking, now_s)
    return given or asked.account.idempotency.keep(caller.id, key, asking, _created(asked, members), now_s)


def _created(asked: Asked, members: dict[str, object]) -> Answer:
    with refusing():
        wish = read(members, is_new=True)
        done = Changes(asked.desk).create(wish, asked.caller.id)
    row = ticket_row(asked, done.ticket) | {"generated_timestamp": 0}
    headers = {"Location": asked.url_of(f"tickets/{done.ticket.id}")} | warning("create", wish.unpermitted)
    return json_answer({"ticket": row, "audit": audit_row(asked, done, is_new=True)}, 201, headers)


def _update(asked: Asked) -> Answer:
    ticket_id = seen(asked).id
    members = member_of(asked, "ticket")
    with refusing():
        wish = read(members)
        done = Changes(asked.desk).update(ticket_id, wish, asked.caller.id)
    body = {"ticket": ticket_row(asked, done.ticket), "audit": audit_row(asked, done, is_new=False)}
    return json_answer(body, 200, warning("update", wish.unpermitted))


def _mark_as_spam(asked: Asked) -> Answer:
    with refusing():
        Trash(asked.desk).mark_as_spam(seen(asked).id, asked.caller.id)
    return json_answer({})


def _delete(asked: Asked) -> Answer:
    administrators_only(asked)
    warned = warning("destroy", unpermitted(body_of(asked)))
    try:
        with refusing():
            Trash(asked.desk).discard(seen(asked).id, asked.caller.id)
    except Refused as no:
        no.answer.headers.update(warned)
        raise
    return replace(json_answer({}, 204, warned), body=b"")


PLACES = (
    place("ticket_create", "tickets", _create, "POST"),
    place("ticket_update", "tickets/{id}", _update, "PUT"),
    place("ticket_mark_as_spam", "tickets/{id}/mark_as_spam", _mark_as_spam, "PUT"),
    place("ticket_delete", "tickets/{id}", _delete, "DELETE"),
)
