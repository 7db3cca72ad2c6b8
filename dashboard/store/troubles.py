"""What failed when: the beginnings and ends of failures of each feed, of stops and of pauses of an account.

In:  a beginning or an end, as polling sees it. Out: what was failing at any past moment. Only changes are kept, the newest 6,000 of an
account (about 1 MB at most); an attempt that fails like the one before is no change.
Every function raises redis.RedisError when Redis does not answer. Must not decide what a failure means.
"""

from __future__ import annotations

import bisect
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import redis as redis_py

from dashboard.domain.feeds import Feed
from dashboard.store import codec, keys
from dashboard.store.codec import CodecError
from dashboard.store.snapshots import Outcome, Pause, Stop

logger = logging.getLogger(__name__)

MOST_KEPT = 6000
# Scopes besides the ids of feeds, which have a colon.
_STOP, _PAUSE = "stop", "pause"


@dataclass(frozen=True, slots=True)
class Trouble:
    """`scope` began to fail `at`, with this kind and message; `kind` None: it works again from then on. `other_at`: of a feed, since when
    it had been failing; of a pause, its end."""

    at: datetime
    scope: str
    kind: str | None
    message: str = ""
    other_at: datetime | None = None


def note_outcome(redis: redis_py.Redis, feed: Feed, before: Outcome | None, outcome: Outcome) -> None:
    """An attempt at a feed: noted when it failed otherwise than the one before, or ended or began a failure."""
    known = (None, None) if before is None else (before.error_kind, before.error_message)
    if known != (outcome.error_kind, outcome.error_message):
        since = outcome.failing_since if outcome.error_kind is not None else None
        _note(redis, feed.account, Trouble(outcome.at, feed.id, outcome.error_kind, outcome.error_message or "", since))


def note_stop(redis: redis_py.Redis, account: str, stop: Stop) -> None:
    """Nothing is asked of the account any more."""
    _note(redis, account, Trouble(stop.at, _STOP, stop.kind, stop.message))


def note_go_on(redis: redis_py.Redis, account: str, at: datetime) -> None:
    """The stop of an account is lifted."""
    _note(redis, account, Trouble(at, _STOP, None))


def note_pause(redis: redis_py.Redis, account: str, pause: Pause) -> None:
    _note(redis, account, Trouble(pause.at, _PAUSE, pause.kind, pause.message, pause.until))


def read(redis: redis_py.Redis, account: str) -> Troubles:
    """All that is known of an account."""
    try:
        found = cast("list[bytes]", redis.lrange(keys.troubles(account), 0, -1))
    except redis_py.ResponseError:  # a key of another type: the next note clears it
        found = []
    return Troubles(_troubles(found))


class Troubles:
    """Asked for any moment, in any order."""

    def __init__(self, troubles: Iterable[Trouble]) -> None:
        self._by_scope: dict[str, list[Trouble]] = {}
        for trouble in sorted(troubles, key=lambda each: each.at):
            self._by_scope.setdefault(trouble.scope, []).append(trouble)

    def outcome(self, feed: Feed, when: datetime) -> Outcome | None:
        """How the feed was failing at `when`; None: it was not, as far as is known."""
        found = self._last(feed.id, when)
        if found is None or found.kind is None:
            return None
        return Outcome(found.at, found.kind, found.message, 1, found.other_at or found.at)

    def stop(self, when: datetime) -> Stop | None:
        found = self._last(_STOP, when)
        return None if found is None or found.kind is None else Stop(found.kind, found.message, found.at, "")

    def pause(self, when: datetime) -> Pause | None:
        found = self._last(_PAUSE, when)
        if found is None or found.kind is None or found.other_at is None or when >= found.other_at:
            return None
        return Pause(found.kind, found.message, found.at, found.other_at)

    def _last(self, scope: str, when: datetime) -> Trouble | None:
        known = self._by_scope.get(scope, [])
        place = bisect.bisect_right(known, when, key=lambda each: each.at)
        return known[place - 1] if place else None


def _note(redis: redis_py.Redis, account: str, trouble: Trouble) -> None:
    content = {
        "at_us": codec.to_us(trouble.at),
        "scope": trouble.scope,
        "kind": trouble.kind,
        "message": trouble.message,
        "other_us": None if trouble.other_at is None else codec.to_us(trouble.other_at),
    }
    key = keys.troubles(account)
    try:
        _push(redis, key, codec.dump(content))
    except redis_py.ResponseError:  # a key of another type
        redis.delete(key)
        _push(redis, key, codec.dump(content))


def _push(redis: redis_py.Redis, key: str, data: bytes) -> None:
    with redis.pipeline(transaction=False) as pipeline:
        pipeline.rpush(key, data)
        pipeline.ltrim(key, -MOST_KEPT, -1)
        pipeline.execute()


def _troubles(kept: Iterable[bytes]) -> Iterator[Trouble]:
    for data in kept:
        try:
            found = codec.load_object(data)
            scope, kind, message = found.get("scope"), found.get("kind"), found.get("message")
            if not isinstance(scope, str) or not isinstance(kind, str | None) or not isinstance(message, str):
                raise CodecError("not a trouble")
            other = None if found.get("other_us") is None else codec.from_us(codec.whole(found, "other_us"))
            yield Trouble(codec.from_us(codec.whole(found, "at_us")), scope, kind, message, other)
        except CodecError as error:
            logger.warning("A note of what failed cannot be read (%s); it is left out.", error)
