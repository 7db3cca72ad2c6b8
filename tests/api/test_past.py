"""The past of a board for programs: frames, marks, and one sentence for everything that cannot be had."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
import redis as redis_py
import time_machine
from django.test import Client

from dashboard.accounts.keys import digest_of
from dashboard.alerts import acting
from dashboard.api.openapi import document
from dashboard.domain.agents import InState
from dashboard.domain.judging import What
from dashboard.domain.minutes import Folded
from dashboard.domain.readings import AgentActivity, QueueActivity
from dashboard.domain.thresholds import Severity
from dashboard.domain.totals import totals
from dashboard.live import patch
from dashboard.models import Board, Role, Screen
from dashboard.store import rosters
from dashboard.store.series import series_of
from tests.alerts.telling import opened, record, rule
from tests.api.shapes import check
from tests.history.filled import fill
from tests.live.examples import ACCOUNT, AGENTS, QUEUE

LogIn = Callable[[Role], Client]
PAST, MARKS = "/api/v1/boards/main/past", "/api/v1/boards/main/past/marks"
NOW = datetime.fromisoformat("2026-11-23T10:00:00+00:00")


def at(seconds_ago: float) -> datetime:
    return NOW - timedelta(seconds=seconds_ago)


def iso(seconds_ago: float) -> str:
    return at(seconds_ago).isoformat()


@pytest.fixture
def floor(redis: redis_py.Redis, board: Board) -> redis_py.Redis:
    """Ten minutes of a wait that grows by a second a second, with a hole of a minute in it, and one agent; then it is now."""
    ring = series_of(QUEUE, 1.0)
    for ago in range(600, -1, -1):
        if not 240 < ago <= 300:
            ring.append(redis, at(ago), totals(QueueActivity(9, 20, 600 - ago, 3, 1, 0)), live_s=2.5)
    series_of(AGENTS, 5.0).append(redis, at(590), {"agents_available": 1}, live_s=10.5)
    amara = AgentActivity(7, "Amara Okafor", "online")
    rosters.keep(redis, AGENTS, [amara], {7: InState("online", None, at(590), False)}, {}, at=at(590))
    Board.objects.update(created_at=NOW - timedelta(days=9))
    return redis


@pytest.fixture
def client(floor: redis_py.Redis, log_in: LogIn) -> Any:
    """A viewer's, at NOW."""
    with time_machine.travel(NOW, tick=False):
        yield log_in(Role.VIEWER)


def frames(answer: Any) -> list[tuple[str, patch.Object]]:
    """Every frame whole, by patching."""
    found: list[tuple[str, patch.Object]] = []
    for entry in answer.json()["frames"]:
        whole = entry.get("frame") or patch.apply(found[-1][1], entry["patch"])
        found.append((entry["at"], cast("patch.Object", whole)))
    return found


