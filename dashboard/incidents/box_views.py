"""The box of letters, while no mail server is set: what would have been sent, to read.

In:  requests of supervisors and administrators. Out: the list, a letter's text, and its HTML alone, to be shown in a frame without rights.
A letter's HTML is our own, but names in it are not: its page may load nothing, run nothing and send nothing.
"""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dashboard.accounts.gate import supervisors
from dashboard.alerts.box import Kept
from dashboard.alerts.transports import box
from dashboard.api.answers import answer
from dashboard.incidents.page import page, said
from dashboard.models import User

SHOWN = 100
ON_THE_CARD = 4
NO_LETTER = "There is no such letter (any more)."
# Inline styles are how mails are made; pictures come in the letter itself.
OF_A_LETTER = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "sandbox": ["allow-popups"],
    "frame-ancestors": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "script-src": ["'none'"],
    "connect-src": ["'none'"],
}


def in_use() -> bool:
    """Whether letters go into the box: no mail server is set."""
    return settings.ENV.mail is None


@require_safe
@supervisors
def letters(request: HttpRequest, user: User) -> HttpResponse:
    """The newest letters."""
    found = [(letter, said(letter.at)) for letter in box().latest(SHOWN)]
    return page(request, user, "incidents/letters.html", {"here": "mail", "letters": found, "in_use": in_use()})


@require_safe
@supervisors
def latest(request: HttpRequest, user: User) -> HttpResponse:
    """The same as JSON, the newest few, for the supervisor's page."""
    return answer({"letters": card()})


@require_safe
@supervisors
def letter(request: HttpRequest, user: User, name: str) -> HttpResponse:
    """One letter: who, what, its text, and its HTML in a frame."""
    found = _found(name)
    return page(request, user, "incidents/letter.html", {"here": "mail", "letter": found, "at": said(found.at)})


@csp_replace(OF_A_LETTER)
@require_safe
@supervisors
def letter_html(request: HttpRequest, user: User, name: str) -> HttpResponse:
    """The letter's HTML as it was sent."""
    found = _found(name)
    if not found.html:
        raise Http404(NO_LETTER)
    return HttpResponse(found.html)


def card() -> list[dict[str, Any]]:
    """The newest letters as the supervisor's page shows them; `at` in the account's zone."""
    return [{"name": each.name, "to": each.to, "subject": each.subject, "at": said(each.at)} for each in box().latest(ON_THE_CARD)]


def _found(name: str) -> Kept:
    found = box().get(name)
    if found is None:
        raise Http404(NO_LETTER)
    return found
