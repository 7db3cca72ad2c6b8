"""The picture of an incident: its metric before, during and after, with the limit that was passed; gaps hatched.

In:  an incident, Redis, the time. Out: a Plotly figure as plain JSON types, and a sentence that says the same.
Must not know colours: static/js/elements/past-chart.js dresses the traces and shapes by their names.

The x axis counts minutes from the beginning, so that the labels need no time zone in the browser.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import redis as redis_py

from dashboard.domain.catalogue import CATALOGUE, Metric
from dashboard.domain.feeds import Feed
from dashboard.domain.thresholds import Severity
from dashboard.history import reader, span
from dashboard.incidents.drawing import gap_trace, graph_objects, scale
from dashboard.incidents.page import account_zone
from dashboard.models import Direction, Incident
from dashboard.polling.feeds import base_interval_s

logger = logging.getLogger(__name__)

MOST_STEPS = 360
SHORTEST_LEAD = timedelta(minutes=15)
LONGEST_LEAD = timedelta(hours=6)
STEPS_S = (2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400)
TICKS_MIN = (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 40_320, 161_280)
MOST_TICKS = 8
HOUR_MIN = 60
TOP_OVER = 1.15
# So near to the left edge a time would run into the scale's labels.
FREE_LEFT = 0.04
# A step without a reading is a gap unless the reading before it still counted for most of the step.
LIVE_RATIO = 0.5

Line = tuple[list[float], list[float | None]]  # minutes from the beginning; values, None: nothing is known


@dataclass(frozen=True, slots=True)
class Range:
    """What the picture shows: `step_s` seconds a point."""

    start: datetime
    end: datetime
    step_s: float


def figure(redis: redis_py.Redis, incident: Incident, now: datetime) -> dict[str, Any] | None:
    """Traces `gap` and `value`; shapes `held` (while it lasted) and the limits, named after their severities. Figures in the metric's unit.

    None for an incident about the data itself, or of a metric or feed that is not known any more. Without Redis: what the database has.
    """
    metric, feed = CATALOGUE.get(incident.metric), _feed(incident)
    if metric is None or feed is None:
        return None
    shown = range_of(incident, metric, now)
    minutes, values = _line(redis, feed, metric, shown, now, above=incident.direction == Direction.ABOVE)
    known = [value for value in values if value is not None]
    limits = _limits(incident)
    top = TOP_OVER * max([*known, *limits.values(), 1e-9])
    low = min(0.0, TOP_OVER * min(known, default=0.0))  # a difference may be below 0
    go = graph_objects()
    made = go.Figure(
        data=[
            gap_trace(minutes, values, top),
            go.Scatter(name="value", x=minutes, y=values, mode="lines", connectgaps=False, hoverinfo="skip"),
        ],
        layout={
            "template": None,
            "showlegend": False,
            "xaxis": {"range": [0, _minutes(shown.start, shown.end)], "fixedrange": True, **_times(shown)},
            "yaxis": {"range": [low, top], "fixedrange": True, **scale(top, metric.unit)},
            "shapes": [_held(incident, shown), *(_limit(name, value) for name, value in limits.items())],
        },
    )
    plain: dict[str, Any] = made.to_dict()
    plain["layout"].pop("template", None)
    return {"data": plain["data"], "layout": plain["layout"]}


def range_of(incident: Incident, metric: Metric, now: datetime) -> Range:
    """From a while before the condition began to a while after the end, never beyond now."""
    over = incident.resolved_at or now
    lead = min(LONGEST_LEAD, max(SHORTEST_LEAD, (over - incident.since_at) / 2))
    start = (incident.since_at - lead).replace(second=0, microsecond=0)
    end = max(min(now, over + lead), start + timedelta(minutes=1))
    least_s = max((end - start).total_seconds() / MOST_STEPS, 2 * base_interval_s(metric.endpoint))
    return Range(start, end, next((step for step in STEPS_S if step >= least_s), STEPS_S[-1]))


def _feed(incident: Incident) -> Feed | None:
    try:
        return Feed.parse(incident.scope)
    except ValueError:  # of the account itself, or of a release that wrote feeds otherwise
        return None


def _line(redis: redis_py.Redis, feed: Feed, metric: Metric, shown: Range, now: datetime, *, above: bool) -> Line:
    """The worst of each step, so that no spike is lost."""
    minutes: list[float] = []
    values: list[float | None] = []
    try:
        found = span.steps(redis, feed, metric, span.Span(shown.start, shown.end, shown.step_s), now)
    except redis_py.RedisError as error:
        logger.warning("An incident's picture is made of whole minutes: Redis does not answer (%s).", type(error).__name__)
        return _of_minutes(feed, metric, shown, above=above)
    for over in found:
        middle = over.at + timedelta(seconds=shown.step_s / 2)
        if over.step.count or over.live_ratio < LIVE_RATIO:
            minutes.append(_minutes(shown.start, middle))
            values.append((over.step.max if above else over.step.min) if over.step.count else None)
    return minutes, _plain(values)


def _of_minutes(feed: Feed, metric: Metric, shown: Range, *, above: bool) -> Line:
    count = max(1, math.ceil((shown.end - shown.start).total_seconds() / 60))
    values: list[float | None] = [None] * count
    for minute in reader.minutes(feed, metric.name, shown.start, shown.end):
        place = int((minute.at - shown.start).total_seconds() // 60)
        if 0 <= place < count:
            values[place] = minute.max if above else minute.min
    return [place + 0.5 for place in range(count)], _plain(values)


def _plain(values: Sequence[float | None]) -> list[float | None]:
    return [None if value is None else round(value, 4) for value in values]


def _held(incident: Incident, shown: Range) -> dict[str, Any]:
    """From when the condition began to when the value was back, or to now."""
    until = incident.recovering_at or incident.resolved_at or shown.end
    x0, x1 = _minutes(shown.start, incident.since_at), _minutes(shown.start, min(until, shown.end))
    return {"name": "held", "type": "rect", "layer": "below", "yref": "paper", "x0": x0, "x1": max(x0, x1), "y0": 0, "y1": 1}


def _limits(incident: Incident) -> dict[str, float]:
    """By severity: the limit of now, and that of the opening where it was another's."""
    found = {} if incident.limit is None else {incident.severity: incident.limit}
    if incident.opened_limit is not None and incident.opened_limit != incident.limit:
        other = Severity.WARNING if incident.severity == Severity.CRITICAL else Severity.CRITICAL
        found[other.value] = incident.opened_limit
    return found


