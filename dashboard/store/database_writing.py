"""Whether our own database takes what is written, as the threads of this process saw it last.

In:  the errors of those who could not write. Out: whether a try is worth it; a line in the log when it begins to refuse and one when it
takes writes again. Must not know what is written. While it refuses, one thread asks it once a second.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.db import Error, connection, transaction
from django.db.models import F

from dashboard.models import Board
from dashboard.store.database_faults import Fault, fault_of, reason

logger = logging.getLogger(__name__)

# While it is away or refuses, one thread asks it again so often.
RETRY_S = 1.0
# A disk that is full takes a few bytes now and then: it takes writes again when for so long none was refused.
PROVEN_S = 10.0


class Writing:
    """Thread-safe. `clock` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._refusal: Fault | None = None
        self._since_s = 0.0
        self._taken_since_s: float | None = None  # while it is tried again
        self._asked_s = 0.0
        self._is_asking = False

    @property
    def refusal(self) -> Fault | None:
        """Why it takes nothing. None: it does, or is tried again."""
        with self._lock:
            return self._refusal if self._taken_since_s is None else None

    def failed(self, fault: Fault, error: BaseException) -> None:
        """Something was refused."""
        with self._lock:
            begins = self._refusal is None
            if begins:
                self._since_s = self._clock()
            self._refusal, self._taken_since_s, self._asked_s = fault, None, self._clock()
        if begins:
            logger.error("The database %s (%s). The phone is polled on; tickets, alerts and history wait.", fault.value, reason(error))

    def is_worth_a_try(self) -> bool:
        """True: it takes writes, as far as is known. While it refuses, one of those who ask finds out, once a second."""
        with self._lock:
            if self._refusal is None:
                return True
            now_s = self._clock()
            if self._taken_since_s is not None:
                ended_s = self._taken_since_s - self._since_s
                if now_s - self._taken_since_s < PROVEN_S:
                    return True
                self._refusal = self._taken_since_s = None
            elif self._is_asking or now_s - self._asked_s < RETRY_S:
                return False
            else:
                self._is_asking, ended_s = True, None
        if ended_s is None:
            return self._ask()
        logger.warning("The database takes writes again, after %.0f s.", ended_s)
        return True

    def _ask(self) -> bool:
        fault: Fault | None = None
        is_taken = False
        try:
            _write()
            is_taken = True
        except Error as error:
            fault = fault_of(error)
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
        finally:
            with self._lock:
                self._is_asking, self._asked_s = False, self._clock()
                if is_taken:
                    self._taken_since_s = self._clock()
                elif fault is not None and fault is not Fault.AWAY:
                    self._refusal = fault
        return is_taken


def _write() -> None:
    """The least that a database must keep for it: the first board as it is."""
    with transaction.atomic():
        Board.objects.filter(pk__in=Board.objects.order_by("pk").values("pk")[:1]).update(revision=F("revision"))
