"""What the pages about incidents, rules, recipients and quiet times share: who looks, the account's zone, the bar."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from dashboard.models import Role, User


def page(request: HttpRequest, user: User, template: str, context: Mapping[str, object], *, status: int = 200) -> HttpResponse:
    """The template with what the bar needs. `context["here"]` names the page in the bar: incidents, rules, recipients or quiet."""
    shared = {
        "person": user,
        "may_supervise": user.role in (Role.SUPERVISOR, Role.ADMINISTRATOR),
        "is_administrator": user.role == Role.ADMINISTRATOR,
        "emulated": settings.ENV.emulated,
        "account_zone": settings.ACCOUNT_TIME_ZONE,
    }
    return render(request, template, {**shared, **context}, status=status)


def said(at: datetime | None, *, seconds: bool = False) -> str:
    """A moment as these pages write it, in the account's zone: "Sun 22 Nov 14:30", with the year of another year. Empty for none."""
    if at is None:
        return ""
    local = at.astimezone(account_zone())
    year = "" if local.year == timezone.localtime(timezone=account_zone()).year else " %Y"
    return f"{local:%a %-d %b{year} %H:%M{':%S' if seconds else ''}}"


def account_zone() -> zoneinfo.ZoneInfo:
    """The zone in which hours and moments are shown and typed."""
    return zoneinfo.ZoneInfo(settings.ACCOUNT_TIME_ZONE)
