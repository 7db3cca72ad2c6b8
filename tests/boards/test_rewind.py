"""The page that plays the past: who may open it, where it begins, what it says of a moment that cannot be."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis as redis_py
from django.test import Client

from dashboard.accounts.keys import digest_of
from dashboard.alerts.links import rewind_path
from dashboard.boards.rewind_views import moment
from dashboard.domain.readings import QueueActivity
from dashboard.domain.totals import totals
from dashboard.models import Board, Role, Screen
from dashboard.store.series import series_of
from tests.alerts.telling import START, opened, rule
from tests.history.filled import fill
from tests.live.examples import NOW, QUEUE

LogIn = Callable[[Role], Client]
PAGE = "/rewind/main/"


@pytest.fixture
def begun(redis: redis_py.Redis, board: Board) -> datetime:
    """A board whose history begins an hour ago."""
    begin = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    series_of(QUEUE, 1.0).append(redis, begin, totals(QueueActivity(calls_waiting=1)), live_s=2.5)
    return begin


def told(client: Client, address: str = PAGE) -> Any:
    """What the page tells its script."""
    text = client.get(address).content.decode()
    found = re.search(r'<script id="page" type="application/json">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_rewind_opens_for_viewers_at_the_moment_of_a_link(begun: datetime, log_in: LogIn) -> None:
    at = begun + timedelta(minutes=30)
    page = told(log_in(Role.VIEWER), f"{PAGE}?at={at:%Y-%m-%dT%H:%M:%SZ}&speed=30")
    assert (page["at_ms"], page["speed"], page["begin_ms"]) == (at.timestamp() * 1000, 30, begun.timestamp() * 1000)


def test_rewind_without_a_board_goes_to_the_first_and_keeps_the_moment(begun: datetime, log_in: LogIn) -> None:
    answer = log_in(Role.VIEWER).get("/rewind/?at=2026-11-21T14:30:00Z")
    assert answer["Location"] == "/rewind/main/?at=2026-11-21T14%3A30%3A00Z"


@pytest.mark.parametrize(
    ("given", "expected", "words"),
    [
        ("", NOW - timedelta(minutes=5), ""),
        ("2026-11-21T08:30:00Z", NOW.replace(hour=8, minute=30, second=0, microsecond=0), ""),
        ("2026-11-21T09:30:00 01:00", NOW.replace(hour=8, minute=30, second=0, microsecond=0), ""),
        ("yesterday", NOW - timedelta(minutes=5), "That is not a moment: 'yesterday'."),
        ("2026-11-21T08:30:00", NOW - timedelta(minutes=5), "That is not a moment"),
        ("2026-13-21T08:30:00Z", NOW - timedelta(minutes=5), "That is not a moment"),
        ("2026-11-22T09:00:00Z", NOW - timedelta(minutes=5), "has not come yet"),
        ("2026-11-19T09:00:00Z", NOW - timedelta(days=1), "The history of this board begins here"),
        ("<script>" + "x" * 500, NOW - timedelta(minutes=5), "That is not a moment"),
    ],
)
def test_moment_of_an_address_is_taken_or_said_to_be_wrong(given: str, expected: datetime, words: str) -> None:
    at, problem = moment(given, NOW - timedelta(days=1), NOW)
    assert at == expected
    assert words in problem
    assert bool(words) == bool(problem)
    assert len(problem) < 200


def test_moment_of_a_board_that_is_younger_than_five_minutes_is_its_beginning() -> None:
    begin = NOW - timedelta(minutes=2)
    assert moment("", begin, NOW) == (begin, "")
    assert moment("noon", begin, NOW) == (begin, "That is not a moment: 'noon'. The history of this board begins here.")


def test_rewind_of_a_board_that_never_was_polled_says_so(redis: redis_py.Redis, board: Board, log_in: LogIn) -> None:
    assert b"Nothing was polled for this board yet" in log_in(Role.VIEWER).get(PAGE).content


@pytest.mark.usefixtures("no_redis")
def test_rewind_opens_without_redis(board: Board, log_in: LogIn) -> None:
    fill(QUEUE, {"calls_waiting": [1.0]}, NOW)
    assert told(log_in(Role.VIEWER))["begin_ms"] == NOW.timestamp() * 1000 // 60_000 * 60_000


def test_rewind_is_for_people_alone(begun: datetime, board: Board, log_in: LogIn) -> None:
    Screen.objects.create(name="TV", board=board, key_digest=digest_of("key"))
    screen = Client()
    screen.cookies["ql_screen"] = "key"
    for address in (PAGE, f"{PAGE}stage/", "/rewind/"):
        assert Client().get(address).status_code == 302
        assert screen.get(address).status_code == 302, "to the login"
    assert log_in(Role.VIEWER).get(f"{PAGE}stage/").status_code == 200
    assert log_in(Role.SUPERVISOR).get("/rewind/gone/").status_code == 404


def test_rewind_of_an_incident_opens_a_board_that_shows_it(begun: datetime, board: Board) -> None:
    Board.objects.filter(pk=board.pk).update(line_ids=[1])
    Board.objects.create(slug="sales", title="Sales", line_ids=[2, 3])
    assert rewind_path(opened(rule(line_ids=[3]), START)) == "/rewind/sales/?at=2026-11-23T08:58:00Z"
    assert rewind_path(opened(rule(name="All lines"), START)) == "/rewind/main/?at=2026-11-23T08:58:00Z"


def test_rewind_of_an_incident_opens_the_board_with_its_metric_or_says_that_it_is_on_none(
    begun: datetime, board: Board, log_in: LogIn
) -> None:
    def rewound(metric: str, scope: str) -> str:
        found = opened(rule(name=scope), START)
        found.metric, found.scope, found.account = metric, scope, scope.partition(":")[0]
        return rewind_path(found)

    on_none = rewound("tickets_unsolved", "main:tickets:7")
    assert on_none == "/rewind/main/?at=2026-11-23T08:58:00Z&metric=tickets_unsolved"
    client = log_in(Role.VIEWER)
    page = client.get(on_none).content.decode()
    assert "“Unsolved tickets” is on no tile of this board" in page
    tile = {"id": "a", "kind": "number", "x": 0, "y": 0, "w": 5, "h": 5}
    for slug, metric, groups in (("backlog", "tickets_unsolved", []), ("group", "tickets_unsolved", [7]), ("new", "cases_unresolved", [])):
        Board.objects.create(slug=slug, title=slug, group_ids=groups, widgets=[tile | {"options": {"metric": metric}}])
    assert rewound("tickets_unsolved", "main:tickets:7").startswith("/rewind/group/?at=")
    assert rewound("tickets_unsolved", "main:tickets").startswith("/rewind/backlog/?at=")
    assert rewound("cases_unresolved", "kayako:kayako_cases").startswith("/rewind/new/?at=")
    assert "is on no tile" not in client.get("/rewind/backlog/?metric=tickets_unsolved").content.decode()
