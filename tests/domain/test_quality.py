"""The checks of a data-quality light: off for what lasts and contradicts itself, silent about what merely moved between two polls."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.feeds import Endpoint
from dashboard.domain.freshness import Freshness
from dashboard.domain.quality import Check, Facts, FeedSeen, Flow, State, checks
from dashboard.domain.readings import AgentActivity, AgentsActivity

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
INTERVALS = {Endpoint.QUEUE: 1.0, Endpoint.AGENTS: 5.0, Endpoint.ACCOUNT: 15.0, Endpoint.AGENTS_OVERVIEW: 30.0}
FEEDS = {endpoint: FeedSeen(endpoint, Freshness.LIVE, interval_s, NOW) for endpoint, interval_s in INTERVALS.items()}
AGENTS = AgentsActivity(
    tuple(AgentActivity(number, "", state) for number, state in enumerate(("online", "online", "away", "transfers_only", "offline")))  # type: ignore[arg-type]
)
FITS = Facts(
    NOW,
    FEEDS,
    calls_waiting=3,
    longest_wait_s=42,
    agents_online=3,
    agents=AGENTS,
    occupancy_ratio=0.8,
    flow=Flow(waiting_mean=2.0, arrivals=60, wait_s=30, wait_error_s=5),
    budgets={"queue": (300, 2000), "other": (20, 160)},
)


def after(facts: Facts, seconds: float = 0.0) -> dict[str, Check]:
    """What is said when `facts` have been seen once, and then again so many seconds later."""
    first = checks(facts, {})
    began = {check.name: check.since for check in first if check.since is not None}
    return {check.name: check for check in checks(replace(facts, now=facts.now + timedelta(seconds=seconds)), began)}


def test_numbers_that_fit_are_ok_and_nothing_is_remembered() -> None:
    found = after(FITS)
    assert [(check.name, check.state, check.since) for check in found.values()] == [
        (name, State.OK, None) for name in ("queue", "agents", "flow", "feeds", "budget", "occupancy")
    ]


def test_nothing_known_is_unknown_and_no_fault() -> None:
    assert {check.state for check in checks(Facts(NOW, {}), {})} == {State.UNKNOWN}
    stale = {endpoint: replace(feed, state=Freshness.STALE) for endpoint, feed in FEEDS.items()}
    wrong = replace(FITS, feeds=stale, calls_waiting=0, agents_online=99, occupancy_ratio=9.0)
    assert {name: check.state for name, check in after(wrong, 900).items()} == {
        "queue": State.UNKNOWN,
        "agents": State.UNKNOWN,
        "flow": State.UNKNOWN,
        "feeds": State.OFF,
        "budget": State.OK,
        "occupancy": State.UNKNOWN,
    }


def test_a_wait_of_nobody_is_off_once_it_lasts() -> None:
    facts = replace(FITS, calls_waiting=0, longest_wait_s=900)
    assert after(facts)["queue"].state is State.OK
    assert after(facts, 2.9)["queue"].state is State.OK
    found = after(facts, 3)["queue"]
    assert (found.state, found.numbers, found.since) == (State.OFF, {"wait_s": 900}, NOW)
    assert found.text == "The queue says that nobody waits, and that somebody has waited for 900 s."


@pytest.mark.parametrize(("counted", "state"), [(2, State.OFF), (3, State.OK), (4, State.OK), (5, State.OFF)])
def test_agents_are_compared_with_and_without_those_who_take_transfers(counted: int, state: State) -> None:
    facts = replace(FITS, agents_online=counted)
    assert after(facts, 20)["agents"].state is state
    assert after(facts, 19)["agents"].state is State.OK


def test_agents_of_a_slow_feed_or_of_some_groups_are_not_judged_too_soon() -> None:
    slow = {**FEEDS, Endpoint.AGENTS: replace(FEEDS[Endpoint.AGENTS], interval_s=30)}
    assert after(replace(FITS, agents_online=9, feeds=slow), 119)["agents"].state is State.OK
    assert after(replace(FITS, agents_online=9, feeds=slow), 120)["agents"].state is State.OFF
    filtered = {**FEEDS, Endpoint.AGENTS: replace(FEEDS[Endpoint.AGENTS], is_filtered=True)}
    assert after(replace(FITS, agents_online=9, feeds=filtered), 900)["agents"].state is State.UNKNOWN


def test_flow_is_off_only_far_outside_its_band_for_minutes() -> None:
    flow = Flow(waiting_mean=30, arrivals=60, wait_s=30, wait_error_s=5)
    facts = replace(FITS, flow=flow)
    assert after(facts, 299)["flow"].state is State.OK
    found = after(facts, 300)["flow"]
    assert (found.state, found.numbers) == (State.OFF, {"waiting": 30, "expected": 2})
    for changed in (replace(flow, waiting_edge=25), replace(flow, wait_error_s=300), replace(flow, abandoned=50, longest_s=600)):
        assert after(replace(FITS, flow=changed), 300)["flow"].state is State.OK
    empty = Flow(waiting_mean=0, arrivals=100, wait_s=200, wait_error_s=5)
    assert after(replace(FITS, flow=empty), 300)["flow"].state is State.OFF
    assert after(replace(FITS, flow=replace(empty, arrivals=19)), 300)["flow"].state is State.UNKNOWN


@given(st.floats(0, 200), st.floats(0, 400), st.floats(0.001, 0.5), st.floats(0, 40))
def test_flow_that_keeps_the_law_is_never_off(error_s: float, wait_s: float, per_s: float, edge: float) -> None:
    arrivals = per_s * 900
    flow = Flow(per_s * wait_s, arrivals, wait_s, error_s, edge)
    assert after(replace(FITS, flow=flow), 900)["flow"].state is not State.OFF


def test_a_late_feed_is_off_when_it_stays_late_and_a_stale_one_at_once() -> None:
    late = {**FEEDS, Endpoint.AGENTS: replace(FEEDS[Endpoint.AGENTS], state=Freshness.LATE)}
    assert after(replace(FITS, feeds=late), 9)["feeds"].state is State.OK
    found = after(replace(FITS, feeds=late), 10)["feeds"]
    assert (found.state, found.numbers["late_count"]) == (State.OFF, 1)
    assert found.text == "Late: agents_activity, asked every 5 s, last answer at 09:00:00 UTC."
    down = {**late, Endpoint.QUEUE: replace(FEEDS[Endpoint.QUEUE], state=Freshness.DOWN, at=None)}
    assert after(replace(FITS, feeds=down))["feeds"].state is State.OFF


def test_budget_near_its_cap_names_the_worse_bucket() -> None:
    found = after(replace(FITS, budgets={"queue": (1900, 2000), "other": (160, 160)}))["budget"]
    assert (found.state, found.numbers) == (State.OFF, {"used": 160, "cap": 160})
    assert found.text == "The API budget is nearly used up: 160 of our share of 160 requests (other)."


def test_occupancy_above_all_of_the_time_is_off() -> None:
    assert after(replace(FITS, occupancy_ratio=1.01), 60)["occupancy"].state is State.OK
    found = after(replace(FITS, occupancy_ratio=1.12), 30)["occupancy"]
    assert (found.state, found.text) == (State.OFF, "Occupancy today is 112 %: more time in calls than signed in.")


def test_a_beginning_in_the_future_is_forgotten() -> None:
    facts = replace(FITS, calls_waiting=0)
    found = {check.name: check for check in checks(facts, {"queue": NOW + timedelta(hours=1)})}
    assert (found["queue"].state, found["queue"].since) == (State.OK, NOW)
