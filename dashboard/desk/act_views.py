"""Acts on tickets: a form says what is wanted, a page asks once and says what will happen, and then it is done; how it went has a page.

In:  requests of people who log in; changes are for supervisors and administrators. Out: after each post the address of a page to look at:
the question, the outcome, or the form's own page with what is wrong. Nothing is changed by a GET. What may be done, and that a second press
is the same act, is `acts.py`'s to decide.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.accounts.gate import FOR_SUPERVISORS, people, supervisors
from dashboard.accounts.switch import NotAllowedError, writes_on
from dashboard.api.answers import answer
from dashboard.boards.errors import no_database
from dashboard.desk import act_words, acts, list_views, refusals, ticket_views, trash_views
from dashboard.desk.ask_views import NOT_MADE, TOO_OLD, turn_to
from dashboard.desk.drafts import Draft
from dashboard.desk.people import known_names
from dashboard.desk.places import Place, SeeOther, list_as_left
from dashboard.desk.plans import MOST_TICKETS, What, Wish, wished_again
from dashboard.desk.refusals import Refusal, forms_of, refusal_of, refused, send_back
from dashboard.desk.sealed import is_old, seal, unseal
from dashboard.desk.wish_form import ACTS, DELETING, ChangeForm, MergeForm, ids_of
from dashboard.incidents.page import page
from dashboard.models import DeskAct, KnownTicket, Role, User
from dashboard.sources import registry

NO_ACT = "There is no such act (any more)."
NOT_ACT = "Choose what is to be done."
NOT_YOU = "Only supervisors and administrators can change tickets."


class NoTicketsError(Exception):
    """The tickets themselves cannot be meant: none, too many, no numbers; one sentence for a page."""


@require_http_methods(["GET", "HEAD", "POST"])
@people
def act_on_one(request: HttpRequest, user: User, ticket_id: int) -> HttpResponse:
    """POST `do` and its fields: asks; `agreed`: does it; `again`: asks anew about what met a conflict. GET, as after a login in between:
    the ticket's page."""
    if request.method != "POST":
        return SeeOther(Place(ticket_id).page())
    return _act(request, user, [str(ticket_id)], Place(ticket_id))


@require_http_methods(["GET", "HEAD", "POST"])
@people
def bulk(request: HttpRequest, user: User) -> HttpResponse:
    """GET with `id`s: what can be done to them. POST: as `act_on_one`, of 1 to 100 tickets."""
    if request.method == "POST":
        return _act(request, user, request.POST.getlist("id"), Place())
    if user.role == Role.VIEWER:
        raise PermissionDenied(FOR_SUPERVISORS)
    try:
        ids = ids_of(request.GET.getlist("id"))
    except ValidationError as error:
        refusal = refused(request, refusals.LIST, error.messages[0], 422)
        return send_back(user, list_as_left(request), refusal, lambda found: list_views.shown(request, user, found))
    return _chosen(request, user, ids, refusal_of(request, user))


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


def _act(request: HttpRequest, user: User, given: list[str], place: Place) -> HttpResponse:
    ids: tuple[int, ...] = ()
    try:
        if user.role == Role.VIEWER:  # it was taken since the form was opened
            return _refused(request, user, place, (), (NOT_YOU, 403))
        if "agreed" not in request.POST and "again" not in request.POST:
            ids = _numbers(given)
            return _wished(request, user, ids, place)
        ids = refusals.numbers_in(given)[:MOST_TICKETS]
        return _do(request, user, place) if "agreed" in request.POST else _again(request, user, place)
    except NotAllowedError as error:
        return _refused(request, user, place, ids, (str(error), 409))
    except (acts.PlanError, NoTicketsError) as error:
        return _refused(request, user, place, ids, (str(error), 422))
    except ValidationError as error:
        return _refused(request, user, place, ids, (error.messages[0], 422))


def _numbers(given: list[str]) -> tuple[int, ...]:
    try:
        return ids_of(given)
    except ValidationError as error:
        raise NoTicketsError(error.messages[0]) from None


