"""The boards whose numbers are polled and published; while the database is away, as they were known last.

In:  the database; Redis, which keeps a copy for a process that begins while the database is away. Out: boards, ordered by their slugs.
Must not change a board.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import cast

import redis as redis_py
from django.core import serializers
from django.core.serializers.base import DeserializationError
from django.db import Error

from dashboard.models import Board
from dashboard.store import keys
from dashboard.store.database import DATABASE

logger = logging.getLogger(__name__)

COPIED_EVERY_S = 60.0
COPY_LIFE_S = 7 * 86_400
LARGEST_COPY_BYTES = 4_000_000
_Facts = tuple[tuple[object, ...], ...]


class Shelf:
    """Remembers the boards between two looks. Thread-safe; `clock` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: tuple[Board, ...] | None = None
        self._copied: tuple[_Facts, float] | None = None

    def boards(self, redis: redis_py.Redis) -> list[Board]:
        """All boards now; those known last while the database is away. redis.RedisError; a database error when they were never read."""
        try:
            found = DATABASE.read(lambda: tuple(Board.objects.order_by("slug")))
        except Error:
            known = self.known(redis)
            if known is None:
                raise
            return list(known)
        with self._lock:
            self._known = found
        self._copy(redis, found)
        return list(found)

    def known(self, redis: redis_py.Redis) -> tuple[Board, ...] | None:
        """As they were known last, without the database; None: not at all. redis.RedisError."""
        with self._lock:
            if self._known is not None:
                return self._known
        copy = cast("list[bytes | None]", redis.mget([keys.BOARDS]))[0]
        return None if copy is None else _read(copy)

    def forget(self) -> None:
        """Knows nothing; for tests."""
        with self._lock:
            self._known = self._copied = None

    def _copy(self, redis: redis_py.Redis, boards: Sequence[Board]) -> None:
        """Into Redis, when something is new, and once a minute: a Redis that was emptied gets it again."""
        facts = tuple((board.pk, board.slug, board.revision, board.changed_at) for board in boards)
        with self._lock:
            now_s = self._clock()
            if self._copied is not None and self._copied[0] == facts and now_s - self._copied[1] < COPIED_EVERY_S:
                return
        text = serializers.serialize("json", boards)
        if len(text) <= LARGEST_COPY_BYTES:
            redis.set(keys.BOARDS, text, ex=COPY_LIFE_S)
        else:
            logger.warning("The boards are too many to be copied to Redis: a worker that begins while the database is away knows none.")
        with self._lock:  # last: a copy that Redis did not take is tried again with the next look
            self._copied = (facts, now_s)


def _read(copy: bytes) -> tuple[Board, ...] | None:
    try:
        found = [each.object for each in serializers.deserialize("json", copy)]
    except (DeserializationError, UnicodeDecodeError, ValueError) as error:
        logger.warning("The copy of the boards in Redis cannot be read (%s).", type(error).__name__)
        return None
    return tuple(board for board in found if isinstance(board, Board))


SHELF = Shelf()


def boards_now(redis: redis_py.Redis) -> list[Board]:
    """As `Shelf.boards`, of this process."""
    return SHELF.boards(redis)


def copy_age_s(redis: redis_py.Redis) -> float | None:
    """How long ago the boards were read from the database, to within a minute; None: nobody knows. redis.RedisError."""
    left_s = redis.ttl(keys.BOARDS)
    return float(max(0, COPY_LIFE_S - left_s)) if left_s >= 0 else None
