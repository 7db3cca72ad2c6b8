"""Acts on tickets: a form says what is wanted, a page asks once and says what will happen, and then it is done; how it went has a page.

In:  requests of people who log in; changes are for supervisors and administrators. Out: pages that work without scripts. Nothing is changed
by a GET. What may be done, and that a second press is the same act, is `acts.py`'s to decide.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.accounts.gate import supervisors
from dashboard.accounts.switch import NotAllowedError, writes_on
from dashboard.api.answers import answer
from dashboard.boards.errors import no_database
from dashboard.desk import act_words, acts, not_done
from dashboard.desk.not_done import Asked
from dashboard.desk.people import assignee_choices, group_choices, known_names
from dashboard.desk.plans import SINGLE, What, Wish, wished_again
from dashboard.desk.sealed import is_old, seal, unseal
from dashboard.desk.sentences import LONGEST_SAID, written
from dashboard.desk.wish_form import ACTS, DELETING, ChangeForm, MergeForm, ids_of
from dashboard.incidents.page import page
from dashboard.models import DeskAct, KnownTicket, User
from dashboard.sources import registry

NO_ACT = "There is no such act (any more)."
NOT_ACT = "Choose what is to be done."
OF_TRASH = (What.RESTORE, What.DESTROY)
# What cannot be taken back: its button says so.
FOR_EVER = (What.DESTROY, What.MERGE)
NOT_MADE = (DeskAct.State.CONFLICT, DeskAct.State.FAILED, DeskAct.State.UNKNOWN)
TOO_OLD = "That page was more than an hour old, and much may have changed since."


@require_POST
@supervisors
def act_on_one(request: HttpRequest, user: User, ticket_id: int) -> HttpResponse:
    """`do` and its fields: the page that asks; `agreed`: does it; `again`: asks anew about what met a conflict."""
    return _act(request, user, [str(ticket_id)], reverse("desk-ticket", args=[ticket_id]))


@require_http_methods(["GET", "HEAD", "POST"])
@supervisors
def bulk(request: HttpRequest, user: User) -> HttpResponse:
    """GET with `id`s: what can be done to them. POST: as `act_on_one`, of 1 to 100 tickets."""
    if request.method == "POST":
        return _act(request, user, request.POST.getlist("id"), reverse("desk"))
    try:
        ids = ids_of(request.GET.getlist("id"))
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return HttpResponseRedirect(reverse("desk"))
    return _chosen(request, user, ids, ChangeForm(**_choices()), MergeForm())


@require_safe
@supervisors
def act(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """How an act goes, or went. For a script (`Accept: application/json`) its state alone."""
    found = DeskAct.objects.filter(pk=pk).first()
    if found is None:
        raise Http404(NO_ACT)
    if "application/json" in request.headers.get("Accept", ""):
        return answer(act_words.progress(found))
    context = {"here": "desk", "told": act_words.told(found, known_names()), "unknown": act_words.UNKNOWN}
    return page(request, user, "desk/act.html", context)


def _act(request: HttpRequest, user: User, ids: list[str], back: str) -> HttpResponse:
    if request.POST.get("do") in ("restore", "destroy"):
        back = reverse("desk-trash")
    try:
        if "agreed" in request.POST:
            return _do(request, user, back)
        if "again" in request.POST:
            return _again(request, user, back)
        return _wished(request, user, ids_of(ids), back)
    except (acts.PlanError, NotAllowedError) as error:
        messages.error(request, str(error))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return HttpResponseRedirect(back)


def _wished(request: HttpRequest, user: User, ids: tuple[int, ...], back: str) -> HttpResponse:
    """What the form wishes for, asked about; the form again when it says nothing that can be meant."""
    do = request.POST.get("do", "")
    if do not in ACTS:
        raise ValidationError(NOT_ACT)
    if do in DELETING:
        return _ask(request, user, Wish(DELETING[do], ids), back)
    form = ChangeForm(request.POST if do == "update" else None, **_choices())
    merge = MergeForm(request.POST if do == "merge" else None)
    used: ChangeForm | MergeForm = form if do == "update" else merge
    if used.is_valid():
        try:
            return _ask(request, user, used.wish_of(ids), back)
        except (acts.PlanError, NotAllowedError, ValidationError) as error:  # what was typed stays in the form
            used.add_error(None, error.messages[0] if isinstance(error, ValidationError) else str(error))
    return _chosen(request, user, ids, form, merge, status=422)


def _ask(request: HttpRequest, user: User, wish: Wish, back: str) -> HttpResponse:
    """The page that asks once, with what will happen."""
    planned = acts.plan(
        user,
        wish.what,
        wish.ids,
        wish.change,
        into_id=wish.into_id,
        into_comment=wish.into_comment,
        from_comment=wish.from_comment,
    )
    tickets = _subjects(planned.wish.ids)
    told = DeskAct(what=wish.what, ticket_ids=list(planned.wish.ids), change={"into_id": wish.into_id} if wish.into_id else {})
    context = {
        "here": "desk",
        "heading": f"{act_words.title(told)}?",
        "button": act_words.title(told),
        "sentences": planned.sentences,
        "sealed": seal(planned),
        "ids": planned.wish.ids,
        "tickets": tickets,
        "subject": tickets[0][1] if wish.what in SINGLE else "",
        "written": [(label, text) for label, text in written(wish) if len(text) > LONGEST_SAID],
        "is_for_ever": wish.what in FOR_EVER,
        "back": reverse("desk-trash") if wish.what in OF_TRASH else back,
    }
    return page(request, user, "desk/ask.html", context)


def _again(request: HttpRequest, user: User, back: str) -> HttpResponse:
    """The question anew, about the tickets as they are now; what was written stays when it cannot be asked."""
    sealed = request.POST["again"]
    agreed = unseal(sealed, user, is_old_taken=True)
    try:
        return _ask(request, user, wished_again(agreed), back)
    except (acts.PlanError, NotAllowedError) as error:
        return not_done.refused(request, user, Asked(agreed, sealed, back), str(error))


def _do(request: HttpRequest, user: User, back: str) -> HttpResponse:
    sealed = request.POST["agreed"]
    agreed = unseal(sealed, user, is_old_taken=True)
    asked = Asked(agreed, sealed, back)
    if is_old(sealed) and not DeskAct.objects.filter(key=agreed.key).exists():
        return not_done.refused(request, user, asked, TOO_OLD)
    try:
        done = acts.do(agreed, user, timezone.now())
    except NotAllowedError as error:
        return not_done.refused(request, user, asked, str(error))
    except acts.NotNotedError as error:
        return no_database(request, "Not written down", str(error))
    if done.state in NOT_MADE and not done.job_id:
        return not_done.ended(request, user, asked, done)
    if done.state == DeskAct.State.DONE and not done.job_id:
        messages.success(request, f"Done: {_small(act_words.title(done))}.")
        if done.what in OF_TRASH:
            back = reverse("desk-trash")
        elif done.what in (What.SPAM, What.DELETE):
            back = reverse("desk")
        return HttpResponseRedirect(back)
    return HttpResponseRedirect(reverse("desk-act", args=[done.pk]))


def _chosen(
    request: HttpRequest, user: User, ids: tuple[int, ...], form: ChangeForm, merge: MergeForm, *, status: int = 200
) -> HttpResponse:
    """What can be done to the chosen tickets."""
    known = {row.ticket_id: row for row in KnownTicket.objects.filter(account=registry.ACCOUNT, ticket_id__in=ids)}
    context = {
        "here": "desk",
        "ids": ids,
        "tickets": [known.get(each) or KnownTicket(ticket_id=each, subject="") for each in ids],
        "form": form,
        "merge": merge,
        "writes_on": writes_on(),
        "address": reverse("desk-bulk"),
    }
    return page(request, user, "desk/bulk.html", context, status=status)


def _subjects(ids: tuple[int, ...]) -> list[tuple[int, str]]:
    """Each with its subject, as last known; empty for one that is not."""
    rows = KnownTicket.objects.filter(account=registry.ACCOUNT, ticket_id__in=ids)
    known = dict(rows.values_list("ticket_id", "subject"))
    return [(each, known.get(each, "")) for each in ids]


def _choices() -> dict[str, Any]:
    names = known_names()
    return {"groups": group_choices(names), "assignees": assignee_choices(names)}


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
