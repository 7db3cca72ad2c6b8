"""The account's midnight: everything counts from zero again, in any zone, on days of 23, 24 and 25 hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from dashboard.emulator import stats, truth
from dashboard.emulator.world import World, WorldConfig

MIDNIGHTS = [
    ("UTC", "2026-11-22T00:00", 24),
    ("Europe/Berlin", "2026-03-29T22:00", 23),
    ("Europe/Berlin", "2026-10-25T23:00", 25),
    ("America/St_Johns", "2026-03-09T02:30", 23),
    ("America/St_Johns", "2026-11-02T03:30", 25),
    ("Asia/Kathmandu", "2026-11-20T18:15", 24),
]


@pytest.mark.parametrize(("zone", "ends", "hours"), MIDNIGHTS)
def test_counters_at_the_accounts_midnight_begin_anew(zone: str, ends: str, hours: int) -> None:
    midnight = datetime.fromisoformat(ends).replace(tzinfo=UTC)
    world = World(WorldConfig(time_zone=zone), midnight - timedelta(hours=6))
    world.advance(midnight - timedelta(milliseconds=1))
    day, agents = stats.account_overview(world, None), stats.agents_activity(world, None)
    first = min(str(call["arrived_at"]) for call in truth.calls(world, None, 50_000))
    since_start = midnight - datetime.fromisoformat(first)
    assert timedelta(hours=hours - 1) < since_start <= timedelta(hours=hours)
    assert day["total_calls"] > 500
    assert sum(cast("int", agent["online_time"]) for agent in agents) > 100 * 3600

    world.advance(midnight)
    queue = stats.current_queue_activity(world, None)
    waiting = queue["calls_waiting"] + queue["callbacks_waiting"] + queue["embeddable_callbacks_waiting"]
    fresh = stats.account_overview(world, None)
    assert not {name for name, value in fresh.items() if value} - {"max_calls_waiting", "max_queue_wait_time"}
    assert fresh["max_calls_waiting"] == waiting
    assert fresh["max_queue_wait_time"] == queue["longest_wait_time"]
    assert not any(stats.agents_overview(world).values())

    world.advance(midnight + timedelta(minutes=30))
    now = stats.account_overview(world, None)
    assert 0 < now["total_calls"] < day["total_calls"] / 5
    for agent in stats.agents_activity(world, None):
        assert cast("int", agent["online_time"]) <= 1800
        assert cast("int", agent["total_call_duration"]) <= 1800


def test_day_of_23_hours_has_an_hour_fewer_on_the_clock_than_one_of_25() -> None:
    # The last moment of both days, with agents who were signed in all along at most that long.
    for ends, hours in (("2026-03-29T22:00", 23), ("2026-10-25T23:00", 25)):
        midnight = datetime.fromisoformat(ends).replace(tzinfo=UTC)
        world = World(WorldConfig(time_zone="Europe/Berlin"), midnight - timedelta(seconds=1))
        elapsed_s = hours * 3600
        assert all(cast("int", agent["online_time"]) <= elapsed_s for agent in stats.agents_activity(world, None))
        assert world.stage.minute == pytest.approx(24 * 60, abs=0.1)


def test_call_over_midnight_is_yesterdays_call_and_its_time_is_split() -> None:
    midnight = datetime(2026, 11, 22, tzinfo=UTC)
    spanning = 0
    for seed in range(1, 6):
        world = World(WorldConfig(seed=seed), midnight - timedelta(seconds=1))
        talking = {agent["agent_id"] for agent in stats.agents_activity(world, None) if agent["call_status"] == "on_call"}
        world.advance(midnight + timedelta(seconds=5))
        spanning += len(talking)
        for agent in stats.agents_activity(world, None):
            assert cast("int", agent["total_call_duration"]) <= 5
            if agent["agent_id"] in talking and agent["call_status"] == "on_call":
                assert agent["total_call_duration"] == 5
                assert agent["calls_accepted"] == 0
        started = [call for call in truth.calls(world, midnight, 1000) if call["direction"] == "inbound"]
        assert stats.account_overview(world, None)["total_inbound_calls"] == len(started)
    assert spanning >= 3


def test_wait_over_midnight_is_counted_whole_when_it_ends() -> None:
    midnight = datetime(2026, 11, 22, tzinfo=UTC)
    world = World(WorldConfig(seed=1), midnight - timedelta(minutes=30))
    world.set_scenario("storm")
    world.advance(midnight + timedelta(minutes=1))
    waits = [
        cast("float", visit["wait_s"])
        for call in truth.calls(world, None, 50_000)
        for visit in cast("list[dict[str, object]]", call["visits"])
        if visit["kind"] == "live" and (visit["left_at"] is None or str(visit["left_at"]) >= "2026-11-22")
    ]
    account = stats.account_overview(world, None)
    assert max(waits) > 60
    assert account["max_queue_wait_time"] == int(max(waits))
