"""Says that somebody looks at tickets, so that their feeds are asked as often as a watched board's.

In:  the time. Out: a mark in Redis, good for half a minute. Without Redis nothing is polled, and nothing is marked.
"""

from __future__ import annotations

import logging
from datetime import datetime

import redis as redis_py

from dashboard.polling.feeds import DESK
from dashboard.store import connection, keys

logger = logging.getLogger(__name__)


def watch_desk(now: datetime) -> None:
    """For each page of tickets that is shown, as of `now` (aware)."""
    try:
        connection.client().zadd(keys.WATCH, {DESK: now.timestamp()})
    except redis_py.RedisError as error:
        logger.warning("That somebody looks at the desk cannot be said (%s).", type(error).__name__)