def _refused(request: HttpRequest, user: User, place: Place, ids: tuple[int, ...], no: tuple[str, int]) -> HttpResponse:
    """Back to the page with the form: the ticket's, the trash, that of the chosen ones; the list, where none can be shown as chosen. `no`:
    why, and with which status."""
    form = refusals.FORMS.get(request.POST.get("do", ""), refusals.CHANGE)
    if place.ticket_id is not None:
        one = place.ticket_id
        return send_back(user, place.page(), refused(request, form, *no), lambda found: ticket_views.shown(request, user, one, found))
    if form == refusals.TRASH:
        after = request.POST.get("after", "")
        address = trash_views.address(after)
        return send_back(user, address, refused(request, form, *no), lambda found: trash_views.shown(request, user, after, found))
    if not ids or user.role == Role.VIEWER:
        refusal = refused(request, refusals.LIST, *no)
        return send_back(user, reverse("desk"), refusal, lambda found: list_views.shown(request, user, found))
    return send_back(user, place.page(ids), refused(request, form, *no), lambda found: _chosen(request, user, ids, found))


def _wished(request: HttpRequest, user: User, ids: tuple[int, ...], place: Place) -> HttpResponse:
    """What the form wishes for, asked about; the form again when it says nothing that can be meant."""
    do = request.POST.get("do", "")
    if do not in ACTS:
        raise ValidationError(NOT_ACT)
    if do in DELETING:
        return _ask(request, user, Wish(DELETING[do], ids), place)
    change, merge = forms_of(Refusal("", "", 200, request.POST), known_names())
    used: ChangeForm | MergeForm = change if do == "update" else merge
    if not used.is_valid():
        return _refused(request, user, place, ids, ("", 422))
    return _ask(request, user, used.wish_of(ids), place)


def _ask(request: HttpRequest, user: User, wish: Wish, place: Place) -> HttpResponse:
    planned = acts.plan(
        user,
        wish.what,
        wish.ids,
        wish.change,
        into_id=wish.into_id,
        into_comment=wish.into_comment,
        from_comment=wish.from_comment,
    )
    return turn_to(request, user, place, Draft(200, sealed=seal(planned)))


def _again(request: HttpRequest, user: User, place: Place) -> HttpResponse:
    """The question anew, about the tickets as they are now; what was written stays when it cannot be asked."""
    sealed = request.POST["again"]
    agreed = unseal(sealed, user, is_old_taken=True)
    try:
        return _ask(request, user, wished_again(agreed), place)
    except (acts.PlanError, NotAllowedError) as error:
        return turn_to(request, user, place, Draft(409, str(error), sealed))


def _do(request: HttpRequest, user: User, place: Place) -> HttpResponse:
    sealed = request.POST["agreed"]
    agreed = unseal(sealed, user, is_old_taken=True)
    if is_old(sealed) and not DeskAct.objects.filter(key=agreed.key).exists():
        return turn_to(request, user, place, Draft(409, TOO_OLD, sealed))
    try:
        done = acts.do(agreed, user, timezone.now())
    except NotAllowedError as error:
        return turn_to(request, user, place, Draft(409, str(error), sealed))
    except acts.NotNotedError as error:
        return no_database(request, "Not written down", str(error))
    if done.state in NOT_MADE and not done.job_id:
        return turn_to(request, user, place, Draft(409, sealed=sealed))
    if done.state == DeskAct.State.DONE and not done.job_id:
        messages.success(request, f"Done: {_small(act_words.title(done))}.")
        is_gone = done.what in (What.SPAM, What.DELETE)
        return SeeOther(reverse("desk") if is_gone else place.back(What(done.what)))
    return SeeOther(reverse("desk-act", args=[done.pk]))


def _chosen(request: HttpRequest, user: User, ids: tuple[int, ...], refusal: Refusal | None) -> HttpResponse:
    """What can be done to the chosen tickets."""
    known = {row.ticket_id: row for row in KnownTicket.objects.filter(account=registry.ACCOUNT, ticket_id__in=ids)}
    form, merge = forms_of(refusal, known_names())
    context = {
        "here": "desk",
        "ids": ids,
        "tickets": [known.get(each) or KnownTicket(ticket_id=each, subject="") for each in ids],
        "form": form,
        "merge": merge,
        "refused": refusal,
        "writes_on": writes_on(),
        "address": reverse("desk-bulk"),
    }
    return page(request, user, "desk/bulk.html", context, status=200 if refusal is None else refusal.status)


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
