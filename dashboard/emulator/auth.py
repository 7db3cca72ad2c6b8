"""Who may ask: Basic with API token or password, static Bearer tokens, and OAuth pairs that expire.

In:  the Authorization header, the parsed body of `POST /oauth/tokens`, the steady clock. Out: yes or no; an `Answer` with a pair.
Tokens live in memory only and are never logged.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote_plus

from dashboard.emulator.answers import Answer, Refused, json_answer
from dashboard.emulator.options import EmulatorSettings

Role = Literal["admin", "agent", "restricted"]
"""A restricted agent sees the tickets that are theirs or their groups'."""
TTL_RANGE_S = (300, 172_800)
"""What a client may ask for as `expires_in`."""
REFRESH_TTL_RANGE_S = (604_800, 7_776_000)
_SCOPE = re.compile(r"(?:(?:[a-z_]+:)?(?:read|write)|impersonate)")
_WHY = {
    "invalid_request": "The request is missing a required parameter, includes an unsupported parameter or parameter value, repeats a "
    "parameter, includes multiple credentials, uses more than one mechanism for authenticating the client, or is otherwise malformed.",
    "invalid_client": "The client identifier provided is invalid, the client failed to authenticate, the client did not include its "
    "credentials, provided multiple client credentials, or used unsupported credentials type.",
    "invalid_grant": "The provided access grant is invalid, expired, or revoked (e.g. invalid assertion, expired authorization token, "
    "bad end-user password credentials, or mismatching authorization code and redirection URI).",
    "unsupported_grant_type": "The access grant included - its type or another attribute - is not supported by the authorization server.",
    "invalid_scope": "The requested scope is invalid, unknown, malformed, or exceeds the previously granted scope.",
}
_NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def oauth_error(code: str) -> Answer:
    """The OAuth error of RFC 6749 section 5.2: 401 for `invalid_client`, 400 for the others."""
    headers = dict(_NOT_KEPT)
    if code == "invalid_client":
        headers["WWW-Authenticate"] = 'Basic realm="OAuth"'
    return json_answer({"error": code, "error_description": _WHY[code]}, 401 if code == "invalid_client" else 400, headers)


@dataclass(frozen=True, slots=True)
class _Pair:
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    access_until_s: float
    refresh_until_s: float
    scope: str


