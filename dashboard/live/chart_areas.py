"""The shapes of a chart: stretches without a gap, the gaps between them, the hills above a line. Pure arithmetic.

In:  values a step. Out: points (minutes before now, value); None between two polygons.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence

Stretch = list[tuple[float, float]]
Points = list[tuple[float | None, float | None]]


def stretches(values: Sequence[float | None], step_min: int, breaks: Collection[int]) -> list[Stretch]:
    """Runs of steps with a value, cut before each step of `breaks`."""
    runs: list[Stretch] = [[]]
    for index, value in enumerate(values):
        if value is None or index in breaks:
            runs.append([])
        if value is not None:
            runs[-1].append(((index - len(values) + 1) * step_min, value))
    return [run for run in runs if run]


def gaps(values: Sequence[float | None], step_min: int, low: float, top: float) -> Points:
    """Rectangles of the axis' height from the last known step to the next known one."""
    points: Points = []
    last = len(values) - 1
    start: int | None = None
    for index, value in enumerate([*values, 0]):
        if value is None and start is None:
            start = max(0, index - 1)
        elif start is not None and value is not None:
            left, right = (start - last) * step_min, (min(index, last) - last) * step_min
            if right > left:
                points += [(left, low), (left, top), (right, top), (right, low), (None, None)]
            start = None
    return points


def hills(run: Stretch, line: float) -> list[Stretch]:
    """What of a stretch lies above `line`, as polygons that begin and end on it."""
    found: list[Stretch] = []
    hill: Stretch = [(run[0][0], line)] if run[0][1] > line else []
    for (x0, y0), (x1, y1) in itertools.pairwise(run):
        if y0 > line:
            hill.append((x0, y0))
        if (y0 > line) != (y1 > line):
            hill.append((round(x0 + (x1 - x0) * (line - y0) / (y1 - y0), 1), line))
            if y0 > line:
                found.append(hill)
                hill = []
    if hill:
        found.append([*hill, run[-1], (run[-1][0], line)])
    return found
