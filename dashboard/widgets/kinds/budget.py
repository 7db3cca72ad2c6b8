"""How much of the vendor's limits polling uses."""

from __future__ import annotations

from dashboard.widgets.kind import Group, Kind

KIND = Kind(
    name="budget",
    label="API budget",
    about="How much of the vendor's limits is used.",
    group=Group.BOARD,
    size=(7, 4),
    least=(5, 3),
)
