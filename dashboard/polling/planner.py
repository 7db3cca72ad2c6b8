"""When each feed is asked: takes those that are due, each by one claim, however many ticks and workers there are.

In:  the plans and the time. Out: claims. All in Redis, each step one script: two schedulers, or a tick delivered twice, change nothing.
Times are on a grid of the feed's own interval (no drift); after a pause a feed is asked once, not once for each time missed.
A due time, delay or claim further ahead than it can be is from before a clock was put back, and does not hold.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import redis as redis_py

from dashboard.domain.feeds import Feed
from dashboard.polling.account import LONGEST_DELAY_S
from dashboard.polling.feeds import Plan
from dashboard.store import codec, keys

logger = logging.getLogger(__name__)

# A tick that comes a little early still takes what is due, or a feed of one second would be asked every second tick.
EARLY_S = 0.3
# The claim of a poll that is waiting to begin: a little longer than the message to the worker lives.
ENQUEUED_S = 3.0
CLAIM_S = ENQUEUED_S + 1.0
# The claim of a poll under way, renewed before each of its requests: one request (10 s in all), and a margin for storing what came and for
# clocks that differ. A worker that was killed keeps its feed from being asked no longer than this.
UNDER_WAY_S = 13.0
LONGEST_CLAIM_S = 90.0  # a minute, and what two machines' clocks may differ by

# KEYS due, in_flight, not_before. ARGV now us, room, claim us, early us, longest claim us, longest delay s, token;
# then per feed: id, interval us, askable (1 or 0). Returns the ids claimed, the longest due first.
CLAIM = """
local now, room, claim, early = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local function text(number) return string.format('%.0f', number) end

local busy = {}
local held = redis.call('HGETALL', KEYS[2])
for i = 1, #held, 2 do
  local till = tonumber(string.match(held[i + 1], ' (%d+)$') or '0')
  if till <= now or till > now + tonumber(ARGV[5]) then
    redis.call('HDEL', KEYS[2], held[i])
  else
    busy[held[i]] = true
    room = room - 1
  end
end

local wanted, due = {}, {}
for i = 8, #ARGV, 3 do
  local id, interval = ARGV[i], tonumber(ARGV[i + 1])
  wanted[id] = true
  local at = tonumber(redis.call('ZSCORE', KEYS[1], id) or '')
  if not at or at > now + interval + early then
    at = now
    redis.call('ZADD', KEYS[1], text(at), id)
  end
  if ARGV[i + 2] == '1' and not busy[id] and at <= now + early then
    local delay = (tonumber(redis.call('ZSCORE', KEYS[3], id) or '0')) * 1000000 - now
    if delay <= 0 or delay > tonumber(ARGV[6]) * 1000000 then
      due[#due + 1] = {at, interval, id}
    end
  end
end
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if not wanted[id] then
    redis.call('ZREM', KEYS[1], id)
    redis.call('ZREM', KEYS[3], id)
  end
end

table.sort(due, function(a, b)
  if a[1] ~= b[1] then return a[1] < b[1] end
  if a[2] ~= b[2] then return a[2] < b[2] end
  return a[3] < b[3]
end)
local claimed = {}
for _, feed in ipairs(due) do
  if room <= 0 then break end
  room = room - 1
  local following = feed[1] + feed[2]
  if following <= now + early then following = now + feed[2] end
  redis.call('ZADD', KEYS[1], text(following), feed[3])
  redis.call('HSET', KEYS[2], feed[3], ARGV[7] .. ' ' .. text(now + claim))
  claimed[#claimed + 1] = feed[3]
end
return claimed
"""

# KEYS in_flight. ARGV id, token, now us, until us (0: the poll is over). Returns 1 when the claim was this token's and still held.
CHANGE = """
local held = redis.call('HGET', KEYS[1], ARGV[1])
if not held then return 0 end
local token, till = string.match(held, '^(%S+) (%d+)$')
if token ~= ARGV[2] then return 0 end
if ARGV[4] == '0' then
  redis.call('HDEL', KEYS[1], ARGV[1])
  return 1
end
if tonumber(till) <= tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], token .. ' ' .. ARGV[4])
return 1
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to poll a feed once, soon: nobody else has it."""

    feed: Feed
    token: str


def claim_due(
    redis: redis_py.Redis, plans: Mapping[Feed, Plan], now: datetime, *, room: int, askable: Mapping[str, bool] | None = None
) -> list[Claim]:
    """Claims the feeds that are due, the longest due first, so that at most `room` polls are under way in all.

    `askable`: which accounts may be asked now (None: all); the feeds of others stay due. A feed never seen is due at once; one that
    is not in `plans` is forgotten. redis.RedisError when Redis does not answer.
    """
    token = secrets.token_hex(8)
    by_id = {feed.id: feed for feed in plans}
    head: list[str | int | float] = [codec.to_us(now), room, _us(CLAIM_S), _us(EARLY_S), _us(LONGEST_CLAIM_S), LONGEST_DELAY_S, token]
    for feed, plan in plans.items():
        head += [feed.id, _us(plan.interval_s), int(askable is None or askable.get(feed.account, False))]
    script, where = redis.register_script(CLAIM), (keys.DUE, keys.IN_FLIGHT, keys.NOT_BEFORE)
    try:
        claimed = cast("list[bytes]", script(keys=where, args=head))
    except redis_py.ResponseError as error:  # a key of another type, from whatever was here before: the plan is soon made again
        logger.warning("The schedule in Redis cannot be read (%s); it begins anew.", error)
        redis.delete(*where)
        claimed = cast("list[bytes]", script(keys=where, args=head))
    return [Claim(by_id[feed_id.decode()], token) for feed_id in claimed]


def begin(redis: redis_py.Redis, claim: Claim, now: datetime) -> bool:
    """Makes the claim last for the poll. False: it is too late, or the message came twice; then the poll must not be made."""
    return keep(redis, claim, now)


def keep(redis: redis_py.Redis, claim: Claim, now: datetime, *, wait_s: float = 0.0) -> bool:
    """Makes the claim last for one more request, after a pause of `wait_s` seconds. False: it has ended, perhaps another has it by now;
    then nothing may be asked by it any more, or two polls of one feed would be under way."""
    return _change(redis, claim, now, codec.to_us(now) + _us(wait_s + UNDER_WAY_S))


def end(redis: redis_py.Redis, claim: Claim, now: datetime) -> None:
    """The poll is over; another may be claimed. Does nothing when the claim is somebody else's by now."""
    _change(redis, claim, now, 0)


def due_now(redis: redis_py.Redis, feeds: Iterable[Feed], now: datetime) -> None:
    """These feeds, if they are planned, are asked at the next tick: what their numbers are made of is new."""
    if due := {feed.id: codec.to_us(now) for feed in feeds}:
        redis.zadd(keys.DUE, due, xx=True)


def _change(redis: redis_py.Redis, claim: Claim, now: datetime, until_us: int) -> bool:
    arguments: list[str | int] = [claim.feed.id, claim.token, codec.to_us(now), until_us]
    return bool(redis.register_script(CHANGE)(keys=[keys.IN_FLIGHT], args=arguments))


def _us(seconds: float) -> int:
    return round(seconds * 1_000_000)
