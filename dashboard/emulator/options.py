"""What an emulated account is: its credentials, plan, limits, seed and clock speed.

In:  `manage.py run_emulator` and the tests. Out: one frozen `EmulatorSettings`, checked when it is made.
Must not know HTTP or the simulated world.
"""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass, field
from datetime import datetime

PLANS = ("team", "professional", "enterprise")
PER_MINUTE = {"team": 200, "professional": 400, "enterprise": 700}
"""Requests a minute that the plan allows over all endpoints but the queue's."""
MAX_SPEED = 3600.0
MAX_AGENTS = 2000
MAX_TICKETS = 1_000_000


@dataclass(frozen=True, slots=True)
class EmulatorSettings:
    """One emulated account. The defaults are no secrets: the account holds nothing but simulated calls.

    `speed`: simulated seconds per second, 0 to 3,600 (0 stands still). `token_ttl_s`: life of an OAuth access token.
    `tickets_count`: how many tickets there are at the midnight before the start, 0 to 1,000,000; the day's own come on top.
    `agent_token`, `restricted_token`: for an agent, and for one who may see but the tickets of their own groups; the other credentials are
    an administrator's. `start`: simulated time at the start (aware), or None for the present. ValueError, one sentence, for a wrong value.
    """

    seed: int = 1
    time_zone: str = "UTC"
    agents_count: int = 18
    tickets_count: int = 400
    scenario: str = "normal"
    plan: str = "professional"
    speed: float = 1.0
    start: datetime | None = None
    email: str = "admin@emulator.example"
    api_token: str = field(default="emulator-api-token", repr=False)
    password: str = field(default="emulator-password", repr=False)
    agent_email: str = "agent@emulator.example"
    agent_token: str = field(default="emulator-agent-token", repr=False)
    restricted_email: str = "restricted@emulator.example"
    restricted_token: str = field(default="emulator-restricted-token", repr=False)
    bearer_token: str = field(default="emulator-oauth-token", repr=False)
    oauth_client_id: str = "queuelight"
    oauth_client_secret: str = field(default="emulator-client-secret", repr=False)
    token_ttl_s: int = 1800
    refresh_ttl_s: int = 30 * 86_400

    def __post_init__(self) -> None:
        check_plan(self.plan)
        check_speed(self.speed)
        check_agents_count(self.agents_count)
        if not 0 <= self.tickets_count <= MAX_TICKETS:
            raise ValueError(f"The number of tickets must be from 0 to {MAX_TICKETS}, not {self.tickets_count!r}.")
        try:
            zoneinfo.ZoneInfo(self.time_zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"The time zone must be a name such as Europe/Berlin, not {self.time_zone!r}.") from None
        if self.start is not None and self.start.tzinfo is None:
            raise ValueError("The start must be a time with its offset from UTC.")
        if self.token_ttl_s < 1 or self.refresh_ttl_s < 1:
            raise ValueError("A token must live for at least one second.")
        for name in (
            "email",
            "agent_email",
            "agent_token",
            "restricted_email",
            "restricted_token",
            "api_token",
            "password",
            "bearer_token",
            "oauth_client_id",
            "oauth_client_secret",
        ):
            if not getattr(self, name):
                raise ValueError(f"{name} must not be empty.")


def check_plan(plan: str) -> str:
    """The plan itself. ValueError names the plans there are."""
    if plan not in PLANS:
        raise ValueError(f"The plan must be one of {', '.join(PLANS)}, not {plan!r}.")
    return plan


def check_speed(speed: float) -> float:
    """The speed itself. ValueError for one below 0, above 3,600 or not a number."""
    if not 0 <= speed <= MAX_SPEED:  # NaN fails both comparisons
        raise ValueError(f"The speed must be a number from 0 to {MAX_SPEED:g}, not {speed!r}.")
    return speed


def check_agents_count(count: int) -> int:
    """The count itself. ValueError below 1 or above 2,000."""
    if not 1 <= count <= MAX_AGENTS:
        raise ValueError(f"The number of agents must be from 1 to {MAX_AGENTS}, not {count!r}.")
    return count
