"""The page of quiet times: what keeps quiet now, what will, muting everything, planning a window, ending one.

In:  requests of supervisors and administrators. Out: one page. Incidents open as ever meanwhile; only nobody is told.
"""

from __future__ import annotations

import logging
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from dashboard.accounts.gate import supervisors
from dashboard.domain.quiet_hours import Window, window_until
from dashboard.incidents.page import account_zone, page, said
from dashboard.incidents.quiet_form import MuteForm, WindowForm
from dashboard.models import Quiet, Rule, User

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Row:
    """One quiet time in words; `until` when it keeps quiet now. `quiet` None: the mute of the rule."""

    what: str
    when: str
    until: datetime | None
    reason: str
    by: str
    quiet: Quiet | None = None
    rule: Rule | None = None


@supervisors
def quiet(request: HttpRequest, user: User) -> HttpResponse:
    """Everything on one page; the POST's `do` says which of the two forms was sent."""
    now, zone = timezone.now(), account_zone()
    sent = request.POST.get("do") if request.method == "POST" else None
    mute = MuteForm(request.POST if sent == "mute" else None, zone=zone, now=now, prefix="mute")
    window = WindowForm(request.POST if sent == "window" else None, zone=zone, now=now, prefix="window")
    form: MuteForm | WindowForm | None = mute if sent == "mute" else window if sent == "window" else None
    if form is not None and form.is_valid():
        made = form.quiet
        made.made_by = user
        made.save()
        logger.info("Quiet time %d was made by %s.", made.pk, user.email)
        messages.success(request, f"{_what(made)} is quiet: {_when(made)}.")
        return HttpResponseRedirect(reverse("quiet"))
    rows = _rows(now)
    context = {
        "here": "quiet",
        "mute": mute,
        "window": window,
        "rows": rows,
        "zone": zone.key,
        "now_quiet": [row for row in rows if row.until],
    }
    return page(request, user, "rules/quiet.html", context, status=422 if form is not None else 200)


@require_POST
@supervisors
def end(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Ends a quiet time now; a planned or weekly one goes altogether."""
    found, now = Quiet.objects.filter(pk=pk).first(), timezone.now()
    if found is None or (not found.weekly and found.ends_at <= now):
        messages.success(request, "It has ended already.")
    elif not found.weekly and found.starts_at < now:
        Quiet.objects.filter(pk=pk, ends_at__gt=now).update(ends_at=now)
        messages.success(request, f"{_what(found)} is not quiet any more.")
    else:
        found.delete()
        messages.success(request, "The planned quiet time is gone.")
    logger.info("Quiet time %d was ended by %s.", pk, user.email)
    return HttpResponseRedirect(reverse("quiet"))


def _rows(now: datetime) -> Sequence[Row]:
    """What keeps quiet now first, then what will, in the order of time."""
    planned = (
        Quiet.objects.filter(Q(weekly=True) | Q(ends_at__gt=now))
        .filter(Q(rule=None) | Q(rule__deleted_at=None))
        .select_related("rule", "made_by")
    )
    rows = [
        Row(_what(each), _when(each), window_until(_window(each), now), each.reason, each.made_by.email if each.made_by else "", quiet=each)
        for each in planned.order_by("starts_at")
    ]
    muted = Rule.objects.filter(muted_until__gt=now, deleted_at=None).order_by("muted_until")
    rows += [
        Row(rule.name, f"until {said(rule.muted_until)}", rule.muted_until, "muted", rule.changed_by, rule=rule)
        for rule in muted
        if rule.muted_until
    ]
    return sorted(rows, key=lambda row: row.until is None)


def _window(each: Quiet) -> Window:
    return Window(each.starts_at, each.ends_at, zoneinfo.ZoneInfo(each.time_zone), each.weekly, each.reason)


def _what(each: Quiet) -> str:
    return each.rule.name if each.rule else "Everything"


def _when(each: Quiet) -> str:
    zone = zoneinfo.ZoneInfo(each.time_zone)
    starts, ends = each.starts_at.astimezone(zone), each.ends_at.astimezone(zone)
    if each.weekly:
        until = f"{ends:%H:%M}" if starts.date() == ends.date() else f"{ends:%A %H:%M}"
        return f"every {starts:%A} {starts:%H:%M} until {until}, {zone.key}"
    return f"{said(each.starts_at)} until {said(each.ends_at)}"
