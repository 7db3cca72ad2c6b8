"""A column is what reading everything and picking one field gives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import redis as redis_py

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.store.series import Series

START = datetime(2026, 11, 21, 9, tzinfo=UTC)


def test_column_equals_the_field_of_read_gaps_included(redis: redis_py.Redis) -> None:
    series = Series(Feed("main", Endpoint.QUEUE), 1.0, ("a", "b", "c"))
    for second in (0, 1, 2, 5, 6, 90):
        series.append(redis, START + timedelta(seconds=second), {"a": second, "b": None if second == 5 else second * 2, "c": 7})
    end = START + timedelta(seconds=60)
    points = series.read(redis, START, end)
    assert len(points) == 5
    for field in ("a", "b", "c"):
        assert series.column(redis, START, end, field) == [(point.at, point.values[field]) for point in points]


def test_column_of_an_unknown_field_is_an_error(redis: redis_py.Redis) -> None:
    with pytest.raises(ValueError):
        Series(Feed("main", Endpoint.QUEUE), 1.0, ("a",)).column(redis, START, START, "b")
