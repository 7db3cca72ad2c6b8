"""What the scheduler's tick and a worker's poll do, from boards and settings to claims and outcomes.

In:  Redis, the time, boards and rules from the database; while it is away, those known last. Out: claims to hand to workers; the boards
that a poll concerns.
Publishes nothing and judges nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import cast

import redis as redis_py
from django.conf import settings
from django.db import Error

from dashboard.domain.feeds import TICKET_ENDPOINTS, Feed
from dashboard.models import Board
from dashboard.polling import account, judged, planner
from dashboard.polling.boards import boards_now
from dashboard.polling.feeds import WATCHED_FOR_S, Plan, board_feeds, planned
from dashboard.polling.planner import Claim
from dashboard.polling.poller import ClaimLostError, Source, poll, utc_now
from dashboard.polling.stopping import StoppedError
from dashboard.polling.which import source_of
from dashboard.sources import registry
from dashboard.sources.errors import SourceError
from dashboard.sources.zendesk_talk import Answered
from dashboard.store import keys

logger = logging.getLogger(__name__)

# Threads that polls leave free, so that a slow vendor never keeps a tick from running.
KEPT_FOR_TICKS = 4


def watched_slugs(redis: redis_py.Redis, now: datetime) -> set[str]:
    """The boards that somebody watched in the last 30 s."""
    since = now.timestamp() - WATCHED_FOR_S
    try:
        found = cast("list[bytes]", redis.zrangebyscore(keys.WATCH, since, "+inf"))
    except redis_py.ResponseError as error:  # a key of another type: it is written again every few seconds
        logger.warning("Who watches cannot be read (%s); it begins anew.", error)
        redis.delete(keys.WATCH)
        return set()
    return {slug.decode(errors="replace") for slug in found}


def plans_now(redis: redis_py.Redis, boards: Iterable[Board], now: datetime) -> Mapping[Feed, Plan]:
    """The plan of every feed of these boards, and of the rules, as of now. Rules that were never read, since the database is away, need
    no feed."""
    try:
        ruled = judged.judged(redis).feeds
    except Error:
        ruled = frozenset()
    return planned(boards, watched_slugs(redis, now), ruled)


def take_due(redis: redis_py.Redis, now: datetime, *, digest: account.Digest = registry.credentials_digest) -> list[Claim]:
    """One tick: the polls to hand to workers now. Leaves the worker's sign of life."""
    redis.set(keys.alive("worker"), repr(now.timestamp()), ex=3600)
    plans = plans_now(redis, boards_now(redis), now)
    askable = {name: account.may_ask(redis, name, now, digest=digest) for name in {feed.account for feed in plans}}
    room = max(1, settings.CELERY_WORKER_CONCURRENCY - KEPT_FOR_TICKS)
    return planner.claim_due(redis, plans, now, room=room, askable=askable)


def make_poll(
    redis: redis_py.Redis,
    claim: Claim,
    *,
    source: Callable[[Feed], Source] = source_of,
    digest: account.Digest = registry.credentials_digest,
    clock: Callable[[], datetime] = utc_now,
) -> set[str]:
    """One poll, if its claim still holds and its account may be asked. Returns the slugs of the boards that show the feed."""
    if not planner.begin(redis, claim, clock()):
        return set()
    try:
        boards = boards_now(redis)
        plans = plans_now(redis, boards, clock())
        plan = plans.get(claim.feed)
        if plan is None or not account.may_ask(redis, claim.feed.account, clock(), digest=digest):
            return set()
        poll(
            claim.feed,
            redis=redis,
            source=_usable(source, claim.feed),
            plan=plan,
            clock=clock,
            digest=digest,
            keep_claim=lambda wait_s: planner.keep(redis, claim, clock(), wait_s=wait_s),
        )
        if claim.feed.endpoint in TICKET_ENDPOINTS and not claim.feed.filter_ids:
            planner.due_now(redis, [feed for feed in plans if _is_part(feed, claim.feed)], clock())
    except ClaimLostError:
        logger.info("A poll of %s took too long before it could ask; another has taken over.", claim.feed.id)
        return set()
    except StoppedError:
        planner.due_now(redis, [claim.feed], clock())  # by whoever starts next
        return set()
    finally:
        planner.end(redis, claim, clock())
    return {board.slug for board in boards if claim.feed in board_feeds(board).values()}


def _is_part(feed: Feed, whole: Feed) -> bool:
    """A feed of some groups, whose numbers come out of what the account's feed reads."""
    return bool(feed.filter_ids) and (feed.account, feed.endpoint) == (whole.account, whole.endpoint)


def _usable(source: Callable[[Feed], Source], feed: Feed) -> Source:
    """The feed's source; one that cannot be made of its settings fails as a poll does, so that the board says why and polling stops."""
    try:
        return source(feed)
    except SourceError as error:
        return _Unusable(error)


class _Unusable:
    def __init__(self, error: SourceError) -> None:
        self._error = error

    def read(self, feed: Feed, *, before_request: Callable[[], None]) -> Answered:
        raise self._error
