"""Whether the numbers fit each other: checks that a data-quality light is made of. Pure; `now` is an argument.

In:  the latest readings, the freshness of feeds, budgets, what the last quarter of an hour was, what was found before. Out: `Check`s.

Feeds are asked at different moments, and the vendor counts while calls move: numbers that disagree for a moment are no fault. A check is
off only when what it saw has lasted, and it says nothing (`unknown`) about numbers that are not current.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from dashboard.domain.feeds import Endpoint
from dashboard.domain.freshness import Freshness
from dashboard.domain.readings import AgentsActivity

# One answer may be counted just while the last caller is put through.
QUEUE_LASTS_S = 3.0
# Agents come and go between two polls: two answers of the slower feed after the first disagreement.
AGENTS_LASTS_S, AGENTS_LASTS_INTERVALS = 20.0, 4
FLOW_LASTS_S = 300.0
FEEDS_LAST_S = 10.0
OCCUPANCY_LASTS_S = 30.0
# Little's law holds on average over long times; a quarter of an hour of a live queue is neither. So wide is the band.
FLOW_FACTOR, FLOW_SLACK = 3.0, 2.0
FLOW_LEAST_ARRIVALS = 20
# Of our own share: from here polls begin to wait.
NEARLY_RATIO = 0.95
# Seconds are cut off, and not all sums are of one moment.
OCCUPANCY_SLACK = 1.02


class State(StrEnum):
    OK = "ok"
    OFF = "off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `since`: when what it found began, kept while it lasts, also before it counts. `numbers` are those that `text` tells, for
    who says it in another language."""

    name: str
    state: State
    text: str
    since: datetime | None = None
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FeedSeen:
    """A feed: its freshness now, how often it is asked, when it answered last (None: never). `is_filtered`: it asks for some lines or
    groups alone, so that its numbers cannot be compared with those of another filter."""

    endpoint: Endpoint
    state: Freshness
    interval_s: float
    at: datetime | None
    is_filtered: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """The queue over the last quarter of an hour. `waiting_mean`: callers waiting, on average; `arrivals`: inbound calls; `wait_s`: the
    mean queue wait of those answered, and `wait_error_s` by how much that may be wrong; `waiting_edge`: the most callers waiting at either
    end of the span; `longest_s`: the longest wait seen in it; `abandoned`: callers who hung up."""

    waiting_mean: float
    arrivals: float
    wait_s: float
    wait_error_s: float
    waiting_edge: float = 0
    longest_s: float = 0
    abandoned: float = 0
    span_s: float = 900


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is looked at. None, or a feed that is missing: not known."""

    now: datetime
    feeds: Mapping[Endpoint, FeedSeen]
    calls_waiting: int | None = None
    longest_wait_s: int | None = None
    agents_online: int | None = None
    agents: AgentsActivity | None = None
    occupancy_ratio: float | None = None
    flow: Flow | None = None
    budgets: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # by bucket: used, our share


def checks(facts: Facts, before: Mapping[str, datetime]) -> tuple[Check, ...]:
    """Every check, in a stable order. `before`: by a check's name when what it finds began, as its last round said (`Check.since`)."""
    return (
        _queue(facts, before),
        _agents(facts, before),
        _flow(facts, before),
        _feeds(facts, before),
        _budget(facts, before),
        _occupancy(facts, before),
    )


def _queue(facts: Facts, before: Mapping[str, datetime]) -> Check:
    """One answer of the queue excludes itself: nobody waits, and somebody has waited for so long."""
    name, waiting, wait_s = "queue", facts.calls_waiting, facts.longest_wait_s
    if not _is_current(facts, Endpoint.QUEUE) or waiting is None or wait_s is None:
        return Check(name, State.UNKNOWN, "Callers waiting and their wait cannot be compared now.")
    if waiting > 0 or wait_s == 0:
        return Check(name, State.OK, "Callers waiting and their wait fit.")
    numbers = {"wait_s": float(wait_s)}
    return _lasting(
        Check(name, State.OFF, f"The queue says that nobody waits, and that somebody has waited for {wait_s} s.", numbers=numbers),
        "Callers waiting and their wait fit.",
        facts.now,
        before,
        QUEUE_LASTS_S,
    )


def _agents(facts: Facts, before: Mapping[str, datetime]) -> Check:
    """Agents online by the queue's count and by the list. The queue counts online or away; whether also those who take transfers alone is
    not documented, so either count agrees."""
    name = "agents"
    fits = "Agents online: the queue's count and the list of agents agree."
    feeds = [facts.feeds.get(endpoint) for endpoint in (Endpoint.QUEUE, Endpoint.AGENTS)]
    comparable = all(feed is not None and not feed.is_filtered and _is_now(feed) for feed in feeds)
    if not comparable or facts.agents_online is None or facts.agents is None:
        return Check(name, State.UNKNOWN, "Agents online cannot be compared now.")
    states = [agent.agent_state for agent in facts.agents.agents]
    listed = states.count("online") + states.count("away")
    if listed <= facts.agents_online <= listed + states.count("transfers_only"):
        return Check(name, State.OK, fits)
    lasts_s = max(AGENTS_LASTS_S, AGENTS_LASTS_INTERVALS * max(feed.interval_s for feed in feeds if feed is not None))
    text = f"Agents online: {facts.agents_online} by the queue's count, {listed} by the list of agents."
    numbers = {"counted": float(facts.agents_online), "listed": float(listed)}
    return _lasting(Check(name, State.OFF, text, numbers=numbers), fits, facts.now, before, lasts_s)


