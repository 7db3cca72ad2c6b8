"""Where the links in mails lead: a page with one button, for whoever has the mail. No login, no cookie, no script.

In:  a signed token (alerts/links.py). Out: to GET a page that changes nothing, since mail scanners and previews open every link; to POST
what the button says, and how it went. The token is the proof, so there is no CSRF check: who could forge the POST has the link already.
Shows this one incident's sentence and nothing else. RFC 8058's one click (`List-Unsubscribe=One-Click`) is a POST like the button's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from dashboard.alerts import acting, links, shown
from dashboard.alerts.links import Link, LinkError, Purpose
from dashboard.incidents.page import account_zone, said
from dashboard.models import Incident, Recipient

logger = logging.getLogger(__name__)

PRIVATE = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"}
BUSY = "That did not work just now: the database does not answer. Try again in a moment, or log in."


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page says. `button` empty: there is nothing (more) to do. `incident` None: the page is not about one."""

    heading: str
    text: str = ""
    button: str = ""
    incident: Incident | None = None
    status: int = 200


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """The page of one link, and what its button does."""
    try:
        sheet = _sheet(links.read(token), timezone.now(), acts=request.method == "POST")
    except LinkError as error:
        sheet = Sheet("This link does nothing", str(error), status=410)
    except DatabaseError as error:
        logger.warning("A link of a mail could not be followed: the database does not answer (%s).", type(error).__name__)
        sheet = Sheet("Not now", BUSY, status=503)
    about = sheet.incident
    context = {
        "sheet": sheet,
        "incident": about,
        "sentence": shown.sentence(about) if about else "",
        "since": said(shown.passed_at(about)) if about else "",
    }
    response = render(request, "incidents/by_mail.html", context, status=sheet.status)
    for name, value in PRIVATE.items():
        response[name] = value
    return response


def _sheet(link: Link, now: datetime, *, acts: bool) -> Sheet:
    """LinkError when the link's recipient or incident is gone."""
    recipient = Recipient.objects.filter(pk=link.recipient_id).first()
    if recipient is None or not recipient.is_active:
        raise LinkError("Whoever this mail was for is not told of incidents any more.")
    if link.purpose is Purpose.LEAVE:
        return _left(recipient, now, acts=acts)
    incident = Incident.objects.select_related("rule").filter(pk=link.incident_id or 0).first()
    if incident is None:
        raise LinkError("This incident is no longer kept.")
    by = recipient.email or recipient.name
    if link.purpose is Purpose.ACKNOWLEDGE:
        return _acknowledged(incident, partial(acting.acknowledge, incident.pk, by, "", now), acts=acts)
    return _snoozed(incident, partial(acting.snooze, incident.pk, now + links.SNOOZE, by, now), now, acts=acts)


def _acknowledged(incident: Incident, act: Callable[[], Incident], *, acts: bool) -> Sheet:
    if acts:
        incident = act()
    if incident.acknowledged_at is not None:
        done = f"Acknowledged by {incident.acknowledged_by}, {_when(incident.acknowledged_at)}."
        return Sheet("Acknowledged", f"{done}{_and_over(incident)}", incident=incident)
    if incident.resolved_at is not None:
        return _over(incident)
    return Sheet("Acknowledge this incident?", "Reminders stop, and the walls fall silent: you take care of it.", "Acknowledge", incident)


def _snoozed(incident: Incident, act: Callable[[], Incident], now: datetime, *, acts: bool) -> Sheet:
    if incident.resolved_at is not None:
        return _over(incident)
    # Pressed again, or the page loaded again: the first press stands, or the snooze would creep on.
    if acts and (incident.snoozed_until is None or incident.snoozed_until <= now):
        incident = act()
    if incident.snoozed_until is not None and incident.snoozed_until > now:
        return Sheet("Snoozed", f"No reminders until {_when(incident.snoozed_until)}.", incident=incident)
    if incident.resolved_at is not None:
        return _over(incident)
    text = "No reminders and no escalation until then. If it gets worse, or is over, you are told all the same."
    return Sheet("Snooze this incident for an hour?", text, "Snooze for 1 hour", incident)


def _left(recipient: Recipient, now: datetime, *, acts: bool) -> Sheet:
    name = recipient.email or recipient.name
    if acts:
        # The first moment stays: a second press must not look as if somebody had come back in between.
        Recipient.objects.filter(pk=recipient.pk, left_at=None).update(left_at=now)
    if acts or recipient.left_at is not None:
        return Sheet("No more alerts", f"{name} gets no more alerts from Queuelight. A supervisor can bring you back.")
    return Sheet("Stop all alerts to you?", f"{name} will get no more alerts from Queuelight.", "Stop these mails")


def _over(incident: Incident) -> Sheet:
    return Sheet("This incident is over", f"It was resolved {_when(incident.resolved_at)}. There is nothing left to do.", incident=incident)


def _and_over(incident: Incident) -> str:
    return "" if incident.resolved_at is None else f" It is over since {_when(incident.resolved_at)}."


def _when(at: datetime | None) -> str:
    """In the account's zone, which is named: whoever reads this may sit in another."""
    return f"{said(at)} ({account_zone().key})"
