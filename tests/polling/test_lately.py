"""An answer and what happened before it, over a real ring."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import redis as redis_py

from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.derive import TooFew
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings import AccountOverview, AgentsActivity, AgentsOverview, Reading
from dashboard.domain.totals import body_of, totals, value_of
from dashboard.polling.feeds import base_interval_s
from dashboard.polling.lately import with_lately
from dashboard.store.codec import dump_reading, load_reading
from dashboard.store.series import series_of
from tests.polling.fake_source import NOW

ACCOUNT = Feed("main", Endpoint.ACCOUNT)


def account(minutes_before: int) -> AccountOverview:
    return AccountOverview(total_calls=300 - minutes_before, total_inbound_calls=200 - minutes_before, total_calls_abandoned_in_queue=9)


@pytest.fixture
def hour(redis: redis_py.Redis) -> redis_py.Redis:
    ring = series_of(ACCOUNT, base_interval_s(Endpoint.ACCOUNT))
    for back in range(70, 0, -1):
        ring.append(redis, NOW - timedelta(minutes=back), totals(account(back)), live_s=60)
    return redis


def test_with_lately_after_an_hour_fills_our_fields_and_metrics_have_values(hour: redis_py.Redis) -> None:
    found = with_lately(hour, ACCOUNT, Reading(account(0), NOW), live_s=60)
    assert isinstance(found.body, AccountOverview)
    assert (found.body.calls_15m, found.body.inbound_calls_60m, found.body.abandoned_calls_30m) == (15, 60, 0)
    assert CATALOGUE["inbound_calls_30m"].value({Endpoint.ACCOUNT: found.body}) == 30
    assert CATALOGUE["abandon_ratio_15m"].value({Endpoint.ACCOUNT: found.body}) == 0.0


def test_with_lately_in_the_first_minutes_leaves_the_answer_as_it_came(redis: redis_py.Redis) -> None:
    reading = Reading(account(0), NOW)
    assert with_lately(redis, ACCOUNT, reading, live_s=60) == reading


def test_with_lately_of_a_feed_without_such_numbers_reads_nothing(no_redis: redis_py.Redis) -> None:
    reading = Reading(AgentsOverview(total_calls_accepted=3), NOW)
    assert with_lately(no_redis, Feed("main", Endpoint.AGENTS_OVERVIEW), reading, live_s=60) is reading


def test_our_fields_survive_redis_and_the_ring(hour: redis_py.Redis) -> None:
    found = with_lately(hour, ACCOUNT, Reading(account(0), NOW), live_s=60)
    assert load_reading(dump_reading(found)) == found
    values: dict[str, float | None] = dict(totals(found.body))
    assert body_of(Endpoint.ACCOUNT, values) == found.body
    assert value_of(CATALOGUE["abandon_ratio_60m"])(values) == 0.0


def test_agents_fields_survive_redis_and_the_ring() -> None:
    agents = body_of(Endpoint.AGENTS, {"agents_available": 2, "calls_accepted": 30})
    assert isinstance(agents, AgentsActivity)
    body = replace(agents, calls_accepted_15m=12, handle_time_15m=1200)
    assert load_reading(dump_reading(Reading(body, NOW))).body == body
    values: dict[str, float | None] = dict(totals(body))
    assert value_of(CATALOGUE["average_handle_time_15m"])(values) == 100.0
    few = replace(body, calls_accepted_15m=9)
    assert CATALOGUE["average_handle_time_15m"].value({Endpoint.AGENTS: few}) == TooFew(9, 10)
