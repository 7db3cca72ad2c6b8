"""The picture of a back-test: the metric's line with the limits, the would-be incidents marked, gaps hatched; and openings by hour.

In:  a `Tried`, the rule's spec and unit, the account's zone. Out: a Plotly figure as plain JSON types, and bars for an SVG.
Must not read anything, and must not know colours: static/js/elements/past-chart.js dresses the traces by their names.

The x axis counts hours from the beginning, so that the labels need no time zone in the browser.
"""

from __future__ import annotations

import math
import zoneinfo
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dashboard.alerts.backtest import BackTest
from dashboard.domain.catalogue import Unit
from dashboard.domain.rules import RuleSpec
from dashboard.domain.thresholds import Severity
from dashboard.incidents.drawing import gap_trace, graph_objects, scale
from dashboard.incidents.rules_try import Tried

MOST_POINTS = 1200
MOST_MARKS = 200
TOP_OVER = 1.12
# Of a day at least, as every tick is a day; and not more than a desk's width can hold.
MOST_TICKS = 8
FREE_LEFT = 0.05
BAR_HEIGHT = 48


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour of the day in the histogram, in the SVG's units."""

    hour: int
    count: int
    x: int
    y: float
    height: float


def figure(tried: Tried, spec: RuleSpec, unit: Unit, zone: zoneinfo.ZoneInfo) -> dict[str, Any]:
    """Traces `gap`, `value`, `warning`, `critical`; shapes and annotations with the same names. Figures in the metric's unit."""
    go = graph_objects()
    past, found = tried.past, tried.found
    hours, values = _line(tried, spec)
    lines = _lines(spec)
    known = [value for value in values if value is not None]
    top = TOP_OVER * max([*known, *(value for _, value in lines), 1e-9])
    low = min(0.0, TOP_OVER * min(known, default=0.0))  # a difference may be below 0
    made = go.Figure(
        data=[
            gap_trace(hours, values, top),
            go.Scatter(name="value", x=hours, y=values, mode="lines", connectgaps=False, hoverinfo="skip"),
            *(_marks(found, severity) for severity in (Severity.WARNING, Severity.CRITICAL)),
        ],
        layout={
            "template": None,
            "showlegend": False,
            "xaxis": {"range": [0, _hours(past.start, past.end)], "fixedrange": True, **_days(past.start, past.end, zone)},
            "yaxis": {"range": [low, top], "fixedrange": True, **scale(top, unit)},
            "shapes": [
                {"name": name, "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": value, "y1": value} for name, value in lines
            ],
        },
    )
    plain: dict[str, Any] = made.to_dict()
    plain["layout"].pop("template", None)
    return {"data": plain["data"], "layout": plain["layout"]}


def bars(found: BackTest) -> list[Bar]:
    """24 bars, 10 wide each, on a base line at `BAR_HEIGHT`."""
    most = max([*found.by_hour, 1])
    return [
        Bar(hour, count, 10 * hour, round(BAR_HEIGHT * (1 - count / most), 1), round(BAR_HEIGHT * count / most, 1))
        for hour, count in enumerate(found.by_hour)
    ]


def _line(tried: Tried, spec: RuleSpec) -> tuple[list[float], list[float | None]]:
    """At most `MOST_POINTS` steps, each with the worst value in it, so that no spike is lost; None where nothing is known."""
    past = tried.past
    minutes = max(1, round((past.end - past.start).total_seconds() / 60))
    step = max(1, math.ceil(minutes / MOST_POINTS))
    count = math.ceil(minutes / step)
    values: list[float | None] = [None] * count
    for block in past.blocks:
        if block.last is None:
            continue
        place = int((block.at - past.start).total_seconds() // 60) // step
        worst = block.high if spec.higher_is_worse else block.low
        held = values[place]
        values[place] = worst if held is None else max(held, worst) if spec.higher_is_worse else min(held, worst)
    return [round((number + 0.5) * step / 60, 3) for number in range(count)], [None if v is None else round(v, 4) for v in values]


def _marks(found: BackTest, severity: Severity) -> Any:
    """One mark an incident, at its worst value over its opening; the newest `MOST_MARKS`."""
    marked = [incident for incident in found.incidents if incident.severity is severity][-MOST_MARKS:]
    return graph_objects().Scatter(
        name=severity.value,
        mode="markers",
        x=[round(_hours(found.start, incident.opened_at), 3) for incident in marked],
        y=[round(incident.worst_value, 4) for incident in marked],
        hoverinfo="skip",
    )


def _lines(spec: RuleSpec) -> list[tuple[str, float]]:
    """The lines that stand still; a spike's moves with what is usual, so only its floor is drawn."""
    lines: list[tuple[str, float]] = [("warning", spec.warning.enter)] if spec.warning else []
    if spec.spike is not None:
        lines = [("warning", spec.spike.floor)]
    return [*lines, ("critical", spec.critical.enter)] if spec.critical else lines


def _days(start: datetime, end: datetime, zone: zoneinfo.ZoneInfo) -> dict[str, Any]:
    """A tick at midnights of the account, at most `MOST_TICKS` of them; for two days and less every six hours."""
    begin, days = start.astimezone(zone), (end - start) / timedelta(days=1)
    ticks: list[datetime] = []
    if days <= 2:
        at = begin.replace(minute=0, second=0, microsecond=0, hour=begin.hour - begin.hour % 6) + timedelta(hours=6)
        step = timedelta(hours=6)
    else:
        at = begin.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        step = timedelta(days=max(1, math.ceil(days / MOST_TICKS)))
    while at < end:
        if at - start > FREE_LEFT * (end - start):  # there the label would run into the scale's
            ticks.append(at)
        at += step
    shape = "%H:%M" if days <= 2 else "%-d %b"
    return {"tickmode": "array", "tickvals": [round(_hours(start, at), 3) for at in ticks], "ticktext": [f"{at:{shape}}" for at in ticks]}


def _hours(start: datetime, at: datetime) -> float:
    return (at - start).total_seconds() / 3600
