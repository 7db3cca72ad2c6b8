"""The rows behind the tickets of incidents: wanted, claimed by one worker, told up to which entry, done or given up.

In:  an incident that opens, within its transaction; a claim, and how the vendor took it. Out: rows of `IncidentTicket`, each step one
conditional update. Asks nobody.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import redis as redis_py
from django.db import transaction
from django.db.models import F, Q, QuerySet

from dashboard.accounts.switch import decision, writes_on
from dashboard.alerts.shown import FAILED_RULE
from dashboard.models import Board, Incident, IncidentTicket, Rule
from dashboard.sources import registry
from dashboard.store import keys
from dashboard.words.tables import BASE

State = IncidentTicket.State
TURN = "incident-tickets"
# One run at a time: so long is waited for its end, and for a run that was never begun. While Queuelight is read-only there is less to do.
RUN_S, READ_ONLY_EVERY_S = 45.0, 30.0
# Longer than the look and the change between two renewals may take: 20 s each, and a wait for the budget.
LEASE = timedelta(seconds=90)
GIVE_UP_AFTER = timedelta(days=1)
FIRST_BACKOFF_S, LONGEST_BACKOFF_S, LONGEST_REFUSED_S = 5.0, 300.0, 3600.0
# A request that nobody heard of may still arrive: longer than any is under way.
UNSURE_S = 30.0
# What lies further ahead than any wait was written before the clock was put back.
AHEAD = 2 * timedelta(seconds=LONGEST_REFUSED_S)
OVER_MEANWHILE = "No ticket: Queuelight was read-only until it was over."


class Step(StrEnum):
    """What came true of a ticket; `IncidentTicket.life` keeps them in order."""

    OPENED = "opened"
    TOLD = "told"
    SOLVED = "solved"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Claim:
    """One row in this worker's hands, as it was claimed."""

    row: IncidentTicket
    token: str


def want(incident: Incident, rule: Rule, now: datetime) -> None:
    """The row of an incident that opens, in the same transaction, if its rule opens tickets. A rule that has failed opens none: that is
    about Queuelight. Tickets are Zendesk's, whichever vendor the rule watches."""
    if rule.opens_ticket and not incident.scope.startswith(FAILED_RULE):
        IncidentTicket.objects.create(
            incident=incident,
            account=registry.ACCOUNT,
            external_id=f"queuelight-{uuid.uuid4().hex}",
            language=rule.ticket_language or language_of(rule.account),
            due_at=now,
            created_at=now,
        )


def language_of(account: str) -> str:
    """The language of tickets of which nobody chose one: that of the account's first board; English where there is none."""
    languages = dict(Board.objects.order_by("-pk").values_list("account", "language"))
    return languages.get(account) or languages.get(registry.ACCOUNT) or BASE


def due(redis: redis_py.Redis, now: datetime) -> bool:
    """Whether there is something to tell, and nobody at it; whoever is given True calls `rest` in the end. Asked by each tick: one indexed
    query. redis.RedisError when Redis does not answer."""
    return _waiting(now).exists() and bool(redis.set(keys.turn(TURN), now.isoformat(), nx=True, px=int(RUN_S * 1000)))


def rest(redis: redis_py.Redis, now: datetime) -> None:
    """The run is over: the next tick may begin another, or, while Queuelight is read-only, one half a minute later."""
    if writes_on():
        redis.delete(keys.turn(TURN))
    else:
        redis.set(keys.turn(TURN), now.isoformat(), px=int(READ_ONLY_EVERY_S * 1000))


def claim(now: datetime) -> Claim | None:
    """The next row to tell, claimed; None: there is none."""
    while (row := _waiting(now).select_related("incident", "incident__rule").order_by("due_at", "pk").first()) is not None:
        token = uuid.uuid4().hex
        mine = IncidentTicket.objects.filter(pk=row.pk, claim=row.claim, claimed_until=row.claimed_until)
        if mine.update(claim=token, claimed_until=now + LEASE):
            return Claim(row, token)
    return None


def hold(taken: Claim, now: datetime) -> bool:
    """Renews the claim before a change; False: it took so long that the row is another's."""
    return bool(_mine(taken).update(claimed_until=now + LEASE))


def opened(taken: Claim, ticket_id: int, now: datetime) -> bool:
    """The ticket is there, and tells of the opening. False: another worker noted it."""
    columns = {"ticket_id": ticket_id, "state": State.OPEN, "told_number": 1, **_WELL}
    return _come_true(taken, Q(ticket_id=None), columns, [(Step.OPENED, 1)], now)


def told(taken: Claim, number: int, comments: Sequence[int], now: datetime, *, solved: bool) -> bool:
    """The ticket tells of everything up to that entry, `comments` of the timeline's entries among it in words of their own. False: another
    worker noted it, or more."""
    columns: dict[str, object] = {"told_number": number, **_WELL}
    steps = [(Step.TOLD, each) for each in comments]
    if solved:
        columns["state"] = State.SOLVED
        steps.append((Step.SOLVED, number))
    return _come_true(taken, Q(told_number__lt=number), columns, steps, now)


