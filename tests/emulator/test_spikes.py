"""Spikes happen to the world: every shape is felt, every answer tells of it, and the day without it is its twin."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.emulator import stats, truth
from dashboard.emulator.options import EmulatorSettings
from dashboard.emulator.simulated import SimulatedFloor
from dashboard.emulator.spikes import SHAPES, Spike
from dashboard.emulator.world import World, WorldConfig
from tests.emulator.running import DAY, RunningEmulator, running

TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def shared() -> Iterator[RunningEmulator]:
    with running(SimulatedFloor, EmulatorSettings(start=DAY, speed=0)) as emulator:
        yield emulator


@pytest.fixture
def simulated(shared: RunningEmulator) -> RunningEmulator:
    """The real simulation, at ten o'clock, standing still."""
    shared.control("reset", {})
    return shared


def at_ten(seed: int = 1) -> World:
    return World(WorldConfig(seed=seed, agents_count=20), TEN)


def queue_over(world: World, minutes: int) -> list[dict[str, int]]:
    """The queue every 10 s from now on."""
    begin = world.now
    seen = []
    for step in range(1, minutes * 6 + 1):
        world.advance(begin + timedelta(seconds=10 * step))
        seen.append(stats.current_queue_activity(world, None))
    return seen


@pytest.mark.parametrize("shape", SHAPES)
def test_spike_of_each_shape_raises_the_longest_wait_far_above_the_twins(shape: str) -> None:
    spiked, twin = at_ten(), at_ten()
    spike = spiked.inject(shape, in_s=60)
    minutes = (spike.to_ms - spike.from_ms) // 60_000 + 6
    with_it = [queue["longest_wait_time"] for queue in queue_over(spiked, minutes)]
    without = [queue["longest_wait_time"] for queue in queue_over(twin, minutes)]
    assert with_it[:5] == without[:5]
    assert max(a - b for a, b in zip(with_it, without, strict=True)) > 120


@pytest.mark.parametrize("shape", ["rush", "walkout", "slow", "standstill", "stuck"])
def test_spike_that_is_over_is_worked_off(shape: str) -> None:
    world = at_ten()
    world.inject(shape, for_s=600)
    world.advance(TEN + timedelta(hours=3))
    assert stats.current_queue_activity(world, None)["longest_wait_time"] < 240
    assert not any(agent.pulled for agent in world.stage.agents.values())
    assert (world.stage.injection.talk, world.stage.injection.share_away, world.stage.injection.stands_still) == (1.0, 0.0, False)


@settings(max_examples=4, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([*SHAPES]), st.floats(0, 2400), st.floats(10, 3000)), min_size=1, max_size=4), st.integers(1, 9))
def test_answers_during_any_spikes_agree_with_each_other(chosen: list[tuple[str, float, float]], seed: int) -> None:
    world = World(WorldConfig(seed=seed), TEN)
    for shape, in_s, for_s in chosen:
        world.inject(shape, in_s=in_s, for_s=for_s)
    for _ in range(10):
        world.advance(world.now + timedelta(minutes=6))
        queue = stats.current_queue_activity(world, None)
        account = stats.account_overview(world, None)
        agents = stats.agents_activity(world, None)
        lines = [stats.current_queue_activity(world, [line_id]) for line_id in world.line_ids]
        assert queue["calls_waiting"] == sum(line["calls_waiting"] for line in lines)
        assert queue["longest_wait_time"] == max(line["longest_wait_time"] for line in lines) <= 600
        assert queue["agents_online"] == sum(agent["agent_state"] in ("online", "away") for agent in agents)
        assert account["max_queue_wait_time"] >= queue["longest_wait_time"]
        assert account["max_calls_waiting"] >= queue["calls_waiting"]
        assert stats.agents_overview(world)["total_calls_accepted"] == sum(int(str(agent["calls_accepted"])) for agent in agents)
        today = [call for call in truth.calls(world, None, 50_000) if call["direction"] == "inbound"]
        assert account["total_inbound_calls"] == len(today)
        assert len({call["id"] for call in today}) == len(today)


