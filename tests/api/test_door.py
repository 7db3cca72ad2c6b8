"""Who may ask the API, and how a refusal looks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from dashboard.accounts.access import SCREEN_COOKIE
from dashboard.accounts.keys import digest_of, new_screen_key, new_token
from dashboard.models import ApiToken, Board, Role, Screen, User

FRAME, AGENTS, HISTORY, METRICS = "/api/v1/boards/main/frame", "/api/v1/agents", "/api/v1/metrics/calls_waiting/history", "/metrics"
LogIn = Callable[[Role], Client]

pytestmark = pytest.mark.usefixtures("polled")


def token_of(role: Role) -> dict[str, str]:
    token = new_token()
    ApiToken.objects.create(name="t", user=User.objects.create(email="t@example.com", password="x", role=role), digest=digest_of(token))
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def screen_key(board: Board) -> str:
    key = new_screen_key()
    Screen.objects.create(name="TV", board=board, key_digest=digest_of(key))
    return key


@pytest.mark.parametrize("path", [FRAME, AGENTS, HISTORY, METRICS, "/api/v1/boards/nothing/frame", "/api/v1/metrics/nothing/history"])
def test_stranger_gets_401_and_learns_nothing_else(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 401
    assert answer.json()["error"] == "unauthenticated"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("role", "statuses"),
    [(Role.VIEWER, (200, 403, 200, 200)), (Role.SUPERVISOR, (200, 200, 200, 200)), (Role.ADMINISTRATOR, (200, 200, 200, 200))],
)
@pytest.mark.parametrize("way", ["session", "token"])
def test_people_and_their_tokens_may_the_same(log_in: LogIn, client: Client, role: Role, statuses: tuple[int, ...], way: str) -> None:
    asker, headers = (log_in(role), {}) if way == "session" else (client, token_of(role))
    assert tuple(asker.get(path, headers=headers).status_code for path in (FRAME, AGENTS, HISTORY, METRICS)) == statuses


@pytest.mark.parametrize("way", ["cookie", "bearer"])
def test_screen_may_see_its_boards_frame_and_history_and_nothing_else(client: Client, screen_key: str, way: str) -> None:
    Board.objects.create(slug="sales", title="Sales")
    headers = {"Authorization": f"Bearer {screen_key}"} if way == "bearer" else {}
    if way == "cookie":
        client.cookies[SCREEN_COOKIE] = screen_key
    paths = (FRAME, HISTORY, "/api/v1/boards/sales/frame", f"{HISTORY}?board=sales", AGENTS, METRICS)
    found = [client.get(path, headers=headers).status_code for path in paths]
    assert found == [200, 200, 403, 403, 403, 403]


def test_screen_reads_the_history_of_its_own_lines(client: Client, screen_key: str) -> None:
    Board.objects.filter(slug="main").update(line_ids=[3, 1])
    headers = {"Authorization": f"Bearer {screen_key}"}
    for address in (HISTORY, f"{HISTORY}?account=main", f"{HISTORY}?board=main"):
        assert client.get(address, headers=headers).json()["feed"] == "main:current_queue_activity:1,3"


def test_screen_that_waits_for_a_board_reads_no_history(client: Client, screen_key: str) -> None:
    Screen.objects.update(board=None)
    headers = {"Authorization": f"Bearer {screen_key}"}
    for address in ("/api/v1/metrics/calls_waiting/history", "/api/v1/metrics/calls_waiting/history?account=main"):
        refused = client.get(address, headers=headers)
        assert (refused.status_code, refused.json()["message"]) == (
            403,
            "This screen waits for a board, so there is nothing that it may show.",
        )


@pytest.mark.parametrize("path", [FRAME, AGENTS, HISTORY, METRICS])
def test_only_get_is_answered(path: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert answer.json()["error"] == "method_not_allowed"


@pytest.mark.parametrize("path", [FRAME, AGENTS, HISTORY])
def test_without_redis_the_answer_is_503_in_words(log_in: LogIn, no_redis: None, path: str) -> None:
    answer = log_in(Role.SUPERVISOR).get(path)
    assert answer.status_code == 503
    assert answer.json() == {"error": "redis", "message": "Redis does not answer, so there are no live numbers; try again in a moment."}
