"""What is known about each notification of one recipient that may hold it back, as facts to decide by.

In:  rows of one recipient whose time has come, and now. Out: a decision for each, by `domain.delivery`; a few queries for all.
Must not change a row.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.db.models import Q

from dashboard.alerts.outbox import STORM_WHY
from dashboard.alerts.whom import wants
from dashboard.domain.delivery import Decision, Drop, Facts, Hold, Opening, Send, Telling, decide
from dashboard.domain.quiet_hours import QuietHours, Window, quiet_until, windows_until
from dashboard.domain.thresholds import Severity
from dashboard.models import Incident, Notification, Quiet, Recipient

logger = logging.getLogger(__name__)

# No cool-down is longer (the form's limit as well).
LONGEST_COOLDOWN = timedelta(days=7)
_RANK = {Severity.OK: 0, Severity.WARNING: 1, Severity.CRITICAL: 2}


def decisions(recipient: Recipient, rows: Sequence[Notification], now: datetime) -> dict[int, Decision]:
    """By row id. A digest is held when all in it would be, until the first of them would not; else it goes as it is."""
    digests = [row.pk for row in rows if row.what == Notification.What.DIGEST]
    carried: dict[int, list[Notification]] = defaultdict(list)
    if digests:
        for member in Notification.objects.filter(carried_by_id__in=digests).select_related("incident__rule"):
            carried[member.carried_by_id or 0].append(member)
    singles = [row for row in rows if row.what != Notification.What.DIGEST]
    desk = _Desk(recipient, [*singles, *(member for members in carried.values() for member in members)], now)
    found: dict[int, Decision] = {}
    # In the order in which they were written: whether an opening goes decides about all that comes after it.
    for row in sorted(singles, key=lambda row: row.pk):
        found[row.pk] = decide(desk.facts(row), now)
        desk.decided(row, found[row.pk])
    for pk in digests:
        found[pk] = _together([decide(desk.facts(member), now) for member in carried[pk]])
    return found


def _together(each: Sequence[Decision]) -> Decision:
    holds = [decision for decision in each if isinstance(decision, Hold)]
    if not each or all(isinstance(decision, Drop) for decision in each):
        return Drop("Nothing of it was still worth telling.")
    if holds and not any(isinstance(decision, Send) for decision in each):
        return min(holds, key=lambda hold: hold.until)
    return Send()


@dataclass(frozen=True, slots=True)
class _Told:
    """The recipient was told of an incident of a rule, at that time and with that severity."""

    incident_id: int
    at: datetime
    severity: Severity


class _Desk:
    """Everything about one recipient that the decisions need, asked once."""

    def __init__(self, recipient: Recipient, rows: Sequence[Notification], now: datetime) -> None:
        self._recipient, self._now = recipient, now
        self._wants = wants(recipient)
        self._quiet_until = _quiet_until(recipient, now)
        incidents = {row.incident_id for row in rows if row.incident_id is not None}
        self._openings = self._opening_rows(incidents)
        rules = {row.incident.rule_id for row in rows if row.incident is not None and row.incident.rule_id is not None}
        self._windows = _windows(rules, now)
        self._told = self._told_lately(rules)

    def facts(self, row: Notification) -> Facts:
        incident = row.incident
        if incident is None:
            raise ValueError(f"notification {row.pk} tells of nothing")
        muted_until, muted_why = self._muted(incident)
        return Facts(
            what=Telling(row.what),
            severity=Severity(incident.severity),
            step=row.step,
            due_at=row.due_at,
            is_open=incident.resolved_at is None,
            wants=self._wants,
            opening=self._opening(row),
            held_why=row.reason if _is_held(row.reason, row.carried_by_id) else "",
            acknowledged_by=incident.acknowledged_by if incident.acknowledged_at is not None else "",
            snoozed_until=incident.snoozed_until,
            quiet_until=self._quiet_until,
            critical_breaks_quiet=self._recipient.critical_breaks_quiet,
            muted_until=muted_until,
            muted_why=muted_why,
            cooled_until=self._cooled_until(incident) if row.what == Notification.What.OPENED and row.step == 0 else None,
        )

    def decided(self, row: Notification, decision: Decision) -> None:
        """Lets what is decided later know of it."""
        openings = self._openings[row.incident_id]
        if row.what == Notification.What.OPENED and not isinstance(decision, Send):
            openings[row.pk] = Opening.HELD if isinstance(decision, Hold) else Opening.NEVER

    def _opening_rows(self, incidents: set[int]) -> dict[int | None, dict[int, Opening]]:
        """Of each incident, how far each row that tells this recipient of its opening is."""
        found: dict[int | None, dict[int, Opening]] = defaultdict(dict)
        rows = Notification.objects.filter(recipient=self._recipient, incident_id__in=incidents, what=Notification.What.OPENED)
        for pk, incident_id, state, reason, carried_by in rows.values_list("pk", "incident_id", "state", "reason", "carried_by_id"):
            found[incident_id][pk] = _opening(state, held=_is_held(reason, carried_by))
        return found

    def _opening(self, row: Notification) -> Opening:
        """The furthest of those written before this one."""
        known = [opening for pk, opening in self._openings[row.incident_id].items() if pk < row.pk]
        return min(known, key=list(Opening).index, default=Opening.NEVER)

    def _muted(self, incident: Incident) -> tuple[datetime | None, str]:
        rule = incident.rule
        ends: list[tuple[datetime, str]] = []
        if rule is not None and rule.muted_until is not None and rule.muted_until > self._now:
            ends.append((rule.muted_until, "The rule is muted."))
        windows = [*self._windows[None], *(self._windows[rule.pk] if rule is not None else ())]
        if (within := windows_until(windows, self._now)) is not None:
            ends.append((within[0], f"Quiet time: {within[1]}" if within[1] else "Quiet time."))
        return max(ends, default=(None, ""), key=lambda end: end[0])

    def _told_lately(self, rules: set[int]) -> dict[int, list[_Told]]:
        found: dict[int, list[_Told]] = defaultdict(list)
        if not rules:
            return found
        told = Notification.objects.filter(
            recipient=self._recipient,
            state=Notification.State.SENT,
            what__in=(Notification.What.OPENED, Notification.What.WORSE),
            sent_at__gt=self._now - LONGEST_COOLDOWN,
            incident__rule_id__in=rules,
        ).order_by("-pk")[:500]
        for rule_id, incident_id, at, severity in told.values_list(
            "incident__rule_id", "incident_id", "sent_at", "incident__worst_severity"
        ):
            if rule_id is not None and incident_id is not None and at is not None:
                found[rule_id].append(_Told(incident_id, at, Severity(severity)))
        return found

    def _cooled_until(self, incident: Incident) -> datetime | None:
        """The end of the cool-down after the last time that the rule told of another incident; None when this one is worse than that."""
        rule = incident.rule
        if rule is None:
            return None
        others = [told for told in self._told[rule.pk] if told.incident_id != incident.pk]
        if not others:
            return None
        last = max(others, key=lambda told: told.at)
        worse = _RANK[Severity(incident.severity)] > _RANK[last.severity]
        return None if worse else last.at + timedelta(seconds=rule.cooldown_s)


def _is_held(reason: str, carried_by: int | None) -> bool:
    """What was bound into a digest, or is gathered in a storm, is on its way, and so was not held in vain."""
    return carried_by is None and reason not in ("", STORM_WHY)


def _opening(state: str, *, held: bool) -> Opening:
    if state == Notification.State.SENT:
        return Opening.SENT
    if state == Notification.State.DROPPED:
        return Opening.NEVER
    return Opening.HELD if held and state == Notification.State.WAITING else Opening.COMING


def _quiet_until(recipient: Recipient, now: datetime) -> datetime | None:
    if recipient.quiet_from is None or recipient.quiet_to is None:
        return None
    return quiet_until(QuietHours(recipient.quiet_from, recipient.quiet_to, zone_of(recipient.time_zone)), now)


def _windows(rules: set[int], now: datetime) -> dict[int | None, list[Window]]:
    """By rule; None: those for everything."""
    found: dict[int | None, list[Window]] = defaultdict(list)
    rows = Quiet.objects.filter(Q(weekly=True) | Q(ends_at__gt=now), Q(rule=None) | Q(rule_id__in=rules))
    for row in rows:
        found[row.rule_id].append(Window(row.starts_at, row.ends_at, zone_of(row.time_zone), row.weekly, row.reason))
    return found


def zone_of(name: str) -> tzinfo:
    """The zone of that name; UTC, said in the log, for one that this machine does not know: a form has checked it, perhaps on another."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        logger.warning("The time zone %r is not known here; UTC is used for quiet hours.", name)
        return ZoneInfo("UTC")
