"""The rules that are judged now, as every thread of this process sees them, and the feeds that they need.

In:  Redis, for the number that grows with each change of a rule; the database. Out: rows, read anew at once after a change and at the
latest after 5 s; their feeds. Must not judge. Without Redis the 5 s still hold; without the database the rules known last do.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import redis as redis_py
from django.db import Error

from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import Feed
from dashboard.models import Rule
from dashboard.polling.feeds import scope_feeds
from dashboard.store import keys
from dashboard.store.database import DATABASE, SLOW_S

KNOWN_FOR_S = 5.0


@dataclass(frozen=True, slots=True)
class Judged:
    """The enabled rules without an error, in the order they were made; `number` tells one loading from another. `feeds`: theirs."""

    rules: tuple[Rule, ...]
    feeds: frozenset[Feed]
    number: int


class Book:
    """Remembers the rules between two looks. Thread-safe; `clock` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: Judged | None = None
        self._version: bytes | None = None
        self._loaded_s = 0.0
        self._count = 0

    def now(self, version: bytes | None) -> Judged:
        """The rules as of this version of theirs. DatabaseError only when they were never read."""
        known = self._known
        if not self._lock.acquire(timeout=-1 if known is None else SLOW_S):
            return known or self._never()  # somebody waits for the database: whoever comes meanwhile goes on with what is known
        try:
            fresh = self._clock() - self._loaded_s < KNOWN_FOR_S and version == self._version
            if self._known is None or not fresh:
                self._load(version)
            return self._known or self._never()
        finally:
            self._lock.release()

    @staticmethod
    def _never() -> Judged:
        raise RuntimeError("the rules were not loaded")  # `_load` has raised before

    def forget(self) -> None:
        """The next look reads the database."""
        with self._lock:
            self._known = None

    def _load(self, version: bytes | None) -> None:
        try:
            rules = DATABASE.read(lambda: tuple(Rule.objects.filter(is_enabled=True, error="", deleted_at=None).order_by("pk")))
        except Error:  # said in the log where it is found out
            if self._known is None:
                raise
            self._loaded_s = self._clock()
            return
        if self._known is None or _versions(rules) != _versions(self._known.rules):
            self._count += 1
            feeds = frozenset(feed for rule in rules if (feed := feed_of(rule)) is not None)
            self._known = Judged(rules, feeds, self._count)
        self._version, self._loaded_s = version, self._clock()


BOOK = Book()


def judged(redis: redis_py.Redis) -> Judged:
    """The rules that are judged now. redis.RedisError, or DatabaseError when they were never read."""
    version = redis.get(keys.RULES_VERSION)
    return BOOK.now(version if isinstance(version, bytes) else None)


def feed_of(rule: Rule) -> Feed | None:
    """The feed that a rule is judged by; None for rules about the data itself, and for one that cannot be judged at all."""
    metric = CATALOGUE.get(rule.metric)
    if metric is None:
        return None
    if not all(isinstance(ids, list) and all(type(one) is int for one in ids) for ids in (rule.line_ids, rule.group_ids)):
        return None
    return scope_feeds(rule)[metric.endpoint]


def _versions(rules: tuple[Rule, ...]) -> list[tuple[int, int]]:
    return [(rule.pk, rule.version) for rule in rules]
