"""Who sends what: takes the next letter of one recipient, so that nobody else does, and notes how its hand-over went.

In:  a recipient's id, now. Out: a claimed letter; its row as sent, waiting again or dropped. Every step is one short transaction that holds
the recipient's row, so of two workers one waits, and then sees what the other did. Sends nothing itself.

A row in hand (claimed or handing) blocks its recipient's queue until it is done or its lease has ended: that keeps the order.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from django.db import transaction
from django.db.models import F

from dashboard.alerts import holds, mail_server
from dashboard.alerts.outbox import STORM_WHY, new_message_id
from dashboard.domain.delivery import DIGEST_FROM, SETTLE, Drop, Hold, Send, gathered_until, together_count
from dashboard.models import Notification, Recipient, Via

logger = logging.getLogger(__name__)

# Longer than composing (bounded by the database's and Redis' own timeouts) and a hand-over (10 s) take together.
LEASE = timedelta(seconds=45)
# So many are decided at once, and are the most that one digest tells; the rest follows in the next.
MOST_ROWS = 200
_IN_HAND = (Notification.State.CLAIMED, Notification.State.HANDING)


@dataclass(frozen=True, slots=True)
class Claim:
    """One letter in hand: its row, and the notifications it tells (itself, or those that a digest carries) in the order written."""

    row: Notification
    told: tuple[Notification, ...]
    recipient: Recipient
    token: str


def claim(recipient_id: int, now: datetime) -> Claim | None:
    """The next letter of this recipient, claimed; None when there is none to send now: nothing due, held, not settled yet, backing off,
    or in somebody else's hands."""
    with transaction.atomic():
        recipient = Recipient.objects.select_for_update().filter(pk=recipient_id).first()
        if recipient is None or (recipient.not_before is not None and recipient.not_before > now):
            return None
        by_mail = recipient.via == Via.EMAIL
        if by_mail and mail_server.is_waited_for(now):
            return None
        in_hand = list(Notification.objects.filter(recipient=recipient, state__in=_IN_HAND).order_by("pk"))
        if any(row.claimed_until is not None and row.claimed_until > now for row in in_hand):
            return None
        letter = _left_behind(in_hand) or _next(recipient, now)
        if letter is None or (by_mail and not mail_server.may_try(now, for_at_most=LEASE)):
            return None
        return _take(letter, recipient, now)


def begin_handing(taken: Claim, now: datetime) -> bool:
    """Just before the hand-over. False: the lease ended and somebody else has it; then it must not be handed over."""
    mine = Notification.objects.filter(pk=taken.row.pk, claim=taken.token, state=Notification.State.CLAIMED)
    return mine.update(state=Notification.State.HANDING, claimed_until=now + LEASE) == 1


def sent(taken: Claim, subject: str, now: datetime) -> bool:
    """The other side has it. False: the lease had ended and somebody else took it, so it may arrive twice with one Message-ID."""
    with transaction.atomic():
        # The recipient first, as in `claim`: two that take rows in different orders can wait for each other on PostgreSQL.
        Recipient.objects.filter(pk=taken.recipient.pk).update(
            last_sent_at=now, last_error="", last_error_at=None, failing_since=None, failures_count=0, not_before=None
        )
        mine = Notification.objects.filter(pk=taken.row.pk, claim=taken.token, state=Notification.State.HANDING)
        done = mine.update(state=Notification.State.SENT, sent_at=now, subject=subject[:250], claim="", claimed_until=None) == 1
        if done:
            Notification.objects.filter(carried_by=taken.row).update(state=Notification.State.SENT, sent_at=now, subject=subject[:250])
        if taken.recipient.via == Via.EMAIL:
            mail_server.note_back()
    return done


def give_back(taken: Claim, *, drop_why: str = "", counts: bool = True) -> None:
    """After a failed attempt: it waits for the next one, at its place in the queue; with `drop_why` it is never tried again.

    `counts` False: the attempt says nothing about this letter, and is none of the few after which it is given up.
    """
    mine = Notification.objects.filter(pk=taken.row.pk, claim=taken.token, state__in=_IN_HAND)
    if not drop_why:
        before = taken.row.attempts_count - (0 if counts else 1)
        mine.update(state=Notification.State.WAITING, claim="", claimed_until=None, attempts_count=before)
        return
    with transaction.atomic():
        Recipient.objects.select_for_update().filter(pk=taken.recipient.pk).first()
        if mine.update(state=Notification.State.DROPPED, reason=drop_why[:300], claim="", claimed_until=None):
            Notification.objects.filter(carried_by=taken.row).update(state=Notification.State.DROPPED, reason=drop_why[:300])


def _left_behind(in_hand: Sequence[Notification]) -> Notification | None:
    """What somebody died over. One that was only claimed and is no digest goes back to the queue and is decided anew: nothing of it has
    left. One that was being handed over may have arrived: it is handed over again as it was, with the same Message-ID."""
    found = None
    for row in in_hand:
        if row.state == Notification.State.CLAIMED and row.what != Notification.What.DIGEST:
            Notification.objects.filter(pk=row.pk).update(state=Notification.State.WAITING, claim="", claimed_until=None)
        elif found is None:
            found = row
    return found


