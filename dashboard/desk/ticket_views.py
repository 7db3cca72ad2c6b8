"""One ticket: as the vendor has it now, or, when it does not answer, as it was last known; its clocks, who is on it, what may be done.

In:  requests of people who log in. Out: a page that works without scripts. Changes nothing: `act_views.py` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboard.accounts.gate import people
from dashboard.accounts.switch import writes_on
from dashboard.desk import act_words, facts, fresh
from dashboard.desk.by_rules import Line
from dashboard.desk.clock_views import clocks_of, read_at_said
from dashboard.desk.log_lines import log_of
from dashboard.desk.narrowing import LARGEST_ID
from dashboard.desk.patience import is_silent
from dashboard.desk.people import known_names
from dashboard.desk.places import DRAFT, Place, SeeOther
from dashboard.desk.plans import Names
from dashboard.desk.refusals import Refusal, forms_of, refusal_of
from dashboard.desk.spam import marked
from dashboard.desk.standing import NO_REDIS
from dashboard.domain.tickets import Ticket
from dashboard.domain.tickets import User as Person
from dashboard.domain.vendor_names import named
from dashboard.incidents.page import page, said
from dashboard.models import DeskAct, KnownTicket, Role, Stream, User
from dashboard.polling.permit import heed, permit
from dashboard.sources import registry
from dashboard.sources.errors import ErrorKind, SourceError

MOST_ACTS = 20
NOT_FOUND = "Zendesk knows no such ticket: it is in the trash, deleted for good, was never there, or is not shown to our credentials."


@require_safe
@people
def ticket(request: HttpRequest, user: User, ticket_id: int) -> HttpResponse:
    """The ticket and what hangs on it, asked of the vendor with a limit of 5 s."""
    return shown(request, user, ticket_id, refusal_of(request, user))


def shown(request: HttpRequest, user: User, ticket_id: int, refusal: Refusal | None) -> HttpResponse:
    """Its page; with the form that was refused."""
    if not 0 < ticket_id < LARGEST_ID:
        raise Http404(NOT_FOUND)
    now = timezone.now()
    clocks = clocks_of(ticket_id, now)
    names = known_names()
    found, problem = _fresh(ticket_id, now)
    row = KnownTicket.objects.filter(account=registry.ACCOUNT, ticket_id=ticket_id).first()
    if found is None and row is None and refusal is not None:  # what was typed is shown where nothing need be known of the ticket
        return SeeOther(f"{Place().page([ticket_id])}&{DRAFT}={request.GET.get(DRAFT, '')}")
    if found is None and row is None:
        raise Http404(problem or NOT_FOUND)
    as_known = facts.of_ticket(found.ticket, _with(names, found)) if found is not None else facts.of_known(row, names)  # type: ignore[arg-type]
    is_gone = row is not None and row.is_gone and found is None
    as_spam = marked([ticket_id], now).get(ticket_id) if is_gone else None
    form, merge = forms_of(refusal, names)
    context: dict[str, Any] = {
        **clocks,
        "here": "desk",
        "ticket": as_known,
        "ids": (ticket_id,),
        "act_address": reverse("desk-ticket-act", args=[ticket_id]),
        "problem": problem,
        "trouble": found.troubles if found is not None else (),
        "as_of": said(now, seconds=True) if found is not None else _last_read(now),
        "is_gone": is_gone,
        "spam": as_spam,
        "spam_at": said(as_spam.at) if as_spam is not None else "",
        "durations": facts.durations(found.metrics) if found and found.metrics else (facts.known_durations(row) if row else ()),
        "are_durations_fresh": found is not None and found.metrics is not None,
        "counts": facts.counts(found.metrics) if found and found.metrics else (),
        "people": _people(found) if found is not None else (),
        "incidents": _linked(found.incidents or ()) if found is not None else (),
        "has_more_incidents": found is not None and found.has_more_incidents,
        "problem_ticket": _linked([found.problem])[0] if found is not None and found.problem else None,
        "acts": _done(ticket_id, names) if user.role != Role.VIEWER else (),
        "form": form,
        "merge": merge,
        "refused": refusal,
        "writes_on": writes_on(),
    }
    return page(request, user, "desk/ticket.html", context, status=200 if refusal is None else refusal.status)


def _fresh(ticket_id: int, now: datetime) -> tuple[fresh.Fresh | None, str]:
    """What the vendor says, or why it says nothing."""
    if is_silent():  # it counts the requests, so that none could be sent
        return None, NO_REDIS
    try:
        account = registry.ACCOUNT
        found = fresh.read(ticket_id, tickets=registry.tickets(account), metrics=registry.metrics(account), permit=permit(account))
    except SourceError as error:
        heed(registry.ACCOUNT, error, now)
        return None, NOT_FOUND if error.kind is ErrorKind.NOT_FOUND else named(error.message)
    if found.refusal is not None:
        heed(registry.ACCOUNT, found.refusal, now)
    return found, ""


def _with(names: Names, found: fresh.Fresh) -> Names:
    """The names, and those that the ticket's own lists tell."""
    lists = (found.people, found.collaborators or (), found.followers or (), found.email_ccs or ())
    told = {each.id: each.name for users in lists for each in users if each.name}
    return Names(names.groups, {**told, **names.people})


def _people(found: fresh.Fresh) -> tuple[tuple[str, tuple[Person, ...]], ...]:
    """Who is on it, by list; a list that could not be had is left out (`troubles` says so)."""
    lists = (("Collaborators", found.collaborators), ("Followers", found.followers), ("Copies by mail", found.email_ccs))
    return tuple((_as_far_as_read(label, each), each) for label, each in lists if each is not None)


def _as_far_as_read(label: str, people: Sequence[object]) -> str:
    return f"{label} (the first {len(people)})" if getattr(people, "has_more", False) else label


def _linked(tickets: Iterable[Ticket]) -> list[dict[str, object]]:
    return [{"id": each.id, "subject": each.subject or facts.NO_SUBJECT, "status": str(each.status)} for each in tickets]


def _last_read(now: datetime) -> str:
    return read_at_said(Stream.objects.filter(account=registry.ACCOUNT, name="tickets").first(), now)


def _done(ticket_id: int, names: Names) -> list[act_words.Told | Line]:
    """What was done to this ticket from here, by people and by rules, newest first."""
    return [act_words.told(each, names) if isinstance(each, DeskAct) else each for each in log_of("", ticket_id)[0:MOST_ACTS]]
