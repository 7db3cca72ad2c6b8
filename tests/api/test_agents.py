"""What each agent did."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import redis as redis_py
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from dashboard.api.agents import agents_now, row
from dashboard.domain.agents import InState
from dashboard.domain.readings import AgentActivity, AgentsActivity
from dashboard.live.publish import publish_boards
from dashboard.live.stored import load_frame
from dashboard.models import Board, Role
from dashboard.store import snapshots
from tests.api.shapes import check
from tests.live.examples import AGENTS, AMARA, NOW, ZOE, poll

FULL = dataclasses.replace(AMARA, calls_missed=2, calls_denied=1, total_hold_time=400, online_time=6250, away_time=60)


def test_row_counts_offers_and_judges_by_the_definitions() -> None:
    found = row(FULL, InState("online", "on_call", NOW, True))
    assert found["offers"] == 23
    assert found["average_handle_time"] == {"state": "value", "value": 250.0}
    assert found["occupancy_ratio"] == {"state": "value", "value": 0.8}
    assert (found["presence"], found["since"], found["since_exact"]) == ("on_call", "2026-11-21T09:00:00.120Z", True)


def test_row_of_few_calls_says_too_few() -> None:
    assert row(dataclasses.replace(ZOE, online_time=4000), None)["average_handle_time"] == {"state": "too_few", "have": 4, "needs": 10}


def test_row_of_what_the_vendor_did_not_send_is_unknown_and_never_zero() -> None:
    found = row(AgentActivity(1, "Ada", "online"), None)
    assert (found["calls_accepted"], found["offers"], found["since"]) == (None, None, None)
    assert found["average_handle_time"] == found["occupancy_ratio"] == {"state": "unknown"}


def test_row_of_nobody_signed_in_has_no_occupancy() -> None:
    assert row(dataclasses.replace(FULL, online_time=0), None)["occupancy_ratio"] == {"state": "unknown"}


count = st.none() | st.integers(0, 2**31)


@given(count, count, count, count, count, count)
def test_row_always_has_the_promised_shape(
    accepted: int | None, missed: int | None, denied: int | None, talk: int | None, wrap_up: int | None, online: int | None
) -> None:
    agent = AgentActivity(
        1,
        "Ada",
        "away",
        None,
        calls_accepted=accepted,
        calls_missed=missed,
        calls_denied=denied,
        total_talk_time=talk,
        total_wrap_up_time=wrap_up,
        online_time=online,
    )
    check(row(agent, None), {"$ref": "#/components/schemas/Agent"})


def test_agents_are_sorted_by_name_whatever_its_case(polled: redis_py.Redis, board: Board) -> None:
    now = datetime.now(UTC)
    poll(polled, AGENTS, AgentsActivity((ZOE, AMARA)), now)
    found = agents_now(polled, board, now)
    assert [agent["name"] for agent in found["agents"]] == ["Amara Okafor", "zoë Lind"]  # type: ignore[attr-defined]
    assert found["state"] == "live"


def test_agents_say_how_old_they_are(polled: redis_py.Redis, board: Board) -> None:
    now = datetime.now(UTC)
    assert agents_now(polled, board, now + timedelta(minutes=5))["state"] == "stale"
    snapshots.save_stop(polled, "main", snapshots.Stop("auth", "No.", now, "digest"))
    assert agents_now(polled, board, now)["state"] == "down"


def test_agents_are_as_old_as_the_frame_says(polled: redis_py.Redis, board: Board) -> None:
    now = datetime.now(UTC) + timedelta(seconds=15)  # nobody watches: the feed is asked every 10 s, and 15 s are not late
    publish_boards(polled, now)
    stored = load_frame(polled, board.slug)
    assert stored is not None
    found = agents_now(polled, board, now)
    feed = stored.frame["feeds"][AGENTS.id]  # type: ignore[index, call-overload]
    assert (found["state"], found["interval_s"]) == (feed["state"], feed["interval_s"]) == ("live", 10.0)  # type: ignore[index, call-overload]


def test_agents_before_the_first_answer_are_none_and_unknown(redis: redis_py.Redis, board: Board) -> None:
    found = agents_now(redis, board, datetime.now(UTC))
    assert (found["state"], found["at"], found["agents"]) == ("unknown", None, [])


def test_agents_of_no_board_are_404(polled: redis_py.Redis, log_in: Callable[[Role], Client]) -> None:
    assert log_in(Role.SUPERVISOR).get("/api/v1/agents?board=nothing").status_code == 404
