"""Service levels: each policy's targets, missed now, about to be, and kept in seven days."""

from __future__ import annotations

from typing import cast

from dashboard.domain.feeds import Endpoint
from dashboard.domain.readings_tickets import PolicyRow
from dashboard.domain.rows import order
from dashboard.widgets.colour import coloured
from dashboard.widgets.kind import Form, Group, Json, Kind, Option, Seen, Widget, rows_left

COLOURED_BY = "sla_breached"
METRICS = (COLOURED_BY, "sla_breaching_in_60", "sla_ratio_7d", "sla_next_breach_left")


def _part(widget: Widget, seen: Seen) -> dict[str, Json]:
    """`targets`, the worst first: `{"policy", "metric", "breached", "breaching", "met", "missed"}`; `more`: how many there are
    beside; `unrecorded`: of then nobody knows."""
    rows = [row for row in seen.rows.get(Endpoint.SLA.value, ()) if isinstance(row, PolicyRow)]
    rows.sort(key=order)
    most = cast("int", widget.options["most"])
    targets: list[Json] = [
        {
            **({"policy": row.title} if row.title else {}),
            "metric": row.metric,
            "breached": row.breached,
            "breaching": row.breaching,
            "met": row.met,
            "missed": row.missed,
        }
        for row in rows[:most]
    ]
    return coloured(COLOURED_BY, widget, seen) | {"targets": targets} | rows_left(seen, Endpoint.SLA.value, most)


KIND = Kind(
    name="sla",
    label="Service levels",
    about="Each policy's targets: missed now, about to be missed, kept in seven days.",
    group=Group.TICKETS,
    size=(12, 7),
    least=(6, 4),
    options=(
        Option("label", "Name on the tile", Form.TEXT, most=40),
        Option("most", "How many targets", Form.WHOLE, default=8, least=1, most=20),
        Option("threshold", "Limits of targets missed now", Form.THRESHOLD),
    ),
    numbers=1,
    metrics=lambda _: METRICS,
    part=_part,
)
