"""At most so many dear answers at once, so that a crowd of askers costs time and not memory.

In:  how many at once, how long one may wait. Out: a turn, or ApiError 503 with one sentence. Counts within this process alone.
Each request has a thread of its own, so without this a hundred of them would be worked on side by side, and the walls would wait.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.api.answers import ApiError

BUSY = "Too many people or programs wind back at once; try again in a minute."


class Turns:
    """`longest_s`: how long somebody waits for a turn, in seconds."""

    def __init__(self, at_once: int, longest_s: float) -> None:
        self._free = threading.BoundedSemaphore(at_once)
        self._longest_s = longest_s

    @contextmanager
    def one(self) -> Iterator[None]:
        """ApiError 503 when none was free for so long."""
        if not self._free.acquire(timeout=self._longest_s):
            raise ApiError(503, "busy", BUSY)
        try:
            yield
        finally:
            self._free.release()
