"""Kayako's client: its list, its metrics, its envelope, and how it signs in."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.cases import CaseMetrics
from dashboard.sources.auth import Credentials, StaticBearer
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.http import VendorClient
from dashboard.sources.kayako import Kayako
from dashboard.sources.kayako_auth import KayakoLogin
from dashboard.sources.kayako_envelope import LOCKED_PAUSE_S, envelope
from dashboard.sources.redaction import Secret, redact
from tests.sources.conftest import NOW, SENTINEL, Clock
from tests.sources.scripted import JSON, Said, Scripted
from tests.sources.vendor import refused

URL = "https://example.kayako.com"
SESSION = "s3ssion-Sentinel-Value"


def site(vendor: Scripted, login: KayakoLogin | None = None) -> Kayako:
    credentials: Credentials = login or StaticBearer(Secret(SENTINEL))
    return Kayako(VendorClient(URL, credentials, transport=vendor, clock=Clock(NOW)), login)


def signed_in(vendor: Scripted) -> Kayako:
    return site(vendor, KayakoLogin("amara@example.com", Secret(SENTINEL)))


def case(case_id: int = 7, **more: object) -> dict[str, object]:
    return {
        "id": case_id,
        "subject": "The door does not open",
        "status": {"id": 2, "resource_type": "case_status"},
        "priority": None,
        "assigned_team": {"id": 4, "resource_type": "team"},
        "assigned_agent": None,
        "state": "ACTIVE",
        "created_at": "2026-11-20T08:00:00+05:00",
        "updated_at": "2026-11-21T08:30:00+05:00",
        **more,
    }


def listed(*cases: dict[str, object], total: int | None = None, **more: object) -> Said:
    return Said({"status": 200, "data": list(cases), "resource": "case", "offset": 0, "limit": 100, "total_count": total, **more})


def wrong(code: str, status: int, message: str = "No.", **more: object) -> dict[str, object]:
    return {"status": status, "errors": [{"code": code, "message": message, "more_info": "https://x.example"}], **more}


# --- the list


def test_cases_page_reads_references_and_what_is_included() -> None:
    included = {"case_status": {"2": {"id": 2, "type": "OPEN", "label": "Offen"}}, "case_priority": {"1": {"id": 1, "label": "High"}}}
    vendor = Scripted(
        listed(
            case(7, priority={"id": 1, "resource_type": "case_priority"}, last_customer_activity_at="2026-11-21T09:00:00+05:00"),
            case(8, state="TRASH", assigned_team=None, assigned_agent={"id": 9, "resource_type": "user"}),
            case(9, status={"id": 5, "type": "CUSTOM", "label": "Wartet  auf Teile"}, updated_at=None),
            total=5,
            resources=included,
        )
    )
    page = site(vendor).cases_page(offset=2, limit=3)
    assert vendor.last.query == {"offset": "2", "limit": "3", "include": "case_status,case_priority"}
    assert (page.after, page.count, page.heard.requests) == (None, 5, 1)
    first, second, third = page.items
    assert (first.id, first.status, first.priority, first.team_id, first.assignee_id) == (7, "open", "high", 4, None)
    assert first.created_at == datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    assert first.last_activity_at == datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
    assert (second.status, second.team_id, second.assignee_id) == ("trash", None, 9)
    assert (third.status, third.updated_at) == ("wartet auf teile", third.created_at)


def test_cases_page_tells_where_the_next_begins() -> None:
    vendor = Scripted(
        listed(case(1), case(2), total=3), listed(case(3), total=3), listed(total=9), listed(case(1)), listed(case(1), limit=1)
    )
    kayako = site(vendor)
    assert [kayako.cases_page(offset=offset).after for offset in (0, 2, 3)] == ["2", None, None]
    assert kayako.cases_page().after is None, "no total, and not full"
    assert kayako.cases_page().after == "1", "no total, and as full as was granted"
    for bad in ({"offset": -1}, {"limit": 0}, {"limit": 101}):
        with pytest.raises(ValueError, match="a page"):
            kayako.cases_page(**bad)


def test_case_without_a_beginning_is_taken_to_begin_with_its_last_change() -> None:
    found = site(Scripted(listed(case(7, created_at=None)))).cases_page().items[0]
    assert found.created_at == found.updated_at


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"id": None}, "data[0].id"),
        ({"id": 0}, "data[0].id"),
        ({"created_at": None, "updated_at": None}, "data[0].created_at"),
        ({"assigned_team": 3}, "data[0].assigned_team"),
    ],
)
def test_case_that_is_wrong_names_the_field(changes: dict[str, object], named: str) -> None:
    error = refused(lambda: site(Scripted(listed(case(7, **changes)))).cases_page())
    assert (error.kind, named in error.message) == (ErrorKind.INVALID, True)


# --- metrics


def metrics(**told: object) -> Said:
    return Said({"status": 200, "data": {**told, "resource_type": "case_metric"}, "resource": "case_metric"})


def test_case_metrics_reads_both_spellings_offsets_and_never() -> None:
    vendor = Scripted(
        metrics(
            is_first_contact_resolved=False,
            last_reopen_at="2026-11-20T10:00:00+05:00",
            agent_update_at="2026-11-20T11:00:00-03:30",
            first_assignment_at="2026-11-20T09:00:00+00:00",
            last_assignment_at="1970-01-01T00:00:00+05:00",
            last_replier={"id": 1, "resource_type": "user"},
            resolution_calendar_time=0,
            agent_first_calendar_response_time=3600,
            reopen_count=2,
        ),
        metrics(last_reopened_at="2026-11-20T10:00:00+05:00", agent_updated_at="1970-01-01T00:00:00-05:00"),
        metrics(),
    )
    kayako = site(vendor)
    found = kayako.case_metrics(7)
    assert vendor.last.path == "/api/v1/cases/7/metrics.json"
    assert (found.case_id, found.is_first_contact_resolved, found.was_reopened) == (7, False, None)
    assert found.last_reopened_at == datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
    assert found.agent_updated_at == datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
    assert found.last_assignment_at is None
    assert (found.resolution_calendar_s, found.first_response_calendar_s, found.reopen_count) == (0, 3600, 2)
    again = kayako.case_metrics(7)
    assert (again.last_reopened_at, again.agent_updated_at) == (found.last_reopened_at, None)
    assert kayako.case_metrics(8) == CaseMetrics(8), "every field may be missing"
    with pytest.raises(ValueError, match="not an id"):
        kayako.case_metrics(0)


# --- the envelope


@pytest.mark.parametrize("http", [200, None])
@pytest.mark.parametrize(
    ("body", "kind", "pause_s"),
    [
        (wrong("AUTHENTICATION_FAILED", 401), ErrorKind.AUTH, None),
        (wrong("OTP_EXPECTED", 403, auth_token="tok3n-Sentinel-Value"), ErrorKind.AUTH, None),
        (wrong("SOMETHING_ELSE", 403), ErrorKind.FORBIDDEN, None),
        (wrong("RESOURCE_NOT_FOUND", 404), ErrorKind.NOT_FOUND, None),
        (wrong("METHOD_NOT_SUPPORTED", 405), ErrorKind.INVALID, None),
        (wrong("FIELD_INVALID", 400), ErrorKind.INVALID, None),
        (wrong("RATE_LIMIT_REACHED", 429), ErrorKind.RATE_LIMIT, None),
        (wrong("AUTHENTICATION_LOCKED", 429), ErrorKind.RATE_LIMIT, LOCKED_PAUSE_S),
        ({"status": 503}, ErrorKind.SERVER, None),
    ],
)
def test_refusal_is_the_same_under_its_own_status_and_inside_a_200(
    http: int | None, body: dict[str, Any], kind: ErrorKind, pause_s: float | None
) -> None:
    error = refused(site(Scripted(Said(body, http or body["status"]))).cases_page)
    assert (error.kind, error.retry_after_s, error.status) == (kind, pause_s, body["status"])
    assert error.detail == ("No." if "errors" in body else "")
    assert "tok3n" not in f"{error!r} {error} {error.detail}"
    assert error.message.endswith((".", "credentials (401)."))


def test_refusal_with_retry_after_and_refusal_without_an_envelope_are_told() -> None:
    limited = Said(wrong("RATE_LIMIT_REACHED", 429), 429, {"Retry-After": "59"})
    assert refused(site(Scripted(limited)).cases_page).retry_after_s == 59
    page = Said(b"<html>Bad gateway</html>", 502, {"content-type": "text/html"})
    assert refused(site(Scripted(page)).cases_page).kind is ErrorKind.SERVER
    inside = refused(site(Scripted(Said({"status": 200, "errors": [{"code": "ODD"}]}))).cases_page)
    assert (inside.kind, "ODD" in inside.message) == (ErrorKind.INVALID, True)
    assert refused(site(Scripted(Said({"status": 200, "data": {}}))).cases_page).kind is ErrorKind.INVALID
    assert refused(site(Scripted(Said([1]))).cases_page).kind is ErrorKind.INVALID


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["status", "errors", "code", "message", "data"]), inner),
    max_leaves=12,
)


@given(st.sampled_from([200, 400, 401, 403, 454, 429, 500]), _ANY)
def test_envelope_of_anything_is_an_error_or_nothing(status: int, body: object) -> None:
    found = envelope(status, body, {}, NOW)
    assert found is None or isinstance(found, SourceError)
    if status >= 400 and isinstance(body, dict):
        assert found is not None


# --- signing in


def test_password_opens_a_session_that_is_used_until_it_ends() -> None:
    page = listed(total=0)
    opened = listed(total=0, session_id=SESSION)
    ended = Said(wrong("SESSION_NOT_FOUND", 454), 454)
    ended_inside = Said(wrong("SESSION_NOT_FOUND", 454))
    vendor = Scripted(opened, page, ended, opened, ended_inside, opened, page)
    kayako = signed_in(vendor)
    asked: list[int] = []
    for _ in range(4):
        kayako.cases_page(before_request=lambda: asked.append(1))
    assert ["session" if "x-session-id" in each.headers else each.headers["authorization"].split()[0] for each in vendor.heard] == [
        *("Basic", "session"),
        *("session", "Basic"),
        *("session", "Basic"),
    ]
    assert all(("authorization" in each.headers) != ("x-session-id" in each.headers) for each in vendor.heard)
    assert len(asked) == len(vendor.heard), "each request is granted on its own"
    kayako.cases_page()
    assert vendor.last.headers["x-session-id"] == SESSION


def test_password_that_is_refused_is_final_and_asked_once() -> None:
    vendor = Scripted(Said(wrong("AUTHENTICATION_FAILED", 401), 401))
    error = refused(signed_in(vendor).cases_page)
    assert (error.kind, error.permanent, len(vendor.heard)) == (ErrorKind.AUTH, True, 1)


def test_session_that_ends_at_once_is_trouble_of_kayako_and_not_of_the_settings() -> None:
    vendor = Scripted(listed(total=0, session_id=SESSION), Said(wrong("X", 454), 454))
    kayako = signed_in(vendor)
    kayako.cases_page()
    error = refused(kayako.cases_page)
    assert (error.kind, error.permanent, len(vendor.heard)) == (ErrorKind.SERVER, False, 3)


def test_session_with_a_line_break_is_not_used_and_one_in_a_header_is() -> None:
    vendor = Scripted(listed(session_id="a\r\nb: c"), Said(listed().body, 200, {"X-Session-ID": SESSION}), listed())
    kayako = signed_in(vendor)
    for _ in range(3):
        kayako.cases_page()
    assert ["x-session-id" in each.headers for each in vendor.heard] == [False, False, True]


def test_token_is_sent_as_bearer_and_learns_no_session() -> None:
    vendor = Scripted(listed(session_id=SESSION), listed())
    kayako = site(vendor)
    kayako.cases_page()
    kayako.cases_page()
    assert [each.headers["authorization"].split()[0] for each in vendor.heard] == ["Bearer", "Bearer"]
    assert "x-session-id" not in vendor.last.headers


def test_secrets_are_in_no_repr_and_are_masked_in_any_text() -> None:
    vendor = Scripted(listed(session_id=SESSION))
    login = KayakoLogin("amara@example.com", Secret(SENTINEL))
    kayako = site(vendor, login)
    kayako.cases_page()
    basic = vendor.last.headers["authorization"].split()[1]
    told = redact(f"{kayako!r} {login!r} | {SESSION} | {SENTINEL} | {basic} | X-Session-ID: never-seen-before | session_id=abc-defg")
    assert all(secret not in told for secret in (SESSION, SENTINEL, basic, "never-seen-before", "abc-defg"))


def test_sessions_of_many_threads_do_not_end_in_a_stop() -> None:
    """One thread's session ends another's at some sites; whatever comes of it is never a refusal of the credentials."""
    lock = threading.Lock()
    living = {"number": 0}

    class Strict(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            with lock:
                given = request.headers.get("x-session-id")
                if given is None:
                    living["number"] += 1
                elif given != f"session-{living['number']}":
                    return _response(request, wrong("X", 454), 454)
                return _response(request, {"status": 200, "data": [], "session_id": f"session-{living['number']}"}, 200)

    login = KayakoLogin("amara@example.com", Secret(SENTINEL))
    kayako = Kayako(VendorClient(URL, login, transport=Strict()), login)
    errors: list[SourceError] = []

    def ask() -> None:
        for _ in range(20):
            _noted(kayako.cases_page, errors)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert {error.kind for error in errors} <= {ErrorKind.SERVER}
    kayako.cases_page()


def _response(request: httpx.Request, body: object, status: int) -> httpx.Response:
    return httpx.Response(status, headers={"content-type": JSON}, stream=httpx.ByteStream(json.dumps(body).encode()), request=request)


def _noted(ask: Callable[[], object], errors: list[SourceError]) -> None:
    try:
        ask()
    except SourceError as error:
        errors.append(error)
