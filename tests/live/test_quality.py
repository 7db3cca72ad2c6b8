"""The frame says whether its numbers fit, remembers over frames since when they do not, and what flowed is read from the rings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import redis as redis_py

from dashboard.domain.quality import Flow
from dashboard.live.flow import flow
from dashboard.live.frames import compose
from dashboard.live.patch import Json, same, without_nulls
from dashboard.polling.feeds import board_feeds
from dashboard.store import keys
from dashboard.store.series import series_of
from tests.live.examples import ACCOUNT, NOW, NOW_TEXT, QUEUE, ago, board, bodies, inputs, queue

FEEDS = board_feeds(board())


def named(frame: Any) -> dict[str, Any]:
    return {check["name"]: check for check in frame["quality"]}


def test_quality_remembers_over_frames_since_when_something_does_not_fit() -> None:
    wrong = {**bodies(agents=[]), QUEUE: queue(longest_wait_time=900, calls_waiting=0)}
    first = compose(board(), inputs(wrong), NOW, None)
    assert named(first)["queue"] == {
        "name": "queue",
        "state": "ok",
        "text": "Callers waiting and their wait fit.",
        "since": NOW_TEXT,
    }
    later = NOW + timedelta(seconds=25)
    second = cast("Any", compose(board(), inputs(wrong, at=later), later, first))
    assert named(second)["queue"]["state"] == "off"
    assert (named(second)["queue"]["wait_s"], named(second)["queue"]["since"]) == (900, NOW_TEXT)
    assert named(second)["agents"] | {"text": ""} == {
        "name": "agents",
        "state": "off",
        "text": "",
        "counted": 9,
        "listed": 0,
        "since": NOW_TEXT,
    }
    assert same(without_nulls(second), cast("Json", second))
    healed = compose(board(), inputs(bodies(), at=later), later, second)
    assert "since" not in named(healed)["queue"]


def test_quality_of_a_board_that_hides_names_still_compares_agents() -> None:
    nameless = board()
    nameless.names = "none"
    frame = compose(nameless, inputs(), NOW, None)
    assert frame["agents"] == []
    assert named(frame)["agents"]["state"] == "ok"


def fill(redis: redis_py.Redis) -> None:
    account, calls = series_of(ACCOUNT, 15.0), series_of(QUEUE, 1.0)
    for second in range(0, 916, 15):
        totals = {"total_inbound_calls": 100 + second // 15, "total_calls_abandoned_in_queue": 4, "average_queue_wait_time": 30}
        account.append(redis, ago(915 - second), totals)
    for second in range(0, 900, 60):
        calls.append(redis, ago(900 - second), {"calls_waiting": 2 if second else 6, "longest_wait_time": 45})


def test_flow_is_read_from_the_rings_and_kept_for_a_quarter_of_a_minute(redis: redis_py.Redis) -> None:
    fill(redis)
    found = flow(redis, FEEDS, NOW)
    assert found is not None
    # 61 more calls since 96, all at an average of 30 s: the band of error is the price of whole seconds.
    assert found == Flow(2 + 4 / 15, 61, 30, (96 + 157) / 61, 6, 45, 0, 915)
    redis.delete(keys.series(ACCOUNT.id))
    assert flow(redis, FEEDS, NOW + timedelta(seconds=14)) == found
    assert flow(redis, FEEDS, NOW + timedelta(seconds=15)) is None
    assert flow(redis, FEEDS, NOW + timedelta(seconds=16)) is None
    redis.set(keys.flow(QUEUE.id), b"{damaged")
    fill(redis)
    assert flow(redis, FEEDS, NOW) == found


def test_flow_over_a_midnight_or_a_gap_is_not_known(redis: redis_py.Redis) -> None:
    fill(redis)
    totals = {"total_inbound_calls": 2, "total_calls_abandoned_in_queue": 0, "average_queue_wait_time": 1}
    series_of(ACCOUNT, 15.0).append(redis, NOW, totals)
    assert flow(redis, FEEDS, NOW) is None
    redis.flushall()
    fill(redis)
    assert flow(redis, FEEDS, NOW + timedelta(minutes=5)) is None
