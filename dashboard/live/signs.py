"""Which of our own parts is gone, told from signs of life. Pure: the time is an argument.

In:  the values that beat and the workers leave in Redis, each time they are read; a steady clock. Out: one word, or None.
A sign is judged by when it last *changed* for us, not by the time written in it: the clocks of two machines may differ.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Cause = Literal["redis", "worker", "beat"]

# Both leave a sign every second; six seconds and the reading's own two keep us within the ten that a wall has to say so.
# /readyz and the doctor judge by it as well: nobody should know it earlier or later than the wall.
GONE_AFTER_S = 6.0


@dataclass(slots=True)
class _Sign:
    value: float | None = None
    changed_at_s: float | None = None


@dataclass(slots=True)
class SignsOfLife:
    """What was seen so far. `steady_s` is a monotonic clock's reading in seconds."""

    _signs: dict[str, _Sign] = field(default_factory=lambda: {"beat": _Sign(), "worker": _Sign()})
    _redis_answers: bool = True

    def redis_failed(self) -> None:
        self._redis_answers = False

    def seen(self, signs: dict[str, float | None], *, steady_s: float, unix_s: float) -> None:
        """Redis answered: the Unix times that `beat` and `worker` left, None where there is no sign.

        The first look has nothing to compare with: there the written time itself is judged, once.
        """
        self._redis_answers = True
        for part, sign in self._signs.items():
            value = signs.get(part)
            if value is None or value == sign.value:
                continue
            if sign.value is None:
                sign.changed_at_s = steady_s - max(0.0, unix_s - value)
            else:
                sign.changed_at_s = steady_s
            sign.value = value

    def cause(self, *, steady_s: float) -> Cause | None:
        """Who is gone. Without beat no tick reaches a worker, so a worker is judged only while beat lives."""
        if not self._redis_answers:
            return "redis"
        if self._gone("beat", steady_s):
            return "beat"
        return "worker" if self._gone("worker", steady_s) else None

    def _gone(self, part: str, steady_s: float) -> bool:
        changed_at_s = self._signs[part].changed_at_s
        return changed_at_s is None or steady_s - changed_at_s > GONE_AFTER_S
