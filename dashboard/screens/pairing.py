"""How a TV is let in: it shows a code and keeps a secret; a supervisor types the code; the TV fetches its key with the secret.

In:  the database, the time. Out: rows, and to the TV alone its key, which is kept nowhere else. Whoever reads the code from the street has
nothing: it lets the TV in, not the reader. Must not know requests, cookies or pages.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from dashboard.accounts.keys import LONGEST_KEY, digest_of, new_screen_key
from dashboard.models import Pairing, Screen
from dashboard.screens.codes import new_code

CODE_LIFE = timedelta(minutes=10)
# The answer with the key may be lost on its way: for so long the same TV may fetch again, and then the first key is void.
FETCH_AGAIN = timedelta(minutes=1)
# Until then an old code is known to have been one, which makes a clearer sentence.
REMEMBERED = timedelta(hours=1)
MOST_WAITING_AT_ADDRESS = 200
MOST_WAITING = 2000
TRIES = 20

UNKNOWN = "No TV shows this code. Look at the TV again and type what it shows now."
USED = "This code was used already, and a code lets in one screen only. The TV shows a new one if it still waits."
LATE = "This code is older than ten minutes. The TV shows a new one by now."


class WrongCodeError(ValueError):
    """The code lets nobody in; the text is the sentence for whoever typed it."""


class TooManyWaitingError(Exception):
    """So many TVs wait for a code at this address (or at all) that it must be a mistake or an attack."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nobody has typed the code yet. `left_s`: for how long it is good, in seconds, above 0."""

    code: str
    left_s: float


@dataclass(frozen=True, slots=True)
class LetIn:
    """The screen's key: for the TV's cookie and nothing else."""

    key: str
    screen_id: int


def begin(address: str, now: datetime) -> tuple[Waiting, str]:
    """A new code, and the TV's secret. TooManyWaitingError; DatabaseError."""
    Pairing.objects.filter(expires_at__lt=now - REMEMBERED).delete()
    waiting = Pairing.objects.filter(screen=None, expires_at__gt=now)
    if waiting.filter(address=address).count() >= MOST_WAITING_AT_ADDRESS or waiting.count() >= MOST_WAITING:
        raise TooManyWaitingError
    secret = secrets.token_urlsafe(32)
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                made = Pairing.objects.create(
                    code=new_code(), secret_digest=digest_of(secret), address=address[:60], expires_at=now + CODE_LIFE
                )
        except IntegrityError:  # the code is another TV's
            continue
        return Waiting(made.code, CODE_LIFE.total_seconds()), secret
    raise TooManyWaitingError


def ask(secret: str, now: datetime) -> Waiting | LetIn | None:
    """What became of the TV's code. None: nothing will (its time is over, or its screen was removed): begin anew. DatabaseError."""
    pairing = _of_secret(secret)
    if pairing is None:
        return None
    if pairing.screen is None:
        left_s = (pairing.expires_at - now).total_seconds()
        return Waiting(pairing.code, left_s) if left_s > 0 else None
    if pairing.screen.revoked_at is not None:
        return None
    if pairing.claimed_at is not None and not timedelta(0) <= now - pairing.claimed_at <= FETCH_AGAIN:
        return None
    key = new_screen_key()
    with transaction.atomic():
        mine = Pairing.objects.filter(pk=pairing.pk, claimed_at=pairing.claimed_at)
        if not mine.update(claimed_at=pairing.claimed_at or now):
            return None
        Screen.objects.filter(pk=pairing.screen.pk).update(key_digest=digest_of(key))
    return LetIn(key, pairing.screen.pk)


def let_in(code: str, screen: Screen, now: datetime) -> Screen:
    """Saves the new screen and gives it to the TV that shows the code. Of two who type one, one wins. WrongCodeError; DatabaseError."""
    screen.key_digest = digest_of(new_screen_key())  # nobody has this one: the TV fetches its own
    with transaction.atomic():
        screen.save()
        if Pairing.objects.filter(code=code, screen=None, expires_at__gt=now).update(screen=screen):
            return screen
        transaction.set_rollback(True)
    screen.pk = None
    raise WrongCodeError(_why_not(code))


def _why_not(code: str) -> str:
    found = Pairing.objects.filter(code=code).first()
    if found is None:
        return UNKNOWN
    return LATE if found.screen_id is None else USED


def _of_secret(secret: str) -> Pairing | None:
    if not secret or len(secret) > LONGEST_KEY:
        return None
    return Pairing.objects.select_related("screen").filter(secret_digest=digest_of(secret)).first()
