"""What a wait's own length says of the past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.domain.waits import above_since

AT = datetime(2026, 11, 20, 9, 4, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("metric", "value", "limit", "watched_s", "above_s"),
    [
        ("longest_wait_time", 462, 180, 10, 282),  # a gap before: the caller waited all the while
        ("longest_wait_time", 462, 180, 600, 600),  # others were at the head before
        ("longest_wait_time", 180, 180, 10, 10),
        ("longest_wait_time", 100, 180, 10, 10),
        ("longest_wait_time", None, 180, 10, 10),
        ("longest_wait_time", 462, None, 10, 10),
        ("calls_waiting", 462, 180, 10, 10),
    ],
)
def test_above_since_is_never_later_than_the_value_allows(
    metric: str, value: float | None, limit: float | None, watched_s: float, above_s: float
) -> None:
    found = above_since(metric, value=value, limit=limit, since=AT - timedelta(seconds=watched_s), at=AT)
    assert found == AT - timedelta(seconds=above_s)
