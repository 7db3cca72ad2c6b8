"""Once a second, what time alone brings: escalation, reminders, ends of snoozes, incidents that no reading will end; and is anything due?

In:  Redis, now, open incidents and their notifications. Out: new rows in the outbox; True when somebody should deliver.
With nothing due it costs one look into Redis and one indexed query, and two more every few seconds. All of it may run twice at once.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

import redis as redis_py
from django.db import DatabaseError
from django.db.models import Count, Max, Min, Q

from dashboard.alerts import incidents, outbox, rules, shown, whom
from dashboard.models import Incident, Kind, Notification, Recipient, Step
from dashboard.polling.quietly import OncePerMinute
from dashboard.store import keys
from dashboard.store.database import DATABASE

logger = logging.getLogger(__name__)

# How often each is done, in seconds. "open": escalation and reminders go by minutes; "shown": a Redis that was emptied shows the open
# incidents again; "held": a mute that somebody lifted without saying so (`outbox.reconsider`) ends.
EVERY_S = {"open": 5.0, "shown": 5.0, "held": 60.0}
_may_say = OncePerMinute()
_UNSENT = (Notification.State.WAITING, Notification.State.CLAIMED, Notification.State.HANDING)


def sweep(redis: redis_py.Redis, now: datetime) -> bool:
    """True when a letter may be sent now. The database away: said in the log once a minute, and False. redis.RedisError."""
    try:
        todo = _todo(redis, now)
        ended = "open" in todo and _open_incidents(now)
        if "held" in todo:
            outbox.reconsider(now)
            outbox.after_a_clock_put_back(now)
        if "shown" in todo or ended:
            shown.publish_open(redis)
        return bool(outbox.ready(now))
    except DatabaseError as error:
        if not DATABASE.heard(error) and _may_say():
            logger.error("The database does not answer, so nobody is told of anything (%s).", type(error).__name__)
        return False


def _todo(redis: redis_py.Redis, now: datetime) -> set[str]:
    """What was not done for its time, by any worker; it counts as done now. After a clock was put back, all of it."""
    last = cast("list[bytes | None]", redis.hmget(keys.SWEPT, list(EVERY_S)))
    todo = {what for (what, every_s), at in zip(EVERY_S.items(), last, strict=True) if not _is_recent(at, now, every_s)}
    if todo:
        redis.hset(keys.SWEPT, mapping=dict.fromkeys(todo, repr(now.timestamp())))
    return todo


def _is_recent(at: bytes | None, now: datetime, every_s: float) -> bool:
    try:
        return at is not None and 0 <= now.timestamp() - float(at) < every_s
    except ValueError:  # not ours
        return False


@dataclass(slots=True)
class _Told:
    """What one recipient knows of one incident. `last_at`: when they were last told, or nearly; None: never."""

    recipient: Recipient
    last_at: datetime | None
    was_told: bool
    is_waiting: bool
    reminders_count: int


@dataclass(slots=True)
class _Telling:
    """What has been written of one incident."""

    stages: set[int] = field(default_factory=set)
    told: list[_Told] = field(default_factory=list)


def _open_incidents(now: datetime) -> bool:
    """Whether any of them ended."""
    found = list(Incident.objects.filter(resolved_at=None).select_related("rule"))
    ended = [incident for incident in found if (why := _why_over(incident)) and incidents.close(incident.pk, why, now)]
    gone = {incident.pk for incident in ended}
    nagging = [each for each in found if each.pk not in gone and _nags(each, now)]
    if nagging:
        telling = _telling(nagging)
        _escalate(nagging, telling, now)
        for incident in nagging:
            _remind(incident, telling[incident.pk], now)
    return bool(ended)


def _why_over(incident: Incident) -> str:
    """Why no reading will end it, in words; empty: one will."""
    rule = incident.rule
    if rule is None or rule.deleted_at is not None:
        return "The rule was deleted."
    if not rule.is_enabled:
        return "The rule was switched off."
    if shown.is_of_failed_rule(incident):
        return "" if rule.error else "The rule was saved again."
    if rule.error:
        return "The rule has failed and is not judged any more."
    if incident.kind == rule.kind == Kind.SCREEN:
        return ""  # alerts/screens.py looks after those
    return "" if incident.scope == rules.scope_of(rule) else "The rule is about something else now."


def _nags(incident: Incident, now: datetime) -> bool:
    snoozed = incident.snoozed_until is not None and incident.snoozed_until > now
    return incident.state == "open" and not snoozed


def _telling(nagging: Sequence[Incident]) -> dict[int, _Telling]:
    """The database counts: an incident that nobody takes for weeks has a reminder every half hour for everybody."""
    found: dict[int, _Telling] = defaultdict(_Telling)
    rows = Notification.objects.filter(incident__in=nagging)
    for incident_id, step in rows.filter(what=Notification.What.OPENED).values_list("incident_id", "step").distinct():
        found[incident_id or 0].stages.add(step)
    is_reminder = Q(what=Notification.What.REMINDER)
    counted = rows.values("incident_id", "recipient_id").annotate(
        first=Min("pk"),
        sent_count=Count("pk", filter=Q(state=Notification.State.SENT)),
        unsent_count=Count("pk", filter=Q(state__in=_UNSENT)),
        reminders_count=Count("pk", filter=is_reminder),
        last_sent_at=Max("sent_at"),
        # A reminder that was given up counts as one: the next is not due at once.
        last_given_up_at=Max("created_at", filter=is_reminder & Q(sent_at=None)),
    )
    each_told = list(counted.order_by("first"))
    recipients = Recipient.objects.in_bulk({one["recipient_id"] for one in each_told})
    for one in each_told:
        last_at = max((at for at in (one["last_sent_at"], one["last_given_up_at"]) if at is not None), default=None)
        told = _Told(recipients[one["recipient_id"]], last_at, one["sent_count"] > 0, one["unsent_count"] > 0, one["reminders_count"])
        found[one["incident_id"]].told.append(told)
    return found


def _escalate(nagging: Iterable[Incident], telling: dict[int, _Telling], now: datetime) -> None:
    steps: dict[int, set[int]] = defaultdict(set)
    for rule_id, after_s in Step.objects.filter(rule__in=[each.rule_id for each in nagging]).values_list("rule_id", "after_s"):
        steps[rule_id].add(after_s)
    for incident in nagging:
        rule = incident.rule
        if rule is None:
            continue
        for number, after_s in enumerate(sorted(steps[rule.pk])):
            late = now >= incident.opened_at + timedelta(seconds=after_s)
            if late and number not in telling[incident.pk].stages:
                for stage in whom.stages(rule):
                    if stage.number == number:
                        outbox.write(incident, Notification.What.OPENED, stage.recipients, now, step=number)


def _remind(incident: Incident, telling: _Telling, now: datetime) -> None:
    """Who was told is told again: `reminder_s` after the last time, and when a snooze has ended since."""
    rule = incident.rule
    for told in telling.told:
        if rule is None or not told.was_told or told.is_waiting or told.last_at is None or not whom.wants(told.recipient):
            continue
        again = rule.reminder_s > 0 and now >= told.last_at + timedelta(seconds=rule.reminder_s)
        woken = incident.snoozed_until is not None and told.last_at < incident.snoozed_until <= now
        if again or woken:
            outbox.write(incident, Notification.What.REMINDER, [told.recipient], now, number=told.reminders_count + 1)
