"""The page of an act that was agreed to and did not happen, or of which nobody knows: why, all that was written, and another try.

In:  the plan as it was agreed to and as it was sealed, its act where there is one, or why there is none. Out: a page. Changes nothing.
Nothing that somebody typed is lost here: the log keeps the beginning of a comment alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from dashboard.desk import act_words
from dashboard.desk.people import known_names
from dashboard.desk.plans import Names, Planned
from dashboard.desk.sentences import written
from dashboard.incidents.page import page
from dashboard.models import DeskAct, User
from dashboard.polling.permit import permit
from dashboard.sources import registry
from dashboard.sources.errors import SourceError

HEADINGS = {
    DeskAct.State.CONFLICT: "Somebody was faster",
    DeskAct.State.UNKNOWN: "Nobody knows whether this was done",
}
NOT_DONE = "This was not done"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody was asked: the plan, the text that it came in, the page to go back to, and the address that its button is sent to."""

    plan: Planned
    sealed: str
    back: str
    address: str


def refused(request: HttpRequest, user: User, asked: Asked, why: str) -> HttpResponse:
    """Nothing was written down, since it may not be done, or not any more; `why` is a sentence."""
    return page(request, user, "desk/not_done.html", _context(asked) | {"heading": NOT_DONE, "why": why, "may_try": True}, status=409)


def ended(request: HttpRequest, user: User, asked: Asked, act: DeskAct) -> HttpResponse:
    """Of an act that met a conflict, failed, or has no answer. Of a conflict both versions stand beside each other; theirs holds until
    somebody says otherwise. What may have been done is not offered again."""
    names = known_names()
    told = act_words.told(act, names)
    is_conflict, is_unknown = act.state == DeskAct.State.CONFLICT, act.state == DeskAct.State.UNKNOWN
    now = _now(act) if is_conflict and len(act.ticket_ids) == 1 and act.what != DeskAct.What.MERGE else {}
    context = _context(asked) | {
        "heading": HEADINGS.get(DeskAct.State(act.state), NOT_DONE),
        "told": told,
        "why": act.error,
        "unknown": act_words.UNKNOWN if is_unknown else "",
        "rows": _rows(act, told, now, names) if is_conflict else (),
        "has_now": bool(now),
        "may_try": not is_unknown,
    }
    return page(request, user, "desk/not_done.html", context, status=409)


def _context(asked: Asked) -> dict[str, object]:
    return {
        "here": "desk",
        "sentences": asked.plan.sentences,
        "written": written(asked.plan.wish),
        "sealed": asked.sealed,
        "back": asked.back,
        "address": asked.address,
        "ids": asked.plan.wish.ids,
    }


def _rows(act: DeskAct, told: act_words.Told, now: Mapping[str, object], names: Names) -> list[tuple[act_words.Changed, str]]:
    """Each field as it was, as it is and as it should be."""
    fields = zip(act.change, told.changes, strict=True)
    return [
        (changed, act_words.value_said(name, now[name], names) if name in now else "")
        for name, changed in fields
        if name in act_words.FIELDS and name != "comment" and act.what != DeskAct.What.MERGE
    ]


def _now(act: DeskAct) -> dict[str, object]:
    """The fields of the act as the vendor has them now; empty: it does not answer."""
    try:
        ticket = registry.tickets(act.account).show(act.ticket_ids[0], before_request=permit(act.account))
    except SourceError:
        return {}  # the page says that theirs is not known
    return {name: getattr(ticket, name) for name in act.change if hasattr(ticket, name)}
