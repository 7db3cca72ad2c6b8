"""Whatever is asked, the edge answers as the vendor would: no crash, and a body that fits its type."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from dashboard.emulator import talk
from dashboard.emulator.account import Account
from dashboard.emulator.answers import Answer
from dashboard.emulator.clock import EmulatorClock
from dashboard.emulator.faults import CHANGED, Fault, changed
from dashboard.emulator.options import EmulatorSettings
from tests.emulator.running import DAY
from tests.emulator.still_floor import StillFloor

ACCOUNT = Account(EmulatorSettings(start=DAY), StillFloor, EmulatorClock(DAY, 0.0))
PARAMETERS = st.sampled_from(
    ["phone_number_ids", "group_ids", "group_ids[]", "page", "per_page", "page[size]", "page[after]", "page[before]", "x"]
)
VALUES = st.one_of(st.text(max_size=40), st.integers(-5, 300).map(str), st.lists(st.integers(0, 10**13), max_size=5).map(str))
AUTHORIZATIONS = st.one_of(st.none(), st.text(max_size=30), st.just(f"Bearer {ACCOUNT.settings.bearer_token}"))
REQUESTS = st.builds(
    talk.Request,
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "BREW"]),
    path=st.just("/"),
    origin=st.just("http://127.0.0.1:1"),
    query=st.lists(st.tuples(PARAMETERS, VALUES), max_size=4).map(tuple),
    authorization=AUTHORIZATIONS,
    content_type=st.sampled_from(
        ["", "application/json", "application/json; charset=utf-8", "application/x-www-form-urlencoded", "text/x"]
    ),
    body=st.one_of(
        st.binary(max_size=60),
        st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)).map(
            lambda value: json.dumps({"grant_type": value, "client_id": value, "scope": value}).encode()
        ),
    ),
)


@given(st.sampled_from(talk.ENDPOINTS), REQUESTS)
def test_any_request_gets_an_answer_that_fits_its_type(endpoint: str, request: talk.Request) -> None:
    ACCOUNT.limits.clear()
    answer = talk.answer(ACCOUNT, endpoint, request)
    assert answer.status in {200, 400, 401, 405}
    assert isinstance(json.loads(answer.body), dict)


@given(st.text(max_size=60))
def test_any_path_is_an_endpoint_or_is_not_there(path: str) -> None:
    assert talk.endpoint_of(path) in {None, *talk.ENDPOINTS}


@given(
    st.sampled_from(CHANGED),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.dictionaries(st.text(), inner), max_leaves=9
    ),
)
def test_changed_answer_keeps_its_status_and_type(kind: str, value: object) -> None:
    answer = Answer(200, json.dumps({"x": value}).encode())
    spoilt = changed(Fault(kind), answer)
    assert (spoilt.status, spoilt.content_type) == (answer.status, answer.content_type)
