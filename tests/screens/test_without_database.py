"""A TV while the database is away: it says so and goes on trying; its cookies are kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from dashboard.accounts.access import SCREEN_COOKIE
from dashboard.boards.errors import server_error

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static")]


def away(*_: Any) -> Any:
    raise OperationalError("the database is away")


def test_tv_says_that_it_waits_and_goes_on_trying() -> None:
    tv = Client()
    tv.cookies[SCREEN_COOKIE] = "qls_something"
    with connection.execute_wrapper(away):
        pairing = tv.get("/pair/?again")
        asked = tv.post("/pair/state/")
        screen = tv.get("/screen/")
    assert pairing.status_code == asked.status_code == screen.status_code == 503
    assert 'data-state="no_database"' in pairing.content.decode()
    assert asked.json()["state"] == "no_database"
    assert "Waiting for Queuelight" in screen.content.decode()
    assert 'data-to="/screen/" data-after="5"' in screen.content.decode()
    assert SCREEN_COOKIE not in screen.cookies


def test_wall_of_a_tv_that_was_turned_on_just_then_goes_on_trying() -> None:
    """The address that manage.py create_screen prints: a TV opens it each morning."""
    tv = Client()
    tv.cookies[SCREEN_COOKIE] = "qls_something"
    with connection.execute_wrapper(away):
        wall = tv.get("/wall/main/", headers={"accept-language": "de"})
    assert wall.status_code == 503
    assert 'data-to="/wall/main/" data-after="5"' in wall.content.decode()
    assert 'lang="de"' in wall.content.decode()
    assert SCREEN_COOKIE not in wall.cookies


def test_fault_on_a_tvs_page_is_left_by_itself_and_on_a_persons_it_is_not() -> None:
    of_tvs, of_people = ("/wall/main/", "/screen/", "/pair/"), ("/", "/desk/")
    pages = {path: server_error(RequestFactory().get(path)).content.decode() for path in (*of_tvs, *of_people)}
    assert [path for path, page in pages.items() if '<meta http-equiv="refresh" content="30">' in page] == list(of_tvs)
