from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.sources.rates import EndpointRates, Rates, endpoint_rates, rates


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, Rates()),
        ({"x-rate-limit": "700", "x-rate-limit-remaining": "699"}, Rates(700, 699)),
        ({"rate-limit": "700", "rate-limit-remaining": "1", "rate-limit-reset": "30"}, Rates(700, 1)),
        ({"ratelimit-limit": "400", "ratelimit-remaining": "0", "ratelimit-reset": "41"}, Rates(400, 0)),
        ({"ratelimit-limit": "400, 400;w=60", "ratelimit-remaining": "399"}, Rates(400, 399)),
        ({"x-rate-limit": "400"}, Rates(400, None)),
        ({"x-rate-limit": "many", "rate-limit": "200", "rate-limit-remaining": "few"}, Rates(200, None)),
        ({"x-rate-limit": "0"}, Rates()),
        ({"zendesk-ratelimit-tickets-index": "total=100; remaining=99; resets=41"}, Rates(100, 99)),
        ({"zendesk-rate-limit-tickets-index": "total=100;remaining=99;resets=41"}, Rates(100, 99)),
        ({"zendesk-ratelimit-a": "total=100; remaining=9; resets=1", "zendesk-ratelimit-b": "total=50; resets=1"}, Rates(50, None)),
        ({"zendesk-ratelimit-queue": "total=2500; remaining=2000; resets=299"}, Rates()),
        (
            {"x-rate-limit": "400", "x-rate-limit-remaining": "390", "zendesk-ratelimit-queue": "total=2500; remaining=1; resets=9"},
            Rates(400, 390),
        ),
    ],
)
def test_rates_with_each_spelling(headers: dict[str, str], expected: Rates) -> None:
    assert rates(headers) == expected


def test_endpoint_rates_tell_the_limit_with_the_least_left() -> None:
    assert endpoint_rates({"x-rate-limit": "700", "x-rate-limit-remaining": "1"}) is None
    own = {"zendesk-ratelimit-tickets-index": "total=100; remaining=99; resets=41", "zendesk-rate-limit-x": "total=10;remaining=0"}
    assert endpoint_rates(own) == EndpointRates(10, 0, None)
    assert endpoint_rates({"zendesk-ratelimit-queue": "total=2500; remaining=2000; resets=299"}) == EndpointRates(2500, 2000, 299)
    assert endpoint_rates({"zendesk-ratelimit-x": "total=0; remaining=0"}) is None


NAMES = ["x-rate-limit", "x-rate-limit-remaining", "ratelimit-limit", "ratelimit-remaining", "rate-limit", "zendesk-ratelimit-x"]


@given(st.dictionaries(st.sampled_from(NAMES), st.one_of(st.text(), st.from_regex(r"total=\d*; remaining=\d*"))))
def test_rates_with_any_header_is_positive_or_none(headers: dict[str, str]) -> None:
    found = rates(headers)
    assert found.limit_per_minute is None or found.limit_per_minute > 0
    assert found.remaining is None or found.remaining >= 0
