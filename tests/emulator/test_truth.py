"""The truth: which calls it tells, in which order, in which shape."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.emulator import stats, truth
from dashboard.emulator.world import World, WorldConfig

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ALL = 50_000


def test_calls_without_since_are_the_newest_in_order_of_arrival() -> None:
    world = World(WorldConfig(), NOON)
    everything = truth.calls(world, None, ALL)
    assert len(everything) > 300
    assert [call["arrived_at"] for call in everything] == sorted(str(call["arrived_at"]) for call in everything)
    assert truth.calls(world, None, 7) == everything[-7:]
    assert truth.calls(world, None, 0) == []


def test_calls_since_a_time_are_the_first_that_arrived_then() -> None:
    world = World(WorldConfig(), NOON)
    everything = truth.calls(world, None, ALL)
    since = datetime.fromisoformat(str(everything[100]["arrived_at"]))
    assert truth.calls(world, since, 20) == everything[100:120]
    assert truth.calls(world, NOON + timedelta(days=1), 20) == []


def test_calls_limited_to_less_than_none_are_refused() -> None:
    with pytest.raises(ValueError, match="below 0"):
        truth.calls(World(WorldConfig(), NOON), None, -1)


def test_call_ids_are_unique_over_days_and_everything_is_json() -> None:
    world = World(WorldConfig(), NOON)
    world.advance(NOON + timedelta(days=2))
    calls = truth.calls(world, None, ALL)
    assert len({call["id"] for call in calls}) == len(calls)
    assert json.loads(json.dumps(calls)) == calls


def test_calls_of_a_long_run_are_bounded() -> None:
    world = World(WorldConfig(calls_kept=200), NOON)
    calls = truth.calls(world, None, ALL)
    assert len(calls) == 200 < stats.account_overview(world, None)["total_calls"]
    assert calls == truth.calls(World(WorldConfig(), NOON), None, 200)


def test_call_that_is_over_has_a_fate_and_no_open_visit() -> None:
    world = World(WorldConfig(), NOON)
    for call in truth.calls(world, None, ALL):
        visits = call["visits"]
        assert isinstance(visits, list)
        if call["ended_at"] is not None:
            assert call["fate"] is not None
            assert all(visit["left_at"] is not None and visit["outcome"] is not None for visit in visits)
        if call["fate"] == "answered":
            assert call["agent_ids"]
            assert str(call["arrived_at"]) < str(call["answered_at"]) <= str(call["ended_at"])
