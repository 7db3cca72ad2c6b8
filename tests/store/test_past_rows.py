"""The rows of a feed's readings: what is kept is what was seen, damage is said, and it stays small."""

from __future__ import annotations

import itertools
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
import redis as redis_py
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings_tickets import BacklogRow, PolicyRow, SlaState, TicketBacklog
from dashboard.domain.rows import MOST_ROWS, Kept, kept
from dashboard.store import keys, past_rows
from tests.live.examples import NOW

TICKETS, SLA = Feed("main", Endpoint.TICKETS), Feed("main", Endpoint.SLA)
groups = st.lists(
    st.builds(BacklogRow, st.integers(0, 5), st.sampled_from(["", "<b>فرع</b>"]), st.integers(0, 3), st.integers(0, 3)),
    max_size=5,
    unique_by=lambda row: row.group_id,
)
# One poll: the groups, and after how many seconds it came.
polls = st.lists(st.tuples(groups, st.integers(1, 400)), min_size=1, max_size=20)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(polls=polls)
def test_past_rows_of_any_polls_are_at_each_reading_what_it_said(redis: redis_py.Redis, polls: list) -> None:
    redis.flushall()
    ends = itertools.accumulate(after_s for _, after_s in polls)
    seen = [(NOW + timedelta(seconds=end_s), kept(TicketBacklog(rows=tuple(rows)))) for end_s, (rows, _) in zip(ends, polls, strict=True)]
    for at, rows in seen:
        assert rows is not None
        past_rows.keep(redis, TICKETS, rows, at=at)
    found = past_rows.read(redis, TICKETS, seen[0][0], seen[-1][0])
    assert [found.at(at) for at, _ in seen] == [rows for _, rows in seen]
    assert found.at(seen[0][0] - timedelta(seconds=1)) is None, "nobody noted it"


def test_past_rows_of_many_targets_are_the_worst_and_how_many_there_are_beside(redis: redis_py.Redis) -> None:
    rows = tuple(PolicyRow(number, f"Policy {number}" * 20, "reply_time", breached=number) for number in range(MOST_ROWS + 7))
    found = kept(SlaState(rows=rows))
    assert found is not None
    assert (found.beside, min(row.breached for row in found.rows if isinstance(row, PolicyRow))) == (7, 7)
    past_rows.keep(redis, SLA, found, at=NOW)
    assert past_rows.read(redis, SLA, NOW, NOW).at(NOW) == found


def test_past_rows_after_a_damaged_line_are_not_known_until_the_next_poll(redis: redis_py.Redis, caplog: pytest.LogCaptureFixture) -> None:
    rows = Kept((BacklogRow(1, "Billing", 3),))
    past_rows.keep(redis, TICKETS, rows, at=NOW)
    key = keys.past_rows(TICKETS.id, int(NOW.timestamp()) // past_rows.BLOCK_S)
    redis.append(key, b'[1,"some",0,[[7,[]]]]\n{\n')
    later = NOW + timedelta(seconds=15)
    with caplog.at_level(logging.WARNING):
        past_rows.keep(redis, TICKETS, rows, at=later)
        found = past_rows.read(redis, TICKETS, NOW, later)
    assert "cannot be read" in caplog.text
    assert (found.at(NOW), found.at(later)) == (rows, rows)
    redis.delete(key)
    redis.hset(key, "another", "type")
    past_rows.keep(redis, TICKETS, rows, at=later)
    assert past_rows.read(redis, TICKETS, NOW, later).at(later) == rows


def test_past_rows_end_by_themselves_and_stay_small(redis: redis_py.Redis) -> None:
    """A block of the fullest backlog, of which every row changes with every poll."""
    start = NOW.replace(minute=0, second=0, microsecond=0)
    rows = [BacklogRow(36_000_000_000 + number, f"{number:02}" * 40) for number in range(MOST_ROWS)]
    for step in range(past_rows.BLOCK_S // 15):
        rows = [replace(row, new=100 + step, open=1000 + step, urgent=10 + step, normal=1000 + step) for row in rows]
        past_rows.keep(redis, TICKETS, Kept(tuple(rows)), at=start + timedelta(seconds=15 * step))
    key = keys.past_rows(TICKETS.id, int(start.timestamp()) // past_rows.BLOCK_S)
    assert past_rows.TTL_S - 60 < redis.ttl(key) <= past_rows.TTL_S
    assert redis.memory_usage(key) * past_rows.SPAN_S // past_rows.BLOCK_S < 17_000_000
