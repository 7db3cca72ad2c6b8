"""When a part that ended is started again, and when there is no use in it.

In:  how long each of its lives was. Out: how long to wait before the next one, or that it cannot live. Must not know what a part is, nor
any clock.
"""

from __future__ import annotations

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
# Who lived so long had no part in the deaths before: the next wait is the first one again.
GOOD_LIFE_S = 60.0
# Who dies so early so many times in a row has something wrong that waiting does not mend: whoever looks after us shall see that.
SHORT_LIFE_S = 10.0
SHORT_LIVES_COUNT = 5


class Fortune:
    """The deaths of one part so far."""

    def __init__(self) -> None:
        self._wait_s = FIRST_WAIT_S
        self._short_count = 0

    def died(self, lived_s: float) -> float | None:
        """After a life of `lived_s`: seconds until the next, from FIRST_WAIT_S doubled up to LONGEST_WAIT_S. None: it cannot live."""
        self._short_count = self._short_count + 1 if lived_s < SHORT_LIFE_S else 0
        if self._short_count >= SHORT_LIVES_COUNT:
            return None
        wait_s = FIRST_WAIT_S if lived_s >= GOOD_LIFE_S else self._wait_s
        self._wait_s = min(LONGEST_WAIT_S, wait_s * 2)
        return wait_s
