"""The page that asks once before a change, and what stands at its address afterwards: what became of it, or why it was not done.

In:  GETs of the person who was asked. Out: pages that may be loaded again and gone back to: nothing is changed here, and no form is sent
anew. What the button does is `act_views.py`'s.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from dashboard.accounts.gate import people
from dashboard.accounts.switch import NotAllowedError
from dashboard.desk import act_words, acts, drafts, not_done
from dashboard.desk.drafts import Draft
from dashboard.desk.not_done import Asked
from dashboard.desk.places import Place, SeeOther
from dashboard.desk.plans import SINGLE, PlanError, What
from dashboard.desk.sealed import is_old, unseal
from dashboard.desk.sentences import LONGEST_SAID, written
from dashboard.incidents.page import page
from dashboard.models import DeskAct, KnownTicket, User
from dashboard.sources import registry

# What cannot be taken back: its button says so.
FOR_EVER = (What.DESTROY, What.MERGE)
NOT_MADE = (DeskAct.State.CONFLICT, DeskAct.State.FAILED, DeskAct.State.UNKNOWN)
TOO_OLD = "That page was more than an hour old, and much may have changed since."
GONE = "This question is not kept any more: it is some hours old, or it was somebody else's. Nothing was changed by it. Decide anew."
AWAY = "Queuelight's Redis does not answer, so this page cannot be shown just now. Nothing was changed by it. Load it again."


@require_safe
@people
def asked_of_one(request: HttpRequest, user: User, ticket_id: int, token: str) -> HttpResponse:
    """The question about one ticket."""
    return _asked(request, user, Place(ticket_id), token)


@require_safe
@people
def asked_of_many(request: HttpRequest, user: User, token: str) -> HttpResponse:
    """The question about several, or about some of the trash."""
    return _asked(request, user, Place(), token)


def turn_to(request: HttpRequest, user: User, place: Place, draft: Draft) -> HttpResponse:
    """After a post: the address at which `shown` shows this; while nothing can be kept, the page itself."""
    token = drafts.keep(draft, user)
    return SeeOther(place.asked(token)) if token else shown(request, user, place, draft)


def shown(request: HttpRequest, user: User, place: Place, draft: Draft) -> HttpResponse:
    """The question; or why it is none any more; or what became of it. PlanError: what is in the draft cannot be read."""
    plan = unseal(draft.sealed, user, is_old_taken=True)
    asked = Asked(plan, draft.sealed, place.back(plan.wish.what), place.sent_to)
    if draft.why:
        return not_done.refused(request, user, asked, draft.why)
    act = DeskAct.objects.filter(key=plan.key).first()
    if act is not None and (act.state not in NOT_MADE or act.job_id):
        return SeeOther(reverse("desk-act", args=[act.pk]))
    if act is not None:
        return not_done.ended(request, user, asked, act)
    if is_old(draft.sealed):
        return not_done.refused(request, user, asked, TOO_OLD)
    try:
        acts.check_allowed(plan.wish.what, user)
    except NotAllowedError as error:
        return not_done.refused(request, user, asked, str(error))
    return _question(request, user, asked)


def _asked(request: HttpRequest, user: User, place: Place, token: str) -> HttpResponse:
    try:
        draft = drafts.kept(token, user)
        if draft is not None and draft.sealed:
            return shown(request, user, place, draft)
    except drafts.AwayError:
        return _nothing(request, user, place, ("Not just now", AWAY, 503))
    except PlanError:  # sealed with another key of ours
        pass
    return _nothing(request, user, place, ("Not kept any more", GONE, 404))


def _nothing(request: HttpRequest, user: User, place: Place, said: tuple[str, str, int]) -> HttpResponse:
    """`said`: heading, why, status."""
    heading, why, status = said
    back = reverse("desk") if place.ticket_id is None else place.page()
    return page(request, user, "desk/no_question.html", {"here": "desk", "heading": heading, "why": why, "back": back}, status=status)


def _question(request: HttpRequest, user: User, asked: Asked) -> HttpResponse:
    wish = asked.plan.wish
    tickets = _subjects(wish.ids)
    told = DeskAct(what=wish.what, ticket_ids=list(wish.ids), change={"into_id": wish.into_id} if wish.into_id else {})
    context = {
        "here": "desk",
        "heading": f"{act_words.title(told)}?",
        "button": act_words.title(told),
        "sentences": asked.plan.sentences,
        "sealed": asked.sealed,
        "ids": wish.ids,
        "tickets": tickets,
        "subject": tickets[0][1] if wish.what in SINGLE else "",
        "written": [(label, text) for label, text in written(wish) if len(text) > LONGEST_SAID],
        "is_for_ever": wish.what in FOR_EVER,
        "back": asked.back,
        "address": asked.address,
    }
    return page(request, user, "desk/ask.html", context)


def _subjects(ids: tuple[int, ...]) -> list[tuple[int, str]]:
    """Each with its subject, as last known; empty for one that is not."""
    rows = KnownTicket.objects.filter(account=registry.ACCOUNT, ticket_id__in=ids)
    known = dict(rows.values_list("ticket_id", "subject"))
    return [(each, known.get(each, "")) for each in ids]
