"""How a TV is let in: it shows a code and keeps a secret; a supervisor types the code; the TV fetches its key with the secret.

In:  the database, the time. Out: rows, and to the TV alone its key, which is kept nowhere else. Whoever reads the code from the street has
nothing: it lets the TV in, not the reader. Must not know requests, cookies or pages.
"""

from __future__ import annotations

import ipaddress
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet

from dashboard.accounts.keys import LONGEST_KEY, digest_of, new_screen_key
from dashboard.models import Pairing, Screen
from dashboard.screens.codes import new_code

logger = logging.getLogger(__name__)

CODE_LIFE = timedelta(minutes=10)
# The answer with the key may be lost on its way: for so long the same TV may fetch again, and then the first key is void.
FETCH_AGAIN = timedelta(minutes=1)
# Until then an old code is known to have been one, which makes a clearer sentence.
REMEMBERED = timedelta(hours=1)
# A floor's TVs may all come from one address, but hardly more of them at once. One code more displaces the oldest there; where all
# together are too many, the oldest of the address that has the most. So a flood displaces itself, and a TV elsewhere keeps its code.
MOST_WAITING_AT_ADDRESS = 200
MOST_WAITING = 2000
TRIES = 20
# One subscriber of IPv6 has 2^64 addresses.
NETWORK_BITS = 64

UNKNOWN = "No TV shows this code. Look at the TV again and type what it shows now."
USED = "This code was used already, and a code lets in one screen only. The TV shows a new one if it still waits."
LATE = "This code is older than ten minutes. The TV shows a new one by now."


class WrongCodeError(ValueError):
    """The code lets nobody in; the text is the sentence for whoever typed it."""


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
    """A new code, and the TV's secret. Where too many wait, the oldest code of whoever has the most is void from now on, and its TV (if it
    is one) begins anew. DatabaseError."""
    Pairing.objects.filter(expires_at__lt=now - REMEMBERED).delete()
    source = source_of(address)
    _make_room(source, now)
    secret = secrets.token_urlsafe(32)
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                made = Pairing.objects.create(code=new_code(), secret_digest=digest_of(secret), address=source, expires_at=now + CODE_LIFE)
            break
        except IntegrityError:  # the code is another TV's
            if not left:
                raise
    return Waiting(made.code, CODE_LIFE.total_seconds()), secret


def source_of(address: str) -> str:
    """What stands for one asker: an IPv4 address, an IPv6 network, or what else the connection says; at most 60 characters."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:60]
    if isinstance(parsed, ipaddress.IPv4Address) or parsed.ipv4_mapped is not None:
        return str(getattr(parsed, "ipv4_mapped", None) or parsed)
    return str(ipaddress.ip_network((parsed, NETWORK_BITS), strict=False))


def _make_room(source: str, now: datetime) -> None:
    """For one more code from `source`. Of two at once each may see the same room: then there is one too many until the next."""
    waiting = Pairing.objects.filter(screen=None, expires_at__gt=now)
    _void_oldest(waiting.filter(address=source), keep=MOST_WAITING_AT_ADDRESS - 1)
    over = waiting.count() - (MOST_WAITING - 1)
    if over > 0:
        sources = waiting.order_by().values("address").annotate(count=Count("pk")).order_by("-count", "address")
        largest, count = sources.values_list("address", "count")[0]
        _void_oldest(waiting.filter(address=largest), keep=max(0, count - over))


def _void_oldest(waiting: QuerySet[Pairing], *, keep: int) -> None:
    """A code that is typed at this very moment lets its TV in all the same."""
    surplus = list(waiting.order_by("-expires_at", "-pk").values_list("pk", flat=True)[keep:])
    if surplus:
        Pairing.objects.filter(pk__in=surplus, screen=None).delete()
        logger.warning("So many screens wait to be paired that the oldest codes of one address are void: %d.", len(surplus))


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
