"""Pages for when there is no page: plain words for people, JSON for programs, nothing about the inside."""

from __future__ import annotations

import html
import json
import logging
import sqlite3
from io import StringIO

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory, override_settings

from dashboard.boards.errors import server_error

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis", "plain_static")]


def test_unknown_address_is_a_page_for_people_and_json_for_programs(client: Client) -> None:
    page = client.get("/nothing-here/")
    assert (page.status_code, "There is nothing at this address." in page.content.decode()) == (404, True)
    data = client.get("/api/v1/nothing")
    assert (data.status_code, data.json()["error"]) == (404, "not_found")
    assert data.headers["Content-Type"].startswith("application/json")


def test_unknown_address_does_not_list_the_known_ones(client: Client) -> None:
    assert "wall/" not in client.get("/nothing-here/").content.decode()


def test_unknown_host_is_told_about_allowed_hosts(client: Client) -> None:
    answer = client.get("/login/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "ALLOWED_HOSTS" in answer.content.decode()
    assert client.get("/api/v1/agents", headers={"host": "evil.example"}).json()["error"] == "bad_request"


def test_request_that_django_refuses_is_one_line_of_the_log(client: Client) -> None:
    console = next(each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler)
    before = console.setStream(heard := StringIO())
    try:
        assert client.get("/login/?" + "next=a&" * 2000).status_code == 400
        assert client.get("/login/", headers={"host": "evil.example"}).status_code == 400
    finally:
        console.setStream(before)
    lines = heard.getvalue().splitlines()
    assert [line.split("django.security.")[1].split(":")[0] for line in lines] == ["TooManyFieldsSent", "DisallowedHost"]


def test_error_page_needs_no_list_of_static_files() -> None:
    page = server_error(RequestFactory().get("/"))
    assert page.status_code == 500
    assert b"/static/css/desk.css" in page.content
    assert json.loads(server_error(RequestFactory().get("/api/v1/agents")).content)["error"] == "server_error"


def test_database_that_does_not_answer_is_said_and_not_called_a_fault() -> None:
    for path in ("/boards/main/save/", "/api/v1/agents"):
        try:
            raise OperationalError("database is locked")
        except OperationalError:  # Django asks for the page while it handles the exception
            answer = server_error(RequestFactory().post(path))
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        assert "database does not answer. So this was not done" in html.unescape(answer.content.decode())
        assert "locked" not in answer.content.decode()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (sqlite3.SQLITE_BUSY, "database is busy: something else holds it locked. So this was not done"),
        (sqlite3.SQLITE_FULL, "database refuses to write: its disk is full. So this was not done"),
    ],
)
def test_database_that_is_busy_or_full_is_said_to_be_so(code: int, said: str) -> None:
    cause = sqlite3.OperationalError("as SQLite says it")
    cause.sqlite_errorcode = code
    try:
        raise OperationalError("as SQLite says it") from cause
    except OperationalError:
        answer = server_error(RequestFactory().post("/boards/main/save/"))
    assert answer.status_code == 503
    assert said in html.unescape(answer.content.decode())


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100)
def test_request_that_is_too_large_is_said_to_be_too_large(client: Client) -> None:
    answer = client.post("/login/", {"username": "x" * 200})
    assert (answer.status_code, "larger than anything" in answer.content.decode()) == (413, True)


def test_favicon_is_found(client: Client) -> None:
    assert client.get("/favicon.ico").headers["Location"] == "/static/favicon.svg"