def release(taken: Claim, now: datetime) -> None:
    """For now everything is told."""
    _mine(taken).update(claim="", claimed_until=None, due_at=now)


def end(taken: Claim, state: IncidentTicket.State, why: str, now: datetime) -> None:
    """Nothing more will be told."""
    columns = {"state": state, "error": why[:300], "claim": "", "claimed_until": None}
    _come_true(taken, Q(claim=taken.token), columns, [(Step.GIVEN_UP, 0)], now)


def failed(taken: Claim, why: str, now: datetime, *, refused: bool, unsure: bool, at_least_s: float, rng: float) -> bool:
    """The vendor did not take it: again later, or, when it has not for a day, never. `rng`: 0..1. True: given up."""
    row = taken.row
    since = row.failing_since if row.failing_since is not None and row.failing_since <= now else now
    if now - since >= GIVE_UP_AFTER:
        end(taken, State.GIVEN_UP, f"Given up after a day. {why}", now)
        return True
    longest_s = LONGEST_REFUSED_S if refused else LONGEST_BACKOFF_S
    wait_s = min(longest_s, FIRST_BACKOFF_S * 2.0 ** min(row.attempts_count, 12)) * (0.9 + 0.2 * rng)
    wait_s = max(wait_s, min(at_least_s, LONGEST_REFUSED_S), UNSURE_S if unsure else 0.0)
    _mine(taken).update(
        claim="",
        claimed_until=None,
        due_at=now + timedelta(seconds=wait_s),
        attempts_count=F("attempts_count") + 1,
        failing_since=since,
        error=why[:300],
    )
    return False


def while_read_only(now: datetime) -> int:
    """Nothing may be told. What is over and was never begun is dropped; how many. The time does not count as the vendor's failing."""
    rows = IncidentTicket.objects.filter(state__in=(State.WANTED, State.OPEN))
    rows.exclude(failing_since=None).update(failing_since=None)
    return _drop(Q(incident__resolved_at__isnull=False), now)


def after_read_only(now: datetime) -> int:
    """Changes are switched on: what was over before they were, and was never begun, is dropped; how many. Nobody is helped by a ticket
    about the past, and who turns the switch on does not expect a dozen of them."""
    decided = decision()
    if decided is None or not decided.is_on:
        return 0
    return _drop(Q(created_at__lt=decided.changed_at, incident__resolved_at__lt=decided.changed_at), now)


def is_past(row: IncidentTicket) -> bool:
    """Whether its incident was over before changes were switched on: then a ticket that is not there yet is not opened any more."""
    decided, over_at = decision(), row.incident.resolved_at
    return decided is not None and over_at is not None and row.created_at < decided.changed_at and over_at < decided.changed_at


def _drop(over: Q, now: datetime) -> int:
    free = Q(claim="") | Q(claimed_until__lte=now)
    count = 0
    for row in IncidentTicket.objects.filter(free, over, state=State.WANTED, attempts_count=0):
        life = [*row.life, [Step.GIVEN_UP, now.isoformat(), 0]]
        same = IncidentTicket.objects.filter(free, pk=row.pk, state=State.WANTED)
        count += same.update(state=State.GIVEN_UP, error=OVER_MEANWHILE, claim="", claimed_until=None, life=life)
    return count


def _come_true(taken: Claim, only: Q, columns: Mapping[str, object], steps: Sequence[tuple[Step, int]], now: datetime) -> bool:
    """One conditional update, with what it adds to the ticket's life. False: the condition did not hold (any more)."""
    with transaction.atomic():
        present = IncidentTicket.objects.select_for_update().filter(only, pk=taken.row.pk).first()
        if present is None:
            return False
        life = [*present.life, *([step, now.isoformat(), number] for step, number in steps)]
        return bool(IncidentTicket.objects.filter(only, pk=taken.row.pk).update(**columns, life=life))


_WELL: dict[str, object] = {"attempts_count": 0, "failing_since": None, "error": ""}


def _waiting(now: datetime) -> QuerySet[IncidentTicket]:
    free = Q(claim="") | Q(claimed_until__lte=now) | Q(claimed_until__gt=now + 2 * LEASE)
    to_tell = Q(state=State.WANTED) | Q(state=State.OPEN, told_number__lt=F("incident__version"))
    return IncidentTicket.objects.filter(free, to_tell, Q(due_at__lte=now) | Q(due_at__gt=now + AHEAD))


def _mine(taken: Claim) -> QuerySet[IncidentTicket]:
    return IncidentTicket.objects.filter(pk=taken.row.pk, claim=taken.token)
