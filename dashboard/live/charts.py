"""A metric over time as a Plotly figure: its line up to now, the same weekday a week before, gaps, limits, and where a total began anew.

In:  values a step, the time, limits, unit, the board's zone and theme. Out: `{"data", "layout"}`, plain JSON types, under 8 kB.
Must not read anything, and must not know the size of a screen: static/js/elements/chart.js sets type, widths and the tile's inks by the
names given here (traces `gap`, `area`, `then`, `line`, `over`; lines `warning`, `critical`, `reset`, `corrected`; label `now`).

The x axis counts minutes before now, so that the labels need no time zone in the browser and a change to summer time bends nothing.
"""

from __future__ import annotations

import functools
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from dashboard.live.chart_areas import Stretch, gaps, hills, stretches
from dashboard.live.chart_axes import nice_ticks, texts_of

HOUR_LABELS = 4
DAY_S = 86_400
# A flat floor line must not fill the tile: the axis reaches at least a third above the critical line.
HEADROOM = 1.33
ROOM = 1.12
# How high the axis reaches at least where there are no limits, by unit: one call more or less is no mountain.
LEAST_TOP: Mapping[str, float] = {"s": 60, "count": 5, "ratio": 0.05}

INKS = {
    "dark": {
        "line": "#6dbef7",
        "area": "rgba(109,190,247,.2)",
        "then": "#8c9aa8",
        "warning": "#ffc247",
        "critical": "#ff8a5f",
        "note": "#8c9aa8",
    },
    "light": {
        "line": "#00589c",
        "area": "rgba(0,88,156,.2)",
        "then": "#56636f",
        "warning": "#6e4300",
        "critical": "#942800",
        "note": "#56636f",
    },
}

Values = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Drawing:
    """`values` of steps of `step_s` seconds (a multiple of 60), oldest first, the last one now; None: no data. `then`: the same steps a
    week before. `falls`: steps by which a daily total fell, with whether that was its midnight. `warning`, `critical` None: no limit.
    `unit`: s, count or ratio. `signed`: a difference, written with its sign. `theme`: dark or light."""

    values: Values
    step_s: int
    then: Values | None = None
    falls: Mapping[int, bool] | None = None
    warning: float | None = None
    critical: float | None = None
    unit: str = "s"
    signed: bool = False
    time_zone: str = "UTC"
    theme: str = "dark"


def figure(drawing: Drawing, now: datetime) -> dict[str, Any]:
    """The figure at `now` (aware). Steps without a value are a hatched band and never a line; where a total fell, the line is broken and
    the place marked. zoneinfo.ZoneInfoNotFoundError for an unknown zone."""
    inks = INKS.get(drawing.theme, INKS["dark"])
    step_min = drawing.step_s // 60
    span_min = step_min * (len(drawing.values) - 1)
    values = [_rounded(value, drawing.unit) for value in drawing.values]
    then = [_rounded(value, drawing.unit) for value in drawing.then or ()]
    falls = drawing.falls or {}
    runs = stretches(values, step_min, sorted(falls))
    known = [value for value in (*values, *then) if value is not None]
    low, top = _low(drawing, known), _top(drawing, known)
    graph_objects = _graph_objects()
    shape = functools.partial(graph_objects.Scatter, mode="lines", hoverinfo="skip")
    filled = functools.partial(shape, line={"width": 0}, fill="toself")
    week_ago = {"color": inks["then"], "width": 2, "dash": "dash"}
    data = [
        filled(name="gap", **_xy(gaps(values, step_min, low, top)), fillpattern=_pattern("/", inks["note"], 12, 0.14)),
        filled(name="area", **_xy(_under(runs)), fillcolor=inks["area"]),
        *([shape(name="then", x0=-span_min, dx=step_min, y=then, line=week_ago)] if has_values(then) else []),
        shape(name="line", **_line(values, runs, step_min, broken=bool(falls)), line={"color": inks["line"], "width": 3}),
        filled(name="over", **_xy(_over(runs, drawing.warning)), fillpattern=_pattern(".", inks["warning"], 10, 0.2)),
    ]
    found: dict[str, Any] = graph_objects.Figure(
        data=data,
        layout={
            "template": None,
            "showlegend": False,
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"color": inks["note"]},
            "xaxis": {"range": [-span_min, 0], "showgrid": False, "zeroline": False, "fixedrange": True, **_times(now, span_min, drawing)},
            "yaxis": {"range": [low, top], "showgrid": False, "zeroline": False, "fixedrange": True, **_heights(drawing, low, top)},
            "shapes": [*_limit_lines(drawing, inks), *_falls(falls, len(values), step_min, inks)],
            "annotations": [*_limit_labels(drawing, inks), _NOW],
            "meta": _meta(now, drawing, span_min, has_then=has_values(then)),
        },
    ).to_dict()
    found["layout"].pop("template", None)
    return {"data": found["data"], "layout": found["layout"]}


