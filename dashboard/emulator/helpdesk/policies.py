"""Service agreements: which target a ticket of each priority has on each clock.

In:  nothing. Out: the `POLICIES` by priority; a ticket without a priority has none. Nothing here acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

REPLY = "reply_time"
REQUESTER_WAIT = "requester_wait_time"
AGENT_WORK = "agent_work_time"
RESOLUTION = "resolution_time"
PERIODIC_UPDATE = "periodic_update_time"
PAUSABLE_UPDATE = "pausable_update_time"
METRICS = (AGENT_WORK, PAUSABLE_UPDATE, PERIODIC_UPDATE, REPLY, REQUESTER_WAIT, RESOLUTION)

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Target:
    """What a policy asks of one clock: at most so many minutes (> 0), in the account's business hours or around the clock."""

    metric: str
    minutes: int
    business_hours: bool = False

    @property
    def target_ms(self) -> int:
        return self.minutes * MINUTE_MS


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy of the account: the targets of the tickets of one priority."""

    id: int
    title: str
    description: str
    priority: str
    targets: tuple[Target, ...]

    def target(self, metric: str) -> Target | None:
        """What it asks of this clock, or None."""
        return next((target for target in self.targets if target.metric == metric), None)


_ALL = (
    Policy(
        360001500011,
        "Urgent, round the clock",
        "Somebody is cut off: answers within a quarter of an hour, day and night.",
        "urgent",
        (
            Target(REPLY, 15),
            Target(PERIODIC_UPDATE, 60),
            Target(REQUESTER_WAIT, 240),
            Target(AGENT_WORK, 240),
            Target(RESOLUTION, 480),
        ),
    ),
    Policy(
        360001500029,
        "High priority",
        "Work is held up: answers within the hour, done by the next day.",
        "high",
        (
            Target(REPLY, 60),
            Target(PAUSABLE_UPDATE, 240, business_hours=True),
            Target(REQUESTER_WAIT, 720),
            Target(RESOLUTION, 1440),
        ),
    ),
    Policy(
        360001500037,
        "Standard",
        "Answers within four business hours, done within three business days.",
        "normal",
        (
            Target(REPLY, 240, business_hours=True),
            Target(AGENT_WORK, 960, business_hours=True),
            Target(RESOLUTION, 2160, business_hours=True),
        ),
    ),
    Policy(
        360001500053,
        "When time allows",
        "Answers within a business day.",
        "low",
        (Target(REPLY, 720, business_hours=True), Target(RESOLUTION, 4320, business_hours=True)),
    ),
)

POLICIES: Mapping[str, Policy] = MappingProxyType({policy.priority: policy for policy in _ALL})
