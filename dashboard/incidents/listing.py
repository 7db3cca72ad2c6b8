"""Which incidents the list shows: the open ones, and a page of those that are over, by rule, severity and day.

In:  the query of the address. Out: querysets and rows of plain words. A wrong part of the query is as none, and is said.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.dateparse import parse_date
from django.utils.http import urlencode

from dashboard.alerts.shown import beyond, first_shown, passed_at, sentence
from dashboard.domain.amounts import clock, measured, say
from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.thresholds import Severity
from dashboard.incidents.page import said
from dashboard.models import Incident, Notification, Rule

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; None: not by this. `day` is one of the account's, by when incidents opened."""

    rule: int | None = None
    severity: str | None = None
    day: date | None = None

    @property
    def is_all(self) -> bool:
        return self == Wanted()

    @property
    def query(self) -> str:
        """As the address has it, to be followed by `page=`; empty for all."""
        given = {"rule": self.rule, "severity": self.severity, "day": self.day}
        return urlencode({name: str(value) for name, value in given.items() if value is not None})


@dataclass(frozen=True, slots=True)
class Row:
    """One incident in words. `severity`: that of now, of what is over the worst.

    `lasted` counts from `since`, and runs on while it is open; `told_count` of notifications that were sent.
    """

    incident: Incident
    severity: str
    text: str
    since: str
    lasted: str
    worst: str
    told_count: int


def wanted(query: Mapping[str, str]) -> tuple[Wanted, str]:
    """What was asked for, and one sentence about what cannot be meant, or an empty one."""
    problems: list[str] = []
    rule, severity, day = query.get("rule", "").strip(), query.get("severity", "").strip(), query.get("day", "").strip()
    number = int(rule) if rule.isascii() and rule.isdecimal() and len(rule) < 16 else None
    if rule and number is None:
        problems.append("There is no such rule.")
    if severity and severity not in (Severity.WARNING, Severity.CRITICAL):
        problems.append("A severity is warning or critical.")
    try:
        when = parse_date(day) if day else None
    except ValueError:
        when = None
    if when is not None and not 2000 <= when.year <= 9000:
        when = None
    if day and when is None:
        problems.append("A day is written such as 2026-11-22.")
    known = severity if severity in (Severity.WARNING, Severity.CRITICAL) else None
    return Wanted(number, known, when), " ".join(problems)


def found(what: Wanted, zone: zoneinfo.ZoneInfo) -> QuerySet[Incident]:
    """The incidents asked for, newest first, with `told_count`."""
    # Counted for the rows that are shown: joined, the database would group every incident there ever was.
    sent = Notification.objects.filter(incident=OuterRef("pk"), state=Notification.State.SENT).order_by()
    counted = Subquery(sent.values("incident").annotate(many=Count("pk")).values("many"))
    incidents = Incident.objects.annotate(told_count=Coalesce(counted, 0)).order_by("-opened_at", "-pk")
    if what.rule is not None:
        incidents = incidents.filter(rule=what.rule)
    if what.severity is not None:
        incidents = incidents.filter(worst_severity=what.severity)
    if what.day is not None:
        begin = datetime.combine(what.day, time(), zone)
        end = datetime.combine(what.day + timedelta(days=1), time(), zone)
        incidents = incidents.filter(opened_at__gte=begin, opened_at__lt=end)
    return incidents


def open_first(incidents: QuerySet[Incident]) -> list[Incident]:
    """Those that are not over: the worst first, of these what nobody has taken, then the oldest."""
    found_open = list(incidents.filter(resolved_at=None))
    return sorted(found_open, key=first_shown)


def rules() -> list[tuple[int, str]]:
    """Rules that have incidents or could, for the choice; deleted ones last and named as such."""
    known = Rule.objects.filter(Q(deleted_at=None) | Q(incidents__isnull=False)).distinct().order_by("name", "pk")
    listed = [(rule.pk, rule.name + (" (deleted)" if rule.deleted_at else ""), bool(rule.deleted_at)) for rule in known]
    return [(pk, name) for pk, name, _ in sorted(listed, key=lambda each: each[2])]


def row(incident: Incident, now: datetime) -> Row:
    """One incident's words as of `now`."""
    return Row(
        incident,
        incident.severity if incident.resolved_at is None else incident.worst_severity,
        headline(incident),
        said(passed_at(incident)),
        lasted(incident, now),
        amount(incident, incident.worst_value),
        getattr(incident, "told_count", 0),
    )


def headline(incident: Incident) -> str:
    """What it is, and for what is over how bad it was: "Longest wait up to 7:42 on Support line, at or above 3:00"."""
    if incident.resolved_at is None:
        return sentence(incident)
    metric = CATALOGUE.get(incident.metric)
    if metric is None:
        return incident.detail or incident.rule_name
    where = f" on {incident.scope_name}" if incident.scope_name else ""
    side = "above" if incident.direction == "above" else "below"
    worst = amount(incident, incident.worst_value)
    reached = f" {'up' if side == 'above' else 'down'} to {worst}" if worst else ""
    limit = incident.opened_limit
    return f"{metric.label}{reached}{where}" + (f", {beyond(incident, limit)}" if limit is not None else "")


def amount(incident: Incident, value: float | None) -> str:
    """A value of the incident's metric in words; empty for none, and where there is no metric."""
    metric = CATALOGUE.get(incident.metric)
    if metric is None or value is None:
        return ""
    return metric.plus(value) + say(measured(value, metric.unit, incident.limit), metric.unit)


def lasted(incident: Incident, now: datetime) -> str:
    """How long the limit in its headline was passed, or has been by now: the same as its letters say."""
    seconds = max(0.0, ((incident.recovering_at or incident.resolved_at or now) - passed_at(incident)).total_seconds())
    return clock(seconds) if seconds < 360_000 else f"{round(seconds / 86_400)} days"
