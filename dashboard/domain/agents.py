"""Who is in what state since when: the vendor says the state, only watching tells the time.

In:  what we remembered, the agents of a new reading, the time. Out: what to remember now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from dashboard.domain.readings import AgentActivity, AgentState, CallStatus


@dataclass(frozen=True, slots=True)
class InState:
    """One agent's state and the first reading that showed it.

    `since` is right to within one poll interval. `since_exact` False: the agent was already so when we began
    to look (or after a gap), so the true time is at least `now - since`.
    """

    state: AgentState
    call_status: CallStatus | None
    since: datetime
    since_exact: bool


def follow(
    before: Mapping[int, InState], agents: Iterable[AgentActivity], *, at: datetime, previous_at: datetime | None, max_gap_s: float
) -> dict[int, InState]:
    """The states after a reading taken `at`; the one before was taken `previous_at` (None: there was none).

    After a gap longer than `max_gap_s` nothing is known of the time between: even an unchanged state may have gone and come
    back, so every `since` starts anew at this reading as a lower bound. Agents no longer listed are forgotten.
    """
    watched = previous_at is not None and (at - previous_at).total_seconds() <= max_gap_s
    after: dict[int, InState] = {}
    for agent in agents:
        known = before.get(agent.agent_id)
        if known is not None and (known.state, known.call_status) == (agent.agent_state, agent.call_status):
            after[agent.agent_id] = known if watched else InState(known.state, known.call_status, at, False)
        else:
            after[agent.agent_id] = InState(agent.agent_state, agent.call_status, at, watched and bool(before))
    return after
