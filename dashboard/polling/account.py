"""How an account is treated after what it answered: back-off, pauses, a stop when it refuses our credentials.

In:  the error or success of one poll. Out: when the feed and the account may be asked again, kept in Redis for all workers.
Must not ask anything itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

import redis as redis_py

from dashboard.domain.feeds import Feed
from dashboard.sources import registry
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.store import codec, keys, snapshots, troubles
from dashboard.store.snapshots import Outcome, Pause, Stop

logger = logging.getLogger(__name__)

BACKOFF_BASE_S, BACKOFF_MOST_S = 1.0, 60.0
BACKOFF_TTL_S = 3600
# A 429 without Retry-After: the vendor counts by the minute, so half of one frees something.
RATE_LIMIT_PAUSE_S = 30.0
# The credentials are good but not for this: somebody may grant it any time, and asking costs one request. The first ones are asked again
# sooner, four times longer each time: a proxy's single 403 must not leave a floor without numbers for five minutes.
FORBIDDEN_FIRST_S, FORBIDDEN_RETRY_S = 5.0, 300.0
# No feed is held back for longer at a time: a delay beyond was made before a clock was put back, and does not hold (planner.py).
LONGEST_DELAY_S = FORBIDDEN_RETRY_S
# So many failures of the account in a row mean that the vendor was away: when it is back, every feed is asked at once.
OUTAGE_FAILURES = 3
# With less than this share of the vendor's limit left, others are using it up; then one request every so often.
NEARLY_USED_RATIO = 0.1
SLOW_S = 5.0
# Our own database is away: nobody is spared by asking it seldom.
DATABASE_RETRY_S = 2.0

# No attempt of this account can succeed until somebody changes its settings.
_STOPS = frozenset({ErrorKind.AUTH, ErrorKind.REFUSED_CONFIG})
# No fault of the vendor's.
_OURS = frozenset({ErrorKind.DATABASE, ErrorKind.DATABASE_REFUSES})

Random = Callable[[], float]
Digest = Callable[[str], str]


def backoff_s(failures: int, rng: Random) -> float:
    """Full jitter: anywhere from 0 to 1, 2, 4 … 60 s, so that many workers do not come back as one. `rng` gives 0..1."""
    return rng() * min(BACKOFF_MOST_S, BACKOFF_BASE_S * 2.0 ** min(failures - 1, 10))


def may_ask(redis: redis_py.Redis, account: str, now: datetime, *, digest: Digest = registry.credentials_digest) -> bool:
    """Whether the account may be asked now. A stop whose settings have changed since is lifted; an account without settings is stopped."""
    try:
        current = digest(account)
    except SourceError as error:
        known = snapshots.stopped(redis, account)
        if known is None or known.digest:
            _stop(redis, account, Stop(error.kind.value, error.message, now, ""))
        return False
    stop = snapshots.stopped(redis, account)
    if stop is not None and stop.digest == current:
        return False
    if stop is not None:
        logger.info("The settings of account %s changed: it is asked again.", account)
        try_again(redis, account, now)
    return snapshots.paused(redis, account, now) is None


def try_again(redis: redis_py.Redis, account: str, now: datetime) -> bool:
    """Lifts a stop; False when there was none. The same credentials may be good now; refused again, they stop it again."""
    if not redis.delete(keys.stopped(account)):
        return False
    troubles.note_go_on(redis, account, now)
    redis.delete(keys.backoff(account))
    _forget_delays(redis, account)
    return True


def after_success(redis: redis_py.Redis, feed: Feed, now: datetime, *, has_asked: bool) -> None:
    """The account answers: nothing of it waits any longer than usual. `has_asked` False: the numbers came out of what is kept, which says
    nothing of the account; while it is away, a word of theirs would have it asked each second."""
    if not has_asked:
        redis.zrem(keys.NOT_BEFORE, feed.id)
        return
    with redis.pipeline() as pipeline:
        pipeline.getdel(keys.backoff(feed.account))
        pipeline.zrem(keys.NOT_BEFORE, feed.id)
        # A person may try with `poll_once` while the account is stopped; that it works again is all we wanted to know.
        pipeline.delete(keys.stopped(feed.account))
        failures, _, lifted = cast("tuple[bytes | None, int, int]", pipeline.execute())
    if lifted:
        troubles.note_go_on(redis, feed.account, now)
    if failures is not None and int(failures) >= OUTAGE_FAILURES:
        _forget_delays(redis, feed.account)


def after_failure(
    redis: redis_py.Redis,
    feed: Feed,
    error: SourceError,
    *,
    failures: int,
    now: datetime,
    rng: Random,
    digest: Digest = registry.credentials_digest,
) -> datetime | None:
    """Keeps the account and the feed from being asked too soon; returns until when (None: until the settings change).

    `failures` of this feed in a row, this one included.
    """
    if error.kind in _STOPS:
        current = _digest(digest, feed.account)
        known = snapshots.stopped(redis, feed.account)
        if known is not None and (known.kind, known.digest) == (error.kind.value, current):
            # By a poll that was under way, or by hand: the stop is as old as it was.
            snapshots.save_stop(redis, feed.account, Stop(error.kind.value, error.message, known.at, current))
        else:
            _stop(redis, feed.account, Stop(error.kind.value, error.message, now, current))
        logger.error("Account %s is not asked any more until its settings change: %s", feed.account, error.message)
        return None
    if error.is_endpoint_limit:  # of this kind of question alone; the others go on
        until = now + timedelta(seconds=RATE_LIMIT_PAUSE_S if error.retry_after_s is None else error.retry_after_s)
        hold_back(redis, feed, until, now=now)
        return until
    if error.kind in _OURS:
        until = now + timedelta(seconds=DATABASE_RETRY_S)
        hold_back(redis, feed, until, now=now)
        return until
    feed_s = _forbidden_s(failures) if error.kind is ErrorKind.FORBIDDEN else backoff_s(failures, rng)
    hold_back(redis, feed, now + timedelta(seconds=feed_s), now=now)
    return max(now + timedelta(seconds=feed_s), _pause(redis, feed.account, error, now, rng))


def hold_back(redis: redis_py.Redis, feed: Feed, until: datetime, *, now: datetime) -> None:
    """One feed is not asked before `until`, and then as soon as may be: its usual time could be a minute off. What is longer off than
    LONGEST_DELAY_S is held back anew by then (`held_until`)."""
    until = min(until, now + timedelta(seconds=LONGEST_DELAY_S))
    with redis.pipeline() as pipeline:
        pipeline.zadd(keys.NOT_BEFORE, {feed.id: until.timestamp()})
        pipeline.zadd(keys.DUE, {feed.id: codec.to_us(now)}, xx=True)
        pipeline.execute()


def held_until(before: Outcome | None, now: datetime) -> datetime | None:
    """Until when the vendor asked not to be asked this kind of question, where that is longer than one delay; None: it may be asked."""
    if before is None or before.retry_at is None or before.error_kind != ErrorKind.RATE_LIMIT:
        return None
    is_long = before.retry_at - before.at > timedelta(seconds=LONGEST_DELAY_S)
    return before.retry_at if is_long and before.at <= now < before.retry_at else None


def note_remaining(redis: redis_py.Redis, account: str, *, limit: int, remaining: int) -> None:
    """Slows the account's shared bucket down for a few seconds when the vendor says that hardly anything is left of its limit."""
    if remaining < NEARLY_USED_RATIO * limit:
        redis.set(keys.slow(account), remaining, px=int(SLOW_S * 1000))


