"""The agents, each in a fixed place, with state and time in state."""

from __future__ import annotations

from dashboard.widgets.kind import Form, Group, Kind, Option

COUNTED = ("agents_available", "agents_on_call", "agents_wrap_up", "agents_away")

KIND = Kind(
    name="agents",
    label="Agents",
    about="Who is in what state since when; everybody keeps their place.",
    group=Group.PEOPLE,
    size=(24, 6),
    least=(8, 4),
    options=(
        Option("counts", "Show how many are in each state", Form.FLAG, default=True),
        Option("times", "Show the time in the state", Form.FLAG, default=True),
    ),
    numbers=0,
    metrics=lambda _: COUNTED,
    names_people=True,
)
