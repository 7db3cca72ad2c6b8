"""The frame as it lies in Redis: one hash per board with `seq`, `at`, `frame` (JSON) and `charts_at`.

In:  a Redis client of the caller, sync or async. Out: a `StoredFrame`, or None when there is none (yet, or since Redis was emptied).
`seq` is a hybrid clock: the greater of the one before plus one and the Unix time in ms. It grows with every frame, also over a Redis
that came back empty or from an old snapshot, so that one number never names two frames.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import redis as redis_py
import redis.asyncio as redis_asyncio

from dashboard.live.messages import pushed
from dashboard.live.patch import Object
from dashboard.store import keys

logger = logging.getLogger(__name__)

FIELDS = ("seq", "at", "frame", "charts_at")

Values = Sequence[bytes | None]

# KEYS frame hash, channel. ARGV expected seq ("" for none), seq, at, frame, charts_at, text to publish.
# Returns 1 when stored, 0 when somebody else was faster.
SWAP = """
local held = redis.call('HGET', KEYS[1], 'seq')
if (held or '') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'seq', ARGV[2], 'at', ARGV[3], 'frame', ARGV[4], 'charts_at', ARGV[5])
redis.call('PUBLISH', KEYS[2], ARGV[6])
return 1
"""


@dataclass(frozen=True, slots=True)
class StoredFrame:
    """`at` is when it was composed (ISO), `text` the frame's JSON, `charts_at` the Unix time when its charts were drawn."""

    seq: int
    at: str
    text: str
    frame: Object
    charts_at: float


@dataclass(frozen=True, slots=True)
class Held:
    """What lay there when we looked: `token` lets `swap_frame` tell whether it still does, even where the frame was unreadable."""

    token: bytes
    stored: StoredFrame | None


def hold_frame(redis: redis_py.Redis, board: str) -> Held:
    """The latest frame of a board, in order to replace it. redis.RedisError when Redis does not answer."""
    values = cast("Values", redis.hmget(keys.frame(board), FIELDS))
    return Held(values[0] or b"", _decode(board, values))


def load_frame(redis: redis_py.Redis, board: str) -> StoredFrame | None:
    """The latest frame of a board, in order to show it; None when there is none."""
    return hold_frame(redis, board).stored


async def load_frame_async(redis: redis_asyncio.Redis, board: str) -> StoredFrame | None:
    """The same for the event loop."""
    return _decode(board, cast("Values", await redis.hmget(keys.frame(board), FIELDS)))


def swap_frame(redis: redis_py.Redis, board: str, *, held: Held, new: StoredFrame, message: str) -> bool:
    """Stores `new` and publishes `message` at once, if what was held still lies there; False when not, and then nothing happened."""
    arguments = (held.token, str(new.seq), new.at, new.text, repr(new.charts_at), pushed(board, message))
    return bool(redis.eval(SWAP, 2, keys.frame(board), keys.PUSH, *arguments))


def mark_drawn(redis: redis_py.Redis, board: str, unix_s: float) -> None:
    """The charts were drawn anew and came out the same: nothing to send, but not to be drawn again so soon."""
    redis.hset(keys.frame(board), "charts_at", repr(unix_s))


def _decode(board: str, values: Values) -> StoredFrame | None:
    seq, at, text, charts_at = values
    if seq is None:
        return None
    try:
        frame = json.loads(text or b"")
        if not isinstance(frame, dict):
            raise ValueError("not an object")
        return StoredFrame(int(seq), (at or b"").decode(), (text or b"").decode(), frame, float(charts_at or 0))
    except ValueError as error:  # another release's, or damaged: as good as none, and the next frame overwrites it
        logger.warning("The stored frame of board %s cannot be read (%s).", board, error)
        return None
