"""What a poll and the desk ask the database costs what has changed or waits, not what exists: each statement has an index that narrows."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.mirror.desk_list import tickets_at_risk, tickets_count
from tests.mirror.conftest import Mirror
from tests.mirror.fake_desk import FakeDesk

# The whole table, or everything of an account, which is the same; but for the tickets whose metrics are behind, which have their own index.
_ROWS = r"(dashboard_known(?:ticket|clock|event)|U0)"
_ALL_OF_IT = re.compile(rf"^SCAN {_ROWS}|^SEARCH {_ROWS} USING (?!INDEX known_ticket_behind).*\(account=\?\)$")


def test_statements_of_polls_and_of_the_desk_never_read_all_tickets(mirror: Mirror, desk: FakeDesk) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the plans of SQLite are read here")
    for _ in range(3):
        desk.create(1)
    mirror.catch_up()
    desk.create(2)
    asked: list[tuple[str, Any]] = []

    def hearing(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many and sql.startswith(("SELECT", "UPDATE", "DELETE")):
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(hearing):
        for endpoint in (Endpoint.TICKETS, Endpoint.TICKET_METRICS, Endpoint.SLA):
            mirror.poll(endpoint)
            mirror.source.read(Feed(mirror.account, endpoint, (1,)))
        for narrowed in ({}, {"groups": (1, 0)}, {"statuses": ("open",)}, {"assignees": (0, 7)}):
            tickets_at_risk("main", now=datetime.now(UTC), limit=50, **narrowed)
            tickets_count("main", **narrowed)

    read_all = [(step, sql) for sql, params in asked for step in _plan(sql, params) if _ALL_OF_IT.match(step)]
    assert len(asked) > 60
    assert not read_all


def _plan(sql: str, params: Any) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return [row[3] for row in cursor.fetchall()]
