"""The board's one chart, as a Plotly figure: the longest wait over the last two hours.

In:  points of the series, the time, the thresholds, the board's zone and theme. Out: `{"data", "layout"}`, plain JSON types, under 6 kB.
Must not read Redis, and must not know the size of a screen: static/js/elements/chart.js sets type, widths and the tile's inks by the
names given here (`gap`, `area`, `wait`, `over`; `warning`, `critical`, `now`).

The x axis counts minutes before now, so that the labels need no time zone in the browser and a change to summer time bends nothing.
"""

from __future__ import annotations

import functools
import itertools
import zoneinfo
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

SPAN_MIN = 120
LABEL_EVERY_MIN = 30
# A flat floor line must not fill the tile: the axis reaches at least a third above the critical line.
HEADROOM = 1.33

INKS = {
    "dark": {"line": "#6dbef7", "area": "rgba(109,190,247,.2)", "warning": "#ffc247", "critical": "#ff8a5f", "note": "#8c9aa8"},
    "light": {"line": "#00589c", "area": "rgba(0,88,156,.2)", "warning": "#6e4300", "critical": "#942800", "note": "#56636f"},
}

Point = tuple[datetime, float | None]


def wait_chart(
    points: Iterable[Point], now: datetime, *, warning: float | None, critical: float | None, time_zone: str, theme: str
) -> dict[str, Any]:
    """The figure for `points` (aware times; seconds >= 0, None: no data), of which those of the last two hours count.

    Of several points in one minute the highest is drawn, so that no spike is lost. Minutes without a point, or with None
    alone, are a hatched band and never a line. `warning` and `critical` (seconds) are None when the metric has no threshold.
    Figures in seconds; `theme` is "dark" or "light". zoneinfo.ZoneInfoNotFoundError for an unknown zone.
    """
    minutes = _by_minute(points, now)
    inks = INKS.get(theme, INKS["dark"])
    highest = max((value for value in minutes if value is not None), default=0)
    top = round(max((critical or warning or 60) * HEADROOM, highest * 1.12))
    graph_objects = _graph_objects()
    figure = graph_objects.Figure(
        data=[
            _gaps(graph_objects, minutes, top, inks),
            _area(graph_objects, minutes, inks),
            graph_objects.Scatter(
                name="wait", x0=-SPAN_MIN, dx=1, y=minutes, mode="lines", line={"color": inks["line"], "width": 3}, hoverinfo="skip"
            ),
            _over(graph_objects, minutes, warning, inks),
        ],
        layout={
            "template": None,
            "showlegend": False,
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"color": inks["note"]},
            "xaxis": {"range": [-SPAN_MIN, 0], "showgrid": False, "zeroline": False, "fixedrange": True, **_hours(now, time_zone)},
            "yaxis": {"range": [0, top], "showgrid": False, "zeroline": False, "fixedrange": True, "showticklabels": False},
            **_thresholds(warning, critical, inks),
        },
    )
    found: dict[str, Any] = figure.to_dict()
    found["layout"].pop("template", None)
    return {"data": found["data"], "layout": found["layout"]}


@functools.cache
def _graph_objects() -> Any:
    # Plotly takes 0.4 s to import; a process that never draws (web, beat) must not pay for it.
    import plotly.graph_objects

    return plotly.graph_objects


