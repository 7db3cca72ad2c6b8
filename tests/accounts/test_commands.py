"""The commands that make screens, tokens and people."""

from __future__ import annotations

import time
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
import redis as redis_py
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from config import runtime
from dashboard.accounts.access import screen_of_key
from dashboard.models import ApiToken, Board, Role, Screen, User
from dashboard.store import keys

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis", "plain_static")]


def run(*words: str) -> list[str]:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def board() -> Board:
    return Board.objects.create(slug="main", title="Support line")


def test_create_screen_prints_the_address_and_the_key_alone_last(board: Board) -> None:
    lines = run("create_screen", "main", "--name", "Reception")
    key = lines[-1]
    assert any(line.strip() == f"http://127.0.0.1:8000/wall/main/?key={key}" for line in lines)
    viewer = screen_of_key(key)
    assert viewer is not None
    assert (viewer.name, viewer.board_slugs) == ("Reception", ("main",))
    assert Screen.objects.get().key_digest != key


def test_create_screen_beside_a_running_server_prints_the_port_it_really_has(board: Board, settings: Settings, tmp_path: Path) -> None:
    settings.ENV = replace(settings.ENV, data_dir=tmp_path, port=0)
    with runtime.held(tmp_path):
        runtime.write(tmp_path, {"port": 18765})
        assert any(line.startswith("  http://127.0.0.1:18765/wall/main/") for line in run("create_screen", "main"))


def test_create_screen_of_an_unknown_board_names_the_known_ones(board: Board) -> None:
    with pytest.raises(CommandError, match=r"There is no board 'x' \(boards: main\)\.") as refused:
        run("create_screen", "x")
    assert refused.value.returncode == 1


def test_create_token_reads_as_the_first_administrator(client: Client, board: Board) -> None:
    User.objects.create(email="viewer@example.com", password="x")
    User.objects.create(email="admin@example.com", password="x", role=Role.ADMINISTRATOR)
    token = run("create_token")[-1]
    assert ApiToken.objects.get().user.email == "admin@example.com"
    assert client.get("/api/v1/agents", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_create_token_of_somebody_may_what_they_may(client: Client, board: Board) -> None:
    User.objects.create(email="viewer@example.com", password="x")
    token = run("create_token", "--user", "Viewer@example.com", "--name", "report")[-1]
    assert ApiToken.objects.get().name == "report"
    assert client.get("/api/v1/agents", headers={"Authorization": f"Bearer {token}"}).status_code == 403


@pytest.mark.parametrize("words", [["create_token"], ["create_token", "--user", "x@example.com"], ["set_password", "x@example.com"]])
def test_commands_without_such_a_person_say_so(words: list[str]) -> None:
    with pytest.raises(CommandError, match=r"^There is no "):
        run(*words)


def test_create_user_prints_a_password_that_works(client: Client) -> None:
    password = run("create_user", "Eli@example.com", "--role", "supervisor")[-1]
    user = User.objects.get()
    assert (user.email, user.role) == ("eli@example.com", Role.SUPERVISOR)
    assert client.post("/login/", {"username": user.email, "password": password}).status_code == 302


@pytest.mark.parametrize("email", ["eli", "eli@", "ELI@example.com"])
def test_create_user_refuses_a_wrong_or_taken_address(email: str) -> None:
    User.objects.create(email="eli@example.com", password="x")
    with pytest.raises(CommandError):
        run("create_user", email)


def test_set_password_opens_a_lock_and_ends_sessions(client: Client) -> None:
    User.objects.create(email="eli@example.com", password="old")
    inside = Client()
    inside.post("/login/", {"username": "eli@example.com", "password": "old"})
    assert inside.get("/password/").status_code == 200
    for _ in range(10):
        client.post("/login/", {"username": "eli@example.com", "password": "wrong"})
    password = run("set_password", "eli@example.com")[-1]
    assert client.post("/login/", {"username": "eli@example.com", "password": password}).status_code == 302
    assert inside.get("/password/").status_code == 302


def test_revoke_screen_takes_the_key_away_and_ends_its_sockets(redis: redis_py.Redis, board: Board) -> None:
    key = run("create_screen", "main", "--name", "Reception")[-1]
    other = run("create_screen", "main", "--name", "Lobby")[-1]
    screen = Screen.objects.get(name="Reception")
    with redis.pubsub(ignore_subscribe_messages=True) as heard:
        heard.subscribe(keys.PUSH)
        assert run("revoke_screen", "Reception") == [f"Reception (number {screen.pk}) may not show Support line any more."]
        deadline = time.monotonic() + 30
        while (message := heard.get_message(timeout=1)) is None:  # as for the confirmation
            assert time.monotonic() < deadline, "nobody was told"
    assert message["data"].decode().splitlines()[0] == f"screen:{screen.pk}"
    assert '"bye"' in message["data"].decode()
    assert screen_of_key(key) is None
    assert screen_of_key(other) is not None


def test_revoke_screen_by_number_takes_one_of_two_with_the_same_name(board: Board) -> None:
    for _ in range(2):
        run("create_screen", "main", "--name", "TV")
    first, second = Screen.objects.order_by("pk")
    with pytest.raises(CommandError, match=rf"^More than one screen is meant by 'TV'; .*: {first.pk} \(TV\), {second.pk} \(TV\)\.$"):
        run("revoke_screen", "TV")
    run("revoke_screen", str(second.pk))
    assert list(Screen.objects.filter(revoked_at=None)) == [first]


@pytest.mark.parametrize("wanted", ["Attic", "999999", "9" * 30, ""])
def test_revoke_screen_of_an_unknown_one_names_those_in_use(board: Board, wanted: str) -> None:
    run("create_screen", "main", "--name", "Reception")
    with pytest.raises(CommandError, match=r"^There is no screen '.*' in use \(screens in use: \d+ \(Reception\)\)\.$"):
        run("revoke_screen", wanted)
    assert Screen.objects.get().revoked_at is None


def test_revoke_screen_twice_says_that_it_is_not_in_use(board: Board) -> None:
    run("create_screen", "main", "--name", "Reception")
    run("revoke_screen", "Reception")
    with pytest.raises(CommandError, match=r"\(screens in use: none\)"):
        run("revoke_screen", "Reception")


def test_revoke_screen_without_redis_takes_the_key_away_all_the_same(board: Board, no_redis: None) -> None:
    key = run("create_screen", "main", "--name", "Reception")[-1]
    run("revoke_screen", "Reception")
    assert screen_of_key(key) is None
