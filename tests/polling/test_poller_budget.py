"""A poll and the request budget: whose turn it is, how long it waits in place, what it learns of the limit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import redis as redis_py

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings import AccountOverview, AgentsActivity
from dashboard.polling import account
from dashboard.polling.buckets import buckets, budget_for, learn_limit
from dashboard.sources.errors import ErrorKind
from dashboard.sources.zendesk_talk import Answered
from dashboard.store import keys, snapshots
from dashboard.store.snapshots import Outcome
from tests.polling.fake_source import FakeSource, answered
from tests.polling.poller_scene import ACCOUNT, AGENTS, QUEUE, Scene, error, outcome_of


def test_poll_without_budget_waits_and_is_no_error(redis: redis_py.Redis, scene: Scene) -> None:
    scene.poll(QUEUE, FakeSource([error(ErrorKind.SERVER)]))
    before = outcome_of(redis, QUEUE)
    scene.now += timedelta(seconds=90)
    budget = budget_for(redis, "main", buckets(redis, "main")["queue"], clock=scene)
    while budget.take() == 0.0:
        pass
    source = FakeSource([answered()])
    outcome = scene.poll(QUEUE, source)

    assert source.sent == 0
    assert outcome.waiting
    assert (outcome.at, outcome.failures, outcome.error_kind) == (before.at, 1, "server")
    assert outcome.retry_at == scene.now + timedelta(seconds=15)
    assert redis.zscore(keys.NOT_BEFORE, QUEUE.id) == pytest.approx(outcome.retry_at.timestamp())


def test_poll_on_an_empty_redis_waits_a_moment_in_place(redis: redis_py.Redis) -> None:
    scene = Scene(redis)
    source = FakeSource([answered(at=scene.now)])
    outcome = scene.poll(QUEUE, source)

    assert not outcome.waiting
    assert source.sent == 1
    assert 0.75 < sum(scene.slept_s) < 0.85


def test_poll_that_went_without_the_last_time_is_first_in_turn(redis: redis_py.Redis) -> None:
    scene = Scene(redis)
    snapshots.save_outcome(redis, QUEUE, Outcome(scene.now, waiting=True))
    scene.poll(QUEUE, FakeSource([answered(at=scene.now)]))
    tickets = Scene(redis)
    tickets.poll(Feed("main", Endpoint.TICKETS), FakeSource([answered(at=scene.now)]))

    assert 0.6 < sum(scene.slept_s) < 0.7
    assert tickets.slept_s[0] == pytest.approx(75 * 1.001 / 40 + 0.6, abs=0.01)


def test_poll_whose_limit_shrinks_goes_by_the_new_one_from_the_next_request(redis: redis_py.Redis) -> None:
    scene = Scene(redis)
    learn_limit(redis, "main", 400)

    class Shrinking:
        def read(self, feed: Feed, *, before_request: Callable[[], None]) -> Answered:
            before_request()
            learn_limit(redis, "main", 200)
            before_request()
            return answered(AgentsActivity(), at=scene.now)

    scene.poll(AGENTS, Shrinking())
    assert scene.slept_s == pytest.approx([75.075 / 80 + 0.15, 75.075 / 40 + 0.15], abs=0.02)


def test_poll_of_many_pages_takes_the_budget_for_each(redis: redis_py.Redis, scene: Scene) -> None:
    budget = budget_for(redis, "main", buckets(redis, "main")["other"], clock=scene)
    before = budget.used()
    scene.poll(AGENTS, FakeSource([answered(AgentsActivity(), at=scene.now)], requests=7))
    assert budget.used() - before == 7


def test_poll_learns_the_accounts_limit_from_headers(redis: redis_py.Redis, scene: Scene) -> None:
    scene.poll(ACCOUNT, FakeSource([answered(AccountOverview(), at=scene.now, limit_per_minute=700, remaining=600)]))
    assert buckets(redis, "main")["other"].limit == 700
    scene.poll(QUEUE, FakeSource([answered(at=scene.now, limit_per_minute=2500, remaining=1)]))
    assert buckets(redis, "main")["other"].limit == 700
    assert account.slowed_s(redis, "main") == 0.0


def test_poll_that_sees_the_limit_nearly_used_by_others_slows_down(redis: redis_py.Redis, scene: Scene) -> None:
    scene.poll(ACCOUNT, FakeSource([answered(AccountOverview(), at=scene.now, limit_per_minute=200, remaining=19)]))
    assert 4.0 < account.slowed_s(redis, "main") <= 5.0

    source = FakeSource([answered(at=scene.now)])
    assert scene.poll(ACCOUNT, source).waiting
    assert not scene.poll(QUEUE, source).waiting
