"""The current frame by HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import redis as redis_py
from django.test import Client
from django.utils import timezone

from dashboard.api.frame import current_frame
from dashboard.models import Board, Role
from dashboard.store import keys
from tests.live.examples import QUEUE, poll, queue

LogIn = Callable[[Role], Client]


def test_frame_is_the_latest_with_its_number_and_time(polled: redis_py.Redis, log_in: LogIn) -> None:
    client = log_in(Role.VIEWER)
    first = client.get("/api/v1/boards/main/frame").json()
    assert set(first) == {"seq", "at", "frame"}
    poll(polled, QUEUE, queue(calls_waiting=8), timezone.now())
    second = client.get("/api/v1/boards/main/frame").json()
    assert second["seq"] > first["seq"]
    assert second["frame"]["metrics"]["calls_waiting"]["value"] == 8


def test_frame_marks_the_board_watched(polled: redis_py.Redis, log_in: LogIn) -> None:
    log_in(Role.VIEWER).get("/api/v1/boards/main/frame")
    assert polled.zscore(keys.WATCH, "main") is not None


def test_frame_of_a_board_that_nobody_polls_any_more_does_not_stay_live(polled: redis_py.Redis, board: Board) -> None:
    now = timezone.now()
    assert current_frame(polled, board, now).frame["source"]["state"] == "live"  # type: ignore[union-attr,index,call-overload]
    later = current_frame(polled, board, now + timedelta(minutes=5))
    assert later.frame["source"]["state"] == "stale"  # type: ignore[union-attr,index,call-overload]


def test_frame_before_the_first_poll_is_there_and_knows_nothing(redis: redis_py.Redis, board: Board, log_in: LogIn) -> None:
    frame = log_in(Role.VIEWER).get("/api/v1/boards/main/frame").json()["frame"]
    assert frame["source"]["state"] == "unknown"
    assert "value" not in frame["metrics"].get("calls_waiting", {})


def test_frame_while_the_budget_cannot_be_read_is_503_and_pages_open_without_numbers(polled: redis_py.Redis, log_in: LogIn) -> None:
    """As of a Redis that goes away between two questions."""
    polled.delete(keys.budget("main", "queue"))
    polled.set(keys.budget("main", "queue"), "junk")
    client = log_in(Role.SUPERVISOR)
    answer = client.get("/api/v1/boards/main/frame")
    assert (answer.status_code, answer.json()["error"]) == (503, "redis")
    for page in ("/", "/wall/main/"):
        answer = client.get(page)
        assert answer.status_code == 200
        assert '<script id="opening" type="application/json">null</script>' in answer.content.decode()


def test_frame_of_no_board_is_404(polled: redis_py.Redis, log_in: LogIn) -> None:
    answer = log_in(Role.VIEWER).get("/api/v1/boards/nothing/frame")
    assert (answer.status_code, answer.json()["message"]) == (404, "There is no board 'nothing'.")
