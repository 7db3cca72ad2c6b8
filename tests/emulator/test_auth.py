"""Credentials, and the life and death of OAuth pairs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.emulator.auth import Doorkeeper
from dashboard.emulator.options import EmulatorSettings
from tests.emulator.running import DAY, RunningEmulator, running
from tests.emulator.still_floor import StillFloor

ASKED = "/api/v2/channels/voice/stats/agents_overview.json"


def grant(emulator: RunningEmulator, **fields: object) -> httpx.Response:
    settings = emulator.settings
    client = {"client_id": settings.oauth_client_id, "client_secret": settings.oauth_client_secret}
    return emulator.http.post("/oauth/tokens", json={**client, **fields})


def pair(emulator: RunningEmulator, **fields: object) -> Any:
    answer = grant(emulator, grant_type="client_credentials", scope="read", **fields)
    assert answer.status_code == 200, answer.text
    return answer.json()


def status_with(emulator: RunningEmulator, token: str) -> int:
    return emulator.http.get(ASKED, headers={"Authorization": f"Bearer {token}"}).status_code


def test_api_token_password_and_static_token_are_admitted(still: RunningEmulator) -> None:
    settings = still.settings
    assert still.http.get(ASKED, auth=(f"{settings.email}/token", settings.api_token)).status_code == 200
    assert still.http.get(ASKED, auth=(f"{settings.email.upper()}/token", settings.api_token)).status_code == 200
    assert still.http.get(ASKED, auth=(settings.email, settings.password)).status_code == 200
    assert status_with(still, settings.bearer_token) == 200


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Basic",
        "Basic !!!",
        "Basic bm9jb2xvbg==",
        "Basic /w==",
        "Bearer",
        "Bearer wrong",
        "Bearer é",
        "Digest x",
        "Token emulator-oauth-token",
    ],
)
def test_garbage_credentials_answer_401(still: RunningEmulator, authorization: str | None) -> None:
    headers = [] if authorization is None else [(b"Authorization", authorization.encode("latin-1"))]
    answer = still.http.get(ASKED, headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"error": "Couldn't authenticate you"})


def test_each_half_wrong_answers_401(still: RunningEmulator) -> None:
    settings = still.settings
    for user, secret in (
        (f"{settings.email}/token", settings.password),
        (settings.email, settings.api_token),
        (f"{settings.email}/token", settings.api_token + "x"),
        ("other@example.com/token", settings.api_token),
        (f"{settings.email}/other", settings.api_token),
        (f"{settings.email}/token", ""),
    ):
        assert still.http.get(ASKED, auth=(user, secret)).status_code == 401


@given(st.text(max_size=60))
def test_any_authorization_is_a_yes_or_no(text: str) -> None:
    assert Doorkeeper(EmulatorSettings()).admits(text, 0.0) in {True, False}


def test_client_credentials_as_json_give_a_pair_that_is_admitted(still: RunningEmulator) -> None:
    given_pair = pair(still)
    assert given_pair["token_type"] == "bearer"
    assert given_pair["scope"] == "read"
    assert given_pair["expires_in"] == 1800
    assert given_pair["refresh_token_expires_in"] == 30 * 86_400
    assert given_pair["access_token"] != given_pair["refresh_token"]
    assert status_with(still, given_pair["access_token"]) == 200
    assert status_with(still, given_pair["refresh_token"]) == 401


def test_client_credentials_as_form_and_with_basic_client_give_a_pair(still: RunningEmulator) -> None:
    settings = still.settings
    fields = {"grant_type": "client_credentials", "client_id": settings.oauth_client_id, "client_secret": settings.oauth_client_secret}
    assert still.http.post("/oauth/tokens", data=fields).status_code == 200
    basic = still.http.post(
        "/oauth/tokens.json", data={"grant_type": "client_credentials"}, auth=(settings.oauth_client_id, settings.oauth_client_secret)
    )
    assert basic.status_code == 200
    assert basic.headers["cache-control"] == "no-store"


def test_access_token_expires_and_the_refresh_token_renews(still: RunningEmulator) -> None:
    old = pair(still)
    still.clock.skip(1799)
    assert status_with(still, old["access_token"]) == 200
    still.clock.skip(1)
    assert status_with(still, old["access_token"]) == 401
    new = grant(still, grant_type="refresh_token", refresh_token=old["refresh_token"]).json()
    assert status_with(still, new["access_token"]) == 200


def test_refresh_kills_the_old_pair(still: RunningEmulator) -> None:
    old = pair(still)
    new = grant(still, grant_type="refresh_token", refresh_token=old["refresh_token"]).json()
    assert status_with(still, old["access_token"]) == 401
    again = grant(still, grant_type="refresh_token", refresh_token=old["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert status_with(still, new["access_token"]) == 200


def test_new_client_credentials_kill_the_old_pair(still: RunningEmulator) -> None:
    old, new = pair(still), pair(still)
    assert status_with(still, old["access_token"]) == 401
    assert grant(still, grant_type="refresh_token", refresh_token=old["refresh_token"]).status_code == 400
    assert status_with(still, new["access_token"]) == 200


def test_refresh_token_expires(still: RunningEmulator) -> None:
    old = pair(still)
    still.clock.skip(30 * 86_400)
    assert grant(still, grant_type="refresh_token", refresh_token=old["refresh_token"]).json()["error"] == "invalid_grant"


def test_wrong_client_answers_401_invalid_client_and_leaves_the_pair_alone(still: RunningEmulator) -> None:
    living = pair(still)
    for wrong in ({"client_id": "other"}, {"client_secret": "wrong"}, {"client_id": None}, {"client_secret": 7}):
        answer = grant(still, grant_type="client_credentials", **wrong)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        assert answer.json()["error_description"]
    assert status_with(still, living["access_token"]) == 200


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": 7}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "unknown"}, "invalid_grant"),
        ({"grant_type": "client_credentials", "scope": "everything"}, "invalid_scope"),
        ({"grant_type": "client_credentials", "scope": ""}, "invalid_scope"),
        ({"grant_type": "client_credentials", "expires_in": 299}, "invalid_request"),
        ({"grant_type": "client_credentials", "expires_in": 172_801}, "invalid_request"),
        ({"grant_type": "client_credentials", "expires_in": True}, "invalid_request"),
        ({"grant_type": "client_credentials", "expires_in": "soon"}, "invalid_request"),
    ],
)
def test_wrong_grant_answers_400_with_the_error_of_the_standard(still: RunningEmulator, fields: dict[str, object], error: str) -> None:
    answer = grant(still, **fields)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"\xff", "application/json"),
        (b"grant_type=a&grant_type=b", "application/x-www-form-urlencoded"),
        (b"grant_type", "application/x-www-form-urlencoded"),
        (b"<xml/>", "application/xml"),
        (b"", ""),
        (b"x" * 200_000, "application/json"),
        (b"[" * 60_000, "application/json"),
    ],
)
def test_body_that_is_neither_json_nor_form_answers_invalid_request(still: RunningEmulator, content: bytes, kind: str) -> None:
    answer = still.http.post("/oauth/tokens", content=content, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_expires_in_asked_for_is_kept(still: RunningEmulator) -> None:
    assert pair(still, expires_in=600)["expires_in"] == 600
    still.clock.skip(600)
    assert pair(still, expires_in="900", refresh_token_expires_in=604_800)["refresh_token_expires_in"] == 604_800


def test_revoking_kills_the_pair(still: RunningEmulator) -> None:
    token = pair(still)["access_token"]
    still.control("tokens", {"revoke": True})
    assert status_with(still, token) == 401


@pytest.fixture(scope="module")
def short_lived() -> Iterator[RunningEmulator]:
    with running(StillFloor, EmulatorSettings(start=DAY, token_ttl_s=2)) as emulator:
        yield emulator


def test_token_ttl_of_the_settings_may_be_shorter_than_a_client_can_ask(short_lived: RunningEmulator) -> None:
    found = pair(short_lived)
    assert found["expires_in"] == 2
    short_lived.clock.skip(2)
    assert status_with(short_lived, found["access_token"]) == 401


def test_settings_show_no_secret() -> None:
    settings = EmulatorSettings()
    for secret in (settings.api_token, settings.password, settings.bearer_token, settings.oauth_client_secret):
        assert secret not in repr(settings)
