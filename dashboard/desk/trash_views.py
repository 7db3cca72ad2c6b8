"""The trash of the last 30 days, as the vendor has it now: what may be restored, and, by administrators, deleted for good.

In:  requests of people who log in. Out: a page. The vendor allows ten of these a minute; beyond that the page says so and when. Changes
nothing: `act_views.py` does.
"""

from __future__ import annotations

import time

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from dashboard.accounts.gate import people
from dashboard.accounts.switch import writes_on
from dashboard.desk.plans import MOST_TICKETS
from dashboard.desk.refusal_words import error_said
from dashboard.desk.refusals import Refusal, refusal_of
from dashboard.desk.spam import is_of, marked
from dashboard.incidents.page import page, said
from dashboard.models import User
from dashboard.polling.permit import heed, permit
from dashboard.sources import registry
from dashboard.sources.errors import SourceError
from dashboard.sources.paging import LONGEST_CURSOR

WITHIN_S = 5.0


@require_safe
@people
def trash(request: HttpRequest, user: User) -> HttpResponse:
    """Deleted last first; `?after=` turns the page."""
    return shown(request, user, request.GET.get("after", ""), refusal_of(request, user))


def address(place: str) -> str:
    """The page of the trash that begins after that place; empty: the first."""
    return f"{reverse('desk-trash')}?{urlencode({'after': place[:LONGEST_CURSOR]})}" if place else reverse("desk-trash")


def shown(request: HttpRequest, user: User, place: str, refusal: Refusal | None) -> HttpResponse:
    """The trash after that place (empty: from the first on); with the choice that was refused."""
    now = timezone.now()
    after = place[:LONGEST_CURSOR] or None
    problem, rows, following = "", [], None
    try:
        tickets = registry.tickets(registry.ACCOUNT)
        found = tickets.deleted_page(after=after, before_request=permit(registry.ACCOUNT), deadline=time.monotonic() + WITHIN_S)
    except SourceError as error:
        heed(registry.ACCOUNT, error, now)
        problem = error_said(error)
    else:
        as_spam = marked((each.id for each in found.items), now)
        rows = [(each, said(each.deleted_at), is_of(as_spam.get(each.id), each.deleted_at)) for each in found.items]
        following = found.after
    context = {
        "here": "desk",
        "rows": rows,
        "problem": problem,
        "next": following,
        "is_first": after is None,
        "after": after or "",
        "as_of": said(now, seconds=True),
        "most": MOST_TICKETS,
        "writes_on": writes_on(),
        "refused": refusal,
        "chosen": refusal.ids if refusal is not None else (),
    }
    return page(request, user, "desk/trash.html", context, status=200 if refusal is None else refusal.status)
