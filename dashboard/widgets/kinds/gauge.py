"""A gauge: a number between two ends, with its limits on the scale."""

from __future__ import annotations

from dashboard.widgets.colour import coloured
from dashboard.widgets.kind import Form, Group, Json, Kind, Option, Options, Seen, Widget


def _part(widget: Widget, seen: Seen) -> dict[str, Json]:
    return coloured(str(widget.options["metric"]), widget, seen)


def _problems(options: Options) -> tuple[str, ...]:
    low, high = options["low"], options.get("high")
    return ("The scale must end above its beginning.",) if isinstance(low, int) and isinstance(high, int) and high <= low else ()


KIND = Kind(
    name="gauge",
    label="Gauge",
    about="A number on a scale with its limits marked.",
    group=Group.QUEUE,
    size=(6, 5),
    least=(4, 4),
    options=(
        Option("metric", "Metric", Form.METRIC, required=True),
        Option("label", "Name on the tile", Form.TEXT, most=40),
        Option("low", "The scale begins at", Form.WHOLE, default=0, most=1_000_000),
        Option(
            "high",
            "The scale ends at",
            Form.WHOLE,
            most=1_000_000,
            note="In its unit; percent for a rate. Empty: by the limits.",
        ),
        Option("threshold", "Limits", Form.THRESHOLD),
    ),
    numbers=1,
    metrics=lambda options: (str(options["metric"]),),
    part=_part,
    problems=_problems,
)
