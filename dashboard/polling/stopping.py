"""Whether this process is about to end: then nothing waits for its turn any more, and nothing more is asked.

In:  the word that the process shall end, from whatever runs it. Out: waits that end at once with StoppedError. Must not end anything
itself: what is being written is written to its end.
"""

from __future__ import annotations

import threading


class StoppedError(Exception):
    """Not an error of anybody: the process ends, so the poll is given up before its next request; what it has kept is kept."""


class Stopping:
    """Thread-safe; one per process."""

    def __init__(self) -> None:
        self._begun = threading.Event()

    def begin(self) -> None:
        """The process ends as soon as may be. May be called again, also from a signal's handler."""
        self._begun.set()

    def check(self) -> None:
        """StoppedError when the process ends."""
        if self._begun.is_set():
            raise StoppedError

    def sleep(self, wait_s: float) -> None:
        """Waits for so many seconds (>= 0). StoppedError, at once, when the process ends meanwhile."""
        if self._begun.wait(wait_s):
            raise StoppedError

    def forget(self) -> None:
        """As if nothing had been said; for tests, whose process goes on."""
        self._begun.clear()


STOPPING = Stopping()
