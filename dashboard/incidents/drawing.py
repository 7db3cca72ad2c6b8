"""What the pictures of rules and of incidents have in common: gaps, a scale of round numbers, Plotly itself.

In:  plain numbers. Out: parts of a Plotly figure. Must not know colours: the browser dresses parts by their names.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

from dashboard.domain.catalogue import Unit
from dashboard.live.chart_axes import texts_of


@functools.cache
def graph_objects() -> Any:
    """Plotly's makers of figures, imported when they are first wanted."""
    # Plotly takes 0.4 s to import; a process that never draws must not pay for it.
    import plotly.graph_objects

    return plotly.graph_objects


def gap_trace(x: Sequence[float], values: Sequence[float | None], top: float) -> Any:
    """The trace `gap`: a rectangle up to `top` wherever `values` (at `x`, in steps of one length) are None."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    half = min((right - left for left, right in itertools.pairwise(x)), default=1.0) / 2
    for first, last in _runs(values):
        left, right = max(0.0, x[first] - half), x[last] + half
        xs += [left, left, right, right, None]
        ys += [0, top, top, 0, None]
    return graph_objects().Scatter(name="gap", x=xs, y=ys, mode="lines", line={"width": 0}, fill="toself", hoverinfo="skip")


def _runs(values: Sequence[float | None]) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for place, value in enumerate([*values, 0.0]):
        if value is None and start is None:
            start = place
        elif value is not None and start is not None:
            yield start, place - 1
            start = None


_HOUR_S, _DAY_S = 3600, 86_400
_SIZES_S = (
    *(5, 10, 15, 30, 60, 120, 300, 600, 900, 1800),
    *(hours * _HOUR_S for hours in (1, 2, 4, 6, 12)),
    *(days * _DAY_S for days in (1, 2, 5, 10, 20, 50, 100)),
)


def scale(top: float, unit: Unit) -> dict[str, Any]:
    """Round numbers of the unit up the side of a figure that ends at `top`."""
    sizes = {Unit.SECONDS: _SIZES_S, Unit.RATIO: (0.01, 0.02, 0.05, 0.1, 0.2, 0.25)}
    size: float = next((size for size in sizes.get(unit, (1, 2, 5)) if top / size <= 5), 0.0)
    if not size:
        size = 10 ** math.floor(math.log10(top / 5)) if top > 0 else 1.0
        size *= next(factor for factor in (1, 2, 5, 10) if top / (size * factor) <= 5)
    ticks = [round(number * size, 6) for number in range(int(top / size) + 1)]
    return {"tickmode": "array", "tickvals": ticks, "ticktext": texts_of(ticks, unit.value)}
