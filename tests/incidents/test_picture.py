"""The times that the picture of an incident names."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import redis as redis_py

from dashboard.incidents.picture import figure
from dashboard.models import Incident
from tests.incidents.floor import QUEUE


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "since", "now", "told"),
    [
        ("America/New_York", "2026-10-28T12:00", "2026-11-07T12:00", ["30 Oct", "1 Nov", "3 Nov", "5 Nov", "7 Nov"]),
        ("America/New_York", "2026-03-04T12:00", "2026-03-14T12:00", ["6 Mar", "8 Mar", "10 Mar", "12 Mar", "14 Mar"]),
        ("Europe/Berlin", "2026-10-24T23:30", "2026-10-25T02:30", ["01:00", "02:00", "02:00", "03:00"]),
        ("Europe/Berlin", "2026-03-28T23:30", "2026-03-29T02:30", ["00:00", "01:00", "03:00", "04:00"]),
    ],
)
def test_times_are_round_by_the_accounts_clock_also_behind_a_change_of_it(
    redis: redis_py.Redis, settings: Any, zone: str, since: str, now: str, told: list[str]
) -> None:
    settings.ACCOUNT_TIME_ZONE = zone
    since_at, now_at = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (since, now))
    found = figure(redis, Incident(metric="longest_wait_time", scope=QUEUE.id, direction="above", since_at=since_at), now_at)
    assert found is not None
    assert found["layout"]["xaxis"]["ticktext"] == told
