"""The supervisor's page: who sees what."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import redis as redis_py
from django.test import Client

from config.env import KayakoEnv, ZendeskEnv
from dashboard.accounts.access import SCREEN_COOKIE
from dashboard.accounts.keys import digest_of, new_screen_key
from dashboard.models import Board, Role, Screen

LogIn = Callable[[Role], Client]


def test_supervisors_page_needs_a_login(client: Client, polled: redis_py.Redis, board: Board) -> None:
    key = new_screen_key()
    Screen.objects.create(name="Reception", board=board, key_digest=digest_of(key))
    client.cookies[SCREEN_COOKIE] = key
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/?next=/")


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_supervisors_page_holds_the_picture_and_the_agents_day(polled: redis_py.Redis, log_in: LogIn, role: Role) -> None:
    page = log_in(role).get("/").content.decode()
    assert '"longest_wait_time":' in page.replace(" ", "").replace("\\u0022", '"')
    assert "calls_accepted" in page
    assert "Occupancy" in page


def test_supervisors_page_shows_a_viewer_nobodys_performance(polled: redis_py.Redis, log_in: LogIn) -> None:
    answer = log_in(Role.VIEWER).get("/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Amara Okafor" in page
    for word in ('"calls_accepted":', "Missed / offers", "/api/v1/agents"):
        assert word not in page


def test_supervisors_page_has_rows_of_tickets_and_kayako_only_where_they_are_polled(
    polled: redis_py.Redis, log_in: LogIn, settings: Any
) -> None:
    person, zendesk = log_in(Role.VIEWER), ZendeskEnv("https://example.zendesk.com", email="a@example.com", api_token="x")
    kayako = KayakoEnv("https://example.kayako.com", oauth_token="x")
    for tickets, env in ((True, kayako), (True, None), (False, None)):
        settings.ENV = replace(settings.ENV, zendesk=zendesk, tickets=tickets, kayako=env)
        page = person.get("/").content.decode()
        assert ('data-beside="tickets_unsolved"' in page, 'data-beside="cases_unresolved"' in page) == (tickets, env is not None)
        assert ('class="beside-rows"' in page) == (tickets or env is not None)
        name = ("Zendesk" if tickets else "Zendesk Talk") + (" and Kayako" if env else "")
        assert f"what is asked of {name}, and" in page


def test_supervisors_page_and_the_list_say_which_tile_has_limits_that_contradict_each_other(polled: redis_py.Redis, log_in: LogIn) -> None:
    wrong = {"warning_enter": 1, "warning_leave": 5, "critical_enter": 2, "critical_leave": 1}
    tile = {"id": "a", "kind": "number", "x": 0, "y": 0, "w": 5, "h": 5, "options": {"metric": "calls_waiting", "threshold": wrong}}
    Board.objects.update(widgets=[tile, {**tile, "id": "b", "x": 6, "kind": "hologram"}])
    desk, sentence = log_in(Role.SUPERVISOR), "lies beyond its enter value. It is shown without limits"
    page = desk.get("/").content.decode()
    assert sentence in page
    assert "there is no kind of widget named" in page
    assert "/boards/main/edit/" in page
    listed = desk.get("/boards/").content.decode()
    assert "1 without limits that hold" in listed
    assert "1 cannot be shown" in listed
    assert sentence not in log_in(Role.VIEWER).get("/").content.decode()


def test_supervisors_page_without_redis_opens_without_numbers(board: Board, log_in: LogIn, no_redis: None) -> None:
    answer = log_in(Role.SUPERVISOR).get("/")
    assert answer.status_code == 200
    assert '<script id="opening" type="application/json">null</script>' in answer.content.decode()


def test_supervisors_page_without_a_board_says_what_to_do(log_in: LogIn, redis: redis_py.Redis, plain_static: None) -> None:
    answer = log_in(Role.SUPERVISOR).get("/")
    assert answer.status_code == 404
    assert "make run" in answer.content.decode()


def test_supervisors_page_links_only_to_what_exists(polled: redis_py.Redis, log_in: LogIn) -> None:
    client = log_in(Role.SUPERVISOR)
    links = set(re.findall(r'href="(/[^"]*)"', client.get("/").content.decode()))
    pages = [link for link in links if not link.startswith("/static/")]
    assert pages
    for link in pages:
        assert client.get(link).status_code in (200, 302), link


def test_supervisors_page_is_never_kept_by_a_cache(polled: redis_py.Redis, log_in: LogIn) -> None:
    assert "no-store" in log_in(Role.SUPERVISOR).get("/").headers["Cache-Control"]


def test_supervisors_page_shows_the_board_that_was_chosen(polled: redis_py.Redis, log_in: LogIn) -> None:
    Board.objects.create(slug="sales", title="<b>Sales</b> مبيعات")
    client = log_in(Role.SUPERVISOR)
    page = client.get("/?board=sales").content.decode()
    assert 'data-board="sales"' in page
    assert "&lt;b&gt;Sales&lt;/b&gt;" in page
    assert "<b>Sales" not in page
    assert 'data-board="main"' in client.get("/").content.decode()


@pytest.mark.parametrize("slug", ["gone", "x" * 5000, "<script>"])
def test_supervisors_page_of_a_board_that_is_gone_says_so(polled: redis_py.Redis, log_in: LogIn, slug: str) -> None:
    answer = log_in(Role.SUPERVISOR).get("/", {"board": slug})
    assert answer.status_code == 404
    assert "There is no board" in answer.content.decode()
    assert "<script>'" not in answer.content.decode()
