"""A number with its target, its trend and where it comes from."""

from __future__ import annotations

from dashboard.domain.catalogue import CATALOGUE
from dashboard.widgets.colour import coloured
from dashboard.widgets.kind import Drawn, Form, Group, Json, Kind, Option, Options, Seen, Widget, Wish

TREND_SPAN_S = 3600


def _metrics(options: Options) -> tuple[str, ...]:
    return tuple(str(options[name]) for name in ("metric", "beside") if options.get(name))


def _wishes(options: Options) -> tuple[Wish, ...]:
    """A total of the day only grows: its trend is against the same time of the same weekday."""
    metric = str(options["metric"])
    if not options.get("trend"):
        return ()
    return (Wish(metric, TREND_SPAN_S, Drawn.POINTS, compare=CATALOGUE[metric].daily_total),)


def _part(widget: Widget, seen: Seen) -> dict[str, Json]:
    out = coloured(str(widget.options["metric"]), widget, seen)
    wished = _wishes(widget.options)
    return out | ({"trend": wished[0].key} if wished else {})


KIND = Kind(
    name="number",
    label="Number",
    about="One number of the catalogue, with its target, its trend and its age.",
    group=Group.QUEUE,
    size=(5, 5),
    least=(3, 3),
    options=(
        Option("metric", "Metric", Form.METRIC, required=True),
        Option("label", "Name on the tile", Form.TEXT, most=40, note="Empty: the metric's own name."),
        Option("threshold", "Limits", Form.THRESHOLD),
        Option("trend", "Show the trend", Form.FLAG, default=True),
        Option("beside", "Second, smaller number", Form.METRIC),
    ),
    numbers=1,
    metrics=_metrics,
    wishes=_wishes,
    part=_part,
)
