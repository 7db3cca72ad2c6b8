"""A plan on its way through the page that asks once: signed, for the person it was made for, and for an hour.

In:  a `Planned`. Out: text for one hidden field, and the same plan read back. What the person agrees to is what was shown: nothing in it
can be changed on the way. Not encrypted: it holds what its reader wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, get_type_hints

from django.core import signing

from dashboard.desk.plans import PlanError, Planned, What, Wish
from dashboard.domain.tickets import Comment, Priority, Status, TicketChange, TicketType
from dashboard.models import User

SALT = "dashboard.desk.sealed"
LIVES = timedelta(hours=1)
# A merge with two comments of 60,000 characters that hardly anybody uses takes 700,000; Django itself takes 2.5 MB of a form.
LONGEST = 1_500_000
DAMAGED = "This page was damaged on its way. Go back, and decide anew."
_WORDS = {"status": Status, "priority": Priority, "type": TicketType}
_TUPLES = ("tags", "additional_tags", "remove_tags")


def seal(planned: Planned) -> str:
    """For a hidden field of the page that shows its sentences."""
    wish = planned.wish
    return signing.dumps(
        {
            "account": planned.account,
            "what": wish.what.value,
            "ids": wish.ids,
            "change": _change_out(wish.change),
            "into_id": wish.into_id,
            "into_comment": _comment_out(wish.into_comment),
            "from_comment": _comment_out(wish.from_comment),
            "sentences": planned.sentences,
            "stamps": {ticket_id: stamp.isoformat() for ticket_id, stamp in planned.stamps.items()},
            "before": {ticket_id: dict(fields) for ticket_id, fields in planned.before.items()},
            "key": planned.key,
            "user_id": planned.user_id,
        },
        salt=SALT,
        compress=True,
    )


def is_old(text: str) -> bool:
    """Whether it was sealed more than an hour ago. PlanError: damaged."""
    try:
        signing.loads(text, salt=SALT, max_age=LIVES)
    except signing.SignatureExpired:
        return True
    except signing.BadSignature:
        raise PlanError(DAMAGED) from None
    return False


def unseal(text: str, user: User, *, is_old_taken: bool = False) -> Planned:
    """The plan again. PlanError: damaged, somebody else's, or older than an hour, unless that is taken: to be shown or planned anew."""
    if len(text) > LONGEST:
        raise PlanError("This is not a page of ours.")
    try:
        found: dict[str, Any] = signing.loads(text, salt=SALT, max_age=None if is_old_taken else LIVES)
    except signing.SignatureExpired:
        raise PlanError("This page is more than an hour old. Look at the tickets again, and decide anew.") from None
    except signing.BadSignature:
        raise PlanError(DAMAGED) from None
    if found["user_id"] != user.pk:
        raise PlanError("Somebody else was asked this. Go back, and decide anew.")
    wish = Wish(
        What(found["what"]),
        tuple(found["ids"]),
        _change_in(found["change"]),
        found["into_id"],
        _comment_in(found["into_comment"]),
        _comment_in(found["from_comment"]),
    )
    stamps = {int(ticket_id): datetime.fromisoformat(stamp) for ticket_id, stamp in found["stamps"].items()}
    before = {int(ticket_id): fields for ticket_id, fields in found["before"].items()}
    return Planned(found["account"], wish, tuple(found["sentences"]), stamps, before, found["key"], found["user_id"])


def _change_out(change: TicketChange) -> dict[str, object]:
    found: dict[str, object] = {name: getattr(change, name) for name in get_type_hints(TicketChange)}
    found |= {"comment": _comment_out(change.comment), "unset": sorted(change.unset)}
    return {name: value for name, value in found.items() if value is not None}


def _change_in(found: Mapping[str, Any]) -> TicketChange:
    values = dict(found)
    values |= {name: word(values[name]) for name, word in _WORDS.items() if name in values}
    values |= {name: tuple(values[name]) for name in _TUPLES if name in values}
    return TicketChange(**values | {"comment": _comment_in(values.get("comment")), "unset": frozenset(values["unset"])})


def _comment_out(comment: Comment | None) -> list[object] | None:
    return None if comment is None else [comment.body, comment.is_public]


def _comment_in(found: list[Any] | None) -> Comment | None:
    return None if found is None else Comment(found[0], found[1])