def _next(recipient: Recipient, now: datetime) -> Notification | None:
    """The head of the queue, or the digest that it is gathered in; what must be held or dropped is so on the way."""
    waiting = Notification.objects.filter(recipient=recipient, state=Notification.State.WAITING, carried_by=None, due_at__lte=now + SETTLE)
    rows = list(waiting.select_related("incident__rule").order_by("due_at", "pk")[:MOST_ROWS])
    due = _decided(recipient, [row for row in rows if row.due_at <= now], now)
    due = _stormed(recipient, due, now)
    if not due:
        return None
    head = due[0]
    if head.what == Notification.What.DIGEST:
        return head
    letters = [row for row in (*due, *(row for row in rows if row.due_at > now)) if row.what != Notification.What.DIGEST]
    count = together_count([row.due_at for row in letters])
    group = [row for row in letters[:count] if row.due_at <= now]
    if count >= DIGEST_FROM and len(group) < count:
        return None  # more of the same moment has not settled yet
    if len(group) >= DIGEST_FROM or (len(group) > 1 and head.reason == STORM_WHY):
        return _digest(recipient, group)
    return head


def _decided(recipient: Recipient, rows: Sequence[Notification], now: datetime) -> list[Notification]:
    """Those that may go, in their order; the others are held or dropped."""
    may: list[Notification] = []
    decisions = holds.decisions(recipient, rows, now) if rows else {}
    for row in rows:
        match decisions[row.pk]:
            case Send():
                may.append(row)
            case Hold(until, why):
                Notification.objects.filter(pk=row.pk).update(due_at=until, reason=why[:300])
            case Drop(why):
                Notification.objects.filter(pk=row.pk).update(state=Notification.State.DROPPED, reason=why[:300])
                Notification.objects.filter(carried_by=row).update(state=Notification.State.DROPPED, reason=why[:300])
            case _ as never:
                assert_never(never)
    return may


def _stormed(recipient: Recipient, due: list[Notification], now: datetime) -> list[Notification]:
    """In a storm, what is due until the next gathering has one time; empty while that is still to come."""
    if not due:
        return due
    head = due[0].due_at
    letters = Notification.objects.filter(
        recipient=recipient, state=Notification.State.SENT, carried_by=None, due_at__gt=head - timedelta(minutes=10), due_at__lte=head
    )
    # Ends do not count: whoever hears that two short incidents began and are over must not wait two minutes for a third.
    letters = letters.exclude(what=Notification.What.RESOLVED)
    until = gathered_until(head, list(letters.values_list("due_at", flat=True)))
    if until is None or until <= now:
        # Though the storm is over: what is being gathered was written before this, and is told before it.
        being_gathered = Notification.objects.filter(
            recipient=recipient, state=Notification.State.WAITING, carried_by=None, reason=STORM_WHY, due_at__gt=now
        )
        until = being_gathered.order_by("due_at").values_list("due_at", flat=True).first() or until
    if until is None:
        return due
    gathered = [row for row in due if row.due_at <= until and row.what != Notification.What.DIGEST]
    for row in gathered:
        row.due_at, row.reason = until, STORM_WHY
    pks = [row.pk for row in gathered]
    if until > now:
        Notification.objects.filter(pk__in=pks).update(due_at=until, reason=STORM_WHY)
        return [row for row in due if row.what == Notification.What.DIGEST]
    # A queue that waited for the mail server: its gathering is over already, so nothing of it was held back and nothing may be dropped.
    Notification.objects.filter(pk__in=pks).update(due_at=until)
    return sorted(due, key=lambda row: (row.due_at, row.pk))


def _digest(recipient: Recipient, group: Sequence[Notification]) -> Notification:
    """One row for the letter; its members wait with it, bound to it, until it is sent."""
    digest = Notification.objects.create(
        incident=None,
        recipient=recipient,
        what=Notification.What.DIGEST,
        once=f"digest.{uuid.uuid4().hex}",
        due_at=max(row.due_at for row in group),
        message_id=new_message_id(),
        created_at=min(row.created_at for row in group),
    )
    Notification.objects.filter(pk__in=[row.pk for row in group]).update(carried_by=digest)
    return digest


def _take(letter: Notification, recipient: Recipient, now: datetime) -> Claim:
    token = uuid.uuid4().hex
    Notification.objects.filter(pk=letter.pk).update(
        state=Notification.State.CLAIMED, claim=token, claimed_until=now + LEASE, attempts_count=F("attempts_count") + 1
    )
    rows = Notification.objects.select_related("incident__rule", "recipient", "carried_by")
    row = rows.get(pk=letter.pk)
    told = tuple(rows.filter(carried_by=row).order_by("pk")) if row.what == Notification.What.DIGEST else (row,)
    return Claim(row, told, recipient, token)
