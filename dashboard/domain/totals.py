"""What of a reading goes into a series: its numbers by name, and a body made of such numbers again.

In:  a body. Out: whole numbers by field. Pure.
An agents reading becomes counts by presence and sums over all agents, so that a day of it stays small and holds nobody's performance.
`body_of` turns a point of a series back into a body of the same totals: every formula of the catalogue then works on history too
(`value_of`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dashboard.domain.catalogue import Metric
from dashboard.domain.derive import Presence, TooFew, presence
from dashboard.domain.feeds import Endpoint
from dashboard.domain.readings import TOTALS, AgentActivity, AgentsActivity, AgentState, Body, CallStatus, number_fields, our_fields

AGENT_SUMS = ("calls_accepted", "total_talk_time", "total_hold_time", "total_wrap_up_time", "online_time")

_COUNTS: Mapping[str, Presence] = {f"agents_{each.value}": each for each in Presence}
_STATES: Mapping[Presence, tuple[AgentState, CallStatus | None]] = {
    Presence.AVAILABLE: ("online", None),
    Presence.ON_CALL: ("online", "on_call"),
    Presence.WRAP_UP: ("online", "wrap_up"),
    Presence.AWAY: ("away", None),
    Presence.TRANSFERS_ONLY: ("transfers_only", None),
    Presence.OFFLINE: ("offline", None),
    Presence.UNKNOWN: ("unknown", None),
}


def series_fields(endpoint: Endpoint) -> tuple[str, ...]:
    """The names of an endpoint's numbers, in the order in which a series keeps them."""
    if endpoint is Endpoint.AGENTS:
        return (*_COUNTS, *AGENT_SUMS, *our_fields(AgentsActivity))
    return number_fields(TOTALS[endpoint])


def totals(body: Body) -> dict[str, int | None]:
    """A body's numbers by field. A sum over agents is None when no agent has the number; else missing ones count 0."""
    if not isinstance(body, AgentsActivity):
        return {name: getattr(body, name) for name in number_fields(type(body))}
    found = [presence(agent) for agent in body.agents]
    counts: dict[str, int | None] = {name: found.count(wanted) for name, wanted in _COUNTS.items()}
    sums = {name: _sum(body, name) for name in AGENT_SUMS}
    return counts | sums | {name: getattr(body, name) for name in our_fields(AgentsActivity)}


def body_of(endpoint: Endpoint, values: Mapping[str, float | None]) -> Body:
    """A body with these totals; missing ones are None. For agents: nameless ones, the sums on the first."""
    whole: dict[str, Any] = {name: None if value is None else round(value) for name, value in values.items()}
    if endpoint is not Endpoint.AGENTS:
        return TOTALS[endpoint](**whole)
    states = [state for name, each in _COUNTS.items() for state in [_STATES[each]] * (whole.get(name) or 0)]
    sums = {name: whole.get(name) for name in AGENT_SUMS}
    rest = {name: None if value is None else 0 for name, value in sums.items()}
    return AgentsActivity(
        tuple(
            AgentActivity(agent_id=number, name="", agent_state=state, call_status=call_status, **(rest if number else sums))
            for number, (state, call_status) in enumerate(states)
        ),
        **{name: whole.get(name) for name in our_fields(AgentsActivity)},
    )


def value_of(metric: Metric) -> Callable[[Mapping[str, float | None]], float | None]:
    """The metric's value from one moment's totals; None where it has none: not sent, or too few calls for a rate."""
    if metric.name in series_fields(metric.endpoint):
        return lambda values: values.get(metric.name)

    def computed(values: Mapping[str, float | None]) -> float | None:
        if metric.endpoint is Endpoint.AGENTS:  # sums alone: as if one agent had done it all, instead of building hundreds
            values = {name: value for name, value in values.items() if name not in _COUNTS} | {"agents_available": 1}
        found = metric.value({metric.endpoint: body_of(metric.endpoint, values)})
        return None if isinstance(found, TooFew) else found

    return computed


def _sum(body: AgentsActivity, name: str) -> int | None:
    present = [value for agent in body.agents if (value := getattr(agent, name)) is not None]
    return sum(present) if present else None
