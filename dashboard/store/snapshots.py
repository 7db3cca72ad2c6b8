"""The latest of everything, per feed and account: readings, outcomes of attempts, stops and pauses, who is in what state.

In:  a Redis client and domain values. Out: the same values back; what cannot be read is absent, logged, and overwritten by the next poll.
Every function raises redis.RedisError when Redis does not answer. Must not decide anything: that is polling's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

import redis as redis_py

from dashboard.domain.agents import InState
from dashboard.domain.feeds import Feed
from dashboard.domain.readings import Reading
from dashboard.store import codec, keys
from dashboard.store.codec import CodecError

logger = logging.getLogger(__name__)

AGENTS_TTL_S = 2 * 86_400
# An answer that arrived this much earlier than the stored one is not a straggler but the first after a clock was put back.
OLDEST_STRAGGLER_S = 120
# A group's agents are forgotten once its feed is this much older than the account's newest.
FORGOTTEN_AFTER = timedelta(minutes=10)

# KEYS reading. ARGV reading, its time in us. A stored time ahead of the server's own clock is from before a clock was put back, and
# protects nothing. Returns 1 when stored, 0 when a newer one lies there. pcall: a key of another type is overwritten as well.
SAVE_READING = """
local held = redis.pcall('GET', KEYS[1])
if type(held) == 'string' then
  local at = tonumber(string.match(held, '^{"at_us":(%d+)'))
  local now = redis.call('TIME')
  local ahead = at and at > (now[1] + 1) * 1000000 + now[2]
  local behind = at and at - tonumber(ARGV[2])
  if at and not ahead and behind > 0 and behind <= tonumber(ARGV[3]) then return 0 end
end
redis.call('SET', KEYS[1], ARGV[1])
return 1
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The last attempt at a feed. `error_*` None: it succeeded. `failures` in a row, the first of them at `failing_since`.

    `retry_at`: no attempt before this (None: at its usual time). `waiting`: the budget was used up, so nothing was asked;
    the other fields but `retry_at` are then those of the attempt before. Also while everything is read for the first time.
    `done_count` of `total_count` (None: not known) have come of a first reading; `done_count` None: none is under way.
    """

    at: datetime
    error_kind: str | None = None
    error_message: str | None = None
    failures: int = 0
    failing_since: datetime | None = None
    retry_at: datetime | None = None
    waiting: bool = False
    done_count: int | None = None
    total_count: int | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """The account's settings (their `digest`) were refused for good; nothing is asked until they change."""

    kind: str
    message: str
    at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Pause:
    """The whole account waits `until`; `message` says why in one sentence."""

    kind: str
    message: str
    at: datetime
    until: datetime


def save_reading(redis: redis_py.Redis, feed: Feed, reading: Reading) -> bool:
    """Stores the latest reading; False, and nothing stored, when a newer one lies there."""
    at_us, straggler_us = codec.to_us(reading.at), OLDEST_STRAGGLER_S * 1_000_000
    return bool(redis.eval(SAVE_READING, 1, keys.reading(feed.id), codec.dump_reading(reading), at_us, straggler_us))


def load_readings(redis: redis_py.Redis, feeds: Iterable[Feed]) -> dict[Feed, Reading]:
    """The latest readings; feeds without one are left out. One round trip."""
    return _load_each(redis, feeds, keys.reading, codec.load_reading)


def save_outcome(redis: redis_py.Redis, feed: Feed, outcome: Outcome) -> None:
    redis.set(
        keys.outcome(feed.id),
        codec.dump(
            {
                "at_us": codec.to_us(outcome.at),
                "error_kind": outcome.error_kind,
                "error_message": outcome.error_message,
                "failures": outcome.failures,
                "failing_since_us": _us(outcome.failing_since),
                "retry_at_us": _us(outcome.retry_at),
                "waiting": outcome.waiting,
                "done_count": outcome.done_count,
                "total_count": outcome.total_count,
            }
        ),
    )


def load_outcomes(redis: redis_py.Redis, feeds: Iterable[Feed]) -> dict[Feed, Outcome]:
    """The last attempts; feeds never tried are left out. One round trip."""
    return _load_each(redis, feeds, keys.outcome, _outcome)


def save_stop(redis: redis_py.Redis, account: str, stop: Stop) -> None:
    content = {"kind": stop.kind, "message": stop.message, "at_us": codec.to_us(stop.at), "digest": stop.digest}
    redis.set(keys.stopped(account), codec.dump(content))


def stopped(redis: redis_py.Redis, account: str) -> Stop | None:
    """Why nothing is asked of the account any more; None when it is."""
    return _load_one(redis, keys.stopped(account), _stop)


def save_pause(redis: redis_py.Redis, account: str, pause: Pause) -> None:
    """Stores a pause that ends by itself. One that ends in the past is not worth storing."""
    for_ms = int((pause.until - pause.at).total_seconds() * 1000)
    if for_ms > 0:
        content = {"kind": pause.kind, "message": pause.message, "at_us": codec.to_us(pause.at), "until_us": codec.to_us(pause.until)}
        redis.set(keys.pause(account), codec.dump(content), px=for_ms)


