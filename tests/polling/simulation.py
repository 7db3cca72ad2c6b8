"""A world of several machines with clocks of their own, in which budgets are asked at any moment: true time is known only here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import redis as redis_py

from dashboard.polling.budget import Budget

SECOND_US = 1_000_000


@dataclass
class World:
    """True time in microseconds, and when each request was granted."""

    now_us: int = 0
    granted_us: list[int] = field(default_factory=list)


@dataclass
class Host:
    """A machine: its clock started somewhere and runs up to 500 ppm wrong; a reboot makes it another."""

    world: World
    name: str
    offset_us: int = 0
    ppm: int = 0
    boot: int = 0

    def read_us(self) -> int:
        return self.offset_us + self.world.now_us + self.world.now_us * self.ppm // 1_000_000


@dataclass
class HeldUpClock:
    """The clock of one process that may be held up before Redis gets its question and after Redis answered.

    The hold-ups come in pairs (before, after) for each call; `meanwhile` runs while the process is held up.
    """

    host: Host
    before_us: int = 0
    after_us: int = 0
    meanwhile: Callable[[], None] = lambda: None
    reads: int = 0

    @property
    def boot_id(self) -> str:
        return f"{self.host.name}-{self.host.boot}"

    def now_us(self) -> int:
        self.reads += 1
        if self.reads % 2:
            seen_us = self.host.read_us()
            self.host.world.now_us += self.before_us
            self.meanwhile()
            return seen_us
        self.host.world.now_us += self.after_us
        return self.host.read_us()


@dataclass(frozen=True)
class Terms:
    """What all budgets of a world share."""

    account: str
    cap: int
    reserve: int
    window_s: float = 300.0


def ask(
    redis: redis_py.Redis,
    terms: Terms,
    host: Host,
    *,
    before_us: int = 0,
    after_us: int = 0,
    meanwhile: Callable[[], None] = lambda: None,
    behind_s: float = 0.0,
) -> float:
    """One take by a process of `host`; a grant is noted at the moment when Redis gave it, which is before the answer's delay."""
    clock = HeldUpClock(host, before_us, after_us, meanwhile)
    budget = Budget(
        redis, account=terms.account, bucket="queue", cap=terms.cap, reserve=terms.reserve, window_s=terms.window_s, clock=clock
    )
    wait_s = budget.take(behind_s=behind_s)
    if wait_s == 0.0:
        host.world.granted_us.append(host.world.now_us - after_us)
    return wait_s


def busiest(times_us: Sequence[int], window_us: int) -> int:
    """The most events in any half-open window."""
    times, most, first = sorted(times_us), 0, 0
    for last, at in enumerate(times):
        while at - times[first] >= window_us:
            first += 1
        most = max(most, last - first + 1)
    return most