@settings(max_examples=4, deadline=None)
@given(st.lists(st.floats(0.5, 900), min_size=1, max_size=30), st.sampled_from([*SHAPES]))
def test_spike_looked_at_in_any_steps_is_the_same(steps: list[float], shape: str) -> None:
    patient, hurried = at_ten(), at_ten()
    for world in (patient, hurried):
        world.inject(shape, in_s=100)
        world.inject("rush", size=2, in_s=200)
    at = TEN
    for step_s in steps:
        at += timedelta(seconds=step_s)
        hurried.advance(at)
        stats.account_overview(hurried, None)
    patient.advance(at)
    assert truth.calls(patient, None, 50_000) == truth.calls(hurried, None, 50_000)
    assert stats.agents_activity(patient, None) == stats.agents_activity(hurried, None)


def test_spikes_injected_in_another_order_make_the_same_day() -> None:
    one, other = at_ten(), at_ten()
    for shape in ("rush", "burst", "drip"):
        one.inject(shape, in_s=60)
    for shape in ("drip", "rush", "burst"):
        other.inject(shape, in_s=60)
    for world in (one, other):
        world.advance(TEN + timedelta(minutes=20))
    assert stats.account_overview(one, None) == stats.account_overview(other, None)
    assert sorted(str(call["arrived_at"]) for call in truth.calls(one, None, 50_000)) == sorted(
        str(call["arrived_at"]) for call in truth.calls(other, None, 50_000)
    )


def test_same_spike_twice_brings_other_callers_the_second_time() -> None:
    world = at_ten()
    first, second = world.inject("burst"), world.inject("burst")
    assert (first.number, second.number) == (0, 1)
    world.advance(TEN + timedelta(minutes=4))
    arrivals = [call["arrived_at"] for call in truth.calls(world, TEN, 5000) if int(str(call["id"])) % 1_000_000 > 900_000]
    assert len(arrivals) == 80
    assert len({*arrivals}) > 70


def test_extra_callers_leave_the_days_own_callers_as_they_are() -> None:
    spiked, twin = at_ten(), at_ten()
    spiked.inject("rush", for_s=300)
    for world in (spiked, twin):
        world.advance(TEN + timedelta(minutes=30))

    def arrivals(world: World) -> list[object]:
        # An agent who is busier calls out less often; whoever calls in by their own will calls all the same.
        own = [call for call in truth.calls(world, TEN, 50_000) if int(str(call["id"])) % 1_000_000 < 900_000]
        return [(call["arrived_at"], call["line_id"]) for call in own if call["direction"] == "inbound"]

    assert arrivals(spiked) == arrivals(twin)


def test_stuck_caller_waits_while_others_are_served_and_gets_voicemail_in_the_end() -> None:
    world = at_ten()
    world.inject("stuck", for_s=3600)
    world.advance(TEN + timedelta(minutes=9))
    queue = stats.current_queue_activity(world, None)
    assert queue["longest_wait_time"] > 500
    world.advance(TEN + timedelta(minutes=12))
    (stuck,) = (call for call in truth.calls(world, TEN, 5000) if int(str(call["id"])) % 1_000_000 > 900_000)
    assert stuck["fate"] == "voicemail_max_wait"
    assert stuck["wait_s"] == 600


def test_stuck_caller_who_is_remembered_is_answered() -> None:
    world = at_ten()
    world.inject("stuck", for_s=300)
    world.advance(TEN + timedelta(minutes=9))
    (stuck,) = (call for call in truth.calls(world, TEN, 5000) if int(str(call["id"])) % 1_000_000 > 900_000)
    assert stuck["answered_at"] is not None
    assert 280 < float(str(stuck["wait_s"])) < 420


def test_spikes_ended_are_cut_and_those_to_come_forgotten() -> None:
    world = at_ten()
    world.inject("standstill", for_s=3000)
    world.inject("stuck", for_s=3000)
    world.inject("burst", size=500, for_s=3000)
    world.inject("walkout", in_s=900)
    world.advance(TEN + timedelta(minutes=5))
    assert stats.current_queue_activity(world, None)["longest_wait_time"] > 200
    world.end_spikes()
    assert [(spike["shape"], spike["state"]) for spike in truth.spikes(world)] == [
        ("standstill", "over"),
        ("stuck", "over"),
        ("burst", "over"),
    ]
    before = len(truth.calls(world, TEN, 50_000))
    world.advance(TEN + timedelta(minutes=20))
    assert stats.current_queue_activity(world, None)["longest_wait_time"] < 240
    assert len(truth.calls(world, TEN, 50_000)) - before < 150
    assert not any(agent.pulled for agent in world.stage.agents.values())


