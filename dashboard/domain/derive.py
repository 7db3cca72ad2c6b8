"""Formulas: numbers that the vendor does not send, from the ones it does. Each cites its definition in docs/metrics.md.

In:  the bodies of the latest readings by endpoint. Out: a number, None (a part is unknown) or TooFew (a rate of too few calls).
Ratios are 0..1 (occupancy may exceed 1 when the vendor counts outbound talk); times are seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from dashboard.domain.feeds import Endpoint
from dashboard.domain.readings import AccountOverview, AgentActivity, AgentsActivity, AgentsOverview, Body

Bodies = Mapping[Endpoint, Body]

# Below this many calls a rate says more about chance than about the floor.
MIN_CALLS_FOR_A_RATE = 10


@dataclass(frozen=True, slots=True)
class TooFew:
    """There is no honest rate yet: `count` of the `needed` cases."""

    count: int
    needed: int


Value = int | float | None | TooFew


class Presence(StrEnum):
    """What an agent is doing, in the floor's words: `call_status` wins over `agent_state`."""

    AVAILABLE = "available"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    AWAY = "away"
    TRANSFERS_ONLY = "transfers_only"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


def presence(agent: AgentActivity) -> Presence:
    """An agent offline but on a call (a phone outside the browser) is on a call: the floor sees a busy person."""
    if agent.call_status is not None:
        return Presence(agent.call_status)
    return Presence.AVAILABLE if agent.agent_state == "online" else Presence(agent.agent_state)


def field(endpoint: Endpoint, name: str) -> Callable[[Bodies], Value]:
    """The vendor's own number `name`; None when there is no reading or the vendor did not send it."""

    def value(bodies: Bodies) -> Value:
        body = bodies.get(endpoint)
        found: int | None = getattr(body, name) if body is not None else None
        return found

    return value


def agents_in(wanted: Presence) -> Callable[[Bodies], Value]:
    """How many agents are in one presence; None without a reading of the agents."""

    def value(bodies: Bodies) -> Value:
        body = bodies.get(Endpoint.AGENTS)
        if not isinstance(body, AgentsActivity):
            return None
        return sum(presence(agent) is wanted for agent in body.agents)

    return value


def handled_time_s(agent: AgentActivity) -> int | None:
    """Talk, hold and wrap-up of one agent today; hold counts as 0 where the plan does not send it, the rest must be there."""
    if agent.total_talk_time is None or agent.total_wrap_up_time is None:
        return None
    return agent.total_talk_time + (agent.total_hold_time or 0) + agent.total_wrap_up_time


def average_handle_time(bodies: Bodies) -> Value:
    """AHT = sum(talk + hold + wrap-up) / sum(calls accepted), seconds."""
    body = bodies.get(Endpoint.AGENTS)
    if not isinstance(body, AgentsActivity):
        return None
    times = [handled_time_s(agent) for agent in body.agents]
    calls = [agent.calls_accepted for agent in body.agents]
    if not body.agents or None in times or None in calls:
        return None
    handled, accepted = sum(t for t in times if t is not None), sum(c for c in calls if c is not None)
    return handled / accepted if accepted >= MIN_CALLS_FOR_A_RATE else TooFew(accepted, MIN_CALLS_FOR_A_RATE)


def occupancy_ratio(bodies: Bodies) -> Value:
    """Occupancy = sum(talk + hold + wrap-up) / sum(online time), over all agents; None before anybody signed in."""
    body = bodies.get(Endpoint.AGENTS)
    if not isinstance(body, AgentsActivity):
        return None
    times = [handled_time_s(agent) for agent in body.agents]
    online = [agent.online_time for agent in body.agents]
    if None in times or None in online:
        return None
    signed_in_s = sum(s for s in online if s is not None)
    return sum(t for t in times if t is not None) / signed_in_s if signed_in_s else None


