"""Time for the emulator: the server's own clock, and the simulated clock that can run faster.

In:  two functions, the time of day and a steady one. Out: `EmulatorClock`.
The limits, the tokens and the Date header follow the server's clock, because clients live by it; only the call centre is sped up.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock


class EmulatorClock:
    """The server's clock, and world time, which passes `speed` times as fast from `start` on. Safe to use from several threads."""

    def __init__(
        self,
        start: datetime | None = None,
        speed: float = 1.0,
        *,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall, self._steady, self._speed, self._skipped_s = wall, steady, speed, 0.0
        self._lock = Lock()
        self._anchor_s = steady()
        self._anchor_at = start.astimezone(UTC) if start else datetime.fromtimestamp(wall(), UTC)

    def wall_s(self) -> float:
        """Unix seconds of the server's clock: the Date header, and when an answer left."""
        return self._wall() + self._skipped_s

    def steady_s(self) -> float:
        """Seconds that never go backwards, from any origin: windows and the life of tokens are measured with it."""
        return self._steady() + self._skipped_s

    def world(self) -> datetime:
        """The simulated time, aware UTC; never goes backwards."""
        with self._lock:
            return self._world(self._steady())

    def _world(self, steady_s: float) -> datetime:
        return self._anchor_at + timedelta(seconds=(steady_s - self._anchor_s) * self._speed)

    @property
    def speed(self) -> float:
        """Simulated seconds per second."""
        return self._speed

    def set_speed(self, speed: float) -> None:
        """Run on from the present simulated time at another speed."""
        with self._lock:
            now_s = self._steady()
            self._anchor_at, self._anchor_s, self._speed = self._world(now_s), now_s, speed

    def skip_world(self, seconds: float) -> None:
        """Let simulated time jump ahead, and nothing else."""
        with self._lock:
            self._anchor_at += timedelta(seconds=seconds)

    def skip(self, seconds: float) -> None:
        """Let both clocks jump ahead, as if so much time had passed: windows pass and tokens expire without waiting."""
        self._skipped_s += seconds
        self.skip_world(seconds * self._speed)

    def unskip(self) -> None:
        """Take the server's clock back to the machine's; simulated time keeps what it skipped. For when no window or token is left."""
        self._skipped_s = 0.0

    def restart_world(self, start: datetime) -> None:
        """Set simulated time to `start`."""
        with self._lock:
            self._anchor_at, self._anchor_s = start.astimezone(UTC), self._steady()
