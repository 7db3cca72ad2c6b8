"""Where widgets go on an upright screen when nobody has said so: in reading order, the wide ones across, the others side by side.

In:  the places on the lying grid. Out: places on the upright grid, none over another.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from dashboard.widgets.kind import COLUMNS, PORTRAIT_COLUMNS, PORTRAIT_ROWS, Place


def flowed(places: Sequence[tuple[str, Place]]) -> dict[str, Place]:
    """The upright place of each widget by id. All rows that are needed are shared out over the upright grid; ids must be unique."""
    lines = _lines(sorted(places, key=lambda each: (each[1].y, each[1].x)))
    heights = _heights([max(place.h for _, place in line) for line in lines])
    out: dict[str, Place] = {}
    y = 0
    for line, h in zip(lines, heights, strict=True):
        x = 0
        for index, (name, _) in enumerate(line):
            w = PORTRAIT_COLUMNS // len(line) if index < len(line) - 1 else PORTRAIT_COLUMNS - x
            out[name] = Place(x, y, w, h)
            x += w
        y += h
    return out


def _lines(ordered: Sequence[tuple[str, Place]]) -> list[list[tuple[str, Place]]]:
    """Half a landscape or more is a line of its own; narrower ones share one by two, and by more where there would be too many lines."""
    for abreast in (2, 3, 4):
        lines: list[list[tuple[str, Place]]] = []
        for each in ordered:
            if 2 * each[1].w < COLUMNS and lines and 2 * lines[-1][0][1].w < COLUMNS and len(lines[-1]) < abreast:
                lines[-1].append(each)
            else:
                lines.append([each])
        if len(lines) <= PORTRAIT_ROWS:
            return lines
    return [list(ordered[start : start + 4]) for start in range(0, len(ordered), 4)]


def _heights(wished: Sequence[int]) -> list[int]:
    """Whole rows for each line, at least one, in proportion to what they had, together all rows there are (largest remainder)."""
    if not wished:
        return []
    free = PORTRAIT_ROWS - len(wished)
    shares = [Fraction(free * each, sum(wished)) for each in wished]
    heights = [1 + int(share) for share in shares]
    rest = PORTRAIT_ROWS - sum(heights)
    for index in sorted(range(len(wished)), key=lambda i: (int(shares[i]) - shares[i], i))[:rest]:
        heights[index] += 1
    return heights