class Doorkeeper:
    """Knows the account's credentials and its one living OAuth pair; a new pair, however it was got, kills the old one."""

    def __init__(self, settings: EmulatorSettings) -> None:
        self._settings = settings
        self._pair: _Pair | None = None

    def admits(self, authorization: str | None, now_s: float) -> bool:
        """Whether the Authorization header is good now. None or garbage: False."""
        return self.role(authorization, now_s) is not None

    def role(self, authorization: str | None, now_s: float) -> Role | None:
        """What the person is whose header this is; None: it is not good now."""
        scheme, _, value = (authorization or "").strip().partition(" ")
        if scheme.lower() == "bearer":
            return self._role_of_bearer(value.strip(), now_s)
        if scheme.lower() != "basic" or (pair := _basic(value)) is None:
            return None
        user, secret = pair
        email, slash, kind = user.rpartition("/")
        settings = self._settings
        if not slash or kind != "token":
            return "admin" if _same(user.lower(), settings.email.lower()) and _same(secret, settings.password) else None
        known: tuple[tuple[Role, str, str], ...] = (
            ("admin", settings.email, settings.api_token),
            ("agent", settings.agent_email, settings.agent_token),
            ("restricted", settings.restricted_email, settings.restricted_token),
        )
        return next((role for role, whose, token in known if _same(email.lower(), whose.lower()) and _same(secret, token)), None)

    def _role_of_bearer(self, token: str, now_s: float) -> Role | None:
        settings = self._settings
        known: tuple[tuple[Role, str], ...] = (
            ("admin", settings.bearer_token),
            ("agent", settings.agent_token),
            ("restricted", settings.restricted_token),
        )
        if role := next((role for role, known_token in known if _same(token, known_token)), None):
            return role
        living = self._pair is not None and _same(token, self._pair.access) and now_s < self._pair.access_until_s
        return "admin" if living else None

    def grant(self, body: Mapping[str, object], authorization: str | None, now_s: float) -> Answer:
        """`POST /oauth/tokens`: `client_credentials` or `refresh_token`; the client is in the body or in a Basic header.

        `Refused` with the OAuth error otherwise; then the living pair lives on.
        """
        grant_type = body.get("grant_type")
        if not isinstance(grant_type, str) or not grant_type:
            raise Refused(oauth_error("invalid_request"))
        self._check_client(body, authorization)
        if grant_type == "client_credentials":
            return self._new_pair(body, now_s, "read")
        if grant_type == "refresh_token":
            return self._new_pair(body, now_s, self._refreshed(body, now_s).scope)
        raise Refused(oauth_error("unsupported_grant_type"))

    def _check_client(self, body: Mapping[str, object], authorization: str | None) -> None:
        scheme, _, value = (authorization or "").strip().partition(" ")
        basic = _basic(value) if scheme.lower() == "basic" else None
        client_id, client_secret = tuple(map(unquote_plus, basic)) if basic else (body.get("client_id"), body.get("client_secret"))
        if not isinstance(client_id, str) or not isinstance(client_secret, str):
            raise Refused(oauth_error("invalid_client"))
        # Both are compared whatever the first says: the time taken tells nothing.
        known = _same(client_id, self._settings.oauth_client_id) & _same(client_secret, self._settings.oauth_client_secret)
        if not known:
            raise Refused(oauth_error("invalid_client"))

    def _refreshed(self, body: Mapping[str, object], now_s: float) -> _Pair:
        """The pair whose refresh token was given."""
        token = body.get("refresh_token")
        if not isinstance(token, str) or not token:
            raise Refused(oauth_error("invalid_request"))
        if self._pair is None or not _same(token, self._pair.refresh) or now_s >= self._pair.refresh_until_s:
            raise Refused(oauth_error("invalid_grant"))
        return self._pair

    def _new_pair(self, body: Mapping[str, object], now_s: float, scope: str) -> Answer:
        asked_scope = body.get("scope", scope)
        if not isinstance(asked_scope, str) or not all(_SCOPE.fullmatch(part) for part in asked_scope.split()) or not asked_scope.split():
            raise Refused(oauth_error("invalid_scope"))
        ttl_s = _asked_ttl(body.get("expires_in"), self._settings.token_ttl_s, TTL_RANGE_S)
        refresh_ttl_s = _asked_ttl(body.get("refresh_token_expires_in"), self._settings.refresh_ttl_s, REFRESH_TTL_RANGE_S)
        if ttl_s is None or refresh_ttl_s is None:
            raise Refused(oauth_error("invalid_request"))
        pair = _Pair(secrets.token_hex(32), secrets.token_hex(32), now_s + ttl_s, now_s + refresh_ttl_s, asked_scope)
        self._pair = pair
        return json_answer(
            {
                "access_token": pair.access,
                "refresh_token": pair.refresh,
                "token_type": "bearer",
                "scope": pair.scope,
                "expires_in": ttl_s,
                "refresh_token_expires_in": refresh_ttl_s,
            },
            headers=dict(_NOT_KEPT),
        )

    def revoke(self) -> bool:
        """Kill the living pair. Whether there was one."""
        had, self._pair = self._pair is not None, None
        return had


def _asked_ttl(asked: object, default_s: int, limits_s: tuple[int, int]) -> int | None:
    """The life asked for, the default when none is asked for, or None when it is not a number in the range."""
    if asked is None:
        return default_s
    if isinstance(asked, str) and re.fullmatch(r"[0-9]{1,9}", asked, re.ASCII):
        asked = int(asked)
    if isinstance(asked, bool) or not isinstance(asked, int) or not limits_s[0] <= asked <= limits_s[1]:
        return None
    return asked


def _basic(value: str) -> tuple[str, str] | None:
    try:
        user, colon, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return (user, secret) if colon else None


def _same(given: str, known: str) -> bool:
    return secrets.compare_digest(given.encode(), known.encode())
