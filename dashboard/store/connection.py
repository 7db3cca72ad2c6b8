"""The door to Redis: one pooled client per process, made when first used.

Everything that reads or writes Redis takes a client as an argument; only entry points (tasks, views, commands, the hub) call these.
"""

from __future__ import annotations

import functools

import redis
import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

# Short enough that a page can say "Redis does not answer" within ten seconds, long enough for a busy machine.
TIMEOUT_S = 3.0


@functools.cache
def client() -> redis.Redis:
    """The process's client for workers, views and commands. Thread-safe; answers are bytes."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, health_check_interval=15)


def async_client() -> redis.asyncio.Redis:
    """A new asyncio client for short commands. No retries: who waits for Redis in an event loop decides that itself."""
    return redis.asyncio.Redis.from_url(
        settings.REDIS_URL, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, retry=Retry(NoBackoff(), 0)
    )


def subscriber() -> redis.asyncio.Redis:
    """A new asyncio client for one long subscription: reading waits without limit, so `socket_timeout` must be off.

    No retries either: redis-py would reconnect silently, and what was published meanwhile would be missed silently.
    """
    return redis.asyncio.Redis.from_url(
        settings.REDIS_URL, socket_timeout=None, socket_connect_timeout=TIMEOUT_S, retry=Retry(NoBackoff(), 0)
    )
