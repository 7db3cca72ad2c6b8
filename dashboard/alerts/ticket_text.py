"""What the ticket of an incident says: its subject, its first comment, and one internal comment for each thing that happens later.

In:  an incident's row, one entry of its timeline, a language. Out: plain text for agents. The same entry always gives the same text, so
that a change that is asked for again is the same change.
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
from dashboard.words.phrases import Words

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


def subject(incident: Incident, opening: Transition, words: Words) -> str:
    """As the first letter's: "Longest wait 7:42 on Support line, at or above 3:00 for 0:30"."""
    then = _as_it_opened(incident, opening)
    return wording.subject(Notification.What.OPENED, then, Figure(then.value, opening.at), words=words)


def first_comment(incident: Incident, opening: Transition, words: Words) -> str:
    """What the ticket begins with."""
    return "\n".join(
        [
            words.say("ticket.sentence", said=subject(incident, opening, words)),
            "",
            words.say("ticket.rule", rule=wording.one_line(incident.rule_name)),
            words.say("ticket.severity", severity=words.say(f"severity.{opening.severity}")),
            words.say("ticket.opened", time=_moment(opening.at)),
            # Outside of the sentence: the signs that keep a name apart in Arabic would become part of the address.
            f"{words.say('ticket.incident')} {links.incident_url(incident)}",
            "",
            words.say("ticket.about"),
        ]
    )


def comment(incident: Incident, entry: Transition, words: Words) -> str:
    """What an entry of the timeline (of TOLD) says in the ticket."""
    who = entry.by or "Queuelight"
    match entry.what:
        case Transition.What.WORSE:
            said = _with_value("ticket.worse", incident, entry.value, words)
        case Transition.What.EASED:
            said = _with_value("ticket.eased", incident, entry.value, words)
        case Transition.What.ACKNOWLEDGED:
            said = words.say("ticket.taken", who=who)
        case Transition.What.UNACKNOWLEDGED:
            said = words.say("ticket.given_back", who=who)
        case Transition.What.NOTED:
            said = words.say("ticket.note", who=who)
        case _:
            said = _over(incident, entry, words)
    note = f"\n\n{entry.note}" if entry.note else ""
    return f"{said}{note}\n\n{_moment(entry.at)} · {links.incident_url(incident)}"


def _over(incident: Incident, entry: Transition, words: Words) -> str:
    lasted = clock(max(0.0, ((incident.recovering_at or entry.at) - incident.since_at).total_seconds()))
    if not wording.about_a_metric(incident) or incident.worst_value is None:
        return words.say("ticket.over", duration=lasted)
    side = "highest" if incident.direction == Direction.ABOVE else "lowest"
    return words.say(f"ticket.over_{side}", duration=lasted, value=wording.value_text(incident, incident.worst_value, words))


def _with_value(key: str, incident: Incident, value: float | None, words: Words) -> str:
    if value is None or not wording.about_a_metric(incident):
        return words.say(key)
    return words.say(f"{key}_value", value=wording.value_text(incident, value, words))


def _as_it_opened(incident: Incident, opening: Transition) -> Incident:
    then = copy.copy(incident)
    then.severity, then.value, then.limit = opening.severity, opening.value, incident.opened_limit
    then.limit_since_at, then.last_seen_at = incident.since_at, opening.at
    then.recovering_at = then.resolved_at = then.acknowledged_at = None
    return then


def _moment(at: datetime) -> str:
    return f"{at.astimezone(zoneinfo.ZoneInfo(settings.ACCOUNT_TIME_ZONE)):%Y-%m-%d %H:%M:%S} ({settings.ACCOUNT_TIME_ZONE})"
