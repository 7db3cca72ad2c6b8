"""The list of unsolved tickets, those at risk first; and what Zendesk finds for somebody who looks for a problem.

In:  requests of people who log in. Out: a page that works without scripts; static/js/desk-list.js lets it tick and asks for it anew.
Changes nothing, and asks the vendor nothing but for the search.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboard.accounts.gate import people, supervisors
from dashboard.accounts.switch import writes_on
from dashboard.api import answers
from dashboard.desk.filters import filters
from dashboard.desk.narrowing import LAST_PAGE, PAGE_SIZE, wanted
from dashboard.desk.patience import is_silent
from dashboard.desk.people import assignee_choices, group_choices, known_names
from dashboard.desk.plans import MOST_TICKETS
from dashboard.desk.refusals import Refusal, refusal_of
from dashboard.desk.rows import row
from dashboard.desk.standing import standing
from dashboard.domain.vendor_names import named
from dashboard.incidents.page import page
from dashboard.mirror.desk_list import AtRisk, tickets_at_risk, tickets_count
from dashboard.models import User
from dashboard.polling.permit import heed, permit
from dashboard.polling.watching import watch_desk
from dashboard.sources import registry
from dashboard.sources.errors import SourceError

SEARCH_WITHIN_S = 5.0
MOST_FOUND = 10


@require_safe
@people
def desk(request: HttpRequest, user: User) -> HttpResponse:
    """`?group=`, `?assignee=`, `?status=`, `?priority=` (each several times) narrow the list, `?page=` turns it."""
    return shown(request, user, refusal_of(request, user))


def shown(request: HttpRequest, user: User, refusal: Refusal | None) -> HttpResponse:
    """The list as the address narrows it; with the choice that was refused."""
    now = timezone.now()
    stands = standing(now)  # first: it finds out whether Redis answers
    if not is_silent():
        watch_desk(now)
    what, problem = wanted(request.GET)
    names = known_names()
    narrowed: dict[str, Any] = {
        "groups": what.groups,
        "assignees": what.assignees,
        "statuses": what.statuses,
        "priorities": what.priorities,
    }
    found = tickets_at_risk(registry.ACCOUNT, **narrowed, now=now, limit=PAGE_SIZE, offset=what.offset)
    count = tickets_count(registry.ACCOUNT, **narrowed)
    context = {
        "here": "desk",
        "wanted": what,
        "problem": problem,
        "standing": stands,
        "filters": filters(what, group_choices(names, what.groups), assignee_choices(names, what.assignees)),
        "rows": [row(each, names, now, clocks_known=stands.clocks_known) for each in found],
        "next": what.page + 1 if count > what.offset + PAGE_SIZE and what.page < LAST_PAGE else None,
        "previous": what.page - 1 if what.page > 1 else None,
        "first": what.offset + 1,
        "last": what.offset + len(found),
        "count": count,
        "now": now,
        "most": MOST_TICKETS,
        "writes_on": writes_on(),
        "refused": refusal,
        "chosen": refusal.ids if refusal is not None else (),
        "chosen_elsewhere": _not_among(refusal.ids, found) if refusal is not None else (),
    }
    return page(request, user, "desk/list.html", context, status=200 if refusal is None else refusal.status)


def _not_among(ids: Iterable[int], shown_here: Iterable[AtRisk]) -> tuple[int, ...]:
    here = {each.ticket.ticket_id for each in shown_here}
    return tuple(each for each in ids if each not in here)


@require_safe
@supervisors
def problems(request: HttpRequest, user: User) -> HttpResponse:
    """Problems whose subject holds `?text=`, as Zendesk has them now: `{"problems": [{"id", "subject", "status"}, …]}`, at most ten."""
    text = request.GET.get("text", "").strip()
    try:
        tickets = registry.tickets(registry.ACCOUNT)
        deadline = time.monotonic() + SEARCH_WITHIN_S
        found = tickets.autocomplete_problems(text, before_request=permit(registry.ACCOUNT), deadline=deadline)
    except SourceError as error:
        heed(registry.ACCOUNT, error, timezone.now())
        return answers.error(502, "source", named(error.message))
    shown = [{"id": each.id, "subject": each.subject, "status": str(each.status)} for each in found[:MOST_FOUND]]
    return answers.answer({"problems": shown})