def test_rush_over_midnight_goes_on() -> None:
    midnight = datetime(2026, 11, 21, tzinfo=UTC)
    spiked, twin = (World(WorldConfig(), midnight - timedelta(minutes=1)) for _ in range(2))
    spiked.inject("rush", size=10, for_s=1800)
    for world in (spiked, twin):
        world.advance(midnight + timedelta(minutes=29))
    assert stats.account_overview(spiked, None)["total_inbound_calls"] > 3 * stats.account_overview(twin, None)["total_inbound_calls"]


@given(st.sampled_from([*SHAPES]), st.integers(0, 10**6), st.integers(10_000, 10**7), st.floats(-0.5, 1.5))
def test_weight_is_a_share_and_nothing_outside_the_spike(shape: str, from_ms: int, length_ms: int, share: float) -> None:
    spike = Spike(shape, 2.0, from_ms, from_ms + length_ms)
    at_ms = from_ms + math.floor(share * length_ms)
    assert 0 <= spike.weight(at_ms) <= 1
    assert (spike.weight(at_ms) == 0) or from_ms <= at_ms < from_ms + length_ms
    assert max(spike.weight(from_ms + length_ms * step // 100) for step in range(100)) == 1


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"shape": "meteor"}, "rush, staircase, double"),
        ({}, "shape must be a text"),
        ({"shape": "rush", "size": 1}, "1.1 to 30 times the hour's calls, not 1."),
        ({"shape": "walkout", "size": 2}, "0.05 to 0.99 share"),
        ({"shape": "burst", "size": 2.5}, "whole number of callers, not 2.5"),
        ({"shape": "standstill", "size": 3}, "takes no size"),
        ({"shape": "rush", "size": "big"}, "size must be a number"),
        ({"shape": "rush", "for_s": 1}, "from 10 to 14400 seconds, not 1"),
        ({"shape": "rush", "in_s": 1e7}, "0 to 1.2096e+06 seconds"),
        ({"shape": "rush", "when": 1}, "Unknown field 'when'"),
    ],
)
def test_spike_that_cannot_be_is_refused_in_one_sentence(shared: RunningEmulator, body: dict[str, object], says: str) -> None:
    before = shared.control("state")["spikes"]
    answer = shared.http.post("/_emulator/spike", json=body)
    assert answer.status_code == 400
    assert says in answer.json()["error"]
    assert shared.control("state")["spikes"] == before


def test_too_many_spikes_are_refused() -> None:
    world = at_ten()
    for _ in range(200):
        world.inject("stuck", in_s=3600)
    with pytest.raises(ValueError, match="200 spikes"):
        world.inject("stuck")


def test_spike_by_http_is_listed_felt_and_ended_by_calm(simulated: RunningEmulator) -> None:
    state = simulated.control("spike", {"shape": "standstill", "for_s": 600, "in_s": 60})
    listed = {"shape": "standstill", "size": 1.0, "from": "2026-11-20T10:01:00.000Z", "to": "2026-11-20T10:11:00.000Z"}
    assert state["spikes"] == [{**listed, "state": "to come"}]
    simulated.control("clock", {"skip_world_s": 300})
    assert simulated.control("truth?limit=1")["spikes"] == [{**listed, "state": "on"}]
    path = "/api/v2/channels/voice/stats/current_queue_activity.json"
    assert simulated.get(path).json()["current_queue_activity"]["longest_wait_time"] > 60
    ended = {**listed, "to": "2026-11-20T10:05:00.000Z", "state": "over"}
    assert simulated.control("calm", {})["spikes"] == [ended]
    simulated.control("reset", {})
    assert simulated.control("state")["spikes"] == []
