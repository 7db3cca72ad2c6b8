"""The vendor's two limits per account, and our share of them as budgets.

In:  settings, and what the vendor's headers taught us. Out: a Budget per bucket. Every budget of the project is made here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

import redis as redis_py
from django.conf import settings

from dashboard.domain.feeds import Endpoint
from dashboard.polling.budget import TRANSIT_S, Budget
from dashboard.polling.monotonic import HOST_CLOCK, Monotonic
from dashboard.sources.registry import KAYAKO
from dashboard.store import keys

QUEUE, OTHER = "queue", "other"
QUEUE_LIMIT, QUEUE_WINDOW_S = 2500, 300
OTHER_WINDOW_S = 60
# A minute, on the smallest plan: until the vendor's own headers tell.
DEFAULT_PER_MINUTE = 200
# Kayako has limits by the minute, and tells them nowhere: a cautious beginning, which its refusals make smaller.
KAYAKO_PER_MINUTE = 100
LEAST_PER_MINUTE = 10
LESS_RATIO = 0.75
LIMIT_TTL_S = 86_400
# What a budget needs beside its cap when Redis lost its memory; a share above 90 % would leave too little to prove anything.
LARGEST_SHARE = 0.9
PACE_RATIO = 0.95


@dataclass(frozen=True, slots=True)
class Bucket:
    """`limit` requests of the vendor in any `window_s`, of which we use at most `cap`."""

    name: str
    limit: int
    cap: int
    window_s: int

    @property
    def reserve(self) -> int:
        """How many of the rest may be granted while it is unknown what was granted before."""
        return max(1, min(self.limit - self.cap, self.cap))

    @property
    def pace_per_s(self) -> float:
        """The steady rate that the budget grants without a pause, a little less for repeats."""
        return PACE_RATIO * self.cap / (self.window_s + TRANSIT_S)


def bucket_of(endpoint: Endpoint) -> str:
    """The live queue has a limit of its own, everything else shares the account's."""
    return QUEUE if endpoint is Endpoint.QUEUE else OTHER


def capped(name: str, limit: int, window_s: int, share: float) -> Bucket:
    """Our `share` (0..1) of a limit; at least one request, and at most 90 % of them."""
    return Bucket(name, limit, max(1, math.floor(min(share, LARGEST_SHARE) * limit)), window_s)


def expected_buckets(per_minute: int = DEFAULT_PER_MINUTE) -> Mapping[str, Bucket]:
    """Both buckets by name, of an account that grants so many requests a minute."""
    share = settings.ENV.budget_share
    return MappingProxyType(
        {QUEUE: capped(QUEUE, QUEUE_LIMIT, QUEUE_WINDOW_S, share), OTHER: capped(OTHER, per_minute, OTHER_WINDOW_S, share)}
    )


def buckets(redis: redis_py.Redis, account: str) -> Mapping[str, Bucket]:
    """Both buckets of an account by name. redis.RedisError when Redis does not answer."""
    return expected_buckets(_per_minute(redis, account))


def _per_minute(redis: redis_py.Redis, account: str) -> int:
    # MGET answers nil, not an error, where a key is of another type.
    learnt = cast("list[bytes | None]", redis.mget([keys.limit(account)]))[0]
    if learnt is not None and learnt.isdigit() and 1 < int(learnt) < 1_000_000:
        return int(learnt)
    return KAYAKO_PER_MINUTE if account == KAYAKO else DEFAULT_PER_MINUTE


def budget_for(redis: redis_py.Redis, account: str, bucket: Bucket, *, clock: Monotonic = HOST_CLOCK) -> Budget:
    """The budget of one bucket."""
    return Budget(redis, account=account, bucket=bucket.name, cap=bucket.cap, window_s=bucket.window_s, reserve=bucket.reserve, clock=clock)


def learn_limit(redis: redis_py.Redis, account: str, per_minute: int) -> None:
    """Keeps the requests a minute that the vendor's headers tell; nonsense (below 2) is passed over."""
    if per_minute > 1:
        redis.set(keys.limit(account), per_minute, ex=LIMIT_TTL_S)


def learn_refusal(redis: redis_py.Redis, account: str) -> None:
    """A 429 of a vendor that tells its limit nowhere: it is less than what we thought. Others' limits come from their headers."""
    if account == KAYAKO:
        learn_limit(redis, account, max(LEAST_PER_MINUTE, math.floor(_per_minute(redis, account) * LESS_RATIO)))
