"""Heights that a chart names on its axis, and how a height is written.

In:  how high the axis reaches, the unit (s, count, ratio). Out: round values, short texts without words. Pure.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

MOST_TICKS = 3
_ROUND_S = (10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400)


def nice_ticks(top: float, unit: str) -> list[float]:
    """At most MOST_TICKS round heights above 0 and up to `top`, equally far apart; none when `top` is not above 0."""
    if top <= 0:
        return []
    step = next(each for each in _steps(unit) if top / each < MOST_TICKS + 1)
    count = int(top / step)
    return [round(step * number, 4) if unit == "ratio" else round(step * number) for number in range(1, count + 1)]


def text_of(value: float, unit: str) -> str:
    """1:05, 1:02:05; 5 %; 1,200; 12k."""
    if unit == "s":
        hours, rest = divmod(round(value), 3600)
        minutes, seconds = divmod(rest, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    if unit == "ratio":
        return f"{value * 100:.3g} %"
    return f"{value / 1000:g}k" if value >= 10_000 else f"{value:,.3g}" if value < 1000 else f"{value:,.0f}"


def _steps(unit: str) -> Iterator[float]:
    scale = 0.01 if unit == "ratio" else 1.0
    decimal = (scale * base * 10.0**power for power in itertools.count() for base in (1, 2, 5))
    if unit == "s":
        return itertools.chain(map(float, _ROUND_S), (86_400.0 * base * 10**power for power in itertools.count() for base in (2, 5, 10)))
    return decimal
