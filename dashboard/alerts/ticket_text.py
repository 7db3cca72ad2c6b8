"""What the ticket of an incident says: its subject, its first comment, and one internal comment for each thing that happens later.

In:  an incident's row, one entry of its timeline. Out: plain text for agents, in English as the desk is. The same entry always gives the
same text, so that a change that is asked for again is the same change.
"""

from __future__ import annotations

import copy
import zoneinfo
from datetime import datetime

from django.conf import settings

from dashboard.alerts import links, wording
from dashboard.alerts.wording import Figure
from dashboard.domain.amounts import clock
from dashboard.models import Direction, Incident, Notification, Transition

# Who looks at the ticket is told of these; the others are between a value and its limit, or between a person and their phone.
TOLD = frozenset(
    {
        Transition.What.WORSE,
        Transition.What.EASED,
        Transition.What.ACKNOWLEDGED,
        Transition.What.UNACKNOWLEDGED,
        Transition.What.NOTED,
        Transition.What.RESOLVED,
    }
)


def subject(incident: Incident, opening: Transition) -> str:
    """As the first letter's: "Longest wait 7:42 on Support line, above 3:00 for 0:30"."""
    then = _as_it_opened(incident, opening)
    return wording.subject(Notification.What.OPENED, then, Figure(then.value, opening.at))


def first_comment(incident: Incident, opening: Transition) -> str:
    """What the ticket begins with."""
    return "\n".join(
        [
            f"{subject(incident, opening)}.",
            "",
            f"Rule: {wording.one_line(incident.rule_name)}",
            f"Severity: {opening.severity}",
            f"Opened: {_moment(opening.at)}",
            f"Incident: {links.incident_url(incident)}",
            "",
            "Queuelight opened this ticket. It adds what happens as internal comments, and solves the ticket when the incident is over.",
        ]
    )


def comment(incident: Incident, entry: Transition) -> str:
    """What an entry of the timeline (of TOLD) says in the ticket."""
    who, value = entry.by or "Queuelight", _value(incident, entry.value)
    match entry.what:
        case Transition.What.WORSE:
            said = f"It is critical now{value}."
        case Transition.What.EASED:
            said = f"It has eased to a warning{value}."
        case Transition.What.ACKNOWLEDGED:
            said = f"{who} takes care of it."
        case Transition.What.UNACKNOWLEDGED:
            said = f"{who} gave it back: nobody takes care of it now."
        case Transition.What.NOTED:
            said = f"{who} wrote a note."
        case _:
            said = _over(incident, entry)
    note = f"\n\n{entry.note}" if entry.note else ""
    return f"{said}{note}\n\n{_moment(entry.at)} · {links.incident_url(incident)}"


def _over(incident: Incident, entry: Transition) -> str:
    lasted_s = max(0.0, ((incident.recovering_at or entry.at) - incident.since_at).total_seconds())
    worst = ""
    if wording.about_a_metric(incident) and incident.worst_value is not None:
        side = "highest" if incident.direction == Direction.ABOVE else "lowest"
        worst = f"; the {side} value was {wording.value_text(incident, incident.worst_value)}"
    return f"It is over. It lasted {clock(lasted_s)}{worst}."


def _value(incident: Incident, value: float | None) -> str:
    if value is None or not wording.about_a_metric(incident):
        return ""
    return f": {wording.value_text(incident, value)}"


def _as_it_opened(incident: Incident, opening: Transition) -> Incident:
    then = copy.copy(incident)
    then.severity, then.value, then.limit = opening.severity, opening.value, incident.opened_limit
    then.limit_since_at, then.last_seen_at = incident.since_at, opening.at
    then.recovering_at = then.resolved_at = then.acknowledged_at = None
    return then


def _moment(at: datetime) -> str:
    return f"{at.astimezone(zoneinfo.ZoneInfo(settings.ACCOUNT_TIME_ZONE)):%Y-%m-%d %H:%M:%S} ({settings.ACCOUNT_TIME_ZONE})"
