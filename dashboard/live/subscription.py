"""The one subscription of a web process: it comes back by itself, and says so, because what was said meanwhile is lost.

In:  a way to open a Redis client. Out: calls of `subscribed` (each time anew), `message` and `lost`.
Must not know what a message means. redis-py can reconnect on its own, silently; that is switched off (connection.subscriber), for a
silent reconnection is a silent loss.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import redis.asyncio as redis_asyncio
from redis.exceptions import RedisError

from dashboard.store import keys
from dashboard.store.connection import TIMEOUT_S

logger = logging.getLogger(__name__)

PING_EVERY_S = 2.0
LONGEST_PAUSE_S = 1.0
FIRST_PAUSE_S = 0.05


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told. `subscribed` and `message` are awaited one after the other, in the order of the wire."""

    subscribed: Callable[[], Awaitable[None]]
    message: Callable[[bytes], Awaitable[None]]
    lost: Callable[[], None]


class _Silence(Exception):
    """The connection stands, but nothing comes: not even the answer to a ping."""


async def keep_subscribed(connect: Callable[[], redis_asyncio.Redis], listener: Listener) -> None:
    """Never returns; ends when cancelled. Pauses between attempts are jittered, so that many web processes do not return in step."""
    pause_s = FIRST_PAUSE_S
    while True:
        client = connect()
        try:
            async with client.pubsub() as pubsub:
                async with asyncio.timeout(TIMEOUT_S):
                    await pubsub.subscribe(keys.PUSH)
                pause_s = FIRST_PAUSE_S
                await _listen(pubsub, listener)
        except (RedisError, OSError, TimeoutError, _Silence) as error:
            # Only the kind: the text of a redis-py error may hold the address.
            logger.warning("The subscription to Redis is lost (%s); trying again.", type(error).__name__)
            listener.lost()
        finally:
            with contextlib.suppress(RedisError, OSError):
                await client.aclose()
        await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))  # noqa: S311 (spreading, not secrecy)
        pause_s = min(LONGEST_PAUSE_S, pause_s * 2)


async def _listen(pubsub: redis_asyncio.client.PubSub, listener: Listener) -> None:
    loop = asyncio.get_running_loop()
    heard_at = pinged_at = loop.time()
    while True:
        found = await pubsub.get_message(timeout=PING_EVERY_S)
        now = loop.time()
        if found is not None:
            heard_at = now
            if found["type"] == "message":
                await listener.message(found["data"])
            elif found["type"] == "subscribe":
                await listener.subscribed()
        elif now - heard_at > PING_EVERY_S + TIMEOUT_S:
            raise _Silence
        if now - pinged_at >= PING_EVERY_S:
            pinged_at = now
            async with asyncio.timeout(TIMEOUT_S):
                await pubsub.ping()
