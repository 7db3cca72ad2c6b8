"""The frame's agents: who is in what state since when. Nothing of anybody's performance, and no phone number, ever gets here.

In:  the agents' reading and what watching them has told. Out: `frame.agents`.
"""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.domain.agents import InState
from dashboard.domain.feeds import Endpoint
from dashboard.domain.names import name_order, shown_names
from dashboard.domain.readings import AgentActivity, AgentsActivity
from dashboard.live.messages import stamp
from dashboard.live.patch import Json, Object
from dashboard.live.status import FeedStatus


def agents_part(statuses: Mapping[Endpoint, FeedStatus], followed: Mapping[int, InState], names: str = "full") -> list[Json]:
    """Sorted by full name (`domain.names.name_order`), then by id, so that an agent keeps his place on the wall; empty without a reading,
    and where nobody is to be named. `names` is how much of a name is told (`domain.names`)."""
    status = statuses.get(Endpoint.AGENTS)
    if names == "none" or status is None or status.reading is None or not isinstance(status.reading.body, AgentsActivity):
        return []
    agents = sorted(status.reading.body.agents, key=lambda agent: (name_order(agent.name), agent.agent_id))
    at = stamp(status.reading.at)
    shown = shown_names([agent.name for agent in agents], names)
    return [_agent(agent, name, followed.get(agent.agent_id), at) for agent, name in zip(agents, shown, strict=True)]


def _agent(agent: AgentActivity, name: str, known: InState | None, at: str) -> Json:
    """What was followed may be one poll older or newer than the reading: then the state began at this reading, or before it."""
    entry: Object = {"id": agent.agent_id, "name": name, "state": agent.agent_state}
    if agent.call_status is not None:
        entry["call_status"] = agent.call_status
    if known is not None and (known.state, known.call_status) == (agent.agent_state, agent.call_status):
        entry["since"], entry["since_exact"] = stamp(known.since), known.since_exact
    else:
        entry["since"], entry["since_exact"] = at, False
    return entry
