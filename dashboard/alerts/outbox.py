"""The queue of what is to be told: writes its rows beside what they tell of, says who has something due, and wakes who delivers.

In:  an incident that changed, within its transaction. Out: rows of `Notification`. Nothing is sent here, and a row never written twice:
`once` is unique. How a row goes on is in `claims.py` and `deliver.py`; docs/notifications.md draws its life.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import redis as redis_py
from celery import current_app
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Q
from kombu.exceptions import OperationalError

from dashboard.alerts import mail_server, shown, whom
from dashboard.domain.delivery import LONGEST_BACKOFF_S, SETTLE
from dashboard.models import Incident, Notification, Recipient, Rule, Via

logger = logging.getLogger(__name__)

DELIVER = "dashboard.tasks.deliver"
# A wake-up that waited longer than this is needless: the tick has looked meanwhile.
WAKE_EXPIRES_S = 10
# What lies further ahead than this, or than any claim or wait can, was written before the clock was put back.
AHEAD = timedelta(seconds=30)
LONGEST_CLAIM = timedelta(seconds=90)
STORM_WHY = "Gathered with others into one letter: there were many."
_ON_ITS_WAY = (Notification.State.SENT, Notification.State.CLAIMED, Notification.State.HANDING)
# Gathering is no hold: it ends within minutes, and what happened in a storm is told even if it is over by then.
_HELD = Q(state=Notification.State.WAITING, carried_by=None) & ~Q(reason__in=("", STORM_WHY))


def write_opened(incident: Incident, rule: Rule, now: datetime) -> int:
    """The rows for the stages that are told at once. How many were written."""
    return sum(
        write(incident, Notification.What.OPENED, stage.recipients, now, step=stage.number)
        for stage in whom.stages(rule)
        if stage.after_s == 0
    )


def write_worse(incident: Incident, now: datetime) -> int:
    """To all who were told: once per incident, whatever it does later. What a hold keeps back is decided anew: critical may break it."""
    Notification.objects.filter(_HELD, incident=incident).update(due_at=now)
    return write(incident, Notification.What.WORSE, told(incident), now)


def write_resolved(incident: Incident, now: datetime) -> int:
    """To all who were told. What was still held back is dropped: it would tell of something that is over."""
    for row in Notification.objects.filter(_HELD, incident=incident):
        reason = f"It was over before it could be told. {row.reason}"[:300]
        Notification.objects.filter(_HELD, pk=row.pk).update(state=Notification.State.DROPPED, reason=reason)
    return write(incident, Notification.What.RESOLVED, told(incident), now)


def write(
    incident: Incident,
    what: Notification.What,
    recipients: Iterable[Recipient],
    now: datetime,
    *,
    step: int = 0,
    number: int | None = None,
) -> int:
    """One row for each recipient, unless it is there already; how many are there. `number`: of a reminder, counted from 1."""
    middle = f".{step}" if what == Notification.What.OPENED else f".{number}" if number is not None else ""
    rows = [
        Notification(
            incident=incident,
            recipient=recipient,
            what=what,
            step=step,
            once=f"{incident.pk}.{what}{middle}.{recipient.pk}",
            due_at=now + SETTLE,
            message_id=new_message_id(),
            created_at=now,
        )
        for recipient in recipients
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def told(incident: Incident) -> list[Recipient]:
    """Who has been told of the opening, or is about to be: sent, in hand, or waiting for nothing but its turn. In the order of telling."""
    waits_for_its_turn = Q(state=Notification.State.WAITING) & (Q(reason__in=("", STORM_WHY)) | Q(carried_by__isnull=False))
    rows = Notification.objects.filter(Q(state__in=_ON_ITS_WAY) | waits_for_its_turn, incident=incident, what=Notification.What.OPENED)
    found = {row.recipient_id: row.recipient for row in rows.select_related("recipient").order_by("pk")}
    return [recipient for recipient in found.values() if whom.wants(recipient)]


def new_message_id() -> str:
    """A Message-ID (with its angle brackets) that nothing else in the world has."""
    host = urlsplit(str(getattr(settings, "SITE_URL", ""))).hostname or "queuelight.invalid"
    return f"<{uuid.uuid4().hex}@{host[:80]}>"


def ready(now: datetime) -> list[tuple[int, str]]:
    """Recipients (id, via) for whom something may be done now: due and not backing off, or left behind by somebody who died.

    One indexed query; while the mail server is away, one more.
    """
    due = Q(state=Notification.State.WAITING, due_at__lte=now, carried_by=None)
    dead = Q(state__in=(Notification.State.CLAIMED, Notification.State.HANDING), claimed_until__lte=now)
    may = Q(recipient__not_before=None) | Q(recipient__not_before__lte=now)
    rows = Notification.objects.filter(due | dead).filter(may).order_by("recipient_id")
    found = list(rows.values_list("recipient_id", "recipient__via").distinct())
    if any(via == Via.EMAIL for _, via in found) and mail_server.is_waited_for(now):
        return [(pk, via) for pk, via in found if via != Via.EMAIL]
    return found


def reconsider(now: datetime, recipients: Sequence[int] | None = None) -> int:
    """Lets what is held be decided anew (of these recipients, or all): call it after quiet hours, a mute or a window changed."""
    held = Notification.objects.filter(_HELD, due_at__gt=now)
    if recipients is not None:
        held = held.filter(recipient_id__in=recipients)
    return held.update(due_at=now)


def after_a_clock_put_back(now: datetime) -> int:
    """What was written while the clock was ahead would wait until it is as late again: it is due now, and who waits may try again. How many
    letters. The order in which they were written stays."""
    ahead = now + AHEAD
    waiting = Notification.objects.filter(state=Notification.State.WAITING, carried_by=None, created_at__gt=ahead)
    count = waiting.update(due_at=now, created_at=now)
    in_hand = Notification.objects.filter(state__in=(Notification.State.CLAIMED, Notification.State.HANDING))
    in_hand.filter(claimed_until__gt=now + LONGEST_CLAIM).update(claimed_until=now)
    Recipient.objects.filter(not_before__gt=now + 2 * timedelta(seconds=LONGEST_BACKOFF_S)).update(not_before=None)
    mail_server.after_a_clock_put_back(now)
    return count


def announce(redis: redis_py.Redis) -> None:
    """After incidents changed: boards see them, and who delivers wakes when what was written has settled.

    Never fails: the tick does both within seconds when Redis, the broker or the database does not answer now.
    """
    try:
        shown.publish_open(redis)
    except redis_py.RedisError as error:
        logger.warning("Redis does not answer (%s); the next tick shows the open incidents, and delivers.", type(error).__name__)
        return  # the broker is the same server: to wait for it, too, would only keep a person waiting
    except DatabaseError as error:
        logger.warning("The open incidents could not be shown; the next tick does it (%s).", type(error).__name__)
    try:
        current_app.send_task(DELIVER, countdown=SETTLE.total_seconds(), expires=WAKE_EXPIRES_S, ignore_result=True, retry=False)
    except (redis_py.RedisError, OperationalError, OSError) as error:
        logger.warning("Delivery could not be woken; the next tick does it (%s).", type(error).__name__)
