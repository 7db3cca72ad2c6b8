"""How often each feed is asked, as the judges of this process remember it: readings are judged by the pace they were promised at.

In:  boards and rules, through the plan. Out: plans by feed, at most 2 s old; without the database, those known last.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime

import redis as redis_py
from django.db import DatabaseError

from dashboard.domain.feeds import Feed
from dashboard.polling.boards import boards_now
from dashboard.polling.feeds import Plan, base_interval_s
from dashboard.polling.rounds import plans_now
from dashboard.store.database import SLOW_S

KNOWN_FOR_S = 2.0


class Paces:
    """Remembers the plans. Thread-safe; `clock` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._plans: Mapping[Feed, Plan] | None = None
        self._read_s = 0.0

    def plans(self, redis: redis_py.Redis, now: datetime) -> Mapping[Feed, Plan]:
        """The plan of every feed that is needed. redis.RedisError; DatabaseError when the boards were never read."""
        known = self._plans
        if not self._lock.acquire(timeout=-1 if known is None else SLOW_S):
            return known or {}  # somebody waits for the database: whoever comes meanwhile goes on with what is known
        try:
            if self._plans is None or self._clock() - self._read_s >= KNOWN_FOR_S:
                self._plans = plans_now(redis, boards_now(redis), now)
                self._read_s = self._clock()
            return self._plans
        finally:
            self._lock.release()

    def interval_s(self, redis: redis_py.Redis, feed: Feed, now: datetime) -> float:
        """How far apart the readings of a feed are; its endpoint's own interval for one that is not planned (yet). redis.RedisError."""
        try:
            plan = self.plans(redis, now).get(feed)
        except DatabaseError:  # never read: a rule's feed is asked at its own pace unless the budget is short
            plan = None
        return base_interval_s(feed.endpoint) if plan is None else plan.interval_s

    def forget(self) -> None:
        """The next look reads the boards."""
        with self._lock:
            self._plans = None


PACES = Paces()
