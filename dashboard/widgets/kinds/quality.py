"""Whether the numbers fit each other, and how old each feed is."""

from __future__ import annotations

from dashboard.widgets.kind import Group, Kind

KIND = Kind(
    name="quality",
    label="Data quality",
    about="Whether the numbers fit each other, and how old each feed is.",
    group=Group.BOARD,
    size=(7, 4),
    least=(5, 3),
)