def _by_minute(points: Iterable[Point], now: datetime) -> list[int | None]:
    """121 values, oldest first: the highest of each whole minute, None where there is none."""
    first = now.replace(second=0, microsecond=0) - timedelta(minutes=SPAN_MIN)
    minutes: list[int | None] = [None] * (SPAN_MIN + 1)
    for at, value in points:
        index = int((at - first).total_seconds() // 60)
        if value is not None and 0 <= index <= SPAN_MIN and at <= now:
            minutes[index] = max(minutes[index] or 0, round(value))
    if minutes[-1] is None and now - _last_at(minutes, first) < timedelta(minutes=2):
        minutes[-1] = minutes[-2]  # the minute has just begun: its first point is on its way, which is no gap
    return minutes


def _last_at(minutes: Sequence[int | None], first: datetime) -> datetime:
    known = [index for index, value in enumerate(minutes) if value is not None]
    return first + timedelta(minutes=known[-1]) if known else first - timedelta(days=1)


def _gaps(graph_objects: Any, minutes: Sequence[int | None], top: int, inks: dict[str, str]) -> Any:
    """Rectangles from the last known minute to the next known one."""
    x: list[int | None] = []
    y: list[int | None] = []
    start: int | None = None
    for index, value in enumerate([*minutes, 0]):
        if value is None and start is None:
            start = max(0, index - 1)
        elif start is not None and value is not None:
            left, right = start - SPAN_MIN, min(index, SPAN_MIN) - SPAN_MIN
            if right > left:
                x += [left, left, right, right, None]
                y += [0, top, top, 0, None]
            start = None
    return graph_objects.Scatter(
        name="gap",
        x=x,
        y=y,
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillpattern={"shape": "/", "fgcolor": inks["note"], "bgcolor": "rgba(0,0,0,0)", "size": 12, "solidity": 0.14},
        hoverinfo="skip",
    )


def _area(graph_objects: Any, minutes: Sequence[int | None], inks: dict[str, str]) -> Any:
    """The area under the line, one polygon a stretch: `tozeroy` on the line itself would fill the gaps as well."""
    x: list[int | None] = []
    y: list[int | None] = []
    for run in _runs(minutes):
        x += [run[0][0], *(minute for minute, _ in run), run[-1][0], None]
        y += [0, *(value for _, value in run), 0, None]
    return graph_objects.Scatter(
        name="area", x=x, y=y, mode="lines", line={"width": 0}, fill="toself", fillcolor=inks["area"], hoverinfo="skip"
    )


def _over(graph_objects: Any, minutes: Sequence[int | None], warning: float | None, inks: dict[str, str]) -> Any:
    """The area between the warning line and the wait above it, dotted: the second carrier of severity besides colour."""
    x: list[float | None] = []
    y: list[float | None] = []
    for run in _runs(minutes) if warning is not None else []:
        for hill in _hills(run, warning or 0):
            x += [*(minute for minute, _ in hill), None]
            y += [*(value for _, value in hill), None]
    return graph_objects.Scatter(
        name="over",
        x=x,
        y=y,
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillpattern={"shape": ".", "fgcolor": inks["warning"], "bgcolor": "rgba(0,0,0,0)", "size": 10, "solidity": 0.2},
        hoverinfo="skip",
    )


def _hills(run: Sequence[tuple[int, int]], line: float) -> list[list[tuple[float, float]]]:
    """What of a stretch lies above `line`, as polygons that begin and end on it."""
    hills: list[list[tuple[float, float]]] = []
    hill: list[tuple[float, float]] = [(run[0][0], line)] if run[0][1] > line else []
    for (x0, y0), (x1, y1) in itertools.pairwise(run):
        if y0 > line:
            hill.append((x0, y0))
        if (y0 > line) != (y1 > line):
            crossing = (round(x0 + (x1 - x0) * (line - y0) / (y1 - y0), 1), line)
            hill.append(crossing)
            if y0 > line:
                hills.append(hill)
                hill = []
    if hill:
        hills.append([*hill, run[-1], (run[-1][0], line)])
    return hills


def _runs(minutes: Sequence[int | None]) -> list[list[tuple[int, int]]]:
    """Stretches without a gap, as (minutes before now, seconds)."""
    runs: list[list[tuple[int, int]]] = [[]]
    for index, value in enumerate(minutes):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((index - SPAN_MIN, value))
    return [run for run in runs if len(run) > 1]


def _hours(now: datetime, time_zone: str) -> dict[str, Any]:
    zone = zoneinfo.ZoneInfo(time_zone)
    back = range(-SPAN_MIN, 0, LABEL_EVERY_MIN)
    labels = [(now + timedelta(minutes=minutes)).astimezone(zone).strftime("%H:%M") for minutes in back]
    return {"tickmode": "array", "tickvals": [*back], "ticktext": labels}


def _thresholds(warning: float | None, critical: float | None, inks: dict[str, str]) -> dict[str, Any]:
    lines = [(name, value) for name, value in (("warning", warning), ("critical", critical)) if value is not None]
    return {
        "shapes": [
            {
                "name": name,
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": value,
                "y1": value,
                "line": {"color": inks[name], "width": 2, "dash": "dot" if name == "warning" else "dash"},
            }
            for name, value in lines
        ],
        "annotations": [
            {
                "name": name,
                "xref": "paper",
                "x": 0,
                "xanchor": "right",
                "y": value,
                "yanchor": "middle",
                "showarrow": False,
                "text": _clock_text(value),
                "font": {"color": inks[name]},
            }
            for name, value in lines
        ]
        + [
            {
                "name": "now",
                "xref": "paper",
                "yref": "paper",
                "x": 1,
                "xanchor": "right",
                "y": 0,
                "yanchor": "top",
                "showarrow": False,
                "text": "now",
            }
        ],
    }


def _clock_text(seconds: float) -> str:
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
