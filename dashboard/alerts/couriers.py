"""Threads that carry letters: one recipient is one errand, and never more than one thread's work, however slow their channel is.

In:  errands by recipient. Out: they run beside each other; mail on threads of its own, so that no number of dead channels holds it up.
Must not know rows or letters. One `Couriers` serves a whole process.
"""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from django.db import connections

from dashboard.models import Via

logger = logging.getLogger(__name__)

# Mail servers allow a few connections of one client at once (Postfix 50, Exchange Online 3).
MAIL_THREADS = 3
CHANNEL_THREADS = 16

Errand = Callable[[], None]


class Runner(Protocol):
    """Runs an errand for a recipient, now or soon. False: one for the same recipient is under way, which will see what is new."""

    def __call__(self, recipient_id: int, via: str, errand: Errand) -> bool: ...


def at_once(recipient_id: int, via: str, errand: Errand) -> bool:
    """Runs it here and now, one after the other."""
    errand()
    return True


class Couriers:
    """The process's threads. Made once; they start when first needed and end with the process, after what they have in hand."""

    def __init__(self) -> None:
        self._mail = ThreadPoolExecutor(MAIL_THREADS, "mail")
        self._channels = ThreadPoolExecutor(CHANNEL_THREADS, "channel")
        self._lock = threading.Lock()
        self._again: dict[int, bool] = {}  # who is under way -> whether to look once more at the end

    def __call__(self, recipient_id: int, via: str, errand: Errand) -> bool:
        """As `Runner`."""
        with self._lock:
            if recipient_id in self._again:
                self._again[recipient_id] = True
                return False
            self._again[recipient_id] = False
        pool = self._mail if via == Via.EMAIL else self._channels
        try:
            pool.submit(self._run, recipient_id, errand)
        except RuntimeError as error:  # the process is ending; the next one finds all in the database
            logger.info("Nothing more is delivered by this process (%s).", error)
            with self._lock:
                del self._again[recipient_id]
            return False
        return True

    def close(self) -> None:
        """Waits for what is under way."""
        self._mail.shutdown()
        self._channels.shutdown()

    def _run(self, recipient_id: int, errand: Errand) -> None:
        try:
            while True:
                errand()
                with self._lock:
                    if not self._again[recipient_id]:
                        del self._again[recipient_id]
                        return
                    self._again[recipient_id] = False
        except Exception as error:  # a thread's end is heard by nobody; the rows stay as they are, and the tick comes again
            logger.exception("Delivery to recipient %d stopped (%s); it goes on with the next tick.", recipient_id, type(error).__name__)
            with self._lock:
                self._again.pop(recipient_id, None)
        finally:
            connections.close_all()


@functools.cache
def couriers() -> Couriers:
    """The process's own."""
    return Couriers()
