"""The open incidents of the board, worst first, with who has taken them."""

from __future__ import annotations

from dashboard.widgets.kind import Form, Group, Kind, Option

KIND = Kind(
    name="incidents",
    label="Incidents",
    about="What is wrong now, since when, and who has taken it.",
    group=Group.QUEUE,
    size=(12, 4),
    least=(7, 3),
    options=(Option("most", "How many", Form.WHOLE, default=4, least=1, most=10),),
)