def test_past_is_frames_and_patches_of_what_was(client: Client) -> None:
    answer = client.get(PAST, {"from": iso(590), "to": iso(530), "step": "20"})
    check(
        answer.json(), document()["paths"]["/api/v1/boards/{slug}/past"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    )
    found = frames(answer)
    assert [when for when, _ in found] == [f"2026-11-23T09:5{text}.000Z" for text in ("0:10", "0:30", "0:50", "1:10")]
    waits: list[Any] = [frame["metrics"]["longest_wait_time"] for _, frame in found]  # type: ignore[index,call-overload]
    assert [(each["value"], each["state"]) for each in waits] == [(10, "live"), (30, "live"), (50, "live"), (70, "live")]
    agents: list[Any] = [frame["agents"] for _, frame in found]
    assert agents[0][0] == {"id": 7, "name": "Amara Okafor", "state": "online", "since": "2026-11-23T09:50:10.000Z", "since_exact": False}
    assert (answer.json()["resolution"], answer.json()["notes"]) == ("readings", [])
    assert answer.json()["begins_at"] == "2026-11-23T09:50:00.000Z"


def test_past_shows_a_gap_as_a_gap_and_marks_it(client: Client) -> None:
    answer = client.get(PAST, {"from": iso(305), "to": iso(235), "step": "10"})
    states: list[Any] = [frame["metrics"]["longest_wait_time"]["state"] for _, frame in frames(answer)]  # type: ignore[index,call-overload]
    assert states == ["live", *["stale"] * 6, "live"]
    (gap,) = answer.json()["marks"]
    assert (gap["kind"], gap["at"], gap["until"]) == ("gap", "2026-11-23T09:55:04.500Z", "2026-11-23T09:56:00.000Z")


def test_past_has_the_incidents_that_were_open_then(client: Client) -> None:
    found = opened(rule(), at(400))
    acting.acknowledge(found.pk, "dana@example.com", "", at(350))
    assert found.rule is not None
    record(found.rule, What.WORSE, at(330), severity=Severity.CRITICAL, value=330.0)
    record(found.rule, What.RESOLVED, at(200), value=90.0)
    answer = client.get(PAST, {"from": iso(420), "to": iso(190), "step": "10"})
    told: dict[str, Any] = {when: frame["incidents"] for when, frame in frames(answer)}
    assert told["2026-11-23T09:53:00.000Z"] == []
    (fresh,) = told["2026-11-23T09:53:20.000Z"]
    assert (fresh["state"], fresh["severity"], fresh["value"]) == ("open", "warning", 200)
    assert "acknowledged_by" not in fresh
    (taken,) = told["2026-11-23T09:54:20.000Z"]
    assert (taken["state"], taken["acknowledged_by"], taken["value"]) == ("acknowledged", "dana", 260), "the value is the metric's own then"
    assert taken["text"] == "Longest wait 4:20, at or above 3:00"
    (worse,) = told["2026-11-23T09:54:40.000Z"]
    assert (worse["severity"], worse["limit"]) == ("critical", 300)
    assert told["2026-11-23T09:56:40.000Z"] == []
    marks = [(mark["kind"], mark["at"][11:19]) for mark in answer.json()["marks"]]
    assert marks == [
        ("opened", "09:53:20"),
        ("acknowledged", "09:54:10"),
        ("worse", "09:54:30"),
        ("gap", "09:55:04"),
        ("resolved", "09:56:40"),
    ]


def test_past_tells_of_dark_screens_to_supervisors_alone(client: Client, log_in: LogIn) -> None:
    dark = rule(kind="screen", metric="", warning_enter=120.0, warning_leave=60.0)
    opened(dark, at(560), value=130.0)
    given = {"from": iso(590), "to": iso(530), "step": "20"}
    of_viewer, of_supervisor = (each.get(PAST, given) for each in (client, log_in(Role.SUPERVISOR)))
    assert ["dark_screens" in frame for _, frame in frames(of_supervisor)] == [False, False, True, True]
    assert ["dark_screens" in frame for _, frame in frames(of_viewer)] == [False] * 4
    assert len(of_viewer.json()["frames"]) == 4


def test_marks_of_weeks_have_resets_corrections_and_the_board(client: Client) -> None:
    start = NOW - timedelta(days=8)
    calls = [Folded(5, 5, 5, 5), Folded(0, 0, 0, 0, reset=True), Folded(4, 4, 4, 4), Folded(3, 3, 3, 3, corrected=True)]
    fill(ACCOUNT, {"total_calls": calls}, start)
    fill(QUEUE, {"calls_waiting": [1.0] * 4}, start)
    Board.objects.update(revision=2, changed_by="dana@example.com", changed_at=at(60))
    answer = client.get(MARKS, {"from": (NOW - timedelta(days=9)).isoformat(), "to": NOW.isoformat()})
    check(
        answer.json(),
        document()["paths"]["/api/v1/boards/{slug}/past/marks"]["get"]["responses"]["200"]["content"]["application/json"]["schema"],
    )
    found = [(mark["kind"], mark.get("by")) for mark in answer.json()["marks"]]
    assert found == [("board", None), ("reset", None), ("corrected", None), ("gap", None), ("gap", None), ("board", "dana")]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"from": iso(10), "to": iso(20)}, "from must be earlier than to."),
        ({"from": iso(10), "to": iso(-60)}, "to must not be in the future."),
        ({"from": iso(90_000), "to": iso(10)}, "from and to may be at most 24 hours apart."),
        ({"from": iso(401 * 86_400), "to": iso(400.9 * 86_400)}, "from is over 400 days ago: so much is kept."),
        ({"from": iso(1300), "to": iso(1200)}, "The history of this board begins at 2026-11-23T09:50:00.000Z."),
        ({"from": iso(400), "to": iso(10), "step": "1"}, "An answer has at most 300 frames: take a larger step, or less time at once."),
        ({"from": iso(400), "to": iso(10), "step": "0.5"}, "step must be a number of seconds from 1 to 3600."),
        ({"from": iso(400), "to": iso(10), "step": "often"}, "step must be a number of seconds from 1 to 3600."),
        ({"from": "yesterday"}, "from must be a time such as 2026-11-21T09:00:00Z, or Unix seconds."),
    ],
)
def test_past_that_cannot_be_had_is_refused_with_a_sentence(client: Client, given: dict[str, str], sentence: str) -> None:
    answer = client.get(PAST, given)
    assert (answer.status_code, answer.json()["message"]) == (400, sentence)


def test_past_of_a_board_that_never_was_polled_says_so(redis: redis_py.Redis, board: Board, log_in: LogIn) -> None:
    answer = log_in(Role.VIEWER).get(PAST)
    assert (answer.status_code, answer.json()["error"]) == (400, "no_history")


def test_past_is_for_people_alone(client: Client, board: Board) -> None:
    Screen.objects.create(name="TV", board=board, key_digest=digest_of("key"))
    for address in (PAST, MARKS):
        assert Client().get(address).status_code == 401
        assert Client(headers={"Authorization": "Bearer key"}).get(address).status_code == 403
        assert client.get(address).status_code == 200
        assert client.get(address.replace("main", "other")).status_code == 404


@pytest.mark.usefixtures("no_redis")
def test_past_without_redis_is_made_of_minutes_and_says_so(board: Board, log_in: LogIn) -> None:
    fill(QUEUE, {"longest_wait_time": [77.0] * 30}, NOW - timedelta(minutes=30))
    with time_machine.travel(NOW, tick=False):
        answer = log_in(Role.VIEWER).get(PAST, {"from": iso(600), "to": iso(540)})
    assert answer.json()["resolution"] == "minutes"
    assert "does not answer" in answer.json()["notes"][0]
    assert {frame["metrics"]["longest_wait_time"]["value"] for _, frame in frames(answer)} == {77}  # type: ignore[index,call-overload]
