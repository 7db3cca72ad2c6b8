"""The pages of incidents: the list, and one with its timeline and its picture. Everybody who logs in may look.

In:  requests. Out: pages that work without scripts; static/js/incidents.js only keeps them fresh. Changes nothing: `acts.py` does.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboard.accounts.access import viewer_of
from dashboard.accounts.gate import people
from dashboard.alerts import links, mail_server, scopes
from dashboard.alerts.shown import passed_at
from dashboard.incidents import listing, picture, ticket_state
from dashboard.incidents.acts import NOT_FOUND
from dashboard.incidents.page import account_zone, page, said
from dashboard.incidents.timeline import timeline
from dashboard.models import Incident, User
from dashboard.store.connection import client

# The picture of an open incident moves this often, and with every change.
PICTURE_EVERY_S = 60


@require_safe
@people
def incidents(request: HttpRequest, user: User) -> HttpResponse:
    """The open ones, and a page of those that are over; `?rule=`, `?severity=`, `?day=` narrow both, `?page=` turns."""
    now = timezone.now()
    what, problem = listing.wanted(request.GET)
    found = listing.found(what, account_zone())
    past = Paginator(found.exclude(resolved_at=None), listing.PAGE_SIZE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "here": "incidents",
        "mail_server": _mail_server(now),
        "wanted": what,
        "problem": problem,
        "rules": listing.rules(),
        "open": [listing.row(each, now) for each in listing.open_first(found)],
        "past": [listing.row(each, now) for each in past],
        "turn": past,
    }
    return page(request, user, "incidents/list.html", context)


@require_safe
@people
def incident(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One incident: what it is, who has it, what happened and who was told, and the metric all the while."""
    now = timezone.now()
    found = Incident.objects.select_related("rule").filter(pk=pk).first()
    if found is None:
        raise Http404(NOT_FOUND)
    viewer = viewer_of(request)
    entries = timeline(found, now)
    snoozed = found.resolved_at is None and found.snoozed_until is not None and found.snoozed_until > now
    context: dict[str, Any] = {
        "here": "incidents",
        "mail_server": _mail_server(now),
        "incident": found,
        "headline": listing.headline(found),
        "severity": found.worst_severity if found.resolved_at else found.severity,
        "is_open": found.resolved_at is None,
        "since": said(passed_at(found)),
        "until": said(found.resolved_at and (found.recovering_at or found.resolved_at)),
        "snoozed": said(found.snoozed_until) if snoozed else "",
        "lasted": listing.lasted(found, now),
        "facts": _facts(found),
        "entries": entries,
        "ticket": ticket_state.state(found),
        "may_act": viewer is not None and viewer.may_supervise,
        "rewind": links.rewind_path(found),
        "figure": picture.figure(client(), found, now),
        # What tells one state of these parts from another: a script asks for the page and puts in what is new.
        "stamp": "-".join([str(found.version), str(len(entries)), str(sum(each.kind in ("told", "ticket") for each in entries))]),
        "minute": int(now.timestamp() // PICTURE_EVERY_S) if found.resolved_at is None else "over",
    }
    return page(request, user, "incidents/incident.html", context)


def _mail_server(now: datetime) -> dict[str, str] | None:
    """Since when the mail server is away, why, and when it is tried again; None while it answers."""
    known = mail_server.present()
    if known is None or known.failing_since is None:
        return None
    tried = said(known.not_before, seconds=True) if known.not_before and known.not_before > now else ""
    return {"since": said(known.failing_since), "error": known.last_error, "next": tried}


def _facts(found: Incident) -> list[tuple[str, str]]:
    """Labels and words; what is not known is left out."""
    is_open = found.resolved_at is None
    facts = [
        ("Now" if is_open else "Last value", listing.amount(found, found.value)),
        ("Worst", listing.amount(found, found.worst_value)),
        ("Limit", listing.amount(found, found.limit if is_open else found.opened_limit)),
        ("Taken by", found.acknowledged_by),
        ("Scope", (found.scope_name or scopes.of_feed(found.scope)) if found.metric else ""),
    ]
    return [(label, words) for label, words in facts if words]
