"""What people do to an incident on its page, or with one click on the supervisor's: acknowledge, give back, snooze, note.

In:  POSTs of supervisors and administrators. Out: back to the page, with one sentence; for a script (`Accept: application/json`) the
incident's state. Must not decide what an act means: `alerts/acting.py` does, and makes a second click harmless.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from dashboard.accounts.gate import supervisors
from dashboard.alerts import acting
from dashboard.api.answers import answer
from dashboard.incidents.page import account_zone
from dashboard.models import Incident, User

SNOOZES = {"15m": timedelta(minutes=15), "1h": timedelta(hours=1), "4h": timedelta(hours=4)}
TOMORROW = "tomorrow"
AWAKE = "awake"
TOMORROW_AT = time(8)
OVER = "This incident is over; only notes can be added."
NOT_FOUND = "There is no such incident (any more)."
NO_SNOOZE = "Choose how long to snooze."


@require_POST
@supervisors
def acknowledge(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Takes the incident: its reminders and escalation stop, the walls fall silent."""
    found = _acted(lambda now: acting.acknowledge(pk, user.email, request.POST.get("note", ""), now))
    if found.resolved_at is not None:
        return _back(request, found, OVER, level=messages.WARNING)
    mine = found.acknowledged_by == user.email
    return _back(request, found, "You have it now." if mine else f"{found.acknowledged_by} has it already.")


@require_POST
@supervisors
def unacknowledge(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Gives the incident back: reminders and escalation go on."""
    found = _acted(lambda now: acting.unacknowledge(pk, user.email, now))
    return _back(request, found, "Nobody has it now; reminders go on.")


@require_POST
@supervisors
def snooze(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """`for`: 15m, 1h, 4h, tomorrow (8:00 in `zone`, the browser's; without one the account's) or awake, which ends a snooze."""
    wish, zone = request.POST.get("for", ""), zone_of(request.POST.get("zone", ""))
    now = timezone.now()
    until = None if wish == AWAKE else until_of(wish, now, zone)
    if until is None and wish != AWAKE:
        return _back(request, _found(pk), NO_SNOOZE, level=messages.ERROR)
    found = _acted(lambda _: acting.snooze(pk, until, user.email, now))
    if found.resolved_at is not None:
        return _back(request, found, OVER, level=messages.WARNING)
    said = "The snooze is over." if until is None else f"Snoozed until {until.astimezone(zone):%a %-d %b %H:%M} ({zone.key})."
    return _back(request, found, said)


@require_POST
@supervisors
def note(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Adds to the timeline, also of what is over."""
    text = request.POST.get("note", "").strip()
    if not text:
        return _back(request, _found(pk), "A note needs words.", level=messages.ERROR)
    return _back(request, _acted(lambda now: acting.note(pk, user.email, text, now)), "Noted.")


def until_of(wish: str, now: datetime, zone: zoneinfo.ZoneInfo) -> datetime | None:
    """When a snooze ends that somebody wishes `now` (aware); None for a wish we do not know."""
    if wish == TOMORROW:
        return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), TOMORROW_AT, zone)
    return now + SNOOZES[wish] if wish in SNOOZES else None


def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """The zone of that name; the account's for one that nobody knows."""
    try:
        return zoneinfo.ZoneInfo(name) if name else account_zone()
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return account_zone()


def _found(pk: int) -> Incident:
    found = Incident.objects.filter(pk=pk).first()
    if found is None:
        raise Http404(NOT_FOUND)
    return found


def _acted(act: Callable[[datetime], Incident]) -> Incident:
    try:
        return act(timezone.now())
    except Incident.DoesNotExist:
        raise Http404(NOT_FOUND) from None


def _back(request: HttpRequest, incident: Incident, said: str, *, level: int = messages.SUCCESS) -> HttpResponse:
    if "application/json" in request.headers.get("Accept", ""):
        return answer({"id": incident.pk, "state": incident.state, "acknowledged_by": incident.acknowledged_by, "message": said})
    messages.add_message(request, level, said)
    return HttpResponseRedirect(reverse("incident", args=[incident.pk]))
