"""Sends what is due: for each recipient in order, claims a letter, has it composed, hands it over, and notes it as sent.

In:  rows of the outbox, a composer, a transport per recipient. Out: letters at the mail server or the channel; rows as sent, waiting or
dropped; back-off where something fails. Decides nothing about whom or when: `claims.py` does.

The steps have names (`checkpoint`), at each of which the tests kill the process: claimed, composed, handing, handed, sent.
"""

from __future__ import annotations

import itertools
import logging
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError, close_old_connections
from django.db.models import F
from django.db.models.functions import Coalesce

from dashboard.alerts import claims, mail_server, outbox
from dashboard.alerts.changing import no_checkpoint
from dashboard.alerts.claims import Claim
from dashboard.alerts.couriers import Runner, couriers
from dashboard.alerts.delivery_types import Letter, Transport, TransportError
from dashboard.domain.delivery import COMPOSE_ATTEMPTS_COUNT, PERMANENT_ATTEMPTS_COUNT, backoff_s
from dashboard.models import Notification, Recipient, Via

logger = logging.getLogger(__name__)

Compose = Callable[[Sequence[Notification], datetime], Letter]
TransportFor = Callable[[Recipient], Transport]

# One errand ends after so many letters; the next tick goes on, so that a thread is never one recipient's for long.
MOST_LETTERS = 50
# Between the server's yes and our note of it nothing may be lost to a database that is busy, or restarts: who forgot would send it again.
NOTE_TRIES = 1200
NOTE_WAIT_S = 0.5


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Tools:
    """What an errand works with. `rng` gives 0..1, `wait` lets so many seconds pass."""

    clock: Callable[[], datetime]
    transport_for: TransportFor
    compose: Compose
    checkpoint: Callable[[str], None]
    rng: Callable[[], float]
    wait: Callable[[float], object]


def deliver(
    *,
    clock: Callable[[], datetime] = utc_now,
    transport_for: TransportFor | None = None,
    compose: Compose | None = None,
    run: Runner | None = None,
    checkpoint: Callable[[str], None] = no_checkpoint,
    rng: Callable[[], float] = random.random,
    wait: Callable[[float], object] = time.sleep,
) -> int:
    """Sees to every recipient who has something due; returns for how many an errand was begun.

    By default errands run on the process's own threads, and this returns at once. Calling it too often, or in many processes, does no
    harm. django.db.DatabaseError when the database is away.
    """
    tools = Tools(clock, transport_for or _transport_for(), compose or _compose(), checkpoint, rng, wait)
    runner = couriers() if run is None else run
    return sum(runner(pk, via, lambda pk=pk: _errand(pk, tools)) for pk, via in outbox.ready(clock()))  # type: ignore[misc]


def _transport_for() -> TransportFor:
    # Imported when needed: tests and other senders bring transports of their own, and mail libraries are slow to load.
    from dashboard.alerts.transports import transport_for

    return transport_for


def _compose() -> Compose:
    from dashboard.alerts.letter import compose

    return compose


def _errand(recipient_id: int, tools: Tools) -> None:
    for _ in range(MOST_LETTERS):
        # A process that is told to end finishes the letter in hand and begins no other, or it would be killed over one.
        if not threading.main_thread().is_alive():
            return
        taken = claims.claim(recipient_id, tools.clock())
        if taken is None:
            return
        tools.checkpoint("claimed")
        if not _hand_over(taken, tools):
            return


def _hand_over(taken: Claim, tools: Tools) -> bool:
    """Whether the next letter of this recipient may follow at once."""
    composed = _composed(taken, tools)
    if composed is None:
        return False
    tools.checkpoint("composed")
    if not claims.begin_handing(taken, tools.clock()):
        logger.warning("Letter %d was taken over by another worker before it was handed over.", taken.row.pk)
        return False
    tools.checkpoint("handing")
    try:
        tools.transport_for(taken.recipient).hand_over(taken.recipient, composed)
    except TransportError as error:
        _failed(taken, error, tools)
        return False
    except Exception as error:  # noqa: BLE001 (a library's fault; logged without its text, which may hold the channel's address)
        logger.error("Handing over letter %d failed in a way that nobody foresaw: %s.", taken.row.pk, type(error).__name__)
        _failed(taken, TransportError(f"The hand-over failed unexpectedly ({type(error).__name__})."), tools)
        return False
    tools.checkpoint("handed")
    _note_sent(taken, composed.subject, tools)
    tools.checkpoint("sent")
    return True


def _composed(taken: Claim, tools: Tools) -> Letter | None:
    try:
        composed = tools.compose(taken.told, tools.clock())
    except DatabaseError:
        raise  # nothing is wrong with the letter; the claim ends by itself
    except Exception as error:
        logger.exception("Letter %d could not be composed.", taken.row.pk)
        why = f"It could not be composed ({type(error).__name__})."
        claims.give_back(taken, drop_why=why if taken.row.attempts_count >= COMPOSE_ATTEMPTS_COUNT else "")
        _back_off(taken.recipient, why, tools)
        return None
    # A digest is one letter with an id of its own, whatever its composer knew of it.
    return composed if composed.message_id == taken.row.message_id else replace(composed, message_id=taken.row.message_id)


def _note_sent(taken: Claim, subject: str, tools: Tools) -> None:
    for tries in itertools.count(1):
        try:
            if not claims.sent(taken, subject, tools.clock()):
                logger.warning("Letter %d took longer than its claim: it may arrive twice, with one Message-ID.", taken.row.pk)
            return
        except DatabaseError as error:
            close_old_connections()  # one that broke would answer no more, though the database is back
            if tries >= NOTE_TRIES or not threading.main_thread().is_alive():
                raise
            if tries == 1:
                logger.warning("Letter %d is sent, but that could not be noted yet (%s).", taken.row.pk, type(error).__name__)
            tools.wait(NOTE_WAIT_S)


def _failed(taken: Claim, error: TransportError, tools: Tools) -> None:
    message = str(error)[:300]
    if error.whole_server and taken.recipient.via == Via.EMAIL:
        logger.warning("The mail server takes nothing: %s", message)
        claims.give_back(taken, counts=False)
        now = tools.clock()
        mail_server.note_away(message, now, tools.rng())
        Recipient.objects.filter(pk=taken.recipient.pk).update(last_error=message, last_error_at=now)
        return
    gives_up = error.permanent and taken.row.attempts_count >= PERMANENT_ATTEMPTS_COUNT
    logger.warning("Recipient %d was not reached%s: %s", taken.recipient.pk, ", for good" if gives_up else "", message)
    claims.give_back(taken, drop_why=message if gives_up else "")
    _back_off(taken.recipient, message, tools)
    if taken.recipient.via == Via.EMAIL:
        mail_server.note_back()


def _back_off(recipient: Recipient, message: str, tools: Tools) -> None:
    now = tools.clock()
    wait = timedelta(seconds=backoff_s(recipient.failures_count + 1, tools.rng()))
    Recipient.objects.filter(pk=recipient.pk).update(
        failures_count=F("failures_count") + 1,
        not_before=now + wait,
        failing_since=Coalesce("failing_since", now),
        last_error=message,
        last_error_at=now,
    )
