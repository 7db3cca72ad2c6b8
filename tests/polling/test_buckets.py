"""Our share of the vendor's limits."""

from __future__ import annotations

import pytest
import redis as redis_py

from dashboard.polling.buckets import buckets, capped, learn_limit, learn_refusal
from dashboard.store import keys


def test_buckets_of_an_account_never_heard_of_use_the_smallest_plan(redis: redis_py.Redis) -> None:
    found = buckets(redis, "main")

    assert (found["queue"].limit, found["queue"].cap, found["queue"].window_s) == (2500, 2000, 300)
    assert (found["other"].limit, found["other"].cap, found["other"].window_s) == (200, 160, 60)


def test_learn_limit_changes_the_shared_bucket_alone(redis: redis_py.Redis) -> None:
    learn_limit(redis, "main", 700)
    learn_limit(redis, "main", 0)

    assert buckets(redis, "main")["other"].cap == 560
    assert buckets(redis, "main")["queue"].limit == 2500


@pytest.mark.parametrize("poison", [b"many", b"-5", b"1", b"99999999999"])
def test_buckets_with_an_unreadable_limit_use_the_default(redis: redis_py.Redis, poison: bytes) -> None:
    redis.set(keys.limit("main"), poison)
    assert buckets(redis, "main")["other"].limit == 200


def test_buckets_with_a_limit_of_another_type_use_the_default(redis: redis_py.Redis) -> None:
    redis.lpush(keys.limit("main"), 5)
    assert buckets(redis, "main")["other"].limit == 200


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.8, 0.9, 1.0])
@pytest.mark.parametrize("limit", [2, 10, 200, 2500])
def test_capped_leaves_the_reserve_within_the_limit(limit: int, share: float) -> None:
    bucket = capped("queue", limit, 300, share)

    assert bucket.cap >= 1
    assert bucket.reserve >= 1
    assert bucket.cap + bucket.reserve <= limit


def test_limit_that_is_told_nowhere_begins_small_and_shrinks_with_each_refusal(redis: redis_py.Redis) -> None:
    assert buckets(redis, "kayako")["other"].limit == 100
    found = []
    for _ in range(12):
        learn_refusal(redis, "kayako")
        found.append(buckets(redis, "kayako")["other"].limit)
    assert (found[:3], found[-1]) == ([75, 56, 42], 10)
    learn_refusal(redis, "main")
    assert buckets(redis, "main")["other"].limit == 200, "its headers say it"
