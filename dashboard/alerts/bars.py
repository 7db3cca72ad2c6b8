"""The last two hours as bars: cells of a table that need no picture, and signs for plain text.

In:  the worst value of each five minutes, the incident. Out: bars with heights in pixels, or a line of signs. A gap has no height.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.alerts.wording import is_beyond, limit_told
from dashboard.domain.catalogue import CATALOGUE
from dashboard.models import Incident
from dashboard.words.amounts import value_of
from dashboard.words.phrases import ENGLISH, Words

TALLEST_PX, LOWEST_PX = 84, 3
_SIGNS = "▁▂▃▄▅▆▇█"
GAP = "·"


@dataclass(frozen=True, slots=True)
class Bar:
    """`height` in pixels, None for no data; `label` names the highest of the bars beyond the limit, else it is empty."""

    height: int | None
    beyond: bool = False
    label: str = ""


def bars_of(values: Sequence[float | None], incident: Incident, words: Words = ENGLISH) -> list[Bar]:
    """One bar a value; empty where there is nothing at all to show."""
    known = [value for value in values if value is not None]
    if not known:
        return []
    limit = limit_told(incident)
    top = max(*known, limit or 0.0, 1e-9)
    metric = CATALOGUE[incident.metric]
    beyond = [value for value in known if limit is not None and is_beyond(incident, value)]
    worst = max(beyond, default=None)
    bars: list[Bar] = []
    for value in values:
        if value is None:
            bars.append(Bar(None))
            continue
        is_worst = value == worst
        worst = None if is_worst else worst
        height = max(LOWEST_PX, round(TALLEST_PX * value / top))
        bars.append(Bar(height, value in beyond, value_of(metric, value, words) if is_worst else ""))
    return bars


def bars_text(bars: Sequence[Bar]) -> str:
    """The same as one line: a low block to a high one, a dot where there is no data."""
    return "".join(GAP if bar.height is None else _SIGNS[min(7, bar.height * 8 // (TALLEST_PX + 1))] for bar in bars)
