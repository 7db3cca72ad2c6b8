"""A TV while the database is away: it says so and goes on trying; its cookies are kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from dashboard.accounts.access import SCREEN_COOKIE

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