def abandon_ratio(bodies: Bodies) -> Value:
    """Abandoned in the queue / inbound, today; both are Professional fields."""
    body = bodies.get(Endpoint.ACCOUNT)
    if not isinstance(body, AccountOverview) or body.total_inbound_calls is None or body.total_calls_abandoned_in_queue is None:
        return None
    if body.total_inbound_calls < MIN_CALLS_FOR_A_RATE:
        return TooFew(body.total_inbound_calls, MIN_CALLS_FOR_A_RATE)
    return body.total_calls_abandoned_in_queue / body.total_inbound_calls


def share(endpoint: Endpoint, part: str, whole: str) -> Callable[[Bodies], Value]:
    """`part` / `whole` of one body, a ratio of calls: TooFew below MIN_CALLS_FOR_A_RATE of `whole`."""

    def value(bodies: Bodies) -> Value:
        body = bodies.get(endpoint)
        some, all_of_it = getattr(body, part, None), getattr(body, whole, None)
        if some is None or all_of_it is None:
            return None
        return some / all_of_it if all_of_it >= MIN_CALLS_FOR_A_RATE else TooFew(all_of_it, MIN_CALLS_FOR_A_RATE)

    return value


def handle_time_lately(suffix: str) -> Callable[[Bodies], Value]:
    """Mean handle time of the calls of the last minutes: grown talk, hold and wrap-up over grown accepted calls; seconds."""
    return share(Endpoint.AGENTS, f"handle_time_{suffix}", f"calls_accepted_{suffix}")


def occupancy_lately(suffix: str) -> Callable[[Bodies], Value]:
    """Handling over signed-in time of the last minutes; None where nobody was signed in."""

    def value(bodies: Bodies) -> Value:
        body = bodies.get(Endpoint.AGENTS)
        busy_s, signed_in_s = getattr(body, f"handle_time_{suffix}", None), getattr(body, f"online_time_{suffix}", None)
        return busy_s / signed_in_s if busy_s is not None and signed_in_s else None

    return value


def in_target_ratio(bodies: Bodies) -> Value:
    """Share of the watched time of the last hour in which the longest wait was within its target. It is not service level."""
    body = bodies.get(Endpoint.QUEUE)
    known_s, in_time_s = getattr(body, "watched_60m", None), getattr(body, "in_target_60m", None)
    return in_time_s / known_s if known_s and in_time_s is not None else None


def miss_ratio(bodies: Bodies) -> Value:
    """Missed / (accepted + missed + declined) offers today."""
    body = bodies.get(Endpoint.AGENTS_OVERVIEW)
    if not isinstance(body, AgentsOverview):
        return None
    accepted, missed, denied = body.total_calls_accepted, body.total_calls_missed, body.total_calls_denied
    if accepted is None or missed is None or denied is None:
        return None
    offers = accepted + missed + denied
    return missed / offers if offers >= MIN_CALLS_FOR_A_RATE else TooFew(offers, MIN_CALLS_FOR_A_RATE)


def expected_wait(bodies: Bodies) -> Value:
    """How long a caller who comes now would wait: those before him over the pace at which calls were accepted in the last 15 minutes.

    Seconds; TooFew when fewer than MIN_CALLS_FOR_A_RATE were accepted: a pace of so few is none.
    """
    queue, agents = bodies.get(Endpoint.QUEUE), bodies.get(Endpoint.AGENTS)
    waiting, accepted = getattr(queue, "calls_waiting", None), getattr(agents, "calls_accepted_15m", None)
    if waiting is None or accepted is None:
        return None
    return waiting * 900 / accepted if accepted >= MIN_CALLS_FOR_A_RATE else TooFew(accepted, MIN_CALLS_FOR_A_RATE)


def sends_professional_fields(body: Body) -> bool:
    """Whether an answer comes from the Professional plan or above: it has at least one field that Team never sends.

    Distinguishes `not_on_plan` (none of them came) from `unknown` (this one is missing though others came).
    """
    if isinstance(body, AgentsActivity):
        return any(agent.accepted_transfers is not None or agent.total_hold_time is not None for agent in body.agents)
    return any(
        getattr(body, name, None) is not None
        for name in ("total_inbound_calls", "total_calls_abandoned_in_queue", "total_hold_time", "average_talk_time")
    )
