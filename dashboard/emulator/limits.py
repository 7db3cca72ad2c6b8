"""The vendor's rate limits, as sliding windows, and the headers that tell of them.

In:  the steady clock and which bucket a request falls in. Out: granted, or seconds to wait; headers.
Strictest reading of the documents: no window of the stated length, wherever it begins, ever holds more granted requests than the limit.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Literal

from dashboard.emulator.options import PER_MINUTE

QUEUE_LIMIT = 2_500
QUEUE_WINDOW_S = 300.0
MINUTE_S = 60.0
Spelling = Literal["2024", "2023", "x-only", "none"]
SPELLINGS: tuple[Spelling, ...] = ("2024", "2023", "x-only", "none")


class Window:
    """At most `limit` granted requests in any `window_s` seconds. Refused ones do not count: a client that waits gets in."""

    def __init__(self, limit: int, window_s: float) -> None:
        self.limit, self.window_s = limit, window_s
        self._granted_s: deque[float] = deque()

    def _forget(self, now_s: float) -> None:
        while self._granted_s and self._granted_s[0] <= now_s - self.window_s:
            self._granted_s.popleft()

    def take(self, now_s: float) -> float:
        """0.0: granted. Otherwise seconds until the next one could be, and nothing is taken."""
        self._forget(now_s)
        if len(self._granted_s) < self.limit:
            self._granted_s.append(now_s)
            return 0.0
        if not self._granted_s:  # a limit of 0 never opens
            return self.window_s
        oldest_of_full = self._granted_s[len(self._granted_s) - self.limit] if self.limit else self._granted_s[-1]
        return oldest_of_full + self.window_s - now_s

    def remaining(self, now_s: float) -> int:
        """Requests that would be granted now, >= 0."""
        self._forget(now_s)
        return max(0, self.limit - len(self._granted_s))

    def resets_s(self, now_s: float) -> int:
        """Whole seconds until the oldest counted request leaves the window; the whole window when none is counted."""
        self._forget(now_s)
        wait_s = self._granted_s[0] + self.window_s - now_s if self._granted_s else self.window_s
        return max(1, math.ceil(wait_s))

    def clear(self) -> None:
        """Forget all requests."""
        self._granted_s.clear()


class Limits:
    """The queue endpoint's own window, and the account's window over everything else."""

    def __init__(self, plan: str) -> None:
        self.queue = Window(QUEUE_LIMIT, QUEUE_WINDOW_S)
        self.other = Window(PER_MINUTE[plan], MINUTE_S)
        self.spelling: Spelling = "2024"

    def take(self, endpoint: str, now_s: float) -> float:
        """As `Window.take`, in the endpoint's bucket."""
        return self._bucket(endpoint).take(now_s)

    def _bucket(self, endpoint: str) -> Window:
        return self.queue if endpoint == "current_queue_activity" else self.other

    def headers(self, endpoint: str, now_s: float) -> dict[str, str]:
        """The rate headers of an answer.

        The account-wide ones speak of the account's window, whichever endpoint was asked, because that is what they mean at the vendor;
        the queue endpoint's own window is told in the vendor's style for endpoint limits.
        """
        if self.spelling == "none":
            return {}
        limit, remaining = str(self.other.limit), str(self.other.remaining(now_s))
        headers = {"x-rate-limit": limit, "x-rate-limit-remaining": remaining}
        if self.spelling != "x-only":
            prefix = "ratelimit" if self.spelling == "2024" else "rate-limit"
            headers["ratelimit-limit" if self.spelling == "2024" else "rate-limit"] = limit
            headers[f"{prefix}-remaining"] = remaining
            headers[f"{prefix}-reset"] = str(self.other.resets_s(now_s))
            if endpoint == "current_queue_activity":
                name = f"zendesk-{prefix}-current-queue-activity"
                queue = self.queue
                headers[name] = f"total={queue.limit}; remaining={queue.remaining(now_s)}; resets={queue.resets_s(now_s)}"
        return headers

    def clear(self) -> None:
        """Forget all requests; the limits stay."""
        self.queue.clear()
        self.other.clear()
