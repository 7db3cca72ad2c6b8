"""The emulated Kayako: envelope, signing in, limits, and the same company behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings_tickets import KayakoCases
from dashboard.emulator.kayako_door import FAILURES_TO_LOCK, LOCKED_FOR_S, NARROW_TOKEN, SESSION_TTL_S
from dashboard.emulator.options import EmulatorSettings
from dashboard.emulator.simulated import SimulatedFloor
from dashboard.mirror.cases import CasesSource
from dashboard.mirror.pace import NotYet
from dashboard.models import KnownCase
from dashboard.sources.errors import ErrorKind
from dashboard.sources.http import VendorClient
from dashboard.sources.kayako import Kayako
from dashboard.sources.kayako_auth import KayakoLogin
from dashboard.sources.redaction import Secret
from tests.emulator.running import DAY, RunningEmulator, running
from tests.sources.vendor import refused

ZONE = "Europe/Berlin"
CASES = "/api/v1/cases.json"
OK = {"authorization": "Bearer emulator-oauth-token"}


@pytest.fixture(scope="module")
def shared_company() -> Iterator[RunningEmulator]:
    with running(SimulatedFloor, EmulatorSettings(start=DAY, tickets_count=120, time_zone=ZONE)) as emulator:
        yield emulator


@pytest.fixture
def company(shared_company: RunningEmulator) -> RunningEmulator:
    shared_company.control("calm", {})
    return shared_company


def ask(emulator: RunningEmulator, path: str = CASES, headers: dict[str, str] | None = None, **query: str) -> httpx.Response:
    return emulator.http.get(path, headers=OK if headers is None else headers, params=query)


def error_of(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert body["status"] == answer.status_code
    (error,) = body["errors"]
    assert {"code", "message", "more_info"} <= set(error)
    assert answer.headers["x-api-version"] == "1"
    return answer.status_code, error["code"]


# --- the envelope


def test_list_is_enveloped_paged_and_newest_activity_first(company: RunningEmulator) -> None:
    company.control("speed", {"speed": 0})
    answer = ask(company, limit="100")
    body = answer.json()
    assert set(body) == {"status", "data", "resource", "offset", "limit", "total_count"}
    assert (body["status"], body["resource"], body["offset"], body["limit"]) == (200, "case", 0, 100)
    assert answer.headers["x-api-version"] == "1"
    assert "x-zendesk-api-version" not in answer.headers
    assert not [name for name in answer.headers if "rate" in name], "Kayako tells no limits"
    ids = [row["id"] for row in body["data"]]
    at = [datetime.fromisoformat(row["updated_at"]) for row in body["data"]]
    assert at == sorted(at, reverse=True)
    assert all(row["updated_at"].endswith("+01:00") for row in body["data"])
    assert body["total_count"] == len(ids) == len(set(ids))
    pages = [ask(company, offset=str(offset), limit="7").json()["data"] for offset in range(0, len(ids), 7)]
    assert [row["id"] for page in pages for row in page] == ids
    assert len(ask(company).json()["data"]) == 10
    assert ask(company, offset="9999").json()["data"] == []
    assert ask(company, limit="5000").json()["limit"] == 100


def test_references_are_bare_until_they_are_included(company: RunningEmulator) -> None:
    bare = ask(company, limit="20").json()["data"]
    assert all(set(row["status"]) == {"id", "resource_type"} for row in bare)
    full = ask(company, limit="20", include="case_status,case_priority").json()["data"]
    assert {row["status"]["type"] for row in full} <= {"NEW", "OPEN", "PENDING", "COMPLETED", "CLOSED", "CUSTOM"}
    assert all(row["priority"] is None or row["priority"]["label"] for row in full)


def test_metrics_hold_every_surprise_of_the_document(company: RunningEmulator) -> None:
    ids = [row["id"] for row in ask(company, limit="100").json()["data"]]
    found: list[dict[str, Any]] = []
    for case_id in ids[:30]:
        body = ask(company, f"/api/v1/cases/{case_id}/metrics.json").json()
        assert (body["status"], body["resource"], body["data"]["resource_type"]) == (200, "case_metric", "case_metric")
        found.append(body["data"])
    assert {"last_reopened_at", "last_reopen_at", "agent_updated_at", "agent_update_at"} <= {name for row in found for name in row}
    assert any("1970-01-01T00:00:00+05:00" in row.values() for row in found)
    assert any(None in row.values() for row in found)
    assert len({len(row) for row in found}) > 1, "some leave out what has not happened"
    times = [value for row in found for name, value in row.items() if name.endswith("_at") and value]
    assert all("+" in value for value in times)
    assert all(isinstance(value, int) for row in found for name, value in row.items() if name.endswith(("_time", "_count")))


def test_etag_saves_an_answer_that_has_not_changed(company: RunningEmulator) -> None:
    company.control("speed", {"speed": 0})
    first = ask(company)
    again = ask(company, headers={**OK, "if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/api/v1/cases/999999/metrics.json", (404, "RESOURCE_NOT_FOUND")),
        ("GET", "/api/v1/cases/1/metrics", (404, "RESOURCE_NOT_FOUND")),
        ("GET", f"/api/v1/cases/{9**24}/metrics.json", (404, "RESOURCE_NOT_FOUND")),
        ("GET", "/api/v1/users.json", (404, "RESOURCE_NOT_FOUND")),
        ("GET", f"{CASES}?offset=-1", (400, "FIELD_INVALID")),
        ("GET", f"{CASES}?limit=many", (400, "FIELD_INVALID")),
        ("POST", CASES, (405, "METHOD_NOT_SUPPORTED")),
    ],
)
def test_refusals_are_enveloped(company: RunningEmulator, method: str, path: str, expected: tuple[int, str]) -> None:
    assert error_of(company.http.request(method, path, headers=OK)) == expected


def test_refusals_inside_a_200_keep_their_own_status(company: RunningEmulator) -> None:
    company.control("kayako", {"inside_200": True})
    answer = ask(company, "/api/v1/cases/1/metrics.json")
    assert (answer.status_code, answer.json()["status"], answer.json()["errors"][0]["code"]) == (200, 404, "RESOURCE_NOT_FOUND")


# --- signing in


def test_password_opens_a_session_and_the_session_ends(company: RunningEmulator) -> None:
    pair = (company.settings.email, company.settings.password)
    opened = company.http.get(CASES, auth=pair).json()
    session = {"x-session-id": opened["session_id"]}
    used = ask(company, headers=session)
    assert (used.status_code, "session_id" in used.json()) == (200, False)
    company.clock.skip(SESSION_TTL_S + 1)
    assert error_of(ask(company, headers=session)) == (454, "SESSION_NOT_FOUND")
    assert error_of(ask(company, headers={"x-session-id": "never-given"})) == (454, "SESSION_NOT_FOUND")
    api_token = (f"{company.settings.email}/token", company.settings.api_token)
    assert error_of(company.http.get(CASES, auth=api_token)) == (401, "AUTHENTICATION_FAILED")


def test_wrong_passwords_lock_the_login_for_a_while(company: RunningEmulator) -> None:
    wrong, right = (company.settings.email, "wrong"), (company.settings.email, company.settings.password)
    found = [error_of(company.http.get(CASES, auth=wrong)) for _ in range(FAILURES_TO_LOCK + 1)]
    assert found == [(401, "AUTHENTICATION_FAILED")] * FAILURES_TO_LOCK + [(429, "AUTHENTICATION_LOCKED")]
    locked = company.http.get(CASES, auth=right)
    assert error_of(locked) == (429, "AUTHENTICATION_LOCKED")
    company.clock.skip(float(locked.headers["retry-after"]) + 1)
    assert float(locked.headers["retry-after"]) <= LOCKED_FOR_S
    assert company.http.get(CASES, auth=right).status_code == 200


def test_token_needs_the_scope_and_a_password_a_second_factor_if_so_switched(company: RunningEmulator) -> None:
    assert error_of(ask(company, headers={"authorization": f"Bearer {NARROW_TOKEN}"})) == (403, "PERMISSIONS_DENIED")
    assert error_of(ask(company, headers={"authorization": "Bearer other"})) == (401, "AUTHENTICATION_FAILED")
    assert error_of(ask(company, headers={})) == (401, "AUTHENTICATION_FAILED")
    company.control("kayako", {"otp": True})
    answer = company.http.get(CASES, auth=(company.settings.email, company.settings.password))
    assert error_of(answer) == (403, "OTP_EXPECTED")
    assert answer.json()["auth_token"]
    assert ask(company).status_code == 200


def test_limit_refuses_with_retry_after_and_lets_go(company: RunningEmulator) -> None:
    company.control("kayako", {"per_minute": 2})
    assert [ask(company).status_code for _ in range(3)] == [200, 200, 429]
    refusal = ask(company)
    assert error_of(refusal) == (429, "RATE_LIMIT_REACHED")
    company.clock.skip(float(refusal.headers["retry-after"]) + 1)
    assert ask(company).status_code == 200


def test_switches_refuse_what_cannot_be_and_faults_speak_kayako(company: RunningEmulator) -> None:
    for wrong in ({"otp": 1}, {"per_minute": -1}, {"session_ttl_s": 0}, {"unknown": True}):
        assert company.http.post("/_emulator/kayako", json=wrong).status_code == 400
    company.fault("401", endpoint="kayako_cases", count=1)
    assert error_of(ask(company)) == (401, "AUTHENTICATION_FAILED")
    company.fault("429", endpoint="kayako_cases", count=1, retry_after_s=7)
    assert ask(company).headers["retry-after"] == "7"
    company.fault("html", endpoint="kayako_cases", count=1)
    assert ask(company).headers["content-type"].startswith("text/html")
    assert company.requests("kayako_cases")["by_endpoint"]["kayako_cases"] == {"401": 1, "429": 1, "200": 1}


# --- our client, and our mirror


@pytest.fixture
def source(company: RunningEmulator, settings: Any) -> Iterator[CasesSource]:
    settings.ACCOUNT_TIME_ZONE = ZONE
    login = KayakoLogin(company.settings.email, Secret(company.settings.password))
    client = VendorClient(company.url, login, clock=company.clock.world)
    yield CasesSource(kayako=lambda: Kayako(client, login), site=lambda _: "https://one.example", clock=company.clock.world)
    client.close()


def read(source: CasesSource) -> KayakoCases:
    """After as many polls as it takes, and with the metrics of all that moved."""
    for _ in range(100):
        try:
            body = source.read(Feed("kayako", Endpoint.CASES)).reading.body
        except NotYet:
            continue
        if not KnownCase.objects.filter(is_behind=True).exists():
            assert isinstance(body, KayakoCases)
            return body
    raise AssertionError("reading does not end")


@pytest.mark.django_db
def test_mirror_agrees_with_the_truth_through_a_day_of_sessions_and_trouble(company: RunningEmulator, source: CasesSource) -> None:
    company.control("kayako", {"per_minute": 10_000, "session_ttl_s": 5})
    company.control("speed", {"speed": 0})
    for hour in range(3):
        read(source)
        if hour == 1:
            company.fault("500", endpoint="kayako_cases", count=1)
            assert refused(lambda: read(source)).kind is ErrorKind.SERVER
        body, truth = read(source), company.control("truth/cases")
        assert KnownCase.objects.count() == truth["count"]
        assert {
            "unresolved": body.cases_unresolved,
            "created_today": body.cases_created_today,
            "resolved_today": body.cases_resolved_today,
            "resolved_7d": body.cases_resolved_7d,
            "first_contact_7d": body.first_contact_resolved_7d,
            "reopens_7d": body.case_reopens_7d,
            "first_response_median_7d": body.case_first_response_median_7d,
        } == {name: value for name, value in truth.items() if name not in {"at", "count"}}
        company.control("clock", {"skip_world_s": 3600})
        company.clock.skip(6)  # the session has ended meanwhile
    outcomes = company.requests()["by_endpoint"]["kayako_cases"]
    assert set(outcomes) == {"200", "454", "500"}
