"""A chart: one metric over an hour to 28 days, against the same weekday a week ago."""

from __future__ import annotations

from dashboard.widgets.colour import coloured
from dashboard.widgets.kind import Drawn, Form, Group, Json, Kind, Option, Options, Seen, Widget, Wish
from dashboard.widgets.options import own_limits

HOUR_S, DAY_S = 3600, 86_400
SPANS = (
    (HOUR_S, "1 hour"),
    (2 * HOUR_S, "2 hours"),
    (4 * HOUR_S, "4 hours"),
    (8 * HOUR_S, "8 hours"),
    (DAY_S, "24 hours"),
    (7 * DAY_S, "7 days"),
    (28 * DAY_S, "28 days"),
)


def _wish(options: Options) -> Wish:
    span_s = options["span_s"]
    span_s = span_s if isinstance(span_s, int) else 4 * HOUR_S
    return Wish(str(options["metric"]), span_s, Drawn.FIGURE, bool(options["compare"]), own_limits(options))


def _part(widget: Widget, seen: Seen) -> dict[str, Json]:
    return coloured(str(widget.options["metric"]), widget, seen) | {"chart": _wish(widget.options).key}


KIND = Kind(
    name="chart",
    label="Chart",
    about="One metric over an hour to 28 days, against the same weekday.",
    group=Group.TREND,
    size=(12, 6),
    least=(7, 4),
    options=(
        Option("metric", "Metric", Form.METRIC, required=True),
        Option("label", "Name on the tile", Form.TEXT, most=40),
        Option("span_s", "Over", Form.CHOICE, default=4 * HOUR_S, choices=SPANS),
        Option("compare", "Against the same weekday", Form.FLAG, default=True),
        Option("threshold", "Limits", Form.THRESHOLD),
    ),
    metrics=lambda options: (str(options["metric"]),),
    wishes=lambda options: (_wish(options),),
    part=_part,
)
