"""What the list costs does not grow with the tickets there ever were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.mirror.desk_list import tickets_at_risk
from dashboard.sources.registry import ACCOUNT
from tests.desk.desk_floor import clock, known


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the plan is SQLite's")
def test_clocks_are_found_by_their_ticket_and_not_by_walking_all_breaches() -> None:
    """An account of 200,000 tickets has half a million clocks with a breach; to walk them for each ticket takes minutes."""
    now = datetime.now(UTC)
    known(1, now)
    clock(1, now, timedelta(minutes=5))
    with CaptureQueriesContext(connection) as asked:
        tickets_at_risk(ACCOUNT, now=now, limit=200)
    about_clocks = [each["sql"] for each in asked.captured_queries if "knownclock" in each["sql"]]
    assert about_clocks
    for sql in about_clocks:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            plan = " ".join(str(row[-1]) for row in cursor.fetchall())
        assert "known_clock_breach" not in plan, plan
