"""Who polls what when."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import redis as redis_py
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.polling import account, planner
from dashboard.polling.feeds import Plan
from dashboard.polling.planner import UNDER_WAY_S, Claim, begin, claim_due, end, keep
from dashboard.store import keys

NOW = datetime(2026, 11, 21, 9, 0, 0, tzinfo=UTC)
QUEUE, AGENTS = Feed("main", Endpoint.QUEUE), Feed("main", Endpoint.AGENTS)
PLANS = {QUEUE: Plan(1.0, True), AGENTS: Plan(5.0, True)}


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def polls(redis: redis_py.Redis, claims: list[Claim], now: datetime) -> list[Feed]:
    """Makes the claimed polls at once."""
    for claim in claims:
        assert begin(redis, claim, now)
        end(redis, claim, now)
    return [claim.feed for claim in claims]


def tick(redis: redis_py.Redis, seconds: float, plans: dict[Feed, Plan] | None = None, *, room: int = 12) -> list[Feed]:
    return polls(redis, claim_due(redis, PLANS if plans is None else plans, after(seconds), room=room), after(seconds))


def test_claim_due_on_an_empty_redis_takes_every_feed_at_once(redis: redis_py.Redis) -> None:
    assert set(tick(redis, 0)) == {QUEUE, AGENTS}


def test_claim_due_each_second_asks_each_feed_at_its_interval(redis: redis_py.Redis) -> None:
    asked = [tick(redis, second) for second in range(20)]

    assert sum(QUEUE in feeds for feeds in asked) == 20
    assert sum(AGENTS in feeds for feeds in asked) == 4


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(jitters=st.lists(st.floats(-0.14, 0.14), min_size=60, max_size=60))
def test_claim_due_with_ticks_that_are_not_quite_punctual_does_not_drift(redis: redis_py.Redis, jitters: list[float]) -> None:
    redis.flushall()
    asked = sum(QUEUE in tick(redis, second + jitter) for second, jitter in enumerate(jitters))
    assert asked == 60


def test_claim_due_twice_at_once_gives_each_poll_to_one(redis: redis_py.Redis) -> None:
    found: list[Claim] = []
    start = threading.Barrier(8)

    def scheduler() -> None:
        start.wait(5)
        found.extend(claim_due(redis, PLANS, NOW, room=12))

    threads = [threading.Thread(target=scheduler) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(claim.feed for claim in found) == sorted(PLANS)


@pytest.mark.parametrize("phase_s", [0.01, 0.25, 0.5, 0.75, 0.99])
def test_claim_due_with_two_schedulers_polls_no_more_often(redis: redis_py.Redis, phase_s: float) -> None:
    asked = sum(QUEUE in tick(redis, second + phase) for second in range(30) for phase in (0.0, phase_s))
    assert 29 <= asked <= 31


def test_claim_due_while_a_poll_is_under_way_does_not_stack_another(redis: redis_py.Redis) -> None:
    (claim,) = claim_due(redis, {QUEUE: Plan(1.0, True)}, NOW, room=12)
    assert begin(redis, claim, after(0.1))
    assert QUEUE not in [each.feed for each in claim_due(redis, PLANS, after(13), room=12)]
    assert keep(redis, claim, after(13))  # its second request
    assert QUEUE not in [each.feed for each in claim_due(redis, PLANS, after(25.9), room=12)]
    end(redis, claim, after(26))
    assert QUEUE in [each.feed for each in claim_due(redis, PLANS, after(26), room=12)]


def test_claim_due_after_a_worker_died_in_its_poll_asks_again_within_fifteen_seconds(redis: redis_py.Redis) -> None:
    (claim,) = claim_due(redis, {QUEUE: Plan(1.0, True)}, NOW, room=12)
    assert begin(redis, claim, after(0.5))  # and then it is killed
    asked = [second for second in range(1, 16) if claim_due(redis, {QUEUE: Plan(1.0, True)}, after(second), room=12)]
    assert asked == [14]


def test_keep_over_a_pause_lasts_for_the_request_after_it(redis: redis_py.Redis) -> None:
    (claim,) = claim_due(redis, {QUEUE: Plan(1.0, True)}, NOW, room=12)
    assert begin(redis, claim, NOW)
    assert keep(redis, claim, after(1), wait_s=15)
    assert claim_due(redis, {QUEUE: Plan(1.0, True)}, after(28.9), room=12) == []


def test_keep_of_a_claim_that_ended_is_refused_also_when_nobody_took_it(redis: redis_py.Redis) -> None:
    (claim,) = claim_due(redis, {QUEUE: Plan(1.0, True)}, NOW, room=12)
    assert begin(redis, claim, NOW)
    assert not keep(redis, claim, after(UNDER_WAY_S))
    (other,) = claim_due(redis, {QUEUE: Plan(1.0, True)}, after(UNDER_WAY_S + 1), room=12)
    assert begin(redis, other, after(UNDER_WAY_S + 1))
    assert not keep(redis, claim, after(UNDER_WAY_S + 1))
    assert keep(redis, other, after(UNDER_WAY_S + 2))


def test_claim_due_after_a_pause_asks_once_not_for_each_time_missed(redis: redis_py.Redis) -> None:
    tick(redis, 0)
    assert QUEUE in tick(redis, 100)
    assert QUEUE not in tick(redis, 100.3)
    assert QUEUE in tick(redis, 101)


def test_claim_that_no_worker_takes_ends_and_is_made_again(redis: redis_py.Redis) -> None:
    (lost,) = claim_due(redis, {QUEUE: Plan(1.0, True)}, NOW, room=12)
    assert claim_due(redis, {QUEUE: Plan(1.0, True)}, after(3), room=12) == []
    (again,) = claim_due(redis, {QUEUE: Plan(1.0, True)}, after(5), room=12)

    assert not begin(redis, lost, after(5))
    assert begin(redis, again, after(5))


def test_begin_of_a_message_that_comes_too_late_is_refused(redis: redis_py.Redis) -> None:
    (claim,) = claim_due(redis, {QUEUE: Plan(1.0, True)}, NOW, room=12)
    assert not begin(redis, claim, after(planner.CLAIM_S))


def test_end_of_an_old_poll_leaves_the_new_claim_alone(redis: redis_py.Redis) -> None:
    (old,) = claim_due(redis, {QUEUE: Plan(1.0, True)}, NOW, room=12)
    (new,) = claim_due(redis, {QUEUE: Plan(1.0, True)}, after(5), room=12)
    end(redis, old, after(5))

    assert begin(redis, new, after(5))


def test_claim_due_leaves_no_more_under_way_than_there_is_room(redis: redis_py.Redis) -> None:
    plans = {Feed("main", Endpoint.QUEUE, (number,)): Plan(1.0, True) for number in range(10)}
    first = claim_due(redis, plans, NOW, room=4)
    assert len(first) == 4
    assert claim_due(redis, plans, after(0.1), room=4) == []
    end(redis, first[0], after(0.2))
    (next_one,) = claim_due(redis, plans, after(0.3), room=4)
    assert next_one.feed not in [claim.feed for claim in first]


def test_claim_due_for_an_account_that_may_not_be_asked_keeps_its_feeds_due(redis: redis_py.Redis) -> None:
    assert claim_due(redis, PLANS, NOW, room=12, askable={"main": False}) == []
    assert claim_due(redis, PLANS, NOW, room=12, askable={}) == []
    assert len(claim_due(redis, PLANS, NOW, room=12, askable={"main": True})) == 2


def test_claim_due_for_a_feed_held_back_waits_until_then(redis: redis_py.Redis) -> None:
    account.hold_back(redis, QUEUE, after(10), now=NOW)

    assert QUEUE not in tick(redis, 9)
    assert QUEUE in tick(redis, 10.1)


def test_claim_due_for_a_slow_feed_held_back_asks_right_after_and_not_at_its_usual_time(redis: redis_py.Redis) -> None:
    slow = {AGENTS: Plan(60.0, False)}
    assert tick(redis, 0, slow) == [AGENTS]
    account.hold_back(redis, AGENTS, after(2), now=NOW)

    assert tick(redis, 1, slow) == []
    assert tick(redis, 2, slow) == [AGENTS]


def test_claim_due_for_a_feed_that_becomes_watched_asks_at_once(redis: redis_py.Redis) -> None:
    tick(redis, 0, {QUEUE: Plan(30.0, False)})
    assert tick(redis, 2, {QUEUE: Plan(30.0, False)}) == []
    assert tick(redis, 3, {QUEUE: Plan(1.0, True)}) == [QUEUE]


def test_claim_due_forgets_feeds_that_no_board_needs(redis: redis_py.Redis) -> None:
    tick(redis, 0)
    account.hold_back(redis, AGENTS, after(100), now=after(1))
    tick(redis, 1, {QUEUE: Plan(1.0, True)})

    assert redis.zrange(keys.DUE, 0, -1) == [QUEUE.id.encode()]
    assert redis.zcard(keys.NOT_BEFORE) == 0


@pytest.mark.parametrize("back_s", [10.0, 3600.0, 1e7])
def test_claim_due_after_the_clock_was_put_back_goes_on_at_once(redis: redis_py.Redis, back_s: float) -> None:
    tick(redis, 0)
    assert QUEUE in tick(redis, -back_s)
    assert QUEUE in tick(redis, -back_s + 1)


def test_claim_due_after_the_clock_was_put_back_forgets_claims_and_delays_of_the_future(redis: redis_py.Redis) -> None:
    (claim,) = claim_due(redis, {QUEUE: Plan(1.0, True)}, NOW, room=12)
    assert begin(redis, claim, after(1))  # and its worker dies
    account.hold_back(redis, AGENTS, after(60), now=NOW)

    assert set(tick(redis, -3600)) == {QUEUE, AGENTS}


def test_claim_due_after_redis_was_emptied_takes_every_feed_at_once(redis: redis_py.Redis) -> None:
    tick(redis, 0)
    redis.flushall()
    assert set(tick(redis, 0.5)) == {QUEUE, AGENTS}


@pytest.mark.parametrize("key", [keys.DUE, keys.IN_FLIGHT, keys.NOT_BEFORE])
def test_claim_due_over_keys_of_another_type_begins_anew(redis: redis_py.Redis, key: str) -> None:
    redis.set(key, "poison")
    assert set(tick(redis, 0)) == {QUEUE, AGENTS}
