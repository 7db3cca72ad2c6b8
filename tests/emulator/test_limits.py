"""No window ever holds more than its limit, and the wait that is told is enough and not too long."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.emulator.limits import Limits, Window
from tests.emulator.running import RunningEmulator

BASE = "/api/v2/channels/voice/stats/"


@given(st.integers(1, 6), st.lists(st.integers(0, 40), min_size=1, max_size=80))
def test_no_window_wherever_it_begins_holds_more_than_the_limit(limit: int, gaps_s: list[int]) -> None:
    window = Window(limit, 60)
    now_s, granted = 0.0, []
    for gap_s in gaps_s:
        now_s += gap_s
        if window.take(now_s) == 0.0:
            granted.append(now_s)
    for first in granted:
        assert sum(first <= at_s < first + 60 for at_s in granted) <= limit


@given(st.integers(1, 6), st.lists(st.integers(0, 40), min_size=1, max_size=80))
def test_wait_that_is_told_is_exactly_enough(limit: int, gaps_s: list[int]) -> None:
    window = Window(limit, 60)
    now_s = 0.0
    for gap_s in gaps_s:
        now_s += gap_s
        wait_s = window.take(now_s)
        assert 0 <= wait_s <= 60
        if wait_s:
            assert window.take(now_s + wait_s - 0.5) > 0
            assert window.take(now_s + wait_s) == 0
            now_s += wait_s


def test_limit_of_zero_never_opens() -> None:
    assert Window(0, 60).take(1.0) == 60


def test_lowered_limit_tells_when_enough_have_left() -> None:
    window = Window(3, 60)
    for at_s in (0.0, 1.0, 2.0):
        window.take(at_s)
    window.limit = 1
    assert window.take(10.0) == 52.0  # the last of the three leaves at 62


def test_resets_speaks_of_the_oldest_request() -> None:
    window = Window(3, 60)
    assert window.resets_s(5.0) == 60
    window.take(5.0)
    assert window.resets_s(25.5) == math.ceil(39.5)


@pytest.mark.parametrize(("plan", "per_minute"), [("team", 200), ("professional", 400), ("enterprise", 700)])
def test_plan_sets_requests_a_minute_of_the_other_endpoints(still: RunningEmulator, plan: str, per_minute: int) -> None:
    still.control("plan", {"plan": plan})
    for _ in range(per_minute):
        still.get(BASE + "agents_overview")
    refused = still.get(BASE + "account_overview")
    assert refused.status_code == 429
    assert still.get(BASE + "current_queue_activity").status_code == 200
    assert still.requests()["by_endpoint"]["agents_overview"] == {"200": per_minute}


def test_429_is_plain_text_with_the_seconds_to_wait_and_those_are_enough(still: RunningEmulator) -> None:
    still.control("limits", {"per_minute": 1})
    assert still.get(BASE + "agents_activity").status_code == 200
    refused = still.get(BASE + "agents_activity")
    assert refused.status_code == 429
    assert refused.text == "Number of allowed API requests per minute exceeded"
    assert len(refused.content) == 50
    assert refused.headers["content-type"].startswith("text/plain")
    assert refused.headers["x-rate-limit-remaining"] == "0"
    wait_s = int(refused.headers["retry-after"])
    assert 30 <= wait_s <= 60
    still.clock.skip(wait_s)
    assert still.get(BASE + "agents_activity").status_code == 200


def test_queue_endpoint_has_its_own_window_of_2500_in_300_seconds(still: RunningEmulator) -> None:
    account_of = still.control("state")["limits"]
    assert (account_of["queue_limit"], account_of["queue_window_s"]) == (2500, 300)
    still.control("limits", {"queue_limit": 5})
    assert [still.get(BASE + "current_queue_activity").status_code for _ in range(6)] == [200] * 5 + [429]
    assert still.get(BASE + "agents_overview").headers["x-rate-limit-remaining"] == "399"
    still.clock.skip(299)
    assert still.get(BASE + "current_queue_activity").status_code == 429
    still.clock.skip(1)
    assert still.get(BASE + "current_queue_activity").status_code == 200


def test_refused_for_its_credentials_costs_nothing(still: RunningEmulator) -> None:
    still.http.get(BASE + "agents_overview", auth=("who", "wrong"))
    assert still.get(BASE + "agents_overview").headers["x-rate-limit-remaining"] == "399"


@pytest.mark.parametrize(
    ("spelling", "names"),
    [
        ("2024", {"x-rate-limit", "x-rate-limit-remaining", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"}),
        ("2023", {"x-rate-limit", "x-rate-limit-remaining", "rate-limit", "rate-limit-remaining", "rate-limit-reset"}),
        ("x-only", {"x-rate-limit", "x-rate-limit-remaining"}),
        ("none", set()),
    ],
)
def test_rate_headers_in_each_spelling_the_vendor_has_used(still: RunningEmulator, spelling: str, names: set[str]) -> None:
    still.control("limits", {"headers": spelling})
    headers = still.get(BASE + "agents_overview").headers
    assert {name for name in headers if "rate" in name} == names
    if names:
        assert headers["x-rate-limit"] == "400"
        assert headers["x-rate-limit-remaining"] == "399"


def test_queue_endpoint_tells_its_own_window_in_the_vendors_style() -> None:
    limits = Limits("professional")
    limits.take("current_queue_activity", 0.0)
    headers = limits.headers("current_queue_activity", 10.0)
    assert headers["zendesk-ratelimit-current-queue-activity"] == "total=2500; remaining=2499; resets=290"
    assert headers["x-rate-limit"] == "400"
