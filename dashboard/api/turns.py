"""At most so many dear answers at once, so that a crowd of askers costs time and not memory, and no asker takes the others' time.

In:  how many at once, how long one may wait, who asks. Out: a turn, or ApiError with one sentence. Counts within this process alone.
Each request has a thread of its own, so without this a hundred of them would be worked on side by side, and the walls would wait.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.api.answers import ApiError

# Of one asker one is worked on, and one more may wait: that is what the page needs whose reader jumps while a stretch is on its way.
MOST_EACH = 2
BUSY = "Too many people or programs wind back at once; try again in a minute."
BUSY_OWN = "You wind back twice at once already; ask again when one of them has answered."


class Turns:
    """`longest_s`: how long somebody waits for a turn, in seconds."""

    def __init__(self, at_once: int, longest_s: float) -> None:
        self._at_once = at_once
        self._longest_s = longest_s
        self._changed = threading.Condition()
        self._here: Counter[str] = Counter()  # those who wait, and those who have a turn
        self._running: set[str] = set()

    @contextmanager
    def one(self, who: str) -> Iterator[None]:
        """ApiError 429 for the third of one asker at once; 503 when no turn was free for so long."""
        with self._changed:
            if self._here[who] >= MOST_EACH:
                raise ApiError(429, "busy", BUSY_OWN)
            self._here[who] += 1
            if not self._changed.wait_for(lambda: len(self._running) < self._at_once and who not in self._running, self._longest_s):
                self._leave(who)
                raise ApiError(503, "busy", BUSY)
            self._running.add(who)
        try:
            yield
        finally:
            with self._changed:
                self._running.discard(who)
                self._leave(who)
                self._changed.notify_all()

    def _leave(self, who: str) -> None:
        self._here[who] -= 1
        if not self._here[who]:
            del self._here[who]
