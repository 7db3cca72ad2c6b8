"""Composes letters: one incident, or several in a digest; plain text and an HTML twin that say the same, and the headers that thread them.
All of it is in the recipient's language.

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
from dashboard.alerts.bars import bars_of, bars_text
from dashboard.alerts.delivery_types import Letter
from dashboard.alerts.facts import PAST, Facts, facts
from dashboard.alerts.letter_rows import bars_note, rows
from dashboard.alerts.shown import is_of_failed_rule
from dashboard.domain.delivery import late_s
from dashboard.domain.thresholds import Severity
from dashboard.models import Incident, IncidentTicket, Kind, Notification, Recipient
from dashboard.store import connection
from dashboard.words.amounts import long_date, span
from dashboard.words.phrases import ENGLISH, Words
from dashboard.words.phrases import words as words_of

# A digest names so many, and says how many more there are.
MOST_NAMED = 30


@dataclass(frozen=True, slots=True)
class Told:
    """One incident of a digest."""

    severity: str
    badge: str
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
    zone, words = zoneinfo.ZoneInfo(settings.ACCOUNT_TIME_ZONE), words_of(recipient.language)
    known = facts(connection.client(), incident, now, words)
    resolved = notification.what == Notification.What.RESOLVED
    subject = wording.subject(notification.what, incident, known.figure, known.holds, words)
    bars, table = bars_of(known.bars, incident, words), rows(incident, known, zone, now, words)
    context = {
        "words": words,
        "subject": subject,
        "incident": incident,
        "badge": words.say("severity.resolved" if resolved else f"severity.{incident.severity}").upper(),
        "is_critical": not resolved and incident.severity == Severity.CRITICAL,
        "is_resolved": resolved,
        "headline": _headline(notification, incident, known, words),
        "says": _says(notification, incident, known, now, words),
        "when": _when(now, zone, words),
        "zone": settings.ACCOUNT_TIME_ZONE,
        "late": _late(notification, now, words),
        "rows": table,
        "bars": bars,
        "bars_text": bars_text(bars),
        "bars_note": bars_note(incident, bars, words),
        "bars_note_plain": bars_note(incident, bars, words, plain=True),
        "bars_from": "" if known.bars_end is None else f"{(known.bars_end - PAST).astimezone(zone):%H:%M}",
        "bars_middle": "" if known.bars_end is None else f"{(known.bars_end - PAST / 2).astimezone(zone):%H:%M}",
        "bars_to": f"{now.astimezone(zone):%H:%M}",
        "next": _next(notification, incident, words),
        "why": _why(incident, words),
        **_addresses(incident, recipient, acting=not resolved),
    }
    return Letter(
        subject=subject,
        text=render_to_string("alerts/incident.body.txt", context),
        html=render_to_string("alerts/incident.body.html", context),
        message_id=notification.message_id,
        headers=_headers(recipient, words, now) | _thread(notification, incident),
        brief="\n".join([*(f"{row.name}: {row.strong} {row.rest}".rstrip() for row in table), links.incident_url(incident)]),
    )


def _digest(notifications: Sequence[Notification], now: datetime) -> Letter:
    recipient = notifications[0].recipient
    zone, words = zoneinfo.ZoneInfo(settings.ACCOUNT_TIME_ZONE), words_of(recipient.language)
    told = [_told(notification, now, zone, words) for notification in notifications]
    critical_count = sum(each.severity == Severity.CRITICAL for each in told)
    heading = words.say("digest.heading", n=len(told))
    subject = _digest_subject(heading, told, words)
    context = {
        "words": words,
        "subject": subject,
        "heading": heading,
        "told": told[:MOST_NAMED],
        "more": words.say("digest.more", n=len(told) - MOST_NAMED) if len(told) > MOST_NAMED else "",
        "is_critical": bool(critical_count),
        "when": _when(now, zone, words),
        "zone": settings.ACCOUNT_TIME_ZONE,
        "late": _late(notifications[0], now, words),
        "list_url": f"{settings.SITE_URL}/incidents/",
        "leave_url": links.leave_url(recipient),
        "site": settings.SITE_URL,
    }
    return Letter(
        subject=subject,
        text=render_to_string("alerts/digest.body.txt", context),
        html=render_to_string("alerts/digest.body.html", context),
        message_id=notifications[0].message_id,
        headers=_headers(recipient, words, now),
        brief="\n".join([*(each.subject for each in told[:10]), f"{settings.SITE_URL}/incidents/"]),
    )


def _digest_subject(heading: str, told: Sequence[Told], words: Words) -> str:
    counted = [(name, sum(each.severity == name for each in told)) for name in ("critical", "resolved")]
    kinds = [words.say(f"digest.{name}", n=count) for name, count in counted if count]
    if not kinds:
        return wording.cut(words.say("digest.subject", heading=heading, first=told[0].subject))
    listed = kinds[0] if len(kinds) == 1 else words.say("digest.comma", first=kinds[0], second=kinds[1])
    return wording.cut(words.say("digest.subject_kinds", heading=heading, kinds=listed, first=told[0].subject))


def _told(notification: Notification, now: datetime, zone: zoneinfo.ZoneInfo, words: Words) -> Told:
    """From what the incident keeps: a digest is for when much happens at once, and the store has enough to do then."""
    incident = _incident(notification)
    figure = wording.Figure(incident.value, incident.last_seen_at if wording.about_a_metric(incident) else now)
    resolved = notification.what == Notification.What.RESOLVED
    severity = "resolved" if resolved else incident.severity
    return Told(
        severity,
        words.say(f"severity.{severity}").upper(),
        wording.subject(notification.what, incident, figure, words=words),
        words.say("digest.since", time=f"{wording.since(incident, figure).astimezone(zone):%H:%M:%S}"),
        links.incident_url(incident),
    )


def _incident(notification: Notification) -> Incident:
    if notification.incident is None:
        raise ValueError(f"notification {notification.pk} tells of no incident")
    return notification.incident


def _headline(notification: Notification, incident: Incident, known: Facts, words: Words) -> str:
    if notification.what != Notification.What.RESOLVED:
        return wording.headline(incident, known.figure, words)
    said = wording.over(incident, known.figure, words)
    return said[:1].upper() + said[1:]


def _says(notification: Notification, incident: Incident, known: Facts, now: datetime, words: Words) -> str:
    """The line below the headline."""
    about_a_metric = wording.about_a_metric(incident)
    if notification.what == Notification.What.RESOLVED:
        return words.say("mail.is_over" if not incident.detail or about_a_metric else "mail.data_is_back")
    parts = []
    if about_a_metric:
        was = wording.is_unseen(notification.what, known.figure)
        lasts = wording.just_lasts(incident, known.figure)
        key = ("mail.so_unseen" if was else "mail.so") if lasts else ("mail.it_was" if was else "mail.it_is")
        standing = wording.standing(incident, known.figure, words)
        parts.append(words.say(key, standing=wording.seen(notification.what, known.figure, standing, words)))
        if incident.kind == Kind.SPIKE:
            parts.append(words.say("mail.far_above"))
        if known.holds:
            parts.append(words.say("mail.with_it", note=known.holds))
    else:
        parts.append(_detail(incident, known, words))
    if incident.snoozed_until is not None and incident.snoozed_until > now:
        parts.append(words.say("mail.snoozed"))
    taken = incident.acknowledged_at is not None
    parts.append(words.say("mail.acknowledged_by", who=incident.acknowledged_by) if taken else words.say("mail.not_acknowledged"))
    return " ".join(part for part in parts if part)


def _detail(incident: Incident, known: Facts, words: Words) -> str:
    """What is wrong with the data. The sentence that was written when it was found knows most, but it is English."""
    if words is ENGLISH:
        return incident.detail
    kind = "rule" if is_of_failed_rule(incident) else incident.kind
    zone = zoneinfo.ZoneInfo(settings.ACCOUNT_TIME_ZONE)
    return words.say(f"mail.detail.{kind}", time=f"{wording.since(incident, known.figure).astimezone(zone):%H:%M:%S}")


def _when(at: datetime, zone: zoneinfo.ZoneInfo, words: Words) -> str:
    return words.say("mail.when", date=long_date(at, words, zone), time=f"{at.astimezone(zone):%H:%M}")


def _late(notification: Notification, now: datetime, words: Words) -> str:
    found_s = late_s(notification.due_at, now)
    return "" if not found_s else words.say("mail.late", span=span(found_s, words))


def _next(notification: Notification, incident: Incident, words: Words) -> str:
    rule = incident.rule
    if notification.what == Notification.What.RESOLVED or rule is None:
        return ""
    parts = []
    if rule.reminder_s and incident.acknowledged_at is None:
        parts.append(words.say("mail.next.reminder", span=span(rule.reminder_s, words)))
    if wording.about_a_metric(incident) and rule.keep_s:
        parts.append(words.say("mail.next.after", span=span(rule.keep_s, words)))
    else:
        parts.append(words.say("mail.next.over"))
    return " ".join(parts)


def _why(incident: Incident, words: Words) -> str:
    nobody = incident.rule is not None and not incident.rule.steps.exists()
    return words.say("mail.why_nobody" if nobody else "mail.why", rule=wording.one_line(incident.rule_name))


def _addresses(incident: Incident, recipient: Recipient, *, acting: bool) -> Mapping[str, str]:
    rule = incident.rule
    ticket = IncidentTicket.objects.filter(incident=incident).values_list("ticket_id", flat=True).first()
    return {
        "ticket": "" if ticket is None else str(ticket),
        "ticket_url": "" if ticket is None else links.ticket_url(ticket),
        "site": settings.SITE_URL,
        "incident_url": links.incident_url(incident),
        "live_url": f"{settings.SITE_URL}/",
        "rewind_url": links.rewind_url(incident),
        "acknowledge_url": links.acknowledge_url(incident, recipient) if acting and incident.acknowledged_at is None else "",
        "snooze_url": links.snooze_url(incident, recipient) if acting else "",
        "leave_url": links.leave_url(recipient),
        "rule_url": f"{settings.SITE_URL}/rules/{rule.pk}/" if rule is not None and rule.deleted_at is None else "",
    }


def _headers(recipient: Recipient, words: Words, now: datetime) -> dict[str, str]:
    return {
        "Content-Language": words.tag,
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