_NOW = {
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


@functools.cache
def _graph_objects() -> Any:
    # Plotly takes 0.4 s to import; a process that never draws (web, beat) must not pay for it.
    import plotly.graph_objects

    return plotly.graph_objects


def has_values(values: Values) -> bool:
    """Whether there is a value at all."""
    return any(value is not None for value in values)


def _rounded(value: float | None, unit: str) -> float | None:
    if value is None:
        return None
    if unit == "ratio":
        return round(value, 4)
    return round(value) if unit == "s" or float(value).is_integer() else round(value, 1)


def _top(drawing: Drawing, known: Sequence[float]) -> float:
    limit = drawing.critical if drawing.critical is not None else drawing.warning
    least = LEAST_TOP.get(drawing.unit, 1) if limit is None else limit * HEADROOM
    return round(max(least, max(known, default=0) * ROOM), 4 if drawing.unit == "ratio" else None)


def _low(drawing: Drawing, known: Sequence[float]) -> float:
    """0, and less where a number fell below it: more tickets went than came."""
    return round(min(0, min(known, default=0) * ROOM), 4 if drawing.unit == "ratio" else None)


def _xy(points: Sequence[tuple[float | None, float | None]]) -> dict[str, list[float | None]]:
    return {"x": [x for x, _ in points], "y": [y for _, y in points]}


def _line(values: Values, runs: Sequence[Stretch], step_min: int, *, broken: bool) -> dict[str, Any]:
    """Where nothing fell, the places of the steps need not be told one by one."""
    if not broken:
        return {"x0": -step_min * (len(values) - 1), "dx": step_min, "y": values}
    return _xy([point for run in runs for point in (*run, (None, None))])


def _under(runs: Sequence[Stretch]) -> list[tuple[float | None, float | None]]:
    """The area under the line, one polygon a stretch: `tozeroy` on the line itself would fill the gaps as well."""
    return [point for run in runs if len(run) > 1 for point in ((run[0][0], 0), *run, (run[-1][0], 0), (None, None))]


def _over(runs: Sequence[Stretch], warning: float | None) -> list[tuple[float | None, float | None]]:
    """The area between the warning line and what lies above it, dotted: the second carrier of severity besides colour."""
    if warning is None:
        return []
    return [point for run in runs if len(run) > 1 for hill in hills(run, warning) for point in (*hill, (None, None))]


def _pattern(shape: str, colour: str, size: int, solidity: float) -> dict[str, Any]:
    return {"shape": shape, "fgcolor": colour, "bgcolor": "rgba(0,0,0,0)", "size": size, "solidity": solidity}


def _times(now: datetime, span_min: int, drawing: Drawing) -> dict[str, Any]:
    """Hours by the board's clock; over more than a day, days at their midnights, over more than a week the Mondays."""
    zone = zoneinfo.ZoneInfo(drawing.time_zone)
    if span_min * 60 <= DAY_S:
        back = range(-span_min, 0, max(1, span_min // HOUR_LABELS))
        labels = [(now + timedelta(minutes=minutes)).astimezone(zone).strftime("%H:%M") for minutes in back]
        return {"tickmode": "array", "tickvals": [*back], "ticktext": labels}
    days = _midnights(now, span_min, zone)
    vals = [round((at - now).total_seconds() / 60) for at in days]
    return {"tickmode": "array", "tickvals": vals, "ticktext": [f"{at.astimezone(zone):%m-%d}" for at in days]}


def _midnights(now: datetime, span_min: int, zone: zoneinfo.ZoneInfo) -> list[datetime]:
    local = now.astimezone(zone).date()
    days = [local - timedelta(days=back) for back in range(span_min * 60 // DAY_S + 1)]
    if span_min * 60 > 8 * DAY_S:
        days = [day for day in days if day.weekday() == 0]
    found = [datetime.combine(day, time(), zone).astimezone(UTC) for day in reversed(days)]
    return [at for at in found if at >= now - timedelta(minutes=span_min)]


def _meta(now: datetime, drawing: Drawing, span_min: int, *, has_then: bool) -> dict[str, Any]:
    """What a page says of the figure in its own language: the days that the axis names, and the day a week ago."""
    zone = zoneinfo.ZoneInfo(drawing.time_zone)
    meta: dict[str, Any] = {"unit": drawing.unit, "span_s": span_min * 60}
    if drawing.signed:
        meta["signed"] = True
    if span_min * 60 > DAY_S:
        meta["days"] = [f"{at.astimezone(zone):%Y-%m-%d}" for at in _midnights(now, span_min, zone)]
    if has_then:
        meta["then"] = f"{now.astimezone(zone).date() - timedelta(days=7):%Y-%m-%d}"
    return meta


def _heights(drawing: Drawing, low: float, top: float) -> dict[str, Any]:
    """Where there are limits, these are the heights that count, and they have labels of their own."""
    if drawing.warning is not None or drawing.critical is not None:
        return {"showticklabels": False}
    ticks = nice_ticks(max(top, -low), drawing.unit)
    if low < 0:
        ticks = [tick for tick in (*(-each for each in reversed(ticks)), 0, *ticks) if low <= tick <= top]
    return {"tickmode": "array", "tickvals": ticks, "ticktext": texts_of(ticks, drawing.unit, signed=drawing.signed)}


def _limits(drawing: Drawing) -> list[tuple[str, float]]:
    pairs = (("warning", drawing.warning), ("critical", drawing.critical))
    return [(name, value) for name, value in pairs if value is not None]


def _limit_lines(drawing: Drawing, inks: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
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
        for name, value in _limits(drawing)
    ]


def _limit_labels(drawing: Drawing, inks: Mapping[str, str]) -> list[dict[str, Any]]:
    limits = _limits(drawing)
    texts = texts_of([value for _, value in limits], drawing.unit, signed=drawing.signed)
    return [
        {
            "name": name,
            "xref": "paper",
            "x": 0,
            "xanchor": "right",
            "y": value,
            "yanchor": "middle",
            "showarrow": False,
            "text": text,
            "font": {"color": inks[name]},
        }
        for (name, value), text in zip(limits, texts, strict=True)
    ]


def _falls(falls: Mapping[int, bool], many: int, step_min: int, inks: Mapping[str, str]) -> list[dict[str, Any]]:
    """An upright line where a total began anew or was corrected."""
    return [
        {
            "name": "reset" if is_reset else "corrected",
            "type": "line",
            "yref": "paper",
            "x0": (index - many + 0.5) * step_min,
            "x1": (index - many + 0.5) * step_min,
            "y0": 0,
            "y1": 1,
            "line": {"color": inks["note"], "width": 1, "dash": "dot" if is_reset else "dash"},
        }
        for index, is_reset in falls.items()
    ]
