"""Incidents as judging makes them: opened, worse, eased, recovering, back, resolved. State before effect.

In:  a rule, its scope, one event of `domain.judging`. Out: the incident's row, its timeline's entry, the notifications to send and the
wish for a ticket, all in one transaction or not at all. The same event again, from a second worker or after a crash, changes nothing.
Sends nothing, and does not touch Redis: whoever called announces (`outbox.announce`) once it has recorded all it had.
What people do to an incident (acknowledge, snooze, note) is in `acting.py`, and offered here too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from dashboard.alerts import outbox, scopes, ticket_rows
from dashboard.alerts.acting import acknowledge, note, snooze, unacknowledge
from dashboard.alerts.changing import Change, change, no_checkpoint
from dashboard.alerts.observed import observe, worst_seen
from dashboard.alerts.shown import FAILED_RULE
from dashboard.domain.judging import OLDEST_STRAGGLER, Happened, What
from dashboard.domain.thresholds import Severity
from dashboard.domain.waits import above_since
from dashboard.models import Direction, Incident, Kind, Rule, Transition
from dashboard.words.phrases import words

__all__ = [
    "acknowledge",
    "close",
    "failed_scope",
    "note",
    "observe",
    "open_one",
    "record",
    "rule_failed",
    "snooze",
    "unacknowledge",
]


def record(
    rule: Rule,
    scope: str,
    happened: Happened,
    *,
    now: datetime,
    detail: str = "",
    place: str = "",
    checkpoint: Callable[[str], None] = no_checkpoint,
) -> Incident | None:
    """Makes rows of one event. Returns the incident, as it is now, when the event is in it; None when it changed nothing.

    OPENED while one is open gives that one. Any other event without an open incident, or one it is already in, gives None; so does OPENED
    for a rule that was switched off or deleted meanwhile, and the very opening (same `at`) of an incident that is over.
    `detail` (lost, source, screen): what is wrong, one sentence; kept when it is not empty. `place`: what people call the scope, where
    it is not the rule's own (a screen's name).
    django.db.DatabaseError when the database is away: nothing was written then, and the event may be recorded later.
    """
    if happened.what is What.OPENED:
        return _open(rule, scope, happened, now, detail=detail[:300], place=place, checkpoint=checkpoint)
    incident = open_one(rule, scope)
    if incident is None:
        return None
    incident, changed = change(
        incident.pk,
        lambda present: _planned(present, happened, detail[:300]),
        then=lambda present: _told_of(present, happened.what, now),
        checkpoint=checkpoint,
    )
    return incident if changed else None


def open_one(rule: Rule, scope: str) -> Incident | None:
    """The open incident of a rule and scope; None when there is none. There is never more than one."""
    return Incident.objects.filter(rule=rule, scope=scope, resolved_at=None).first()


def close(incident_id: int, why: str, now: datetime) -> Incident:
    """Ends an incident that no reading will end: its rule was deleted, switched off or given another scope. Who was told is told.

    An incident that is over stays as it is. Incident.DoesNotExist.
    """

    def plan(present: Incident) -> Change | None:
        if present.resolved_at is not None:
            return None
        return Change(Transition.What.RESOLVED, now, {"resolved_at": now}, note=why)

    return change(incident_id, plan, then=lambda present: _told_of(present, What.RESOLVED, now))[0]


def failed_scope(rule: Rule) -> str:
    """The scope of the incident that says that a rule itself has failed; no feed has such an id."""
    return f"{FAILED_RULE}{rule.pk}"


def rule_failed(rule: Rule, why: str, now: datetime) -> Incident | None:
    """A rule crashed or makes no sense and was switched off: says so once, as an incident of kind `source`, until the rule is saved again.

    Told to the same people as the rule. `why` is one sentence. None when it is said already.
    """
    scope = failed_scope(rule)
    known = open_one(rule, scope)
    if known is not None:
        return None
    happened = Happened(What.OPENED, now, Severity.WARNING, now, None, None)
    detail = f"The rule “{rule.name}” has failed and is switched off: {why}"
    return _open(rule, scope, happened, now, detail=detail[:300], kind=Kind.SOURCE)


def _open(
    rule: Rule,
    scope: str,
    happened: Happened,
    now: datetime,
    *,
    detail: str,
    place: str = "",
    checkpoint: Callable[[str], None] = no_checkpoint,
    kind: str = "",
) -> Incident | None:
    known = Incident.objects.filter(rule=rule, scope=scope, resolved_at=None).first()
    if known is not None:
        return known
    if Incident.objects.filter(rule=rule, scope=scope, opened_at=happened.at).exists():
        return None
    try:
        with transaction.atomic():
            present = Rule.objects.filter(pk=rule.pk, deleted_at=None, is_enabled=True).first()
            if present is None:
                return None
            incident = Incident.objects.create(**_first_columns(present, scope, happened, detail, place), kind=kind or present.kind)
            checkpoint("changed")
            Transition.objects.create(
                incident=incident,
                number=incident.version,
                what=Transition.What.OPENED,
                at=happened.at,
                severity=happened.severity,
                value=happened.value,
            )
            checkpoint("entered")
            outbox.write_opened(incident, present, now)
            ticket_rows.want(incident, present, now)
            checkpoint("written")
    except IntegrityError:  # another worker opened it in the same moment: the constraint lets one of us win
        if (other := open_one(rule, scope)) is None:
            raise
        return other
    checkpoint("committed")
    return incident


def _first_columns(rule: Rule, scope: str, happened: Happened, detail: str, place: str) -> dict[str, object]:
    about_metric = rule.kind in (Kind.THRESHOLD, Kind.SPIKE) and not scope.startswith(FAILED_RULE)
    limit, since = happened.limit.enter if happened.limit else None, _since(rule.metric if about_metric else "", rule.direction, happened)
    return {
        "rule": rule,
        "scope": scope,
        "rule_name": rule.name,
        "account": rule.account,
        "metric": rule.metric if about_metric else "",
        "scope_name": (place or scopes.said(rule, words=words(ticket_rows.language_of(rule.account))))[:80],
        "direction": rule.direction if about_metric else Direction.ABOVE,
        "severity": happened.severity,
        "worst_severity": happened.severity,
        "limit": limit,
        "for_s": int(happened.limit.for_s) if happened.limit else 0,
        "value": happened.value,
        "worst_value": happened.value,
        "detail": detail,
        "since_at": since,
        "opened_limit": limit,
        "limit_since_at": since,
        "opened_at": happened.at,
        "last_seen_at": happened.at,
    }


def _since(metric: str, direction: str, happened: Happened) -> datetime:
    """When the line was passed; of a wait, as its own length says."""
    if direction != Direction.ABOVE or happened.limit is None:
        return happened.since
    return above_since(metric, value=happened.value, limit=happened.limit.enter, since=happened.since, at=happened.at)


def _planned(present: Incident, happened: Happened, detail: str) -> Change | None:
    """What the event makes of the incident; None: it is in it already, or is older than what is in it."""
    fields = _fields(present, happened)
    if fields is None or present.resolved_at is not None or timedelta(0) < present.opened_at - happened.at <= OLDEST_STRAGGLER:
        return None
    # Older than any straggler: a clock was put back. No timeline runs backwards, and an incident must not wait an hour for its end.
    at = max(happened.at, present.opened_at)
    if detail:
        fields["detail"] = detail
    if happened.value is not None:
        fields |= {"value": happened.value, "last_seen_at": at}
    fields["worst_value"] = worst_seen(present, happened.value)
    return Change(Transition.What(happened.what.value), at, fields, severity=happened.severity, value=happened.value)


def _fields(present: Incident, happened: Happened) -> dict[str, object] | None:
    limit: dict[str, object] = {"limit": happened.limit.enter, "for_s": int(happened.limit.for_s)} if happened.limit else {}
    match happened.what:
        case What.WORSE if present.severity != Severity.CRITICAL:
            since = _since(present.metric, present.direction, happened)
            return {"severity": Severity.CRITICAL, "worst_severity": Severity.CRITICAL, "limit_since_at": since, **limit}
        case What.EASED if present.severity != Severity.WARNING:
            return {"severity": Severity.WARNING, "limit_since_at": present.since_at, **limit}
        case What.RECOVERING if present.recovering_at is None:
            return {"recovering_at": max(happened.since, present.opened_at)}
        case What.BACK if present.recovering_at is not None:
            return {"recovering_at": None}
        case What.RESOLVED:
            return {"resolved_at": max(happened.at, present.opened_at), "recovering_at": max(happened.since, present.opened_at)}
    return None


def _told_of(present: Incident, what: What, now: datetime) -> None:
    if what is What.WORSE:
        outbox.write_worse(present, now)
    elif what is What.RESOLVED:
        outbox.write_resolved(present, now)