def paused(redis: redis_py.Redis, account: str, now: datetime) -> Pause | None:
    """The pause that holds `now`, or None. One that lies in the future is from before a clock was put back, and does not hold."""
    pause = _load_one(redis, keys.pause(account), _pause)
    return pause if pause is not None and pause.at <= now < pause.until else None


def save_agents(redis: redis_py.Redis, feed: Feed, states: Mapping[int, InState], *, at: datetime) -> None:
    """Who is in what state, seen by one agents feed (a group's, or everybody's)."""
    key = keys.agents(feed.account)
    with redis.pipeline() as pipeline:
        pipeline.hset(key, feed.id, codec.dump_in_states(states, at=at))
        pipeline.expire(key, AGENTS_TTL_S)
        pipeline.execute()


def agents_seen_by(redis: redis_py.Redis, feed: Feed) -> dict[int, InState]:
    """What one agents feed saw last; empty when it never did."""
    return _agents(redis, feed.account).get(feed.id.encode(), (None, {}))[1]


def agents_in_state(redis: redis_py.Redis, account: str) -> dict[int, InState]:
    """Who is in what state since when, over all agents feeds of the account.

    Where two feeds list one agent: the state seen later; of one state, the exact time, and of two such the earlier.
    """
    seen = _agents(redis, account)
    newest = max((at for at, _ in seen.values()), default=None)
    merged: dict[int, InState] = {}
    for at, states in sorted(seen.values(), key=lambda entry: entry[0]):
        if newest is None or newest - at > FORGOTTEN_AFTER:
            continue
        for agent_id, state in states.items():
            merged[agent_id] = _better(merged.get(agent_id), state)
    return merged


def _better(known: InState | None, state: InState) -> InState:
    """Of two sights of one agent; `state` comes from the later reading."""
    if known is None or (known.state, known.call_status) != (state.state, state.call_status):
        return state
    if known.since_exact != state.since_exact:
        return known if known.since_exact else state
    return min(known, state, key=lambda each: each.since)


def _agents(redis: redis_py.Redis, account: str) -> dict[bytes, tuple[datetime, dict[int, InState]]]:
    key = keys.agents(account)
    try:
        found = cast("dict[bytes, bytes]", redis.hgetall(key))
    except redis_py.ResponseError as error:  # another type: as bad as unreadable, and HSET would fail on it for ever
        _complain(key, error)
        redis.delete(key)
        return {}
    decoded = ((name, _decoded(f"{key} {name.decode(errors='replace')}", data, codec.load_in_states)) for name, data in found.items())
    return {name: value for name, value in decoded if value is not None}


T = TypeVar("T")


def _load_each(redis: redis_py.Redis, feeds: Iterable[Feed], key: Callable[[str], str], load: Callable[[bytes], T]) -> dict[Feed, T]:
    wanted = list(feeds)
    if not wanted:
        return {}
    found = cast("list[bytes | None]", redis.mget([key(feed.id) for feed in wanted]))
    pairs = ((feed, _decoded(key(feed.id), data, load)) for feed, data in zip(wanted, found, strict=True))
    return {feed: value for feed, value in pairs if value is not None}


def _load_one(redis: redis_py.Redis, key: str, load: Callable[[bytes], T]) -> T | None:
    # MGET answers nil, not an error, where a key is of another type.
    return _decoded(key, cast("list[bytes | None]", redis.mget([key]))[0], load)


def _decoded(key: str, data: bytes | None, load: Callable[[bytes], T]) -> T | None:
    if data is None:
        return None
    try:
        return load(data)
    except CodecError as error:
        _complain(key, error)
        return None


def _complain(key: str, error: Exception) -> None:
    logger.warning("What is stored under %s cannot be read (%s); it counts as absent.", key, error)


def _us(at: datetime | None) -> int | None:
    return None if at is None else codec.to_us(at)


def _time(found: Mapping[str, Any], name: str) -> datetime | None:
    return None if found.get(name) is None else codec.from_us(codec.whole(found, name))


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str):
        raise CodecError(f"{name} is not a text")
    return value


def _text_or_none(found: Mapping[str, Any], name: str) -> str | None:
    return None if found.get(name) is None else _text(found, name)


def _count_or_none(found: Mapping[str, Any], name: str) -> int | None:
    return None if found.get(name) is None else codec.whole(found, name)


def _outcome(data: bytes) -> Outcome:
    found = codec.load_object(data)
    return Outcome(
        at=codec.from_us(codec.whole(found, "at_us")),
        error_kind=_text_or_none(found, "error_kind"),
        error_message=_text_or_none(found, "error_message"),
        failures=codec.whole(found, "failures"),
        failing_since=_time(found, "failing_since_us"),
        retry_at=_time(found, "retry_at_us"),
        waiting=found.get("waiting") is True,
        done_count=_count_or_none(found, "done_count"),
        total_count=_count_or_none(found, "total_count"),
    )


def _stop(data: bytes) -> Stop:
    found = codec.load_object(data)
    return Stop(_text(found, "kind"), _text(found, "message"), codec.from_us(codec.whole(found, "at_us")), _text(found, "digest"))


def _pause(data: bytes) -> Pause:
    found = codec.load_object(data)
    at, until = codec.from_us(codec.whole(found, "at_us")), codec.from_us(codec.whole(found, "until_us"))
    return Pause(_text(found, "kind"), _text(found, "message"), at, until)
