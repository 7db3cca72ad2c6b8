"""Composes letters: one incident, or several in a digest; plain text and an HTML twin that say the same, and the headers that thread them.

In:  notifications of one recipient, in the order written, and the time. Out: a `Letter`. Reads the database and the store, writes nothing.
Every text that somebody typed is one line in a header, plain in the text and escaped in the HTML. A letter stays below the 102 kB at
which Gmail cuts.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.http import http_date

from dashboard.alerts import links, wording
from dashboard.alerts.bars import GAP, Bar, bars_of, bars_text
from dashboard.alerts.delivery_types import Letter
from dashboard.alerts.facts import PAST, Counted, Facts, facts
from dashboard.domain.amounts import say, span
from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.delivery import late_s
from dashboard.domain.thresholds import Severity
from dashboard.models import Direction, Incident, Kind, Notification, Recipient
from dashboard.store import connection

# A digest names so many, and says how many more there are.
MOST_NAMED = 30


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the letter's table: `strong` is the figure, `rest` what goes with it."""

    name: str
    strong: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One incident of a digest."""

    severity: str
    subject: str
    since: str
    url: str


def compose(notifications: Sequence[Notification], now: datetime) -> Letter:
    """The letter that tells these. ValueError for none, or for one without an incident."""
    if not notifications:
        raise ValueError("a letter tells something")
    return _one(notifications[0], now) if len(notifications) == 1 else _digest(notifications, now)


def _one(notification: Notification, now: datetime) -> Letter:
    incident, recipient = _incident(notification), notification.recipient
    zone = zoneinfo.ZoneInfo(settings.ACCOUNT_TIME_ZONE)
    known = facts(connection.client(), incident, now)
    resolved = notification.what == Notification.What.RESOLVED
    subject = wording.subject(notification.what, incident, known.figure, known.holds)
    bars = bars_of(known.bars, incident)
    context = {
        "subject": subject,
        "incident": incident,
        "badge": "RESOLVED" if resolved else incident.severity.upper(),
        "is_critical": not resolved and incident.severity == Severity.CRITICAL,
        "is_resolved": resolved,
        "headline": _headline(notification, incident, known),
        "says": _says(notification, incident, known, now),
        "when": f"{now.astimezone(zone):%A %d %b, %H:%M}",
        "zone": settings.ACCOUNT_TIME_ZONE,
        "late": _late(notification, now),
        "rows": _rows(incident, known, zone, now),
        "bars": bars,
        "bars_text": bars_text(bars),
        "bars_note": _bars_note(incident, bars),
        "bars_note_plain": _bars_note(incident, bars, plain=True),
        "bars_from": "" if known.bars_end is None else f"{(known.bars_end - PAST).astimezone(zone):%H:%M}",
        "bars_middle": "" if known.bars_end is None else f"{(known.bars_end - PAST / 2).astimezone(zone):%H:%M}",
        "bars_to": f"{now.astimezone(zone):%H:%M}",
        "next": _next(notification, incident),
        "why": _why(incident),
        **_addresses(incident, recipient, acting=not resolved),
    }
    brief = "\n".join(
        [*(f"{row.name}: {row.strong} {row.rest}".rstrip() for row in _rows(incident, known, zone, now)), links.incident_url(incident)]
    )
    return Letter(
        subject=subject,
        text=render_to_string("alerts/incident.body.txt", context),
        html=render_to_string("alerts/incident.body.html", context),
        message_id=notification.message_id,
        headers=_headers(recipient, now) | _thread(notification, incident),
        brief=brief,
    )


def _digest(notifications: Sequence[Notification], now: datetime) -> Letter:
    recipient = notifications[0].recipient
    zone = zoneinfo.ZoneInfo(settings.ACCOUNT_TIME_ZONE)
    told = [_told(notification, now, zone) for notification in notifications]
    critical_count = sum(each.severity == Severity.CRITICAL for each in told)
    over_count = sum(each.severity == "resolved" for each in told)
    kinds = ", ".join(f"{count} {word}" for count, word in ((critical_count, "critical"), (over_count, "resolved")) if count)
    subject = wording.cut(f"{len(told)} alerts at once{f': {kinds}' if kinds else ''}; first: {told[0].subject}")
    context = {
        "subject": subject,
        "told": told[:MOST_NAMED],
        "more_count": max(0, len(told) - MOST_NAMED),
        "count": len(told),
        "is_critical": bool(critical_count),
        "when": f"{now.astimezone(zone):%A %d %b, %H:%M}",
        "zone": settings.ACCOUNT_TIME_ZONE,
        "late": _late(notifications[0], now),
        "list_url": f"{settings.SITE_URL}/incidents/",
        "leave_url": links.leave_url(recipient),
        "site": settings.SITE_URL,
    }
    return Letter(
        subject=subject,
        text=render_to_string("alerts/digest.body.txt", context),
        html=render_to_string("alerts/digest.body.html", context),
        message_id=notifications[0].message_id,
        headers=_headers(recipient, now),
        brief="\n".join([*(each.subject for each in told[:10]), f"{settings.SITE_URL}/incidents/"]),
    )


def _told(notification: Notification, now: datetime, zone: zoneinfo.ZoneInfo) -> Told:
    """From what the incident keeps: a digest is for when much happens at once, and the store has enough to do then."""
    incident = _incident(notification)
    figure = wording.Figure(incident.value, incident.last_seen_at if wording.about_a_metric(incident) else now)
    resolved = notification.what == Notification.What.RESOLVED
    return Told(
        "resolved" if resolved else incident.severity,
        wording.subject(notification.what, incident, figure),
        f"{wording.since(incident, figure).astimezone(zone):%H:%M:%S}",
        links.incident_url(incident),
    )


def _incident(notification: Notification) -> Incident:
    if notification.incident is None:
        raise ValueError(f"notification {notification.pk} tells of no incident")
    return notification.incident


def _headline(notification: Notification, incident: Incident, known: Facts) -> str:
    if notification.what != Notification.What.RESOLVED:
        return wording.headline(incident, known.figure)
    said = wording.over(incident, known.figure)
    return said[:1].upper() + said[1:]


def _says(notification: Notification, incident: Incident, known: Facts, now: datetime) -> str:
    """The line below the headline."""
    if notification.what == Notification.What.RESOLVED:
        return "It is over." if not incident.detail or wording.about_a_metric(incident) else "It is over: the data is back."
    parts = []
    if wording.about_a_metric(incident):
        standing = wording.standing(incident, known.figure)
        unseen = wording.unseen(notification.what, known.figure)
        if standing.startswith("for "):
            parts.append(f"It had been so {standing}{unseen}." if unseen else f"It has been so {standing}.")
        else:
            parts.append(f"It was {standing}{unseen}." if unseen else f"It is {standing}.")
        if incident.kind == Kind.SPIKE:
            parts.append("That is far above what is usual at this time.")
        if known.holds:
            parts.append(f"With it: {known.holds}.")
    elif incident.detail:
        parts.append(incident.detail)
    if incident.snoozed_until is not None and incident.snoozed_until > now:
        parts.append("It is snoozed.")
    parts.append(
        f"Acknowledged by {incident.acknowledged_by}." if incident.acknowledged_at is not None else "Nobody has acknowledged it yet."
    )
    return " ".join(parts)


def _rows(incident: Incident, known: Facts, zone: zoneinfo.ZoneInfo, now: datetime) -> list[Row]:
    rows = []
    unit = wording.unit_of(incident)
    if wording.about_a_metric(incident):
        figure = known.figure
        if incident.resolved_at is None and figure.value is not None:
            seen = f"{figure.at.astimezone(zone):%H:%M:%S}"
            ago = f"{max(0, round((now - figure.at).total_seconds()))} s before this mail"
            rows.append(Row("Now" if figure.live else "Last known", say(figure.value, unit), f"seen {seen}, {ago}"))
        limit = wording.limit_told(incident)
        if limit is not None:
            held = f" for {span(incident.for_s)}" if incident.for_s and incident.resolved_at is None else ""
            since = _since(incident, figure, zone)
            when = (
                f"since {since}"
                if incident.resolved_at is None
                else f"from {since} until {wording.until(incident).astimezone(zone):%H:%M:%S}"
            )
            rows.append(Row("Limit", f"{say(limit, unit)}{held}", f"at or {wording.side(incident)} {when}"))
        if incident.worst_value is not None and (incident.resolved_at is not None or incident.worst_value != figure.value):
            rows.append(Row("Highest" if incident.direction == Direction.ABOVE else "Lowest", say(incident.worst_value, unit)))
    else:
        rows.append(Row("Since", _since(incident, known.figure, zone)))
    rows += [_counted("Calls waiting", known.waiting, zone)] if known.waiting else []
    rows += [_counted("Agents", known.agents, zone)] if known.agents else []
    return rows


def _since(incident: Incident, figure: wording.Figure, zone: zoneinfo.ZoneInfo) -> str:
    return f"{wording.since(incident, figure).astimezone(zone):%H:%M:%S}"


def _counted(name: str, found: Counted, zone: zoneinfo.ZoneInfo) -> Row:
    if found.live:
        return Row(name, found.text, found.rest)
    return Row(name, found.text, f"{found.rest}{', ' if found.rest else ''}as of {found.at.astimezone(zone):%H:%M:%S}")


def _bars_note(incident: Incident, bars: Sequence[Bar], *, plain: bool = False) -> str:
    if not bars:
        return ""
    metric = CATALOGUE[incident.metric]
    which = "highest" if incident.direction == Direction.ABOVE else "lowest"
    limit = wording.limit_told(incident)
    # The signs of plain text have one colour, and a gap of their own.
    beyond = f"; dark bars are at or {wording.side(incident)} {say(limit, metric.unit)}" if limit is not None and not plain else ""
    gaps = f"; {GAP if plain else '–'} no data" if any(bar.height is None for bar in bars) else ""
    return f"{metric.label}, last 2 hours: {which} of each 5 min{beyond}{gaps}"


def _late(notification: Notification, now: datetime) -> str:
    found_s = late_s(notification.due_at, now)
    return "" if not found_s else f"This mail is {span(found_s)} late: it could not be handed over sooner."


def _next(notification: Notification, incident: Incident) -> str:
    rule = incident.rule
    if notification.what == Notification.What.RESOLVED or rule is None:
        return ""
    parts = []
    if rule.reminder_s and incident.acknowledged_at is None:
        parts.append(f"Until somebody acknowledges it, we remind you every {span(rule.reminder_s)}.")
    if wording.about_a_metric(incident):
        parts.append(
            f"A last mail follows when it has been over for {span(rule.keep_s)}." if rule.keep_s else "A last mail follows when it is over."
        )
    else:
        parts.append("A last mail follows when it is over.")
    return " ".join(parts)


def _why(incident: Incident) -> str:
    name = wording.one_line(incident.rule_name)
    if incident.rule is not None and not incident.rule.steps.exists():
        return f"You get this because the rule “{name}” names nobody to tell, and alerts go to the administrator then."
    return f"You get this because the rule “{name}” tells you."


def _addresses(incident: Incident, recipient: Recipient, *, acting: bool) -> Mapping[str, str]:
    rule = incident.rule
    return {
        "site": settings.SITE_URL,
        "incident_url": links.incident_url(incident),
        "live_url": f"{settings.SITE_URL}/",
        "acknowledge_url": links.acknowledge_url(incident, recipient) if acting and incident.acknowledged_at is None else "",
        "snooze_url": links.snooze_url(incident, recipient) if acting else "",
        "leave_url": links.leave_url(recipient),
        "rule_url": f"{settings.SITE_URL}/rules/{rule.pk}/" if rule is not None and rule.deleted_at is None else "",
    }


def _headers(recipient: Recipient, now: datetime) -> dict[str, str]:
    return {
        "Date": http_date(now.timestamp()).replace("GMT", "+0000"),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Unsubscribe": f"<{links.leave_url(recipient)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _thread(notification: Notification, incident: Incident) -> dict[str, str]:
    """Refers to the first letter that this recipient got of this incident, so that mail programs show them as one conversation."""
    first = (
        Notification.objects.select_related("carried_by")
        .filter(incident=incident, recipient=notification.recipient, what=Notification.What.OPENED, state=Notification.State.SENT)
        .exclude(pk=notification.pk)
        .order_by("pk")
        .first()
    )
    if first is None:
        return {}
    message_id = first.carried_by.message_id if first.carried_by is not None else first.message_id
    return {"In-Reply-To": message_id, "References": message_id}
