"""How it stands with the feeds of tickets and of Kayako, whatever the boards show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis as redis_py
from django.test import Client

from config.env import KayakoEnv, ZendeskEnv
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings import Reading
from dashboard.domain.readings_tickets import TicketBacklog
from dashboard.live.beside import CASE_NUMBERS, TICKET_NUMBERS
from dashboard.models import Board, Role
from dashboard.store import snapshots
from dashboard.store.snapshots import Outcome, Stop
from tests.api.shapes import check

LogIn = Callable[[Role], Client]

TICKETS, EVENTS, CASES = Feed("main", Endpoint.TICKETS), Feed("main", Endpoint.SLA), Feed("kayako", Endpoint.CASES)


@pytest.mark.usefixtures("polled")
def test_feeds_of_tickets_and_kayako_are_told_though_no_board_shows_them(
    redis: redis_py.Redis, log_in: LogIn, board: Board, client: Client, settings: Any
) -> None:
    settings.ENV = replace(settings.ENV, zendesk=ZendeskEnv("https://example.zendesk.com", email="a@example.com", api_token="x"))
    asked = log_in(Role.VIEWER)
    now = datetime.now(UTC)
    snapshots.save_reading(redis, TICKETS, Reading(TicketBacklog(tickets_unsolved=3), now))
    retry_at = now + timedelta(seconds=80)
    snapshots.save_outcome(redis, EVENTS, Outcome(now, "forbidden", "Only an administrator may.", 3, now, retry_at))
    found = asked.get("/api/v1/feeds").json()
    check(found, {"$ref": "#/components/schemas/FeedsBeside"})
    assert set(found["metrics"]) == set(TICKET_NUMBERS)
    assert (found["metrics"]["tickets_unsolved"]["value"], found["metrics"]["tickets_unsolved"]["state"]) == (3, "live")
    assert found["metrics"]["first_reply_median_today"] == {"state": "unknown", "severity": "ok"}
    assert found["thresholds"]["sla_breached"]["critical_enter"] == 5
    assert set(found["feeds"]) == {"main:tickets", "main:ticket_metrics", "main:ticket_metric_events"}
    assert found["feeds"][TICKETS.id]["state"] == "live"
    assert found["feeds"]["main:ticket_metrics"]["state"] == "unknown"
    events = found["feeds"][EVENTS.id]
    assert (events["failing"], events["error"]["message"], events["failures"]) == (True, "Only an administrator may.", 3)
    assert "retry_at" in events
    assert (found["budget"]["main"]["limit"], set(found["budget"])) == (200, {"main"})

    settings.ENV = replace(settings.ENV, kayako=KayakoEnv("https://example.kayako.com", oauth_token="x"))
    tile = {"id": "a", "kind": "number", "x": 0, "y": 0, "w": 5, "h": 5, "options": {"metric": "cases_unresolved"}}
    other = {**tile, "id": "b", "x": 6, "options": {"metric": "tickets_new"}}
    Board.objects.create(slug="cases", title="Cases", group_ids=[7], widgets=[tile, other])
    snapshots.save_stop(redis, "kayako", Stop("auth", "Kayako refused the credentials.", now, "digest"))
    found = asked.get("/api/v1/feeds").json()
    assert "main:tickets:7" not in found["feeds"], "it asks nothing itself"
    cases = found["feeds"][CASES.id]
    assert (cases["state"], cases["stopped"], cases["error"]["message"]) == ("down", True, "Kayako refused the credentials.")
    assert found["budget"]["kayako"]["limit"] == 100
    assert set(found["metrics"]) == {*TICKET_NUMBERS, *CASE_NUMBERS}
    assert client.get("/api/v1/feeds").status_code == 401
