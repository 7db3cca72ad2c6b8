"""Heights that a chart names on its axis, and how a height is written.

In:  how high the axis reaches, the unit (s, count, ratio). Out: round values, short texts. Pure.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

MOST_TICKS = 3
HOUR_S, DAY_S = 3600, 86_400
_ROUND_S = (10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400)


def nice_ticks(top: float, unit: str) -> list[float]:
    """At most MOST_TICKS round heights above 0 and up to `top`, equally far apart; none when `top` is not above 0."""
    if top <= 0:
        return []
    step = next(each for each in _steps(unit) if top / each < MOST_TICKS + 1)
    count = int(top / step)
    return [round(step * number, 4) if unit == "ratio" else round(step * number) for number in range(1, count + 1)]


def texts_of(values: Sequence[float], unit: str, *, signed: bool = False) -> list[str]:
    """The names of heights that stand one above the other, in one form: whole hours as "12 h", "24 h", "36 h", whole days as "2 d", other
    times as clocks. `signed`: of a difference, "+50". English; twin of static/js/live/heights.js, which says them in a board's language."""
    if unit == "s" and any(values) and all(value % HOUR_S == 0 for value in values):
        part_s, name = (DAY_S, "d") if all(value % DAY_S == 0 for value in values) else (HOUR_S, "h")
        return [f"{value / part_s:g} {name}" for value in values]
    return [("+" if signed and value > 0 else "") + text_of(value, unit) for value in values]


def text_of(value: float, unit: str) -> str:
    """1:05, 1:02:05, 2 d 4 h; 5 %; 1,200; 12k."""
    if unit == "s":
        hours, rest = divmod(round(value), HOUR_S)
        minutes, seconds = divmod(rest, 60)
        if hours >= 24:
            return f"{hours // 24} d {hours % 24} h" if hours % 24 else f"{hours // 24} d"
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