def slowed_s(redis: redis_py.Redis, account: str) -> float:
    """For how many seconds more the shared bucket grants nothing; 0.0 when it is not slowed down."""
    left_ms = redis.pttl(keys.slow(account))
    return min(max(0, left_ms) / 1000, SLOW_S)


def _forbidden_s(failures: int) -> float:
    """5, 20, 80, then 300 s."""
    return float(min(FORBIDDEN_RETRY_S, FORBIDDEN_FIRST_S * 4.0 ** min(max(failures, 1) - 1, 10)))


def _pause(redis: redis_py.Redis, account: str, error: SourceError, now: datetime, rng: Random) -> datetime:
    """Pauses the account; a pause under way is made longer, never shorter. Returns its end."""
    current = snapshots.paused(redis, account, now)
    asked_s = error.retry_after_s
    if error.kind is ErrorKind.RATE_LIMIT and asked_s is None:
        asked_s = RATE_LIMIT_PAUSE_S
    if asked_s is None:
        if current is not None:  # polls that were under way when the pause began tell nothing new
            return current.until
        if error.kind is ErrorKind.FORBIDDEN:
            return now
        asked_s = backoff_s(_count(redis, account), rng)
    until = now + timedelta(seconds=asked_s)
    if current is not None and current.until >= until:
        return current.until
    pause = Pause(error.kind.value, error.message, now, until)
    snapshots.save_pause(redis, account, pause)
    if pause.until > pause.at:
        troubles.note_pause(redis, account, pause)
    return until


def _stop(redis: redis_py.Redis, account: str, stop: Stop) -> None:
    snapshots.save_stop(redis, account, stop)
    troubles.note_stop(redis, account, stop)


def _count(redis: redis_py.Redis, account: str) -> int:
    with redis.pipeline() as pipeline:
        pipeline.incr(keys.backoff(account))
        pipeline.expire(keys.backoff(account), BACKOFF_TTL_S)
        count, _ = cast("list[int]", pipeline.execute())
    return count


def _digest(digest: Digest, account: str) -> str:
    try:
        return digest(account)
    except SourceError:  # no settings at all: the next settings have another digest
        return ""


def _forget_delays(redis: redis_py.Redis, account: str) -> None:
    held = cast("list[bytes]", redis.zrange(keys.NOT_BEFORE, 0, -1))
    mine = [feed_id for feed_id in held if feed_id.startswith(f"{account}:".encode())]
    if mine:
        redis.zrem(keys.NOT_BEFORE, *mine)
