"""What the vendor tells of a change beside the ticket itself: its audit.

In:  what was done, who did it with which client. Out: JSON objects, as recorded. Ids go up with every event that is told.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from dashboard.emulator.helpdesk.changes import Difference, Done
from dashboard.emulator.helpdesk.tickets import Comment
from dashboard.emulator.places import Asked
from dashboard.emulator.ticket_json import iso, iso_or_none

Row = dict[str, object]
_STEP = 128
_FIELDS = {"due_ms": "due_at"}


def audit_row(asked: Asked, done: Done, *, is_new: bool) -> Row:
    """The audit of a ticket that was just made or changed."""
    audit_id = asked.account.next_audit_id(_STEP)
    events: list[Row] = []
    if done.comment is not None:
        events.append(_comment(asked.account.next_audit_id(_STEP), audit_id, done.comment))
    events += [_difference(asked.account.next_audit_id(_STEP), each, is_new=is_new) for each in done.differences]
    return {
        "id": audit_id,
        "ticket_id": done.ticket.id,
        "created_at": iso(asked.desk.stamp_ms),
        "author_id": asked.caller.id,
        "metadata": {"system": {"client": asked.request.client}, "custom": {}},
        "events": events,
        "via": {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}},
    }


def _comment(event_id: int, audit_id: int, comment: Comment) -> Row:
    text = html.escape(comment.body, quote=False).replace("\n", "<br>")
    return {
        "id": event_id,
        "type": "Comment",
        "author_id": comment.author_id,
        "body": comment.body,
        "html_body": f'<div class="zd-comment" dir="auto"><p dir="auto">{text}</p></div>',
        "plain_body": comment.body,
        "public": comment.is_public,
        "attachments": [],
        "audit_id": audit_id,
    }


def _difference(event_id: int, difference: Difference, *, is_new: bool) -> Row:
    row: Row = {
        "id": event_id,
        "type": "Create" if is_new else "Change",
        "value": _told(difference.name, difference.after),
        "field_name": _FIELDS.get(difference.name, difference.name),
    }
    return row if is_new else row | {"previous_value": _told(difference.name, difference.before)}


def _told(name: str, value: object) -> object:
    """As audits have values: ids as text, lists as lists."""
    if name == "due_ms" and (value is None or isinstance(value, int)):
        return iso_or_none(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def warning(action: str, unpermitted: Sequence[str]) -> dict[str, str]:
    """The header in which the vendor names members that it did not look at; none where it looked at all of them."""
    if not unpermitted:
        return {}
    # Names are the client's own: whatever cannot stand in a header is left out.
    names = ", ".join(f'"{"".join(filter(_is_plain, name))[:100]}"' for name in unpermitted[:20])
    told = f'{{:allowed_parameters=>{{:controller=>"tickets", :action=>"{action}", :unpermitted_keys=>[{names}], :invalid_values=>[]}}}}'
    return {"X-Zendesk-API-Warn": told}


def _is_plain(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in "._-")
