"""History as tables."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pytest
import redis as redis_py

from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.minutes import Folded
from dashboard.history.export import COLUMNS, as_csv, as_parquet, rows, rows_count
from dashboard.history.span import Span, steps
from tests.history.filled import fill

QUEUE, ACCOUNT = Feed("main", Endpoint.QUEUE), Feed("main", Endpoint.ACCOUNT)
FEEDS = {feed.endpoint: feed for feed in (QUEUE, ACCOUNT)}
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
START = NOW - timedelta(days=10)
METRICS = [CATALOGUE["longest_wait_time"], CATALOGUE["total_calls"]]

pytestmark = pytest.mark.django_db


@pytest.fixture
def past(redis: redis_py.Redis) -> redis_py.Redis:
    fill(QUEUE, {"longest_wait_time": [10, 20, None, Folded(5, 7.5, 90, 6)]}, START)
    fill(ACCOUNT, {"total_calls": [100, 103, 109, Folded(2, 2, 2, 2, reset=True)]}, START)
    return redis


def test_rows_are_what_the_history_says_step_by_step(past: redis_py.Redis) -> None:
    span = Span(START, START + timedelta(minutes=4), 60)
    found = list(rows(past, FEEDS, METRICS, span, NOW))
    waits = [(row.min, row.mean, row.max, row.last) for row in found if row.metric == "longest_wait_time"]
    assert waits == [(10, 10, 10, 10), (20, 20, 20, 20), (None, None, None, None), (5, pytest.approx(7.5, abs=0.01), 90, 6)]
    calls = [(row.last, row.increase, row.reset) for row in found if row.metric == "total_calls"]
    assert calls == [(100, None, False), (103, 3, False), (109, 6, False), (2, 2, True)]
    assert len(found) == rows_count(METRICS, span)


def test_rows_over_many_days_come_in_pieces_and_are_the_same_as_in_one(past: redis_py.Redis) -> None:
    span = Span(START - timedelta(hours=7), START + timedelta(days=3), 5400)
    found = [row.max for row in rows(past, FEEDS, METRICS[:1], span, NOW)]
    assert found == [over.step.max if over.step.count else None for over in steps(past, QUEUE, METRICS[0], span, NOW)]
    assert len(found) == rows_count(METRICS[:1], span)


def test_as_csv_and_as_parquet_hold_the_same_table(past: redis_py.Redis) -> None:
    span = Span(START, START + timedelta(minutes=4), 60)
    text = "".join(as_csv(rows(past, FEEDS, METRICS, span, NOW)))
    table = list(csv.DictReader(io.StringIO(text, newline="")))
    assert tuple(table[0]) == COLUMNS
    assert table[0] | {"readings": "1"} == dict(
        zip(
            COLUMNS,
            (
                START.isoformat().replace("+00:00", "Z"),
                "longest_wait_time",
                "s",
                QUEUE.id,
                "10",
                "10",
                "10",
                "10",
                "1",
                "1.0",
                "",
                "",
                "",
            ),
            strict=True,
        )
    )
    file = io.BytesIO(b"".join(as_parquet(rows(past, FEEDS, METRICS, span, NOW))))
    packed = pq.read_table(file).to_pylist()
    assert [row["last"] for row in packed] == [float(row["last"]) if row["last"] else None for row in table]
    assert packed[0]["at"] == START
    assert [row["reset"] for row in packed] == [row["reset"] == "true" for row in table]


def test_as_parquet_of_nothing_is_a_whole_empty_file() -> None:
    table = pq.read_table(io.BytesIO(b"".join(as_parquet([]))))
    assert (table.num_rows, tuple(table.column_names)) == (0, COLUMNS)
