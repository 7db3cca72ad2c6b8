"""Who may ask: the vendor's limit as a proof, over all workers, machines, restarts and clock steps.

In:  Redis, and each caller's own monotonic clock. Out: a grant, or the seconds to wait. No wall clock is read anywhere.
The idea (the proof is docs/design/0001-budget.md): Redis numbers the grants; numbers need no clock. A caller that saw "s grants so
far" at a moment knows one window later, by its own clock alone, that the first s are older than a window. The greatest such s of all
callers is the floor. Grant n is given when n <= floor + cap. While Redis is too young to have a floor (first start, or its memory was
lost), and for a caller that has watched for less than a window, grants are spaced so that they fit the reserve beside a full cap.
"""

from __future__ import annotations

import contextlib
import math
import secrets
from typing import cast

import redis as redis_py

from dashboard.polling.monotonic import HOST_CLOCK, Monotonic
from dashboard.store import keys

# A granted request reaches the vendor within this: the whole exchange ends 10 s after the grant; the rest is for a process that is held up.
TRANSIT_S = 15.0
# Between two clocks that count the same seconds: NTP may slew each by 500 ppm.
CLOCK_TOLERANCE = 1.001
# How finely a window is watched. More costs memory (30 bytes each a host), fewer make grants come back later than they could.
NOTES_PER_WINDOW = 256
TTL_S = 3600

# KEYS 1 the log, 2 this host's state, 3 this host's notes (list of "time count").
# ARGV 1 ask (1) or look (0), 2 cap, 3 window us, 4 spacing us, 5 now us (read before the call), 6 a name for a new log. Who gives way asks
# with a longer spacing: fewer grants than the proof allows, never more.
# Returns granted, wait us, log's name, grants so far, grants that may be younger than a window, whether the host is young, when it noted
# last, how many it had seen.
#
# A log belongs to one life of one server: after a restart or a failover the server's ids differ, and what it remembers may be a snapshot
# that lacks the last grants, so the log begins anew. The host's `seen` grants were there at `since`; `grown`: it watched for a window.
ASK = """
local cap, window, spacing, now = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''
local history = string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)') or ''
local server = run .. ' ' .. history
local log = redis.call('HMGET', KEYS[1], 'server', 'name', 'count', 'floor')
if log[1] ~= server then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'server', server, 'name', ARGV[6], 'count', 0)
  log = {server, ARGV[6], '0', false}
end
local name, count, floor = log[2], tonumber(log[3]), tonumber(log[4] or '')

local host = redis.call('HMGET', KEYS[2], 'log', 'seen', 'since', 'noted', 'grown')
if host[1] ~= name then
  redis.call('DEL', KEYS[2], KEYS[3])
  redis.call('HSET', KEYS[2], 'log', name)
  host = {name, false, false, false, false}
end
local seen, since, grown = tonumber(host[2] or '-1'), tonumber(host[3] or '0'), host[5]

while true do
  local first = redis.call('LINDEX', KEYS[3], 0)
  if not first then break end
  local at, saw = string.match(first, '^(%d+) (%d+)$')
  if tonumber(at) > now - window then break end
  redis.call('LPOP', KEYS[3])
  if not floor or tonumber(saw) > floor then
    floor = tonumber(saw)
    redis.call('HSET', KEYS[1], 'floor', saw)
  end
  if not grown then
    grown = '1'
    redis.call('HSET', KEYS[2], 'grown', grown)
  end
end

local granted, wait = 0, 0
if ARGV[1] == '1' then
  if floor and count + 1 <= floor + cap then
    granted = 1
  elseif not grown and seen == count and now - since >= spacing then
    granted = 1
  else
    wait = window
    for _, note in ipairs(redis.call('LRANGE', KEYS[3], 0, -1)) do
      local at, saw = string.match(note, '^(%d+) (%d+)$')
      if tonumber(saw) >= count + 1 - cap then
        wait = tonumber(at) + window - now
        break
      end
    end
    if not grown then
      local quiet = spacing
      if seen == count then quiet = since + spacing - now end
      if quiet < wait then wait = quiet end
    end
  end
  if granted == 1 then count = redis.call('HINCRBY', KEYS[1], 'count', 1) end
end
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, %TTL%) end
return {granted, wait, name, count, count - (floor or 0), grown and 0 or 1, tonumber(host[4] or '0'), seen}
""".replace("%TTL%", str(TTL_S))

