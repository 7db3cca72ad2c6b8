"""Incidents for programs: the open ones, those that are over, and the timeline of one. Read-only.

In:  rows of the database. Out: objects in which what is not known is absent, never null. No address of a recipient is in them.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from dashboard.accounts.access import Viewer
from dashboard.alerts.links import ticket_url
from dashboard.alerts.shown import entry
from dashboard.api.answers import ApiError, answer
from dashboard.api.guard import Allowed, api
from dashboard.api.parameters import moment, number
from dashboard.domain.catalogue import CATALOGUE
from dashboard.live.messages import stamp
from dashboard.models import Incident, IncidentTicket, Notification, Transition

DEFAULT_LIMIT = 100
MOST = 1000
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
STATES = {"open": Q(resolved_at=None), "resolved": Q(resolved_at__isnull=False)}
# What boards need and programs do not.
_OF_BOARDS = ("line_ids", "group_ids", "about")


@api(Allowed.PEOPLE)
def incidents(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The newest first. `?state=` open or resolved (default: both), `from` <= opened < `to`, `limit` 1..1000.

    `more`: there are older ones within the span; ask again with `to` = the last one's `opened_at`.
    """
    wanted, limit = _wanted(request.GET, timezone.now())
    found = list(Incident.objects.filter(wanted).select_related("rule", "ticket").order_by("-opened_at", "-pk")[: limit + 1])
    return answer({"incidents": [_whole(each) for each in found[:limit]], "more": len(found) > limit})


@api(Allowed.PEOPLE)
def incident(request: HttpRequest, viewer: Viewer, incident_id: int) -> HttpResponse:
    """One incident with what happened, what people did (`timeline`) and who was told, or is to be (`notifications`)."""
    found = Incident.objects.filter(pk=incident_id).select_related("rule", "ticket").first()
    if found is None:
        raise ApiError(404, "not_found", f"There is no incident {incident_id}.")
    told = found.notifications.select_related("recipient").order_by("pk")
    return answer(
        {
            "incident": _whole(found),
            "timeline": [_step(each) for each in found.transitions.order_by("number")],
            "notifications": [_notification(each) for each in told],
        }
    )


def _wanted(given: QueryDict, now: datetime) -> tuple[Q, int]:
    state = given.get("state", "")
    if state and state not in STATES:
        raise ApiError(400, "bad_parameter", "state must be open or resolved.")
    wanted = STATES.get(state, Q())
    if given.get("from") or given.get("to"):
        start, end = moment(given, "from", EARLIEST), moment(given, "to", now)
        if start >= end:
            raise ApiError(400, "bad_parameter", "from must be earlier than to.")
        wanted &= Q(opened_at__gte=start, opened_at__lt=end)
    limit = number(given.get("limit") or str(DEFAULT_LIMIT))
    if limit is None or limit != int(limit) or not 1 <= limit <= MOST:
        raise ApiError(400, "bad_parameter", f"limit must be a whole number from 1 to {MOST}.")
    return wanted, int(limit)


def _whole(found: Incident) -> dict[str, object]:
    metric = CATALOGUE.get(found.metric)
    own: dict[str, object | None] = {
        "state": found.state,
        "since": stamp(found.since_at),
        "limit_since": stamp(found.limit_since_at),
        "opened_limit": found.opened_limit,
        "account": found.account,
        "rule_id": found.rule_id,
        "unit": metric.unit.value if metric else None,
        "worst_severity": found.worst_severity,
        "worst_value": found.worst_value,
        "acknowledged_at": _time(found.acknowledged_at),
        "last_seen_at": _time(found.last_seen_at),
        "resolved_at": _time(found.resolved_at),
        "ticket": _ticket(getattr(found, "ticket", None)),
    }
    whole = {name: value for name, value in entry(found).items() if name not in _OF_BOARDS}
    return {**whole, **_known(own)}


def _ticket(row: IncidentTicket | None) -> dict[str, object] | None:
    """How it stands with its ticket; None: its rule wanted none when it opened."""
    if row is None:
        return None
    number = row.ticket_id
    url = None if number is None else ticket_url(number)
    return _known({"state": row.state, "number": number, "url": url, "reason": row.error or None})


def _step(one: Transition) -> dict[str, object]:
    return _known(
        {
            "number": one.number,
            "what": one.what,
            "at": stamp(one.at),
            "by": one.by or None,
            "note": one.note or None,
            "severity": one.severity or None,
            "value": one.value,
            "until": _time(one.until),
        }
    )


def _notification(one: Notification) -> dict[str, object]:
    return _known(
        {
            "id": one.pk,
            "what": one.what,
            "recipient": one.recipient.name,
            "step": one.step,
            "state": one.state,
            "reason": one.reason or None,
            "created_at": stamp(one.created_at),
            "due_at": stamp(one.due_at),
            "sent_at": _time(one.sent_at),
        }
    )


def _time(at: datetime | None) -> str | None:
    return stamp(at) if at is not None else None


def _known(parts: dict[str, object | None]) -> dict[str, object]:
    return {name: value for name, value in parts.items() if value is not None}
