"""How many agents are in each state, without names."""

from __future__ import annotations

from dashboard.widgets.kind import Group, Kind
from dashboard.widgets.kinds.agents import COUNTED

KIND = Kind(
    name="counts",
    label="Agents by state",
    about="How many agents are available, on a call, in wrap-up and away.",
    group=Group.PEOPLE,
    size=(12, 3),
    least=(6, 2),
    metrics=lambda _: COUNTED,
)
