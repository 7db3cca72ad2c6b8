"""Redis away: said once a minute, not at every tick.

In:  whatever a task does. Out: nothing; any other error passes through.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator

import redis as redis_py
from kombu.exceptions import OperationalError

from dashboard.polling.budget import BudgetError

EVERY_S = 60.0


class OncePerMinute:
    """Lets one message through in 60 s. Thread-safe. `clock` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last_s: float | None = None

    def __call__(self) -> bool:
        now_s = self._clock()
        with self._lock:
            if self._last_s is not None and now_s - self._last_s < EVERY_S:
                return False
            self._last_s = now_s
            return True


_may_say = OncePerMinute()


@contextlib.contextmanager
def without_redis_said_once(logger: logging.Logger, may_say: Callable[[], bool] = _may_say) -> Iterator[None]:
    """Ends what it surrounds when Redis does not answer, the broker included. An error that Redis answers with is ours, and passes."""
    try:
        yield
    except (redis_py.ConnectionError, redis_py.TimeoutError, BudgetError, OperationalError) as error:
        if may_say():
            logger.error("Redis does not answer, so nothing is polled (%s).", type(error.__cause__ or error).__name__)
