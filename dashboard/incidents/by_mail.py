"""Where the links in mails lead: a page with one button, for whoever has the mail. No login, no cookie, no script.

In:  a signed token (alerts/links.py). Out: to GET a page that changes nothing, since mail scanners and previews open every link; to POST
what the button says, and how it went. The token is the proof, so there is no CSRF check: who could forge the POST has the link already.
Shows this one incident's sentence and nothing else, in the recipient's language; before that is known, in one that the browser asks for.
RFC 8058's one click (`List-Unsubscribe=One-Click`) is a POST like the button's.
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
from dashboard.incidents.page import account_zone
from dashboard.models import Incident, Recipient
from dashboard.words.amounts import moment
from dashboard.words.phrases import Words, preferred
from dashboard.words.phrases import words as words_of

logger = logging.getLogger(__name__)

PRIVATE = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"}


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
    words = words_of(preferred(request.headers.get("Accept-Language", "")))
    try:
        link = links.read(token)
        recipient = _recipient(link)
        words = words_of(recipient.language)
        sheet = _sheet(link, recipient, timezone.now(), words, acts=request.method == "POST")
    except LinkError as error:
        sheet = Sheet(words.say("link.nothing"), words.say(error.key), status=410)
    except DatabaseError as error:
        logger.warning("A link of a mail could not be followed: the database does not answer (%s).", type(error).__name__)
        sheet = Sheet(words.say("link.not_now"), words.say("link.busy"), status=503)
    about = sheet.incident
    context = {
        "words": words,
        "sheet": sheet,
        "incident": about,
        "sentence": shown.sentence(about, words) if about else "",
        "about": _about(about, words) if about else "",
    }
    response = render(request, "incidents/by_mail.html", context, status=sheet.status)
    for name, value in PRIVATE.items():
        response[name] = value
    return response


def _recipient(link: Link) -> Recipient:
    """LinkError when the link's recipient is gone or switched off."""
    recipient = Recipient.objects.filter(pk=link.recipient_id).first()
    if recipient is None or not recipient.is_active:
        raise LinkError("link.not_told")
    return recipient


def _sheet(link: Link, recipient: Recipient, now: datetime, words: Words, *, acts: bool) -> Sheet:
    """LinkError when the link's incident is gone."""
    if link.purpose is Purpose.LEAVE:
        return _left(recipient, now, words, acts=acts)
    incident = Incident.objects.select_related("rule").filter(pk=link.incident_id or 0).first()
    if incident is None:
        raise LinkError("link.not_kept")
    by = recipient.email or recipient.name
    if link.purpose is Purpose.ACKNOWLEDGE:
        return _acknowledged(incident, partial(acting.acknowledge, incident.pk, by, "", now), words, acts=acts)
    return _snoozed(incident, partial(acting.snooze, incident.pk, now + links.SNOOZE, by, now), now, words, acts=acts)


def _acknowledged(incident: Incident, act: Callable[[], Incident], words: Words, *, acts: bool) -> Sheet:
    if acts:
        incident = act()
    if incident.acknowledged_at is not None:
        done = words.say("link.acknowledged_by", who=incident.acknowledged_by, when=_when(incident.acknowledged_at, words))
        if incident.resolved_at is not None:
            done += f" {words.say('link.over_since', when=_when(incident.resolved_at, words))}"
        return Sheet(words.say("link.acknowledged"), done, incident=incident)
    if incident.resolved_at is not None:
        return _over(incident, incident.resolved_at, words)
    return Sheet(words.say("link.acknowledge"), words.say("link.acknowledge_why"), words.say("mail.do.acknowledge"), incident)


def _snoozed(incident: Incident, act: Callable[[], Incident], now: datetime, words: Words, *, acts: bool) -> Sheet:
    if incident.resolved_at is not None:
        return _over(incident, incident.resolved_at, words)
    # Pressed again, or the page loaded again: the first press stands, or the snooze would creep on.
    if acts and (incident.snoozed_until is None or incident.snoozed_until <= now):
        incident = act()
    if incident.snoozed_until is not None and incident.snoozed_until > now:
        return Sheet(
            words.say("link.snoozed"), words.say("link.snoozed_until", when=_when(incident.snoozed_until, words)), incident=incident
        )
    if incident.resolved_at is not None:
        return _over(incident, incident.resolved_at, words)
    return Sheet(words.say("link.snooze"), words.say("link.snooze_why"), words.say("link.snooze_button"), incident)


def _left(recipient: Recipient, now: datetime, words: Words, *, acts: bool) -> Sheet:
    name = recipient.email or recipient.name
    if acts:
        # The first moment stays: a second press must not look as if somebody had come back in between.
        Recipient.objects.filter(pk=recipient.pk, left_at=None).update(left_at=now)
    if acts or recipient.left_at is not None:
        return Sheet(words.say("link.left"), words.say("link.left_why", name=name))
    return Sheet(words.say("link.leave"), words.say("link.leave_why", name=name), words.say("link.leave_button"))


def _over(incident: Incident, resolved_at: datetime, words: Words) -> Sheet:
    return Sheet(words.say("link.over"), words.say("link.over_why", when=_when(resolved_at, words)), incident=incident)


def _about(incident: Incident, words: Words) -> str:
    since = moment(shown.passed_at(incident), words, account_zone())
    return words.say("link.about", severity=words.say(f"severity.{incident.severity}"), when=since, id=str(incident.pk))


def _when(at: datetime, words: Words) -> str:
    """In the account's zone, which is named: whoever reads this may sit in another."""
    return words.say("link.in_zone", when=moment(at, words, account_zone()), zone=account_zone().key)