def _flow(facts: Facts, before: Mapping[str, datetime]) -> Check:
    """Little's law: callers waiting, on average = arrivals a second * mean wait, give or take a great deal."""
    name, flow = "flow", facts.flow
    if not _is_current(facts, Endpoint.QUEUE) or flow is None or flow.arrivals < FLOW_LEAST_ARRIVALS:
        return Check(name, State.UNKNOWN, f"Arrivals and waits are not compared below {FLOW_LEAST_ARRIVALS} calls in 15 minutes.")
    per_s = flow.arrivals / flow.span_s
    # What was waited before the span, what is waited on after it, and by those who hung up, is in one of the two sides alone.
    beside = flow.waiting_edge + (flow.waiting_edge + flow.abandoned) * flow.longest_s / flow.span_s
    low = per_s * max(0.0, flow.wait_s - flow.wait_error_s) / FLOW_FACTOR - FLOW_SLACK - beside
    high = per_s * (flow.wait_s + flow.wait_error_s) * FLOW_FACTOR + FLOW_SLACK + beside
    fits = "Arrivals, waits and callers waiting fit."
    if low <= flow.waiting_mean <= high:
        return Check(name, State.OK, fits)
    waiting, expected = round(flow.waiting_mean, 1), round(per_s * flow.wait_s, 1)
    text = f"In the last 15 minutes {waiting:g} callers waited on average; arrivals and their wait make {expected:g}."
    return _lasting(Check(name, State.OFF, text, numbers={"waiting": waiting, "expected": expected}), fits, facts.now, before, FLOW_LASTS_S)


def _feeds(facts: Facts, before: Mapping[str, datetime]) -> Check:
    """A feed that is stale or down is off at once: that took five intervals already."""
    name = "feeds"
    late = [feed for feed in facts.feeds.values() if feed.state in (Freshness.LATE, Freshness.STALE, Freshness.DOWN)]
    if not facts.feeds or all(feed.at is None for feed in facts.feeds.values()):
        return Check(name, State.UNKNOWN, "No feed has answered yet.")
    if not late:
        return Check(name, State.OK, "All feeds are on time.")
    told = "; ".join(_late(feed) for feed in sorted(late, key=lambda feed: feed.endpoint.value))
    lasts_s = 0.0 if any(feed.state is not Freshness.LATE for feed in late) else max(FEEDS_LAST_S, *(feed.interval_s for feed in late))
    found = Check(name, State.OFF, f"Late: {told}.", numbers={"late_count": float(len(late))})
    return _lasting(found, "All feeds are on time.", facts.now, before, lasts_s)


def _late(feed: FeedSeen) -> str:
    answered = "never answered" if feed.at is None else f"last answer at {feed.at:%H:%M:%S} UTC"
    return f"{feed.endpoint.value}, asked every {feed.interval_s:g} s, {answered}"


def _budget(facts: Facts, before: Mapping[str, datetime]) -> Check:
    """No persistence: the window slides, and what is used up now delays the next poll."""
    name = "budget"
    if not facts.budgets:
        return Check(name, State.UNKNOWN, "The API budget is not known yet.")
    near = {bucket: (used, cap) for bucket, (used, cap) in facts.budgets.items() if used >= NEARLY_RATIO * cap}
    if not near:
        return Check(name, State.OK, "The API budget is enough.")
    bucket, (used, cap) = max(near.items(), key=lambda each: each[1][0] / each[1][1])
    text = f"The API budget is nearly used up: {used} of our share of {cap} requests ({bucket})."
    found = Check(name, State.OFF, text, numbers={"used": float(used), "cap": float(cap)})
    return _lasting(found, "The API budget is enough.", facts.now, before, 0.0)


def _occupancy(facts: Facts, before: Mapping[str, datetime]) -> Check:
    """Above 100 % the vendor's sums disagree: outbound talk may count where signed-in time does not."""
    name, ratio = "occupancy", facts.occupancy_ratio
    if ratio is None or not _is_current(facts, Endpoint.AGENTS):
        return Check(name, State.UNKNOWN, "Occupancy is not known now.")
    fits = "Occupancy is not above 100 %."
    if ratio <= OCCUPANCY_SLACK:
        return Check(name, State.OK, fits)
    text = f"Occupancy today is {ratio * 100:.0f} %: more time in calls than signed in."
    found = Check(name, State.OFF, text, numbers={"ratio": round(ratio, 2)})
    return _lasting(found, fits, facts.now, before, OCCUPANCY_LASTS_S)


def _lasting(found: Check, fits: str, now: datetime, before: Mapping[str, datetime], lasts_s: float) -> Check:
    """What was found, once it has lasted; until then the check stands as it was, and remembers since when. A beginning in the future is
    from before a clock was put back."""
    began = before.get(found.name)
    since = now if began is None or began > now else began
    if now - since < timedelta(seconds=lasts_s):
        return Check(found.name, State.OK, fits, since)
    return Check(found.name, State.OFF, found.text, since, found.numbers)


def _is_now(feed: FeedSeen) -> bool:
    return feed.state in (Freshness.LIVE, Freshness.LATE)


def _is_current(facts: Facts, endpoint: Endpoint) -> bool:
    feed = facts.feeds.get(endpoint)
    return feed is not None and _is_now(feed)
