"""Writes what the screens said of themselves from Redis into the database, once a minute: it must outlive Redis.

In:  Redis, the time. Out: `Screen.painted_at` and `Screen.seen`. Saves no screen as a whole: somebody may be changing it.
"""

from __future__ import annotations

import logging
from datetime import datetime

import redis as redis_py
from django.db import DatabaseError

from dashboard.models import Screen
from dashboard.store import keys
from dashboard.store.database import DATABASE
from dashboard.store.painted import facts_known, load_painted

logger = logging.getLogger(__name__)

EVERY_S = 60


def keep_seen(redis: redis_py.Redis, now: datetime) -> int:
    """Writes what is new, if nobody did within the last minute; how many screens that were. The database away: said in the log, and 0.
    redis.RedisError when Redis does not answer."""
    if not redis.set(keys.turn("seen"), 1, nx=True, ex=EVERY_S - 1):
        return 0
    try:
        screens = {f"screen:{screen.pk}": screen for screen in Screen.objects.filter(revoked_at=None)}
        painted = load_painted(redis, screens)
        count = 0
        for viewer, latest in painted.items():
            screen = screens[viewer]
            if screen.painted_at is not None and latest.at <= screen.painted_at:
                continue
            seen = {**facts_known(screen.seen, latest.facts), "board": latest.board, "seq": latest.seq}
            count += Screen.objects.filter(pk=screen.pk).update(painted_at=min(latest.at, now), seen=seen)
        return count
    except DatabaseError as error:
        if not DATABASE.heard(error):
            logger.warning("What the screens showed last cannot be kept: the database does not answer (%s).", type(error).__name__)
        return 0
