"""A list of who has done most today. Off unless somebody switches it on: not every floor wants people ranked."""

from __future__ import annotations

from typing import cast

from dashboard.domain.names import name_order, shown_names
from dashboard.domain.readings import AgentActivity
from dashboard.widgets.kind import Form, Group, Json, Kind, Option, Seen, Widget

BY = (("calls_accepted", "Calls accepted"), ("total_talk_time", "Talk time"), ("online_time", "Signed-in time"))
UNITS = {"calls_accepted": "count", "total_talk_time": "s", "online_time": "s"}


def _part(widget: Widget, seen: Seen) -> dict[str, Json]:
    if not widget.options["is_on"]:
        return {"off": True}
    by, most = str(widget.options["by"]), cast("int", widget.options["most"])
    agents = [agent for agent in seen.agents if isinstance(agent, AgentActivity)]
    names = shown_names([agent.name for agent in agents], seen.names)
    ranked = [(getattr(agent, by), name) for agent, name in zip(agents, names, strict=True) if getattr(agent, by) is not None and name]
    ranked.sort(key=lambda each: (-each[0], name_order(each[1])))
    return {"unit": UNITS[by], "leaders": [{"name": name, "value": value} for value, name in ranked[:most] if value > 0]}


KIND = Kind(
    name="leaders",
    label="Leaders",
    about="Who has done most today. It can be off, and on an executive's board it always is.",
    group=Group.PEOPLE,
    size=(6, 6),
    least=(5, 4),
    options=(
        Option("is_on", "Rank people on this board", Form.FLAG, default=False),
        Option("label", "Name on the tile", Form.TEXT, most=40),
        Option("by", "By", Form.CHOICE, default="calls_accepted", choices=BY),
        Option("most", "How many", Form.WHOLE, default=5, least=1, most=10),
    ),
    part=_part,
    names_people=True,
)
