"""The backlog: unsolved tickets by group, each by status or by priority."""

from __future__ import annotations

from typing import cast

from dashboard.domain.feeds import Endpoint
from dashboard.domain.readings_tickets import BacklogRow
from dashboard.domain.rows import order, unsolved
from dashboard.widgets.kind import Form, Group, Json, Kind, Option, Options, Seen, Widget, rows_left

BOTH, STATUS, PRIORITY = "both", "status", "priority"
COLUMNS = ((BOTH, "Status, and how many are urgent"), (STATUS, "Status"), (PRIORITY, "Priority"))
_STATUSES = ("tickets_new", "tickets_open", "tickets_pending", "tickets_hold")
_URGENT = ("tickets_urgent", "tickets_high")
_PRIORITIES = (*_URGENT, "tickets_normal", "tickets_low", "tickets_no_priority")
_SHOWN = {BOTH: (*_STATUSES, *_URGENT), STATUS: _STATUSES, PRIORITY: _PRIORITIES}


def _shown(options: Options) -> tuple[str, ...]:
    return _SHOWN[str(options["columns"])]


def _part(widget: Widget, seen: Seen) -> dict[str, Json]:
    """`groups`, those with most unsolved first: `{"id", "name", "counts": [unsolved, and each column]}`, no `name` where the vendor told
    none; id 0: tickets of no group. `more`: how many groups there are beside; `unrecorded`: of then nobody knows."""
    rows = [row for row in seen.rows.get(Endpoint.TICKETS.value, ()) if isinstance(row, BacklogRow)]
    rows.sort(key=order)
    most, columns = cast("int", widget.options["most"]), _shown(widget.options)
    groups: list[Json] = [
        {
            "id": row.group_id,
            **({"name": row.name} if row.name else {}),
            "counts": [unsolved(row), *(getattr(row, name.removeprefix("tickets_")) for name in columns)],
        }
        for row in rows[:most]
    ]
    return {"groups": groups, "columns": ["tickets_unsolved", *columns]} | rows_left(seen, Endpoint.TICKETS.value, most)


KIND = Kind(
    name="backlog",
    label="Backlog",
    about="Unsolved tickets of each group, by status and priority.",
    group=Group.TICKETS,
    size=(12, 7),
    least=(6, 4),
    options=(
        Option("label", "Name on the tile", Form.TEXT, most=40),
        Option("columns", "Columns", Form.CHOICE, default=BOTH, choices=COLUMNS),
        Option("most", "How many groups", Form.WHOLE, default=8, least=1, most=20),
    ),
    numbers=1,
    metrics=lambda options: ("tickets_unsolved", *_shown(options)),
    part=_part,
)
