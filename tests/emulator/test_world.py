"""The simulated day: repeatable, fast, alive at every hour, and calm on an ordinary day."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.emulator import stats, truth
from dashboard.emulator.lines import BILLING, SUPPORT, Line
from dashboard.emulator.world import World, WorldConfig

MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC)
NOON = MIDNIGHT + timedelta(hours=12)


def everything(world: World) -> tuple[object, ...]:
    """All that anybody can see of a world."""
    return (
        world.now,
        world.scenario,
        stats.current_queue_activity(world, None),
        stats.account_overview(world, None),
        [stats.account_overview(world, [line_id]) for line_id in world.line_ids],
        stats.agents_activity(world, None),
        stats.agents_overview(world),
        truth.calls(world, None, 100_000),
    )


@settings(max_examples=6, deadline=None)
@given(
    seed=st.integers(1, 50),
    steps=st.lists(st.floats(0.001, 900), min_size=1, max_size=30),
    scenario=st.sampled_from(("normal", "storm", "agents_missing", "lunch_rush")),
)
def test_world_advanced_in_any_steps_and_looked_at_is_the_same(seed: int, steps: list[float], scenario: str) -> None:
    # A young day: what matters are the steps, and not how much was lived before them.
    at = MIDNIGHT + timedelta(hours=6)
    patient, hurried = World(WorldConfig(seed=seed), at), World(WorldConfig(seed=seed), at)
    patient.set_scenario(scenario)
    hurried.set_scenario(scenario)
    for step_s in steps:
        at += timedelta(seconds=step_s)
        hurried.advance(at)
        stats.account_overview(hurried, None)
        stats.agents_activity(hurried, None)
    patient.advance(at)
    assert everything(patient) == everything(hurried)


def test_world_started_late_has_lived_the_same_day_as_one_started_early() -> None:
    early = World(WorldConfig(), MIDNIGHT)
    early.advance(NOON)
    assert everything(early) == everything(World(WorldConfig(), NOON))


def test_world_with_another_seed_has_another_day() -> None:
    assert everything(World(WorldConfig(seed=1), NOON)) != everything(World(WorldConfig(seed=2), NOON))


def test_world_asked_to_go_back_stays() -> None:
    world = World(WorldConfig(), NOON)
    before = everything(world)
    world.advance(NOON - timedelta(hours=1))
    assert everything(world) == before
    assert world.now == NOON


def test_world_given_a_naive_time_refuses() -> None:
    with pytest.raises(ValueError, match="zone"):
        World(WorldConfig(), datetime(2026, 11, 21))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"agents_count": 0}, "at least one agent"),
        ({"lines": ()}, "at least one line"),
        ({"base_calls_per_hour": -1.0}, "from 0"),
        ({"calls_kept": 0}, "one call"),
        ({"lines": (Line(1, "Lost", 1.0, (99,)),)}, "'Lost'"),
    ],
)
def test_config_that_cannot_work_is_refused_with_its_reason(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        WorldConfig(**wrong)  # type: ignore[arg-type]


def test_config_of_our_own_is_what_the_world_has() -> None:
    lines = (Line(360000000001, "One", 1.0, (SUPPORT.id,)),)
    world = World(WorldConfig(lines=lines, groups=(SUPPORT, BILLING), base_calls_per_hour=20.0, agents_count=12), NOON)
    assert world.line_ids == (360000000001,)
    assert world.group_ids == (SUPPORT.id, BILLING.id)
    assert 100 < stats.account_overview(world, world.line_ids)["total_inbound_calls"] < 400


def test_config_without_calls_has_a_silent_day() -> None:
    world = World(WorldConfig(base_calls_per_hour=0.0), NOON)
    assert stats.account_overview(world, None)["total_inbound_calls"] == 0


@pytest.mark.parametrize(("agents_count", "hours", "at_most_s"), [(18, 24, 2.0), (200, 10, 4.0)])
def test_day_is_simulated_in_seconds(agents_count: int, hours: int, at_most_s: float) -> None:
    began = time.process_time()  # of this process alone: the machine is shared
    World(WorldConfig(agents_count=agents_count), MIDNIGHT + timedelta(hours=hours, minutes=-1))
    assert time.process_time() - began < at_most_s


def test_floor_at_any_hour_is_alive() -> None:
    calls, online = [0] * 24, [0] * 24
    for seed in (1, 2, 3):
        world = World(WorldConfig(seed=seed), MIDNIGHT)
        for hour in range(24):
            begin = MIDNIGHT + timedelta(hours=hour)
            world.advance(begin)
            before = len(world.stage.calls)
            world.advance(begin + timedelta(minutes=55))
            calls[hour] += len(world.stage.calls) - before
            online[hour] += stats.current_queue_activity(world, None)["agents_online"]
    assert [hour for hour in range(24) if calls[hour] / 3 < 8] == []
    assert [hour for hour in range(24) if online[hour] / 3 < 1] == []


def test_ordinary_days_are_lively_but_mostly_calm() -> None:
    longest: list[int] = []
    occupancy: list[float] = []
    abandoned: list[float] = []
    for seed in range(1, 9):
        world, at = World(WorldConfig(seed=seed), MIDNIGHT), MIDNIGHT
        while at < MIDNIGHT + timedelta(hours=23, minutes=59):
            at += timedelta(seconds=60)
            world.advance(at)
            longest.append(stats.current_queue_activity(world, None)["longest_wait_time"])
        account = stats.account_overview(world, None)
        agents = stats.agents_activity(world, None)
        handled_s = sum(int(str(a[f])) for a in agents for f in ("total_talk_time", "total_hold_time", "total_wrap_up_time"))
        occupancy.append(handled_s / sum(int(str(a["online_time"])) for a in agents))
        abandoned.append(account["total_calls_abandoned_in_queue"] / account["total_inbound_calls"])
    assert 0.02 <= mean(abandoned) <= 0.06
    assert 0.68 <= mean(occupancy) <= 0.85
    assert mean(wait_s <= 90 for wait_s in longest) > 0.85
    assert 0.005 < mean(wait_s > 120 for wait_s in longest) < 0.10
    assert max(longest) <= 600


def test_day_has_everything_that_happens_on_a_floor() -> None:
    world = World(WorldConfig(seed=1), MIDNIGHT + timedelta(hours=23, minutes=59))
    account, team = stats.account_overview(world, None), stats.agents_overview(world)
    assert not [name for name, value in (account | team).items() if value == 0 and name not in NOT_EVERY_DAY]
    agents = stats.agents_activity(world, None)
    for name in ("started_third_party_conferences", "accepted_third_party_conferences", "transfers_only_time", "away_time"):
        assert any(agent[name] for agent in agents), name


# Waiting for ten minutes is rare on an ordinary day, and so is a mean of a rare thing that is cut to whole numbers.
NOT_EVERY_DAY = {"total_calls_with_exceeded_queue_wait_time", "average_transfers_only_time"}


def test_agents_shown_by_the_hour_take_every_state() -> None:
    world, at, seen = World(WorldConfig(seed=1), MIDNIGHT), MIDNIGHT, set()
    for _ in range(24 * 30):
        at += timedelta(minutes=2)
        world.advance(at)
        seen |= {(agent["agent_state"], agent["call_status"]) for agent in stats.agents_activity(world, None)}
    assert {state for state, _ in seen} == {"online", "away", "transfers_only", "offline"}
    assert {status for _, status in seen} == {None, "on_call", "wrap_up"}
    assert ("away", "on_call") in seen


def test_agents_hired_and_dismissed_change_the_floor_and_keep_the_days_counts() -> None:
    world = World(WorldConfig(), NOON)
    accepted = stats.agents_overview(world)["total_calls_accepted"]
    world.set_agents_count(40)
    world.advance(NOON + timedelta(minutes=1))
    assert len(stats.agents_activity(world, None)) == 40
    many = stats.current_queue_activity(world, None)["agents_online"]
    world.set_agents_count(2)
    world.advance(NOON + timedelta(hours=1))
    assert stats.current_queue_activity(world, None)["agents_online"] <= 2 < many
    assert stats.agents_overview(world)["total_calls_accepted"] >= accepted
    world.advance(MIDNIGHT + timedelta(hours=36))
    assert len(stats.agents_activity(world, None)) == 2
    world.set_agents_count(5)
    assert len(stats.agents_activity(world, None)) == 5
    with pytest.raises(ValueError, match="at least one agent"):
        world.set_agents_count(0)


def test_agents_have_names_of_many_languages_and_no_two_the_same() -> None:
    agents = stats.agents_activity(World(WorldConfig(agents_count=200), MIDNIGHT), None)
    names = [str(agent["name"]) for agent in agents]
    assert len({*names}) == 200
    assert any("\u0600" <= letter <= "\u06ff" for name in names[:18] for letter in name)
    assert any(not name.isascii() for name in names[:5])
    numbers = [str(agent["forwarding_number"]) for agent in agents if agent["forwarding_number"] is not None]
    assert numbers
    assert all(number.startswith("+120255501") for number in numbers)
    assert {agent["via"] for agent in agents} == {"client", "phone"}
