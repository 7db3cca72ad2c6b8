"""The wall's page: who may open it, how a screen gets in, and what it holds before any script runs."""

from __future__ import annotations

import dataclasses
import json
import logging
import re
from collections.abc import Callable

import pytest
import redis as redis_py
from django.test import Client
from django.utils import timezone

from dashboard.accounts.access import SCREEN_COOKIE, SCREEN_COOKIE_AGE_S
from dashboard.accounts.keys import digest_of, new_screen_key
from dashboard.domain.readings import AgentsActivity
from dashboard.models import Board, Role, Screen
from dashboard.store import keys
from tests.live.examples import AGENTS, AMARA, poll


@pytest.fixture
def key(board: Board) -> str:
    made = new_screen_key()
    Screen.objects.create(name="Reception", board=board, key_digest=digest_of(made))
    return made


def opening_of(page: str) -> dict[str, object] | None:
    found = re.search(r'<script id="opening" type="application/json">(.*?)</script>', page, re.S)
    assert found is not None
    opening: dict[str, object] | None = json.loads(found[1])
    return opening


def test_wall_without_a_key_or_a_login_leads_to_the_login(client: Client, polled: redis_py.Redis) -> None:
    answer = client.get("/wall/main/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/?next=/wall/main/")


def test_wall_with_the_key_sets_a_cookie_for_a_year_and_cleans_the_address(client: Client, polled: redis_py.Redis, key: str) -> None:
    answer = client.get(f"/wall/main/?key={key}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/wall/main/")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]
    cookie = client.cookies[SCREEN_COOKIE]
    assert (cookie.value, cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (key, SCREEN_COOKIE_AGE_S, True, "Lax")
    assert client.get("/wall/main/").status_code == 200


def test_wall_over_tls_sets_a_secure_cookie(client: Client, polled: redis_py.Redis, key: str) -> None:
    client.get(f"/wall/main/?key={key}", secure=True)
    assert client.cookies[SCREEN_COOKIE]["secure"]


def test_wall_renews_the_cookie_each_time_it_is_loaded(client: Client, polled: redis_py.Redis, key: str) -> None:
    client.cookies[SCREEN_COOKIE] = key
    answer = client.get("/wall/main/")
    assert answer.cookies[SCREEN_COOKIE]["max-age"] == SCREEN_COOKIE_AGE_S


def test_wall_for_a_screen_that_brings_its_key_by_itself_leaves_no_cookie(client: Client, polled: redis_py.Redis, key: str) -> None:
    answer = client.get("/wall/main/", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200
    assert SCREEN_COOKIE not in answer.cookies


def test_wall_with_a_wrong_key_says_so_and_keeps_no_cookie(
    client: Client, polled: redis_py.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = client.get("/wall/main/?key=qls_wrong-one")
    assert answer.status_code == 403
    assert "not valid (any more)" in answer.content.decode()
    assert SCREEN_COOKIE not in client.cookies
    assert "qls_wrong-one" not in caplog.text + answer.content.decode()


def test_wall_with_a_revoked_key_or_another_boards_is_refused(client: Client, polled: redis_py.Redis, key: str) -> None:
    Board.objects.create(slug="sales", title="Sales")
    assert client.get(f"/wall/sales/?key={key}").status_code == 403
    Screen.objects.update(revoked_at=timezone.now())
    assert client.get(f"/wall/main/?key={key}").status_code == 403
    client.cookies[SCREEN_COOKIE] = key
    assert client.get("/wall/main/").status_code == 302


def test_wall_of_another_board_is_not_for_this_screen(client: Client, polled: redis_py.Redis, key: str) -> None:
    Board.objects.create(slug="sales", title="Sales")
    client.cookies[SCREEN_COOKIE] = key
    answer = client.get("/wall/sales/")
    assert answer.status_code == 403
    assert "This screen shows another board" in answer.content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_wall_opens_for_every_person(polled: redis_py.Redis, log_in: Callable[[Role], Client], role: Role) -> None:
    assert log_in(role).get("/wall/main/").status_code == 200


def test_wall_of_no_board_is_not_found(polled: redis_py.Redis, log_in: Callable[[Role], Client]) -> None:
    assert "There is no such board" in (nowhere := log_in(Role.VIEWER).get("/wall/nothing/")).content.decode()
    assert nowhere.status_code == 404


def test_wall_comes_with_the_first_picture_and_says_not_live(client: Client, polled: redis_py.Redis, key: str) -> None:
    client.cookies[SCREEN_COOKIE] = key
    page = client.get("/wall/main/").content.decode()
    opening = opening_of(page)
    assert opening is not None
    assert set(opening) == {"seq", "at", "frame"}
    assert opening["frame"]["metrics"]["longest_wait_time"]["value"] == 42  # type: ignore[index]
    assert 'data-live="no"' in page


def test_wall_marks_its_board_watched(client: Client, polled: redis_py.Redis, key: str) -> None:
    client.cookies[SCREEN_COOKIE] = key
    client.get("/wall/main/")
    assert polled.zscore(keys.WATCH, "main") is not None


def test_wall_without_redis_opens_without_numbers(client: Client, key: str, no_redis: None) -> None:
    client.cookies[SCREEN_COOKIE] = key
    answer = client.get("/wall/main/")
    assert answer.status_code == 200
    assert opening_of(answer.content.decode()) is None


def test_wall_holds_html_in_a_name_as_text(client: Client, polled: redis_py.Redis, key: str) -> None:
    evil = dataclasses.replace(AMARA, name="</script><script>alert(1)</script>")
    poll(polled, AGENTS, AgentsActivity((evil,)), timezone.now())
    client.cookies[SCREEN_COOKIE] = key
    page = client.get("/wall/main/").content.decode()
    assert "<script>alert" not in page
    opening = opening_of(page)
    assert opening is not None
    assert opening["frame"]["agents"][0]["name"] == evil.name  # type: ignore[index]


def test_wall_takes_get_only(client: Client, polled: redis_py.Redis, key: str) -> None:
    client.cookies[SCREEN_COOKIE] = key
    assert client.post("/wall/main/").status_code == 405
