"""Whether this installation lives: for load balancers, monitors and `manage.py up`. Nobody needs to log in for it; it tells no secret.

In:  Redis and the database. Out: JSON.
/healthz: this process answers. /readyz: every part does its work; 503 and the parts that do not.
A vendor that is down does not make us unready: the walls must stay reachable to say so. So `poll` asks for a recent *attempt*,
and a polling that has stopped for a reason (refused credentials) counts as done; both are said in its message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import redis as redis_py
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboard.api.answers import answer
from dashboard.live.signs import GONE_AFTER_S
from dashboard.models import Board
from dashboard.polling.boards import boards_now, copy_age_s
from dashboard.polling.feeds import planned
from dashboard.store import keys, snapshots
from dashboard.store.connection import client
from dashboard.store.database import DATABASE

# A poll is recent when it is younger than two of the shortest intervals, plus the minute for which an account may rest after failures,
# plus time for the poll itself.
REST_S = 90.0


@dataclass(frozen=True, slots=True)
class Part:
    """`message` is one sentence: what is wrong, or what is known."""

    ok: bool
    message: str


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up. Asks nothing of anybody else."""
    return answer({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """`{"ready": bool, "parts": {name: {"ok": bool, "message": str}}}`; 503 when one part is not ok."""
    parts = readiness(client(), timezone.now())
    ready = all(part.ok for part in parts.values())
    shown = {name: {"ok": part.ok, "message": part.message} for name, part in parts.items()}
    return answer({"ready": ready, "parts": shown}, 200 if ready else 503)


def readiness(redis: redis_py.Redis, now: datetime) -> Mapping[str, Part]:
    """redis, database, beat, worker and poll, each judged for itself. A Redis that does not answer is asked once: one that is frozen holds
    up each question until its time limit, and whoever asks us has a limit, too."""
    first = _redis_part(lambda: _ping(redis))

    def judged(judge: Callable[[], Part]) -> Part:
        return _redis_part(judge) if first.ok else first

    return {
        "redis": first,
        "database": _database(redis if first.ok else None),
        "beat": judged(lambda: _alive(redis, "beat", "scheduler", now)),
        "worker": judged(lambda: _alive(redis, "worker", "poll worker", now)),
        "poll": judged(lambda: _poll(redis, now)),
    }


def _redis_part(judge: Callable[[], Part]) -> Part:
    try:
        return judge()
    except redis_py.RedisError as error:
        return Part(False, f"Redis does not answer ({type(error).__name__}).")


def _ping(redis: redis_py.Redis) -> Part:
    redis.ping()
    return Part(True, "Redis answers.")


def _database(redis: redis_py.Redis | None) -> Part:
    """None: Redis does not answer, so nothing is asked of it."""
    try:
        DATABASE.read(Board.objects.exists)
    except Error as error:
        gone = f"The database does not answer, or it is not migrated ({type(error).__name__})."
        known = Part(False, "") if redis is None else _redis_part(lambda: Part(True, _known_since(redis)))
        return Part(False, f"{gone} {known.message}" if known.ok else gone)
    try:
        refusal = None if redis is None else redis.get(keys.DATABASE_REFUSES)
    except redis_py.RedisError:  # said by its own part
        refusal = None
    if isinstance(refusal, bytes):
        return Part(False, f"The database {refusal.decode(errors='replace')}. The phone is polled on; tickets, alerts and history wait.")
    return Part(True, "The database answers.")


def _known_since(redis: redis_py.Redis) -> str:
    age_s = copy_age_s(redis)
    if age_s is None:
        return "No boards are known without it, so nothing is polled."
    minutes_count = max(1, round(age_s / 60))
    return (
        f"The phone is polled on by the boards as they were {minutes_count} {'minute' if minutes_count == 1 else 'minutes'} ago; tickets, "
        "alerts and history wait."
    )


def _alive(redis: redis_py.Redis, part: str, name: str, now: datetime) -> Part:
    raw = redis.get(keys.alive(part))
    try:
        age_s = now.timestamp() - float(raw) if isinstance(raw, bytes) else None
    except ValueError:
        age_s = None
    if age_s is None:
        return Part(False, f"The {name} has given no sign of life.")
    return Part(age_s <= GONE_AFTER_S, f"The {name}'s last sign of life is {max(0.0, age_s):.0f} s old.")


def _poll(redis: redis_py.Redis, now: datetime) -> Part:
    try:
        boards = boards_now(redis)
    except Error:
        return Part(False, "The database does not answer and no boards are known without it, so nothing is polled.")
    feeds = planned(boards, set())
    if not feeds:
        return Part(False, "There is no board, so nothing is polled.")
    recent_s = 2 * min(plan.interval_s for plan in feeds.values()) + REST_S
    for account in sorted({feed.account for feed in feeds}):
        stop = snapshots.stopped(redis, account)
        if stop is not None:
            return Part(True, f"Polling has stopped until the settings change: {stop.message}")
    outcomes = snapshots.load_outcomes(redis, feeds)
    last = max(outcomes.values(), key=lambda outcome: outcome.at, default=None)
    if last is None:
        return Part(False, "Nothing has been polled yet.")
    age_s = (now - last.at).total_seconds()
    told = f"The last poll was {max(0.0, age_s):.0f} s ago" + (f" and failed: {last.error_message}" if last.error_message else ".")
    return Part(age_s <= recent_s, told)
