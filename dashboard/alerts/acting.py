"""What people do to an incident: acknowledge it, take that back, snooze it, write a note.

In:  an incident's id, who acts, when. Out: the row as it is then. Acting twice, by a double click or a mail's link pressed again, changes
nothing. Whether somebody may act is for the page to say. On commit the boards are told; that never fails the request.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from dashboard.alerts import outbox
from dashboard.alerts.changing import Change, change
from dashboard.models import Incident, Transition
from dashboard.store import connection

Plan = Callable[[Incident], Change | None]

LONGEST_SNOOZE = timedelta(days=31)
LONGEST_NOTE = 1000
# Two wishes this near to each other are one, pressed twice.
SAME_WISH = timedelta(seconds=60)


def acknowledge(incident_id: int, by: str, note: str, now: datetime) -> Incident:
    """Somebody takes care: reminders and escalation stop. The first to do so stays the one named; a later one's note is kept as a note.

    An incident that is over stays as it is. Incident.DoesNotExist.
    """
    text = _text(note)

    def plan(present: Incident) -> Change | None:
        if present.resolved_at is not None:
            return None
        if present.acknowledged_at is not None:
            return Change(Transition.What.NOTED, now, by=by, note=text) if text and not _said(present, by, text) else None
        return Change(Transition.What.ACKNOWLEDGED, now, {"acknowledged_at": now, "acknowledged_by": by[:254]}, by=by, note=text)

    return _act(incident_id, plan)


def unacknowledge(incident_id: int, by: str, now: datetime) -> Incident:
    """Nobody takes care any more: reminders and escalation go on. Incident.DoesNotExist."""

    def plan(present: Incident) -> Change | None:
        if present.resolved_at is not None or present.acknowledged_at is None:
            return None
        return Change(Transition.What.UNACKNOWLEDGED, now, {"acknowledged_at": None, "acknowledged_by": ""}, by=by)

    return _act(incident_id, plan)


def snooze(incident_id: int, until: datetime | None, by: str, now: datetime) -> Incident:
    """No reminder and no escalation before `until`; None ends a snooze. Getting worse and being over are told all the same.

    ValueError (one sentence) when `until` has passed or is more than 31 days away. Incident.DoesNotExist.
    """
    if until is not None and until <= now:
        raise ValueError("A snooze must end in the future.")
    if until is not None and until - now > LONGEST_SNOOZE:
        raise ValueError(f"A snooze can be at most {LONGEST_SNOOZE.days} days long.")

    def plan(present: Incident) -> Change | None:
        if present.resolved_at is not None:
            return None
        known = present.snoozed_until if present.snoozed_until is not None and present.snoozed_until > now else None
        if known == until or (known is not None and until is not None and abs(until - known) < SAME_WISH):
            return None
        return Change(Transition.What.SNOOZED, now, {"snoozed_until": until}, by=by, until=until)

    return _act(incident_id, plan)


def note(incident_id: int, by: str, text: str, now: datetime) -> Incident:
    """Adds a note to the timeline, also when the incident is over. Nothing for an empty one, or one that the same person just wrote.

    Incident.DoesNotExist.
    """
    cut = _text(text)

    def plan(present: Incident) -> Change | None:
        return None if not cut or _said(present, by, cut) else Change(Transition.What.NOTED, now, by=by, note=cut)

    return _act(incident_id, plan)


def _act(incident_id: int, plan: Plan) -> Incident:
    with transaction.atomic():
        incident, changed = change(incident_id, plan)
        if changed:
            transaction.on_commit(lambda: outbox.announce(connection.client()))
    return incident


def _said(present: Incident, by: str, text: str) -> bool:
    """Whether this person's last word on it was just this."""
    last = present.transitions.filter(by=by[:254]).order_by("-number").first()
    return last is not None and last.note == text


def _text(text: str) -> str:
    # PostgreSQL takes no NUL in a text; nobody means one.
    return text.replace("\x00", "").strip()[:LONGEST_NOTE]
