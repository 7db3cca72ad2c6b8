"""A number and its last hours as a bare line."""

from __future__ import annotations

from dashboard.widgets.colour import coloured
from dashboard.widgets.kind import Drawn, Form, Group, Json, Kind, Option, Options, Seen, Widget, Wish

SPANS = ((3600, "1 hour"), (7200, "2 hours"), (14_400, "4 hours"), (28_800, "8 hours"))


def _wish(options: Options) -> Wish:
    span_s = options["span_s"]
    return Wish(str(options["metric"]), span_s if isinstance(span_s, int) else 7200, Drawn.POINTS, bool(options["compare"]))


def _part(widget: Widget, seen: Seen) -> dict[str, Json]:
    return coloured(str(widget.options["metric"]), widget, seen) | {"points": _wish(widget.options).key}


KIND = Kind(
    name="sparkline",
    label="Sparkline",
    about="A number with its last hours as a line.",
    group=Group.TREND,
    size=(6, 4),
    least=(4, 3),
    options=(
        Option("metric", "Metric", Form.METRIC, required=True),
        Option("label", "Name on the tile", Form.TEXT, most=40),
        Option("span_s", "Over", Form.CHOICE, default=7200, choices=SPANS),
        Option("compare", "Against the same weekday", Form.FLAG, default=True),
        Option("threshold", "Limits", Form.THRESHOLD),
    ),
    numbers=1,
    metrics=lambda options: (str(options["metric"]),),
    wishes=lambda options: (_wish(options),),
    part=_part,
)
