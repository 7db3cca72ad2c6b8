"""The wait that ticks: the longest wait, counting on between two answers, with its verdict and its last hours."""

from __future__ import annotations

from dashboard.widgets.colour import coloured
from dashboard.widgets.kind import Form, Group, Json, Kind, Option, Options, Seen, Widget, Wish
from dashboard.widgets.options import own_limits

METRIC = "longest_wait_time"


def _wishes(options: Options) -> tuple[Wish, ...]:
    return (Wish(METRIC, compare=bool(options["compare"]), limits=own_limits(options)),) if options.get("chart") else ()


def _part(widget: Widget, seen: Seen) -> dict[str, Json]:
    wished = _wishes(widget.options)
    return coloured(METRIC, widget, seen) | ({"chart": wished[0].key} if wished else {})


KIND = Kind(
    name="wait",
    label="Longest wait",
    about="The longest wait, ticking every second, its verdict in words, and the last two hours.",
    group=Group.QUEUE,
    size=(14, 10),
    least=(7, 5),
    options=(
        Option("label", "Name on the tile", Form.TEXT, most=40),
        Option("threshold", "Limits", Form.THRESHOLD),
        Option("chart", "Show the last two hours", Form.FLAG, default=True),
        Option("compare", "Against the same weekday", Form.FLAG, default=True),
    ),
    numbers=1,
    metrics=lambda _: (METRIC,),
    wishes=_wishes,
    part=_part,
)
