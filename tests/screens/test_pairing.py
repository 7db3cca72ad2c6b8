"""A TV is let in by its code, once, by one person, within ten minutes; and nothing of its key is ever seen."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import redis as redis_py
from django.db import OperationalError, connection, connections
from django.test import Client
from django.utils import timezone

from dashboard.accounts.access import SCREEN_COOKIE, screen_of_key
from dashboard.models import Board, Pairing, Role, Screen
from dashboard.screens import attempts, pairing
from dashboard.screens.add_views import TOO_MANY
from dashboard.screens.pair_views import SECRET_COOKIE
from dashboard.screens.pairing import LATE, UNKNOWN, USED
from tests.screens.conftest import Tv, errors, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis", "plain_static")]


def test_pairing_from_the_code_to_the_wall(tv: Tv, desk: Client, board: Board, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    code = tv.open()
    assert tv.open() == code  # loaded again, it is the same TV
    assert tv.ask()["state"] == "waiting"
    answer = typed(desk, f" {code[:3]}-{code[3:].lower()} ", "Reception", f"board:{board.pk}")
    assert answer.status_code == 302, errors(answer)
    paired = tv.client.post("/pair/state/")
    assert paired.json()["to"] == "/screen/"
    cookie = paired.cookies[SCREEN_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 365 * 24 * 3600)
    key = cookie.value
    screen = Screen.objects.get()
    viewer = screen_of_key(key)
    assert viewer is not None
    assert (viewer.id, viewer.name, viewer.board_slugs) == (screen.pk, "Reception", ("main",))
    assert screen.paired_by == "supervisor@example.com"
    wall = tv.client.get("/screen/")
    assert b'data-board="main"' in wall.content
    assert tv.client.get("/pair/").headers["Location"] == "/screen/"
    seen = (
        wall.content.decode() + paired.content.decode() + answer.headers["Location"] + caplog.text + desk.get("/screens/").content.decode()
    )
    assert key not in seen
    assert tv.client.cookies[SECRET_COOKIE].value not in seen


def test_pairing_whose_answer_was_lost_gives_a_new_key_and_voids_the_first(tv: Tv, desk: Client) -> None:
    typed(desk, tv.open())
    first = tv.client.post("/pair/state/").cookies[SCREEN_COOKIE].value
    del tv.client.cookies[SCREEN_COOKIE]
    second = tv.client.post("/pair/state/").cookies[SCREEN_COOKIE].value
    assert screen_of_key(first) is None
    assert screen_of_key(second) is not None
    Pairing.objects.update(claimed_at=timezone.now() - timedelta(minutes=2))
    assert tv.ask()["state"] == "waiting"  # too late: it begins anew, with another code
    assert screen_of_key(second) is not None


def test_pair_after_ten_minutes_shows_a_new_code_by_itself(tv: Tv, desk: Client) -> None:
    code = tv.open()
    Pairing.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = tv.ask()
    assert answer["state"] == "waiting"
    assert answer["code"] != code
    assert 590 <= answer["left_s"] <= 600
    assert errors(typed(desk, code))[-1] == LATE


def test_add_with_a_code_guessed_used_or_late_says_so_and_lets_nobody_in(tv: Tv, desk: Client) -> None:
    code = tv.open()
    wrong = "333333" if code != "333333" else "444444"
    assert errors(typed(desk, wrong))[-1] == UNKNOWN
    assert typed(desk, code, "One").status_code == 302
    assert errors(typed(desk, code, "Two"))[-1] == USED
    assert [screen.name for screen in Screen.objects.all()] == ["One"]


def test_add_after_ten_wrong_codes_takes_not_even_the_right_one(tv: Tv, desk: Client, log_in: Callable[[Role], Client]) -> None:
    code = tv.open()
    wrong = [f"3333{first}{second}" for first in "3467" for second in "3467" if f"3333{first}{second}" != code][:10]
    assert [errors(typed(desk, each))[-1] for each in wrong] == [UNKNOWN] * 10
    refused = typed(desk, code)
    assert (refused.status_code, errors(refused)[-1]) == (429, TOO_MANY)
    assert typed(log_in(Role.ADMINISTRATOR), code).status_code == 302  # another person at the same address: 30 together


def test_add_of_right_codes_costs_no_attempts(desk: Client, redis: redis_py.Redis) -> None:
    for number in range(12):
        assert typed(desk, Tv(Client()).open(), f"Screen {number}").status_code == 302


def test_add_by_a_viewer_is_refused(tv: Tv, log_in: Callable[[Role], Client]) -> None:
    assert typed(log_in(Role.VIEWER), tv.open()).status_code == 403
    assert typed(Client(), tv.open()).headers["Location"].startswith("/login/")


@pytest.mark.django_db(transaction=True)
def test_let_in_by_two_at_once_lets_one_win() -> None:
    waiting, _ = pairing.begin("127.0.0.1", timezone.now())

    def attempt(name: str) -> str:
        try:
            return pairing.let_in(waiting.code, Screen(name=name), timezone.now()).name
        except pairing.WrongCodeError as error:
            return str(error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(attempt, ["One", "Two"]))
    assert USED in results
    assert Screen.objects.get().name in results


def test_pair_again_gives_the_former_screen_up(tv: Tv, desk: Client) -> None:
    typed(desk, tv.open(), "Old")
    tv.ask()
    Pairing.objects.update(claimed_at=timezone.now() - timedelta(minutes=2))
    page = tv.client.get("/pair/?again").content.decode()
    assert 'data-state="waiting"' in page
    typed(desk, Pairing.objects.filter(screen=None).get().code, "New")
    assert tv.ask()["state"] == "paired"
    assert [screen.name for screen in Screen.objects.filter(revoked_at=None)] == ["New"]


def flooded(address: str, count: int, *, first: int = 0) -> None:
    """So many codes wait at an address, the first of them the oldest; none of them is a code that a TV could get."""
    now = timezone.now()
    Pairing.objects.bulk_create(
        Pairing(
            code=f"{n:06}",
            secret_digest=str(n),
            address=pairing.source_of(address),
            expires_at=now + timedelta(minutes=5, milliseconds=n - first),
        )
        for n in range(first, first + count)
    )


def test_pair_under_a_flood_from_ten_addresses_gives_every_tv_its_code_and_costs_the_flooders_theirs(tv: Tv, desk: Client) -> None:
    honest = tv.open()
    for number in range(10):
        flooded(f"203.0.113.{number}", pairing.MOST_WAITING_AT_ADDRESS, first=number * 1000)
    late = Tv(Client())
    code = late.open()
    assert code not in ("", honest)
    assert Pairing.objects.count() == pairing.MOST_WAITING  # two of the flood's are void for the two TVs'
    assert Pairing.objects.filter(address="127.0.0.1").count() == 2
    for _ in range(3):
        pairing.begin("203.0.113.7", timezone.now())
    assert Pairing.objects.filter(address="203.0.113.7").count() <= pairing.MOST_WAITING_AT_ADDRESS
    assert not Pairing.objects.filter(code="007000").exists()  # its own oldest
    assert tv.ask()["code"] == honest
    assert typed(desk, honest, "One").status_code == typed(desk, code, "Two").status_code == 302


def test_pair_at_an_address_where_too_many_wait_voids_the_oldest_there_and_its_tv_gets_another(tv: Tv) -> None:
    first = tv.open()
    Pairing.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    flooded("127.0.0.1", pairing.MOST_WAITING_AT_ADDRESS - 1)
    assert Tv(Client()).open()
    again = tv.ask()
    assert again["state"] == "waiting"
    assert again["code"] != first
    assert Pairing.objects.filter(address="127.0.0.1").count() == pairing.MOST_WAITING_AT_ADDRESS


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("x" * 80, "x" * 60),
    ],
)
def test_source_of_counts_a_network_of_ipv6_as_one(address: str, source: str) -> None:
    assert pairing.source_of(address) == source


def test_add_while_the_database_fails_costs_no_attempt(tv: Tv, desk: Client) -> None:
    desk.raise_request_exception = False
    code = tv.open()

    def failing(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if sql.startswith("INSERT") and "dashboard_screen" in sql:
            raise OperationalError("the database is locked")
        return execute(sql, *rest)

    with connection.execute_wrapper(failing):
        assert [typed(desk, code).status_code for _ in range(attempts.MOST_BY_PERSON + 2)] == [503] * (attempts.MOST_BY_PERSON + 2)
    assert typed(desk, code).status_code == 302


@pytest.mark.parametrize(
    ("header", "query", "tag", "title"),
    [
        ("de-AT,de;q=0.9", "", "de", None),
        ("xx", "", "en", "Pair this screen"),
        ("de", "?lang=ar", "ar", None),
        ("zh-CN", "", "zh-Hans", None),
    ],
)
def test_pair_speaks_the_language_that_is_asked_for(header: str, query: str, tag: str, title: str | None) -> None:
    page = Client(headers={"Accept-Language": header}).get(f"/pair/{query}").content.decode()
    assert f'<html lang="{tag}"' in page
    assert ('dir="rtl"' in page) == (tag == "ar")
    if title:
        assert f"<h1>{title}</h1>" in page


def test_screen_without_a_cookie_pairs_and_with_a_void_one_was_removed(tv: Tv, desk: Client) -> None:
    assert tv.client.get("/screen/").headers["Location"] == "/pair/"
    typed(desk, tv.open())
    tv.ask()
    assert b'data-board=""' in tv.client.get("/screen/").content  # no board yet: it waits
    desk.post(f"/screens/{Screen.objects.get().pk}/remove/")
    removed = tv.client.get("/screen/")
    assert removed.status_code == 403
    assert "This screen was removed" in removed.content.decode()
    assert 'data-to="/pair/" data-after="30"' in removed.content.decode()
    assert tv.client.get("/screen/").headers["Location"] == "/pair/"
