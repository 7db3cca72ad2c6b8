"""The four answers agree with each other, with the truth, and with the laws of queues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from statistics import mean
from typing import cast

import pytest

from dashboard.emulator import stats, truth
from dashboard.emulator.world import World, WorldConfig

MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC)
ALMOST_A_DAY = timedelta(hours=23, minutes=59)


def moments(world: World, *, every_s: int, to: datetime) -> Iterator[World]:
    """The world at each multiple of `every_s` from now on, before `to`."""
    at = world.now
    while (at := at + timedelta(seconds=every_s)) < to:
        world.advance(at)
        yield world


def ints(agents: list[dict[str, object]], field: str) -> list[int]:
    return [cast("int", agent[field]) for agent in agents]


@pytest.mark.parametrize("scenario", ["normal", "storm", "agents_missing"])
def test_answers_of_one_moment_agree(scenario: str) -> None:
    world = World(WorldConfig(seed=3), MIDNIGHT + timedelta(hours=8))
    world.set_scenario(scenario)
    for _ in moments(world, every_s=47, to=MIDNIGHT + timedelta(hours=11)):
        queue, account = stats.current_queue_activity(world, None), stats.account_overview(world, None)
        agents, team = stats.agents_activity(world, None), stats.agents_overview(world)
        assert all(type(value) is int and value >= 0 for body in (queue, account, team) for value in body.values())
        # the live queue
        assert queue["agents_online"] == sum(agent["agent_state"] in ("online", "away") for agent in agents)
        assert (queue["calls_waiting"] == 0) <= (queue["longest_wait_time"] == queue["average_wait_time"] == 0)
        assert queue["average_wait_time"] <= queue["longest_wait_time"] <= 600
        assert queue["longest_wait_time"] <= account["max_queue_wait_time"]
        waiting = queue["calls_waiting"] + queue["callbacks_waiting"] + queue["embeddable_callbacks_waiting"]
        assert waiting <= account["max_calls_waiting"]
        # the account
        assert account["total_calls"] == account["total_inbound_calls"] + account["total_outbound_calls"]
        inbound = account["total_inbound_calls"]
        assert account["total_calls_outside_business_hours"] <= inbound
        assert (
            account["total_calls_abandoned_in_queue"]
            + account["total_voicemails"]
            + account["total_textback_requests"]
            + account["total_callback_calls"]
            + account["total_embeddable_callback_calls"]
            <= inbound
        )
        voicemails = account["total_calls_with_exceeded_queue_wait_time"] + account["total_calls_with_requested_voicemail"]
        assert voicemails <= account["total_voicemails"]
        assert account["average_queue_wait_time"] <= account["max_queue_wait_time"]
        # the agents
        elapsed_s = (world.now - MIDNIGHT).total_seconds()
        for agent in agents:
            a = {name: cast("int", value) for name, value in agent.items()}
            assert a["online_time"] + 1 >= a["away_time"] + a["transfers_only_time"] + a["available_time"]
            assert a["available_time"] <= a["online_time"] <= elapsed_s
            assert a["total_talk_time"] + a["total_hold_time"] <= a["total_call_duration"] <= elapsed_s
            assert a["accepted_transfers"] <= a["calls_accepted"]
            assert a["average_talk_time"] <= a["total_talk_time"]
            assert agent["call_status"] in (None, "on_call", "wrap_up")
        # the team is the sum of the agents
        for field in ("calls_accepted", "calls_denied", "calls_missed", "calls_put_on_hold", "started_transfers", "accepted_transfers"):
            assert team[f"total_{field.removeprefix('total_')}"] == sum(ints(agents, field)), field
        for field in ("total_talk_time", "total_wrap_up_time", "total_hold_time"):
            assert team[field] == sum(ints(agents, field)), field
        assert team["total_accepted_transfers"] <= team["total_started_transfers"]
        # the agents' time is the account's
        for field in ("total_wrap_up_time", "total_hold_time"):
            assert abs(account[field] - team[field]) <= len(agents)


def test_lines_add_up_to_the_account_at_any_moment() -> None:
    world = World(WorldConfig(seed=5), MIDNIGHT + timedelta(hours=9))
    world.set_scenario("lunch_rush")
    for _ in moments(world, every_s=61, to=MIDNIGHT + timedelta(hours=11)):
        whole, parts = stats.current_queue_activity(world, None), [stats.current_queue_activity(world, [i]) for i in world.line_ids]
        for field in ("calls_waiting", "callbacks_waiting", "embeddable_callbacks_waiting"):
            assert whole[field] == sum(part[field] for part in parts)
        assert whole["longest_wait_time"] == max(part["longest_wait_time"] for part in parts)
        assert {part["agents_online"] for part in parts} == {whole["agents_online"]}
        day, days = stats.account_overview(world, None), [stats.account_overview(world, [i]) for i in world.line_ids]
        for field in (name for name in day if name.startswith("total_")):
            assert day[field] == sum(part[field] for part in days), field
        assert day["max_queue_wait_time"] == max(part["max_queue_wait_time"] for part in days)
        peaks = [part["max_calls_waiting"] for part in days]
        assert max(peaks) <= day["max_calls_waiting"] <= sum(peaks)
        for pair in combinations(world.line_ids, 2):
            assert stats.account_overview(world, pair)["max_calls_waiting"] <= day["max_calls_waiting"]
        assert stats.account_overview(world, world.line_ids) == day


def test_totals_of_a_day_never_fall() -> None:
    world, before = World(WorldConfig(seed=2), MIDNIGHT), dict[str, int]()
    for _ in moments(world, every_s=300, to=MIDNIGHT + ALMOST_A_DAY):
        account, team = stats.account_overview(world, None), stats.agents_overview(world)
        now = {f"account {name}": value for name, value in account.items()} | {f"team {name}": value for name, value in team.items()}
        for name, value in before.items():
            if " total_" in name or " max_" in name:
                assert now[name] >= value, name
        before = now


def test_counts_of_the_day_are_those_of_the_truth() -> None:
    world = World(WorldConfig(seed=4), MIDNIGHT + timedelta(hours=15))
    world.set_scenario("lunch_rush")
    world.advance(MIDNIGHT + ALMOST_A_DAY)
    account, calls = stats.account_overview(world, None), truth.calls(world, None, 50_000)
    fates = Counter(call["fate"] for call in calls)
    visits = [visit for call in calls for visit in cast("list[dict[str, object]]", call["visits"])]
    outcomes = Counter(visit["outcome"] for visit in visits)
    assert account["total_calls"] == len(calls)
    assert account["total_inbound_calls"] == sum(call["direction"] == "inbound" for call in calls)
    assert account["total_calls_abandoned_in_queue"] == fates["abandoned"] == outcomes["abandoned"] > 0
    assert account["total_calls_with_exceeded_queue_wait_time"] == fates["voicemail_max_wait"] > 0
    assert account["total_calls_with_requested_voicemail"] == fates["voicemail_requested"] > 0
    assert account["total_voicemails"] == sum(count for fate, count in fates.items() if str(fate).startswith("voicemail"))
    assert account["total_textback_requests"] == fates["textback"] > 0
    assert account["total_callback_calls"] == outcomes["callback_requested"] > 0
    assert account["total_embeddable_callback_calls"] == sum(call["origin"] == "widget" for call in calls) > 0
    assert account["total_calls_outside_business_hours"] == sum(
        call["direction"] == "inbound" and not "08" <= str(call["arrived_at"])[11:13] < "20" for call in calls
    )
    live = [cast("float", visit["wait_s"]) for visit in visits if (visit["kind"], visit["outcome"]) == ("live", "answered")]
    assert account["average_queue_wait_time"] == int(mean(live))
    assert account["max_queue_wait_time"] == int(max(cast("float", visit["wait_s"]) for visit in visits if visit["kind"] == "live"))
    callbacks = [cast("float", visit["wait_s"]) for visit in visits if visit["kind"] != "live" and visit["outcome"] == "answered"]
    assert account["average_callback_wait_time"] == int(mean(callbacks))
    # Accepted offers: everybody answered from the queue, and announced transfers on top.
    team = stats.agents_overview(world)
    assert outcomes["answered"] <= team["total_calls_accepted"] <= outcomes["answered"] + team["total_accepted_transfers"]


@pytest.mark.parametrize("seed", [1, 2])
def test_queue_over_a_day_obeys_littles_law(seed: int) -> None:
    world = World(WorldConfig(seed=seed, agents_count=30), MIDNIGHT)
    every_s = 5
    lengths = [stats.current_queue_activity(w, None)["calls_waiting"] for w in moments(world, every_s=every_s, to=MIDNIGHT + ALMOST_A_DAY)]
    calls = truth.calls(world, None, 50_000)
    visits = [v for call in calls for v in cast("list[dict[str, object]]", call["visits"]) if v["kind"] == "live"]
    arrivals_per_s = len(visits) / ALMOST_A_DAY.total_seconds()
    waited_s = mean(cast("float", visit["wait_s"]) for visit in visits)
    assert mean(lengths) == pytest.approx(arrivals_per_s * waited_s, rel=0.03)


def test_queue_is_first_come_first_served_but_for_groups_and_ringing() -> None:
    world = World(WorldConfig(seed=6), MIDNIGHT + timedelta(hours=12))
    visits = [v for call in truth.calls(world, None, 50_000) for v in cast("list[dict[str, object]]", call["visits"])]
    answered = sorted((str(v["entered_at"]), str(v["left_at"])) for v in visits if v["kind"] == "live" and v["outcome"] == "answered")
    overtaken = sum(later[1] < earlier[1] for earlier, later in pairwise(answered))
    assert overtaken / len(answered) < 0.2


def test_agents_filtered_by_group_are_its_members_in_order() -> None:
    world = World(WorldConfig(), MIDNIGHT + timedelta(hours=10))
    everybody = stats.agents_activity(world, None)
    ids = ints(everybody, "agent_id")
    assert ids == sorted(ids)
    assert all(2**31 < agent_id < 2**53 for agent_id in ids)
    groups = [ints(stats.agents_activity(world, [group_id]), "agent_id") for group_id in world.group_ids]
    assert all(group == sorted(group) and 0 < len(group) < len(ids) for group in groups)
    assert {agent_id for group in groups for agent_id in group} == {*ids}
    assert stats.agents_activity(world, world.group_ids) == everybody


def test_filters_that_match_nothing_give_zeros_and_nobody() -> None:
    world = World(WorldConfig(), MIDNIGHT + timedelta(hours=10))
    queue = stats.current_queue_activity(world, [123])
    assert {name for name, value in queue.items() if value} == {"agents_online"}
    assert not any(stats.account_overview(world, [123]).values())
    assert stats.agents_activity(world, []) == []


def test_fields_of_the_professional_plan_are_all_sent_and_leave_the_team_plan_its_own() -> None:
    world = World(WorldConfig(), MIDNIGHT)
    sent = {
        "current_queue_activity": {*stats.current_queue_activity(world, None)},
        "account_overview": {*stats.account_overview(world, None)},
        "agents_activity": {*stats.agents_activity(world, None)[0]},
        "agents_overview": {*stats.agents_overview(world)},
    }
    assert {endpoint: len(fields) for endpoint, fields in sent.items()} == {
        "current_queue_activity": 6,
        "account_overview": 22,
        "agents_activity": 26,
        "agents_overview": 22,
    }
    assert {endpoint: len(fields - stats.PRO_FIELDS[endpoint]) for endpoint, fields in sent.items()} == {
        "current_queue_activity": 6,
        "account_overview": 9,
        "agents_activity": 17,
        "agents_overview": 6,
    }
    assert all(stats.PRO_FIELDS[endpoint] <= fields for endpoint, fields in sent.items())
