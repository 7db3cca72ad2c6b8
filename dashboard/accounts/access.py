"""Who is looking, and at what they may look: one answer for pages, the API and the WebSocket.

In:  a Django request, or the scope of a WebSocket handshake. Out: a `Viewer`, or None for a stranger.
Ways to be known, in this order: `Authorization: Bearer <token or screen key>`, a login's session, the cookie of a screen.
A Bearer that is not valid makes a stranger even where a cookie would do: a program must notice that its token was revoked.
Must not answer requests: pages and `api.guard` do that.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, parse_cookie

from dashboard.accounts.assignment import assignment_of, with_boards
from dashboard.accounts.keys import LONGEST_KEY, digest_of
from dashboard.models import ApiToken, Board, Role, User

SCREEN_COOKIE = "ql_screen"
SCREEN_COOKIE_AGE_S = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who was let in. `role` is None for a screen; `board_slugs`, the boards that it may show in turn, are empty for everybody
    else, and for a screen that has none.

    `id` is the row's id within its kind: of the user, the screen or the token.
    """

    kind: Literal["person", "screen", "token"]
    id: int
    name: str
    role: Role | None = None
    board_slugs: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The same for every request and socket of one viewer: `screen:7`, `person:1`, `token:3`."""
        return f"{self.kind}:{self.id}"

    def may_see(self, board: Board | str) -> bool:
        """Whether a board (or its slug) may be shown: people and tokens see every board, a screen those it was given."""
        slug = board if isinstance(board, str) else board.slug
        return self.kind != "screen" or slug in self.board_slugs

    @property
    def may_supervise(self) -> bool:
        """Whether the performance of single agents may be shown."""
        return self.role in (Role.ADMINISTRATOR, Role.SUPERVISOR)


def viewer_of(request: HttpRequest) -> Viewer | None:
    """Who sent a request that passed Django's session and authentication middleware."""
    return _viewer(request, request.headers.get("Authorization", ""), request.user)


async def viewer_from_scope(scope: Mapping[str, Any]) -> Viewer | None:
    """Who opened a WebSocket (or any ASGI connection): reads its headers alone, so no middleware is needed around the consumer."""
    return await sync_to_async(_viewer_from_headers)(scope.get("headers", ()))


async def screen_from_scope(scope: Mapping[str, Any]) -> Viewer | None:
    """The screen whose cookie (or Bearer key) came with a handshake, whoever else is logged in on that browser."""
    return await sync_to_async(_screen_from_headers)(scope.get("headers", ()))


def screen_of(request: HttpRequest) -> Viewer | None:
    """The screen whose cookie came with a request, whoever else is logged in on that browser."""
    return screen_of_key(request.COOKIES.get(SCREEN_COOKIE, ""))


def remember_screen(request: HttpRequest, response: HttpResponse, key: str) -> None:
    """The cookie of a screen, for a year from now: no script and no other site ever gets it."""
    response.set_cookie(SCREEN_COOKIE, key, max_age=SCREEN_COOKIE_AGE_S, httponly=True, samesite="Lax", secure=request.is_secure())


def screen_of_key(key: str) -> Viewer | None:
    """The screen that a key belongs to; None for a wrong or revoked key."""
    if not key or len(key) > LONGEST_KEY:
        return None
    digest = digest_of(key)
    screen = with_boards().filter(key_digest=digest).first()
    if screen is None or not hmac.compare_digest(screen.key_digest, digest):
        return None
    return Viewer("screen", screen.pk, screen.name, board_slugs=tuple(item.slug for item in assignment_of(screen).items))


def _viewer(request: HttpRequest, authorization: str, user: object) -> Viewer | None:
    scheme, _, credential = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return _token(credential.strip()) or screen_of_key(credential.strip())
    if isinstance(user, User) and user.is_active:
        return Viewer("person", user.pk, user.email, Role(user.role))
    return screen_of_key(request.COOKIES.get(SCREEN_COOKIE, ""))


def _token(credential: str) -> Viewer | None:
    if not credential or len(credential) > LONGEST_KEY:
        return None
    digest = digest_of(credential)
    token = ApiToken.objects.select_related("user").filter(digest=digest, revoked_at=None, user__is_active=True).first()
    if token is None or not hmac.compare_digest(token.digest, digest):
        return None
    return Viewer("token", token.pk, token.name, Role(token.user.role))


def _viewer_from_headers(headers: Iterable[tuple[bytes, bytes]]) -> Viewer | None:
    """The same answer as for a request: session and user are loaded the way Django's middleware does it."""
    request, authorization = _request(headers)
    close_old_connections()
    try:
        store = import_module(settings.SESSION_ENGINE).SessionStore
        request.session = store(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        user: User | AnonymousUser = get_user(request)
        return _viewer(request, authorization, user)
    finally:
        close_old_connections()


def _screen_from_headers(headers: Iterable[tuple[bytes, bytes]]) -> Viewer | None:
    request, authorization = _request(headers)
    scheme, _, credential = authorization.partition(" ")
    close_old_connections()
    try:
        return screen_of_key(credential.strip()) if scheme.lower() == "bearer" else screen_of(request)
    finally:
        close_old_connections()


def _request(headers: Iterable[tuple[bytes, bytes]]) -> tuple[HttpRequest, str]:
    """A request with a handshake's cookies, and its authorization."""
    found = {bytes(name).lower(): bytes(value).decode("latin-1") for name, value in headers}
    request = HttpRequest()
    # Django's own reader: Python's gives up the whole jar for one cookie that another program on this host wrote carelessly.
    request.COOKIES = parse_cookie(found.get(b"cookie", ""))
    return request, found.get(b"authorization", "")
