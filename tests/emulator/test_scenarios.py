"""Each scenario does what it says, at any hour, and stops when another is chosen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import mean

import pytest

from dashboard.emulator import stats
from dashboard.emulator.scenarios import SCENARIOS
from dashboard.emulator.world import World, WorldConfig

MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC)
HOURS = (2, 7, 10.5, 13, 16, 21)


def watched(scenario: str, hour: float, *, minutes: int, seed: int = 1) -> list[dict[str, int]]:
    """The queue every 10 s after the scenario was switched on at that hour."""
    start = MIDNIGHT + timedelta(hours=hour)
    world = World(WorldConfig(seed=seed), start)
    world.set_scenario(scenario)
    seen = []
    for step in range(1, minutes * 6 + 1):
        world.advance(start + timedelta(seconds=10 * step))
        seen.append(stats.current_queue_activity(world, None))
    return seen


def longest(queues: list[dict[str, int]]) -> int:
    return max(queue["longest_wait_time"] for queue in queues)


@pytest.mark.parametrize("hour", HOURS)
def test_lunch_rush_within_ten_minutes_has_people_waiting_well_above_three_minutes(hour: float) -> None:
    waits = [longest(watched("lunch_rush", hour, minutes=10, seed=seed)) for seed in (1, 2, 3)]
    assert min(waits) > 180
    assert mean(waits) > 240


@pytest.mark.parametrize("hour", HOURS)
def test_storm_is_worse_than_the_lunch_rush(hour: float) -> None:
    storm, rush = watched("storm", hour, minutes=15), watched("lunch_rush", hour, minutes=15)
    assert longest(storm) > 240
    assert max(queue["calls_waiting"] for queue in storm) > 1.5 * max(queue["calls_waiting"] for queue in rush)
    assert max(queue["callbacks_waiting"] for queue in storm) > 0


@pytest.mark.parametrize("hour", HOURS)
def test_agents_missing_leaves_few_online_but_never_nobody(hour: float) -> None:
    start = MIDNIGHT + timedelta(hours=hour)
    world = World(WorldConfig(), start)
    before = stats.current_queue_activity(world, None)["agents_online"]
    world.set_scenario("agents_missing")
    world.advance(start + timedelta(minutes=20))
    after = stats.current_queue_activity(world, None)["agents_online"]
    assert 1 <= after <= max(2, before / 2)


def test_quiet_morning_lets_hardly_anybody_wait() -> None:
    quiet = [watched("quiet_morning", 9, minutes=60, seed=seed) for seed in (1, 2, 3)]
    assert mean(queue["longest_wait_time"] <= 20 for queues in quiet for queue in queues) > 0.95
    ordinary = [watched("normal", 9, minutes=60, seed=seed) for seed in (1, 2, 3)]
    assert mean(longest(queues) for queues in quiet) < mean(longest(queues) for queues in ordinary)


def test_lunch_rush_puts_people_away_and_the_ordinary_day_brings_them_back() -> None:
    world, at = World(WorldConfig(), MIDNIGHT + timedelta(hours=11)), MIDNIGHT + timedelta(hours=11)

    def away() -> int:
        return sum(agent["agent_state"] == "away" for agent in stats.agents_activity(world, None))

    before = away()
    world.set_scenario("lunch_rush")
    world.advance(at + timedelta(minutes=12))
    assert away() >= 5 > before
    world.set_scenario("normal")
    world.advance(at + timedelta(minutes=18))
    assert away() <= 3


def test_rush_that_ends_is_worked_off() -> None:
    start = MIDNIGHT + timedelta(hours=11)
    world = World(WorldConfig(), start)
    world.set_scenario("storm")
    world.advance(start + timedelta(minutes=15))
    assert stats.current_queue_activity(world, None)["longest_wait_time"] > 240
    world.set_scenario("quiet_morning")
    world.advance(start + timedelta(minutes=75))
    assert stats.current_queue_activity(world, None)["longest_wait_time"] < 60


def test_scenario_set_again_changes_nothing() -> None:
    start = MIDNIGHT + timedelta(hours=9)
    once, twice = World(WorldConfig(), start), World(WorldConfig(), start)
    twice.set_scenario("normal")
    for world in (once, twice):
        world.advance(start + timedelta(minutes=30))
    assert stats.account_overview(once, None) == stats.account_overview(twice, None)


def test_scenario_unknown_is_refused_with_the_names_there_are() -> None:
    world = World(WorldConfig(), MIDNIGHT)
    with pytest.raises(ValueError, match="normal, quiet_morning, lunch_rush, agents_missing, storm"):
        world.set_scenario("meteor")
    assert world.scenario == "normal"


def test_scenarios_are_the_five_promised() -> None:
    assert {*SCENARIOS} == {"normal", "quiet_morning", "lunch_rush", "agents_missing", "storm"}
