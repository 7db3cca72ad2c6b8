"""Who is let in, by request and by WebSocket scope alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone

from dashboard.accounts.access import SCREEN_COOKIE, Viewer, viewer_from_scope, viewer_of
from dashboard.accounts.keys import digest_of, new_password, new_screen_key, new_token
from dashboard.models import ApiToken, Board, Role, Screen, User

pytestmark = pytest.mark.django_db(transaction=True)  # the scope's viewer is found on another thread

Ask = Callable[..., Viewer | None]


def by_request(*, bearer: str = "", screen: str = "", person: User | None = None) -> Viewer | None:
    request: HttpRequest = RequestFactory().get("/", headers={"Authorization": f"Bearer {bearer}"} if bearer else {})
    if screen:
        request.COOKIES[SCREEN_COOKIE] = screen
    request.user = person or AnonymousUser()
    return viewer_of(request)


def by_scope(*, bearer: str = "", screen: str = "", person: User | None = None) -> Viewer | None:
    cookies = {}
    if screen:
        cookies[SCREEN_COOKIE] = screen
    if person:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    headers = [(b"cookie", "; ".join(f"{name}={value}" for name, value in cookies.items()).encode())]
    if bearer:
        headers.append((b"authorization", f"Bearer {bearer}".encode()))
    scope: dict[str, Any] = {"type": "websocket", "path": "/ws/boards/main/", "headers": headers}
    return async_to_sync(viewer_from_scope)(scope)


ways = pytest.mark.parametrize("ask", [by_request, by_scope])


@pytest.fixture
def board() -> Board:
    return Board.objects.create(slug="main", title="Support line")


@pytest.fixture
def person() -> User:
    return User.objects.create(email="dana@example.com", password="not-used-here", role=Role.SUPERVISOR)


def a_screen(board: Board) -> tuple[str, Screen]:
    key = new_screen_key()
    return key, Screen.objects.create(name="Reception", board=board, key_digest=digest_of(key))


def a_token(person: User) -> tuple[str, ApiToken]:
    key = new_token()
    return key, ApiToken.objects.create(name="report", user=person, digest=digest_of(key))


@ways
def test_viewer_without_anything_is_nobody(ask: Ask) -> None:
    assert ask() is None


@ways
def test_viewer_with_a_session_is_the_person(ask: Ask, person: User) -> None:
    assert ask(person=person) == Viewer("person", person.pk, "dana@example.com", Role.SUPERVISOR)


@ways
def test_viewer_with_the_session_of_an_inactive_person_is_nobody(ask: Ask, person: User) -> None:
    if ask is by_scope:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        User.objects.update(is_active=False)
        cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}".encode()
        assert async_to_sync(viewer_from_scope)({"headers": [(b"cookie", cookie)]}) is None
    person.is_active = False
    assert by_request(person=person) is None


@ways
def test_viewer_with_a_screens_cookie_sees_its_board_alone(ask: Ask, board: Board) -> None:
    key, screen = a_screen(board)
    viewer = ask(screen=key)
    assert viewer == Viewer("screen", screen.pk, "Reception", board_slugs=("main",))
    assert viewer.may_see(board)
    assert not viewer.may_see("other")
    assert not viewer.may_supervise


@ways
def test_viewer_with_a_screens_key_as_bearer_is_the_screen(ask: Ask, board: Board) -> None:
    key, screen = a_screen(board)
    assert ask(bearer=key) == Viewer("screen", screen.pk, "Reception", board_slugs=("main",))


@ways
def test_viewer_with_a_revoked_screen_is_nobody(ask: Ask, board: Board) -> None:
    key, screen = a_screen(board)
    screen.revoked_at = timezone.now()
    screen.save()
    assert ask(screen=key) is None
    assert ask(bearer=key) is None


@ways
def test_viewer_with_a_token_reads_as_its_user(ask: Ask, person: User) -> None:
    key, token = a_token(person)
    assert ask(bearer=key) == Viewer("token", token.pk, "report", Role.SUPERVISOR)


@ways
def test_viewer_with_a_revoked_token_or_an_inactive_owner_is_nobody(ask: Ask, person: User) -> None:
    key, token = a_token(person)
    ApiToken.objects.filter(pk=token.pk).update(revoked_at=timezone.now())
    assert ask(bearer=key) is None
    ApiToken.objects.filter(pk=token.pk).update(revoked_at=None)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert ask(bearer=key) is None


@ways
def test_viewer_with_a_wrong_bearer_is_nobody_even_with_a_good_cookie(ask: Ask, board: Board, person: User) -> None:
    key, _ = a_screen(board)
    assert ask(bearer="qlt_wrong", screen=key) is None
    assert ask(bearer="qlt_wrong", person=person) is None
    assert ask(bearer="x" * 10_000) is None


@ways
def test_viewer_with_a_digest_instead_of_the_key_is_nobody(ask: Ask, board: Board) -> None:
    _, screen = a_screen(board)
    assert ask(bearer=screen.key_digest) is None
    assert ask(screen=screen.key_digest) is None


@ways
def test_viewer_with_session_and_screen_is_the_person(ask: Ask, board: Board, person: User) -> None:
    key, _ = a_screen(board)
    viewer = ask(screen=key, person=person)
    assert viewer is not None
    assert viewer.kind == "person"


@pytest.mark.parametrize("cookie", [b"\xff\xfe", b"=;;=", b'ql_screen="', b"ql_screen=\x01", b"ql_session=nonsense; ql_screen=no"])
def test_scope_with_an_unreadable_cookie_is_nobody(cookie: bytes) -> None:
    assert async_to_sync(viewer_from_scope)({"headers": [(b"cookie", cookie), (b"authorization", b"Bearer")]}) is None


@pytest.mark.parametrize("careless", [b"careless", b'other={"theme": "dark"}', b"a b=c"])
def test_scope_with_a_careless_cookie_of_another_program_still_finds_the_screen(board: Board, careless: bytes) -> None:
    key, screen = a_screen(board)
    viewer = async_to_sync(viewer_from_scope)({"headers": [(b"cookie", careless + b"; ql_screen=" + key.encode())]})
    assert viewer == Viewer("screen", screen.pk, "Reception", board_slugs=("main",))


def test_keys_are_long_unlike_and_marked() -> None:
    assert len({new_screen_key() for _ in range(50)}) == 50
    assert new_screen_key().startswith("qls_")
    assert new_token().startswith("qlt_")
    assert len(new_token()) >= 40
    assert len(new_password()) == 24
