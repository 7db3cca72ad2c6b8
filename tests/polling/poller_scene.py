"""One poll after another of a source that a test writes, with a clock of its own that no test waits for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import redis as redis_py

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.polling.buckets import buckets, budget_for
from dashboard.polling.feeds import Plan
from dashboard.polling.poller import poll
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.store import snapshots
from dashboard.store.snapshots import Outcome
from tests.polling.fake_source import NOW, FakeSource

QUEUE, AGENTS, ACCOUNT = Feed("main", Endpoint.QUEUE), Feed("main", Endpoint.AGENTS), Feed("main", Endpoint.ACCOUNT)
PLAN = Plan(1.0, True)


@dataclass
class Scene:
    """Time that stands still but for sleeping; the budget's clock runs with it, from a state in which much may be asked."""

    redis: redis_py.Redis
    now: datetime = NOW
    slept_s: list[float] = field(default_factory=list)
    boot_id: str = "here"
    digest: str = "digest-1"

    def now_us(self) -> int:
        return round((self.now - NOW).total_seconds() * 1e6) + 10**12

    def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self.now += timedelta(seconds=seconds)

    def grow_old(self) -> None:
        """Lets the budgets know what was granted before."""
        for name in ("queue", "other"):
            budget = budget_for(self.redis, "main", buckets(self.redis, "main")[name], clock=self)
            budget.take()
        self.now += timedelta(seconds=400)
        for name in ("queue", "other"):
            budget_for(self.redis, "main", buckets(self.redis, "main")[name], clock=self).used()

    def poll(self, feed: Feed, source: FakeSource, *, plan: Plan = PLAN, rng: float = 0.5) -> Outcome:
        return poll(
            feed,
            redis=self.redis,
            source=source,
            plan=plan,
            clock=lambda: self.now,
            sleep=self.sleep,
            rng=lambda: rng,
            digest=lambda _: self.digest,
            host_clock=self,
        )


def error(kind: ErrorKind, retry_after_s: float | None = None) -> SourceError:
    return SourceError(kind, "It went wrong.", retry_after_s=retry_after_s)


def outcome_of(redis: redis_py.Redis, feed: Feed) -> Outcome:
    return snapshots.load_outcomes(redis, [feed])[feed]
