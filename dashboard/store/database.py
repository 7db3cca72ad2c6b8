"""Whether our own database answers, as the threads of this process saw it last: what needs it waits, and everything else goes on.

In:  reads of few rows, which every tick makes anyway; the errors of those who write. Out: their rows, or a database error at once while it
is known to be away; a line in the log when that begins and one when it ends. One that refuses to write is away for whoever must write.
Must not know what is read or written. A database that is locked keeps whoever asks waiting for ten seconds: one thread waits so, and the
others are told at once.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import TypeVar

from django.db import Error, OperationalError, connection

from dashboard.models import Board
from dashboard.store.database_faults import Fault, fault_of, reason
from dashboard.store.database_writing import RETRY_S, Writing

logger = logging.getLogger(__name__)

# A read of some rows that takes longer waits for something; who comes meanwhile need not wait, too.
SLOW_S = 2.0
EVERY_S = 60.0

T = TypeVar("T")


class AwayError(OperationalError):
    """The database did not answer a moment ago, or keeps somebody waiting: it was not asked."""


class Gate:
    """Thread-safe; one per process. `clock` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._numbers = count()
        self._begun_s: dict[int, float] = {}
        self._away_since_s: float | None = None
        self._tried_s = 0.0
        self._said_s: float | None = None
        self._writing = Writing(clock)

    def read(self, work: Callable[[], T]) -> T:
        """What `work` gives, which reads some rows and no more. AwayError: it was not asked; any other database error is its own, and means
        that the database is away from now on."""
        number = self._begin()
        try:
            found = work()
        except Error as error:
            self._failed(error)
            # A connection that broke is not used again; in a task's next step it would break that, too.
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
            raise
        finally:
            with self._lock:
                self._begun_s.pop(number, None)  # `forget` may have taken it
        self._worked()
        return found

    def answers(self) -> bool:
        """Whether it answered, and took what was written, the last time. While it did not, whoever asks finds out, once a second."""
        with self._lock:
            is_well = self._away_since_s is None and not self._is_slow()
        if not is_well:
            try:
                self.read(Board.objects.exists)
            except Error:
                return False
        return self._writing.is_worth_a_try()

    @property
    def refusal(self) -> Fault | None:
        """Why it takes no writes, as far as this process knows. None: it takes them, or does not answer at all."""
        return self._writing.refusal

    def heard(self, error: BaseException) -> bool:
        """Whoever could not write tells with what error. True: the database refuses to write, and the log says so."""
        fault = fault_of(error)
        if fault is None or fault is Fault.AWAY:
            return False
        with self._lock:
            if self._away_since_s is not None or (fault is Fault.LOCKED and self._is_slow()):
                return False  # whoever reads has found out, or is about to
        self._writing.failed(fault, error)
        return True

    @contextmanager
    def without(self, what: str) -> Iterator[None]:
        """Ends what it surrounds when the database goes away meanwhile; `what` then waits. Said in the log at most once a minute."""
        try:
            yield
        except Error as error:
            if fault_of(error) is None:
                raise
            if self.heard(error):
                return
            with self._lock:
                said = self._said_s is not None and self._clock() - self._said_s < EVERY_S
                if not said:
                    self._said_s = self._clock()
            if not said and not isinstance(error, AwayError):
                logger.error("The database did not answer (%s): %s waited.", reason(error), what)

    def forget(self) -> None:
        """As if it had always answered; for tests."""
        with self._lock:
            self._begun_s.clear()
            self._away_since_s = self._said_s = None
        self._writing = Writing(self._clock)

    def _begin(self) -> int:
        with self._lock:
            now_s = self._clock()
            if self._is_slow() or (self._away_since_s is not None and (self._begun_s or now_s - self._tried_s < RETRY_S)):
                raise AwayError("the database does not answer")
            number, self._tried_s = next(self._numbers), now_s
            self._begun_s[number] = now_s
            return number

    def _is_slow(self) -> bool:
        return any(self._clock() - begun_s > SLOW_S for begun_s in self._begun_s.values())

    def _failed(self, error: Error) -> None:
        with self._lock:
            begins = self._away_since_s is None
            if begins:
                self._away_since_s = self._clock()
        if begins:
            logger.error(
                "The database does not answer (%s). The phone is polled on by the boards and rules known last; tickets, alerts and history "
                "wait.",
                reason(error),
            )

    def _worked(self) -> None:
        with self._lock:
            since_s, self._away_since_s = self._away_since_s, None
            self._said_s = None if since_s is not None else self._said_s
        if since_s is not None:
            logger.warning("The database answers again, after %.0f s.", self._clock() - since_s)


DATABASE = Gate()
