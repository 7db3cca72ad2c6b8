"""Redis away: said once a minute, not at every tick, and without a page of traceback.

In:  whatever a task does; what Celery's worker and beat log meanwhile. Out: nothing; any other error passes through.
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


class BrokerAwayOncePerMinute(logging.Filter):
    """On the loggers of Celery's worker and beat, which say each second, with a traceback, that they cannot reach the broker."""

    def __init__(self, may_say: Callable[[], bool] | None = None) -> None:
        super().__init__()
        self._may_say = may_say or OncePerMinute()

    def filter(self, record: logging.LogRecord) -> bool:
        """False: said already. Records about anything else pass as they are."""
        if not str(record.msg).startswith("consumer: Cannot connect to") and not _tells_of_a_lost_connection(record):
            return True
        if not self._may_say():
            return False
        record.msg, record.args = "The task queue in Redis cannot be reached; trying again until it can.", ()
        record.exc_info = record.exc_text = None
        return True


def _tells_of_a_lost_connection(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, (redis_py.ConnectionError, redis_py.TimeoutError, OperationalError)):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False
