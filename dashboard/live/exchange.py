"""What a web process and Redis tell each other every two seconds, in one round trip.

In:  the boards that are watched here, what the screens painted. Out: signs of life and the number of each board's newest frame.
Writes the watch marks that make the poller look more often, and `painted` for whoever asks what a screen really shows,
and a sign of life of its own: while no web process lives, no screen can tell that it paints.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import redis.asyncio as redis_asyncio

from dashboard.store import keys
from dashboard.store.connection import TIMEOUT_S

EVERY_S = 2.0
PAINTED_LIFE_S = 86_400
WATCH_LIFE_S = 86_400
ALIVE_LIFE_S = 3_600


@dataclass(frozen=True, slots=True)
class Told:
    """`signs` by part, Unix seconds or None; `seqs` by board, None where there is no frame."""

    signs: Mapping[str, float | None]
    seqs: Mapping[str, int | None]


async def exchange(redis: redis_asyncio.Redis, *, boards: Sequence[str], painted: Mapping[str, str], unix_s: float) -> Told:
    """One exchange. redis.RedisError, OSError or TimeoutError when Redis does not answer within TIMEOUT_S."""
    parts = ("beat", "worker")
    async with asyncio.timeout(TIMEOUT_S):
        pipe = redis.pipeline(transaction=False)
        pipe.mget([keys.alive(part) for part in parts])
        pipe.set(keys.alive("web"), repr(unix_s), ex=ALIVE_LIFE_S)
        for board in boards:
            pipe.hget(keys.frame(board), "seq")
        if boards:
            pipe.zadd(keys.WATCH, dict.fromkeys(boards, unix_s))
            pipe.zremrangebyscore(keys.WATCH, "-inf", unix_s - WATCH_LIFE_S)
        for viewer, text in painted.items():
            pipe.set(keys.painted(viewer), text, ex=PAINTED_LIFE_S)
        signs, _, *rest = await pipe.execute()
    return Told(
        signs={part: _number(value) for part, value in zip(parts, signs, strict=True)},
        seqs={board: None if value is None else int(value) for board, value in zip(boards, rest, strict=False)},
    )


def _number(value: bytes | None) -> float | None:
    """A sign that is no number is no sign."""
    try:
        return None if value is None else float(value)
    except ValueError:
        return None
