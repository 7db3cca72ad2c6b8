"""The JSON bodies of what clients write, and the refusals of the vendor for those that cannot be read or fulfilled.

In:  `Asked`. Out: objects; `Refused` with the vendor's answer. Must not know what a ticket may be changed to.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.emulator.answers import Refused, forbidden, json_answer, record_not_found, too_many_values
from dashboard.emulator.filters import MAX_IDS
from dashboard.emulator.helpdesk.changes import NotThere, Stale
from dashboard.emulator.helpdesk.wishes import Invalid
from dashboard.emulator.places import Asked

Members = dict[str, object]
STALE = "Safe Update prevented the update due to outdated ticket data. Please fetch the latest ticket data and try again."


def refused(error: str, description: str, status: int) -> Refused:
    """A refusal of the common form."""
    return Refused(json_answer({"error": error, "description": description}, status))


def body_of(asked: Asked) -> Members:
    """The request's object; an empty one for no body. `Refused`: 415 for what is not sent as JSON, 422 for what is not JSON."""
    request = asked.request
    if not request.body.strip():
        return {}
    if request.content_type.partition(";")[0].strip().lower() != "application/json":
        raise refused("UnsupportedContent", "Content-Type must be application/json", 415)
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused(json_answer({"error": "Unprocessable Entity", "message": "Server could not parse JSON"}, 422))
    return found


def member_of(asked: Asked, name: str) -> Members:
    """An object in the body. `Refused` with 400 where it is missing or is none."""
    found = body_of(asked).get(name)
    if not isinstance(found, dict):
        raise refused("RequiredParameterMissing", f"Required parameter missing: {name}", 400)
    return found


def members_of(asked: Asked, name: str) -> list[Members]:
    """1 to 100 objects in the body. `Refused` with 400 for more, for none, and for what is no object."""
    found = body_of(asked).get(name)
    if not isinstance(found, list) or not found or not all(isinstance(each, dict) for each in found):
        raise refused("RequiredParameterMissing", f"Required parameter missing: {name}", 400)
    if len(found) > MAX_IDS:
        raise Refused(too_many_values())
    return found


def unpermitted(body: Members) -> list[str]:
    """The members of a body where none is looked for, as the vendor's warning names them."""
    return [name for key, value in body.items() for name in (*_inner(key, value), key)]


def _inner(key: str, value: object) -> list[str]:
    return [f"{key}.{name}" for name in value] if isinstance(value, dict) else []


def administrators_only(asked: Asked) -> None:
    """`Refused` with 403 for everybody else."""
    if asked.caller.role != "admin":
        raise Refused(forbidden())


@contextmanager
def refusing() -> Iterator[None]:
    """What the desk refuses becomes the vendor's refusal."""
    try:
        yield
    except NotThere:
        raise Refused(record_not_found()) from None
    except Stale:
        raise refused("UpdateConflict", STALE, 409) from None
    except Invalid as invalid:
        body = {"error": "RecordInvalid", "description": "Record validation errors", "details": invalid.details}
        raise Refused(json_answer(body, 422)) from None
