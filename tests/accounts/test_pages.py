"""Logging in and out, the lock after ten failures, changing a password."""

from __future__ import annotations

import importlib

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from dashboard.models import Role, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static", "redis")]

EMAIL, PASSWORD = "dana@example.com", "a long enough one"
WRONG = "do not fit together"


@pytest.fixture
def dana() -> User:
    return User.objects.create(email=EMAIL, password=PASSWORD, role=Role.SUPERVISOR)


def log_in(client: Client, email: str = EMAIL, password: str = PASSWORD, path: str = "/login/", **more: str) -> tuple[int, str, str]:
    """Status, where to, and the page."""
    answer = client.post(path, {"username": email, "password": password, **more})
    return answer.status_code, answer.headers.get("Location", ""), answer.content.decode()


def test_login_with_the_right_password_leads_to_the_supervisors_page(client: Client, dana: User) -> None:
    assert log_in(client)[:2] == (302, "/")


def test_login_takes_the_address_in_any_case(client: Client, dana: User) -> None:
    assert log_in(client, email="  Dana@Example.COM ")[0] == 302


@pytest.mark.parametrize(("email", "password"), [(EMAIL, "wrong"), ("nobody@example.com", PASSWORD), (EMAIL, PASSWORD.upper())])
def test_login_that_fails_does_not_tell_whether_the_address_is_known(client: Client, dana: User, email: str, password: str) -> None:
    status, _, page = log_in(client, email, password)
    assert status == 200
    assert WRONG in page


def test_login_of_an_inactive_person_fails_with_the_same_words(client: Client, dana: User) -> None:
    User.objects.update(is_active=False)
    assert WRONG in log_in(client)[2]


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/wall/main/", "/wall/main/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_login_follows_next_on_this_host_only(client: Client, dana: User, wanted: str, led: str) -> None:
    assert log_in(client, next=wanted)[:2] == (302, led)


def test_login_page_is_labelled_and_focused(client: Client) -> None:
    page = client.get("/login/?next=/wall/main/").content.decode()
    assert "autofocus" in page
    assert 'autocomplete="current-password"' in page
    assert '<label for="id_username">' in page
    assert 'value="/wall/main/"' in page


def test_login_locks_after_ten_failures_and_says_so(client: Client, dana: User) -> None:
    for _ in range(9):
        assert log_in(client, password="wrong")[0] == 200
    status, _, page = log_in(client, password="wrong")
    assert (status, "Try again in 15 minutes" in page) == (429, True)
    assert log_in(client)[0] == 429, "the right password does not open the lock"


def test_lock_counts_every_spelling_of_an_address_together(client: Client, dana: User) -> None:
    spellings = ["dana@example.com", "Dana@example.com", "DANA@example.com", "dana@EXAMPLE.com", " dana@example.com"] * 2
    assert [log_in(client, email=spelling, password="wrong")[0] for spelling in spellings][-1] == 429


def test_lock_of_one_address_does_not_lock_another(client: Client, dana: User) -> None:
    User.objects.create(email="eli@example.com", password=PASSWORD)
    for _ in range(10):
        log_in(client, password="wrong")
    assert log_in(client, email="eli@example.com")[0] == 302


def test_lock_ends_after_fifteen_minutes_though_somebody_goes_on_trying(client: Client, dana: User) -> None:
    with time_machine.travel("2026-11-21T09:00:00Z", tick=False) as clock:
        for _ in range(10):
            log_in(client, password="wrong")
        clock.shift(14 * 60)
        assert log_in(client)[0] == 429
        clock.shift(61)
        assert log_in(client)[0] == 302


def test_logout_needs_a_post(client: Client, dana: User) -> None:
    client.force_login(dana, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get("/").status_code == 302


def test_form_without_its_token_is_refused_in_words(dana: User) -> None:
    answer = Client(enforce_csrf_checks=True).post("/login/", {"username": EMAIL, "password": PASSWORD})
    assert answer.status_code == 403
    assert "This form was open for too long" in answer.content.decode()


def test_password_change_ends_the_other_sessions(client: Client, dana: User) -> None:
    other = Client()
    log_in(client)
    log_in(other)
    new = "another long one"
    answer = client.post(reverse("password"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert answer.headers["Location"] == "/"
    assert client.get(reverse("password")).status_code == 200
    assert other.get(reverse("password")).status_code == 302
    dana.refresh_from_db()
    assert dana.check_password(new)


@pytest.mark.parametrize("new", ["short", "password1"])
def test_password_change_refuses_weak_ones(client: Client, dana: User, new: str) -> None:
    log_in(client)
    answer = client.post(reverse("password"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert answer.status_code == 200
    assert "form-error" in answer.content.decode()


def test_pages_carry_the_headers_that_protect_them(client: Client) -> None:
    headers = client.get("/login/").headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("secure", [True, False])
def test_cookies_are_secure_where_the_page_came_over_tls(client: Client, dana: User, secure: bool) -> None:
    forwarded = {"X-Forwarded-Proto": "https"} if secure else {}
    client.post("/login/", {"username": EMAIL, "password": PASSWORD}, headers=forwarded)
    assert set(client.cookies) == {"ql_session", "ql_csrf"}
    assert {bool(morsel["secure"]) for morsel in client.cookies.values()} == {secure}
    assert client.cookies["ql_session"]["httponly"]


def test_passwords_are_hashed_with_argon2() -> None:
    assert importlib.import_module("config.settings").PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"