def _limit(severity: str, value: float) -> dict[str, Any]:
    return {"name": severity, "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": value, "y1": value}


def _times(shown: Range) -> dict[str, Any]:
    """Round times of the account's day, at most MOST_TICKS; with the day where the picture spans more than one."""
    zone = account_zone()
    whole_min = _minutes(shown.start, shown.end)
    every = next((each for each in TICKS_MIN if whole_min / each <= MOST_TICKS), TICKS_MIN[-1])
    midnight = shown.start.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    # By the clock from two hours on, or behind a change of the clocks each midnight would be 23:00 of the day before, or 1:00. Within an
    # hour in true time: by the clock there is one that is skipped.
    begin = midnight if every > HOUR_MIN else midnight.astimezone(UTC)
    first = math.ceil((shown.start.astimezone(begin.tzinfo) - begin).total_seconds() / 60 / every)
    ticks = [(begin + timedelta(minutes=every * (first + number))).astimezone(UTC) for number in range(MOST_TICKS + 2)]
    ticks = [tick for tick in ticks if _minutes(shown.start, tick) > FREE_LEFT * whole_min and tick <= shown.end]
    shape = "%H:%M" if whole_min < 1440 else "%-d %b %H:%M" if every < 1440 else "%-d %b"
    labels = [f"{tick.astimezone(zone):{shape}}" for tick in ticks]
    return {"tickmode": "array", "tickvals": [_minutes(shown.start, tick) for tick in ticks], "ticktext": labels}


def _minutes(start: datetime, at: datetime) -> float:
    return round((at - start).total_seconds() / 60, 3)