# KEYS as above. ARGV 1 log's name, 2 grants so far, 3 time us read after the answer that told them, 4 least time between notes us.
NOTE = """
if redis.call('HGET', KEYS[1], 'name') ~= ARGV[1] or redis.call('HGET', KEYS[2], 'log') ~= ARGV[1] then return end
if tonumber(ARGV[2]) > tonumber(redis.call('HGET', KEYS[2], 'seen') or '-1') then
  redis.call('HSET', KEYS[2], 'seen', ARGV[2], 'since', ARGV[3])
end
local noted = redis.call('HGET', KEYS[2], 'noted')
if not noted or tonumber(ARGV[3]) >= tonumber(noted) + tonumber(ARGV[4]) then
  redis.call('RPUSH', KEYS[3], ARGV[3] .. ' ' .. ARGV[2])
  redis.call('HSET', KEYS[2], 'noted', ARGV[3])
  redis.call('EXPIRE', KEYS[3], %TTL%)
end
""".replace("%TTL%", str(TTL_S))


class BudgetError(Exception):
    """Whether a request fits the budget cannot be known: Redis does not answer. Nothing may be asked then."""


class Budget:
    """One bucket of one account. Thread-safe; every caller makes its own, the state is in Redis.

    `cap` requests in any `window_s`, at most `reserve` more when what was granted before cannot be known; cap + reserve must not
    exceed the vendor's limit. `reserve` None: a quarter of the cap, which is the rest of the limit at a share of 80 %.
    """

    def __init__(
        self,
        redis: redis_py.Redis,
        *,
        account: str,
        bucket: str,
        cap: int,
        window_s: float,
        clock: Monotonic = HOST_CLOCK,
        reserve: int | None = None,
        transit_s: float = TRANSIT_S,
    ) -> None:
        """ValueError when cap, reserve or window is not positive."""
        self.cap = cap
        self.reserve = max(1, cap // 4) if reserve is None else reserve
        if cap < 1 or self.reserve < 1 or window_s <= 0 or transit_s < 0:
            raise ValueError("a budget needs a positive cap, reserve and window")
        self._redis, self._clock = redis, clock
        self._window_us = math.ceil((window_s + transit_s) * CLOCK_TOLERANCE * 1e6)
        self._spacing_us = math.ceil(self._window_us / self.reserve)
        self._least_us = self._window_us // NOTES_PER_WINDOW
        boot = clock.boot_id
        self._keys = (keys.budget(account, bucket), keys.budget_host(account, bucket, boot), keys.budget_notes(account, bucket, boot))
        self._ask, self._note = redis.register_script(ASK), redis.register_script(NOTE)

    def take(self, *, behind_s: float = 0.0) -> float:
        """Asks for one request: 0.0 when granted (it must leave at once), else the seconds after which to ask again.

        `behind_s` >= 0: while memory is young and grants are few, each is left for so long to those who ask with less. BudgetError when
        Redis does not answer.
        """
        granted, wait_us, _ = self._call(ask=True, behind_s=behind_s)
        # Never 0 when denied, or the caller would spin.
        return 0.0 if granted else max(wait_us, self._least_us / 4, 1) / 1e6

    def used(self) -> int:
        """How many grants may be younger than a window now: at most `cap`, and at most `cap` + `reserve` while memory is young.

        BudgetError when Redis does not answer.
        """
        return self._call(ask=False)[2]

    def _call(self, *, ask: bool, behind_s: float = 0.0) -> tuple[bool, int, int]:
        now_us = self._clock.now_us()
        spacing_us = self._spacing_us + max(0, round(behind_s * 1e6))
        arguments: list[int | str] = [int(ask), self.cap, self._window_us, spacing_us, now_us, secrets.token_hex(8)]
        try:
            answer = cast("tuple[int, int, bytes, int, int, int, int, int]", self._ask(keys=self._keys, args=arguments))
        except redis_py.RedisError as error:
            raise BudgetError(f"The request budget cannot be read: Redis does not answer ({type(error).__name__}).") from error
        granted, wait_us, name, count, young_count, host_is_young, noted_us, seen = answer
        after_us = self._clock.now_us()  # after the answer: only then is it certain that so many had been granted by then
        if after_us >= noted_us + self._least_us or (host_is_young and count > seen):
            # The grant stands whether or not the note is written; without it, later grants only come later.
            with contextlib.suppress(redis_py.RedisError):
                self._note(keys=self._keys, args=[name, count, after_us, self._least_us])
        return bool(granted), wait_us, young_count
