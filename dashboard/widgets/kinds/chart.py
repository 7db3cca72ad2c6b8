"""A chart: one metric over an hour to 28 days, against the same weekday a week ago."""

from __future__ import annotations

from dashboard.widgets.kind import Drawn, Form, Group, Json, Kind, Option, Options, Seen, Widget, Wish

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
    return Wish(str(options["metric"]), span_s if isinstance(span_s, int) else 4 * HOUR_S, Drawn.FIGURE, bool(options["compare"]))


def _part(widget: Widget, _: Seen) -> dict[str, Json]:
    return {"chart": _wish(widget.options).key}


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
    ),
    metrics=lambda options: (str(options["metric"]),),
    wishes=lambda options: (_wish(options),),
    part=_part,
)
