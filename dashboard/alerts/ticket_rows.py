"""The rows behind the tickets of incidents: wanted, claimed by one worker, told up to which entry, done or given up.

In:  an incident that opens, within its transaction; a claim, and how the vendor took it. Out: rows of `IncidentTicket`, each step one
conditional update. Asks nobody.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis as redis_py
from django.db.models import F, Q, QuerySet

from dashboard.accounts.switch import writes_on
from dashboard.alerts.shown import FAILED_RULE
from dashboard.models import Incident, IncidentTicket, Rule
from dashboard.sources import registry
from dashboard.store import keys

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
OVER_MEANWHILE = "It was over before a ticket could be opened: Queuelight was read-only."


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
            incident=incident, account=registry.ACCOUNT, external_id=f"queuelight-{uuid.uuid4().hex}", due_at=now, created_at=now
        )


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


def opened(taken: Claim, ticket_id: int) -> bool:
    """The ticket is there, and tells of the opening. False: another worker noted it."""
    columns = {"ticket_id": ticket_id, "state": State.OPEN, "told_number": 1, **_WELL}
    return bool(IncidentTicket.objects.filter(pk=taken.row.pk, ticket_id=None).update(**columns))


def told(taken: Claim, number: int, *, solved: bool) -> bool:
    """The ticket tells of everything up to that entry. False: another worker noted it, or more."""
    columns: dict[str, object] = {"told_number": number, **_WELL}
    if solved:
        columns["state"] = State.SOLVED
    return bool(IncidentTicket.objects.filter(pk=taken.row.pk, told_number__lt=number).update(**columns))


def release(taken: Claim, now: datetime) -> None:
    """For now everything is told."""
    _mine(taken).update(claim="", claimed_until=None, due_at=now)


def end(taken: Claim, state: IncidentTicket.State, why: str) -> None:
    """Nothing more will be told."""
    _mine(taken).update(state=state, error=why[:300], claim="", claimed_until=None)


def failed(taken: Claim, why: str, now: datetime, *, refused: bool, unsure: bool, at_least_s: float, rng: float) -> bool:
    """The vendor did not take it: again later, or, when it has not for a day, never. `rng`: 0..1. True: given up."""
    row = taken.row
    since = row.failing_since if row.failing_since is not None and row.failing_since <= now else now
    if now - since >= GIVE_UP_AFTER:
        end(taken, State.GIVEN_UP, f"Given up after a day. {why}")
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
    """Nothing may be told. What is over and was never begun is dropped, so that a switch turned on later does not open tickets about the
    past; how many. The time does not count as the vendor's failing."""
    rows = IncidentTicket.objects.filter(state__in=(State.WANTED, State.OPEN))
    rows.exclude(failing_since=None).update(failing_since=None)
    free = Q(claim="") | Q(claimed_until__lte=now)
    over = rows.filter(free, state=State.WANTED, attempts_count=0, incident__resolved_at__isnull=False)
    return IncidentTicket.objects.filter(pk__in=list(over.values_list("pk", flat=True))).update(
        state=State.GIVEN_UP, error=OVER_MEANWHILE, claim="", claimed_until=None
    )


_WELL: dict[str, object] = {"attempts_count": 0, "failing_since": None, "error": ""}


def _waiting(now: datetime) -> QuerySet[IncidentTicket]:
    free = Q(claim="") | Q(claimed_until__lte=now) | Q(claimed_until__gt=now + 2 * LEASE)
    to_tell = Q(state=State.WANTED) | Q(state=State.OPEN, told_number__lt=F("incident__version"))
    return IncidentTicket.objects.filter(free, to_tell, Q(due_at__lte=now) | Q(due_at__gt=now + AHEAD))


def _mine(taken: Claim) -> QuerySet[IncidentTicket]:
    return IncidentTicket.objects.filter(pk=taken.row.pk, claim=taken.token)
