"""Metrics beside the same weekday before, as the supervisor's charts ask for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import redis as redis_py
from django.test import Client
from django.utils import timezone

from dashboard.accounts.access import SCREEN_COOKIE
from dashboard.accounts.keys import digest_of, new_screen_key
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.models import Board, Role, Screen
from tests.api.shapes import check
from tests.history.filled import fill
from tests.live.examples import ACCOUNT, QUEUE

LogIn = Callable[[Role], Client]
ADDRESS = "/api/v1/boards/main/compared"


def test_comparison_gives_now_and_the_week_before_by_the_boards_clock(polled: redis_py.Redis, board: Board, log_in: LogIn) -> None:
    Board.objects.filter(pk=board.pk).update(time_zone="Asia/Kathmandu")
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    fill(QUEUE, {"longest_wait_time": [77] * 120}, hour - timedelta(days=7, hours=1))
    asked_at = timezone.now()
    found = log_in(Role.VIEWER).get(ADDRESS, {"span": "7d", "metrics": "longest_wait_time"}).json()
    check(found, {"$ref": "#/components/schemas/Comparison"})
    assert (found["time_zone"], found["step_s"], len(found["steps"])) == ("Asia/Kathmandu", 3600, 168)
    assert {step[-6:] for step in found["steps"]} == {"+05:45"}
    (series,) = found["series"]
    assert series["then"][-1] is None or series["then"][-1] == 77
    assert 77 in series["values"] + series["then"]
    begins = datetime.fromisoformat(found["steps"][found["running"]])
    assert begins <= timezone.now()
    assert asked_at < begins + timedelta(hours=1)  # by now the next hour may have begun


def test_comparison_of_totals_counts_by_the_quarter(polled: redis_py.Redis, log_in: LogIn) -> None:
    fill(ACCOUNT, {"total_calls": [float(minute) for minute in range(240)]}, timezone.now() - timedelta(minutes=240))
    found = log_in(Role.SUPERVISOR).get(ADDRESS, {"span": "4h", "metrics": "total_calls,total_inbound_calls"}).json()
    assert (found["step_s"], len(found["steps"]), [each["figure"] for each in found["series"]]) == (900, 16, ["increase"] * 2)
    known = [value for value in found["series"][0]["values"] if value is not None]
    assert known
    assert all(value >= 0 for value in known)


def test_comparison_of_the_account_is_of_all_groups_and_not_for_screens(
    polled: redis_py.Redis, board: Board, log_in: LogIn, client: Client
) -> None:
    Board.objects.filter(pk=board.pk).update(group_ids=[7])
    fill(Feed("main", Endpoint.TICKETS), {"tickets_new": [5.0] * 30}, timezone.now() - timedelta(minutes=30))
    query = {"span": "1h", "metrics": "tickets_new"}
    person = log_in(Role.VIEWER)
    of_board, of_all = (person.get(ADDRESS, {**query, "scope": scope}).json()["series"][0]["values"] for scope in ("board", "account"))
    assert (set(of_board), set(of_all)) == ({None}, {None, 5.0})
    key = new_screen_key()
    Screen.objects.create(name="Reception", board=board, key_digest=digest_of(key))
    client.cookies[SCREEN_COOKIE] = key
    assert client.get(ADDRESS, query).status_code == 200
    refused = client.get(ADDRESS, {**query, "scope": "account"})
    assert (refused.status_code, refused.json()["message"]) == (403, "A screen shows its boards, not the whole account.")


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ({"metrics": "calls_waiting", "span": "2h"}, 400, "span must be one of 1h, 4h, today, 7d, 28d."),
        ({"metrics": "calls_waiting", "scope": "all"}, 400, "scope must be board or account."),
        ({}, 400, "metrics must name 1 to 4 metrics, with commas between them."),
        ({"metrics": ",".join(["calls_waiting"] * 5)}, 400, "metrics must name 1 to 4"),
        ({"metrics": "<b>" * 200}, 404, "There is no metric"),
    ],
)
def test_comparison_refuses_what_it_cannot_answer(
    polled: redis_py.Redis, log_in: LogIn, query: dict[str, str], status: int, words: str
) -> None:
    answer = log_in(Role.VIEWER).get(ADDRESS, query)
    assert answer.status_code == status
    assert words in answer.json()["message"]
    assert len(answer.json()["message"]) < 200


def test_comparison_is_not_for_strangers_nor_for_boards_that_are_gone(client: Client, polled: redis_py.Redis, log_in: LogIn) -> None:
    assert client.get(ADDRESS, {"metrics": "calls_waiting"}).status_code == 401
    assert log_in(Role.VIEWER).get("/api/v1/boards/gone/compared", {"metrics": "calls_waiting"}).status_code == 404
