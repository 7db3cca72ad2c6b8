"""The frame's word on its own numbers: whether they fit each other.

In:  the feeds as judged, the inputs, the time, what the frame before said. Out: `frame.quality`. What each check means is `domain.quality`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dashboard.domain import quality
from dashboard.domain.derive import Bodies, occupancy_ratio
from dashboard.domain.feeds import Endpoint
from dashboard.domain.quality import Check, Facts, FeedSeen
from dashboard.domain.readings import AgentsActivity, QueueActivity
from dashboard.live.inputs import Inputs
from dashboard.live.messages import stamp
from dashboard.live.patch import Json, Object
from dashboard.live.status import FeedStatus


def quality_part(inputs: Inputs, statuses: Mapping[Endpoint, FeedStatus], now: datetime, previous: Json) -> list[Json]:
    """`previous`: the same part of the frame before, for when things began."""
    bodies: Bodies = {endpoint: status.reading.body for endpoint, status in statuses.items() if status.reading}
    queue, agents = bodies.get(Endpoint.QUEUE), bodies.get(Endpoint.AGENTS)
    occupancy = occupancy_ratio(bodies)
    facts = Facts(
        now=now,
        feeds={endpoint: _seen(status) for endpoint, status in statuses.items()},
        calls_waiting=queue.calls_waiting if isinstance(queue, QueueActivity) else None,
        longest_wait_s=queue.longest_wait_time if isinstance(queue, QueueActivity) else None,
        agents_online=queue.agents_online if isinstance(queue, QueueActivity) else None,
        agents=agents if isinstance(agents, AgentsActivity) else None,
        occupancy_ratio=float(occupancy) if isinstance(occupancy, int | float) else None,
        flow=inputs.flow,
        budgets={bucket: (use.used, use.cap) for bucket, use in inputs.budget.items()},
    )
    return [_entry(check) for check in quality.checks(facts, _beginnings(previous))]


def _seen(status: FeedStatus) -> FeedSeen:
    at = status.reading.at if status.reading else None
    return FeedSeen(status.feed.endpoint, status.state, status.interval_s, at, bool(status.feed.filter_ids))


def _entry(check: Check) -> Object:
    entry: Object = {"name": check.name, "state": check.state.value, "text": check.text}
    entry |= {name: int(number) if number.is_integer() else number for name, number in check.numbers.items()}
    if check.since is not None:
        entry["since"] = stamp(check.since)
    return entry


def _beginnings(previous: Json) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for entry in previous if isinstance(previous, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("since"), str):
            found[str(entry.get("name"))] = datetime.fromisoformat(str(entry["since"]))
    return found
