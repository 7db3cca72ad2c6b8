"""The ticket clients against the emulator over real connections: what they read adds up, whichever way it is read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dashboard.domain.tickets import EventType, MetricEvent, TicketMetric
from dashboard.emulator.options import EmulatorSettings
from dashboard.sources.auth import BasicToken
from dashboard.sources.errors import ErrorKind
from dashboard.sources.redaction import Secret
from dashboard.sources.zendesk_metrics import ZendeskMetrics
from dashboard.sources.zendesk_tickets import ZendeskTickets
from tests.emulator.running import DAY, RunningEmulator, running
from tests.emulator.still_floor import StillFloor
from tests.sources.conftest import MakeClient
from tests.sources.vendor import refused


@pytest.fixture(scope="module")
def still() -> Iterator[RunningEmulator]:
    """Four tickets, in which nobody does anything."""
    with running(StillFloor, EmulatorSettings(start=DAY, speed=0)) as emulator:
        emulator.control("tickets", {"count": 4})
        yield emulator


def test_tickets_metrics_and_events_of_the_emulator_add_up(still: RunningEmulator, make_client: MakeClient) -> None:
    emulator = still
    client = make_client(emulator.url, BasicToken(emulator.settings.email, Secret(emulator.settings.api_token)))
    tickets, metrics = ZendeskTickets(client), ZendeskMetrics(client)

    page = tickets.list_page(size=3)
    found = {ticket.id: ticket for ticket in page.items}
    while page.after is not None:
        page = tickets.list_page(size=3, after=page.after)
        found |= {ticket.id: ticket for ticket in page.items}
    assert len(found) == tickets.count().value == tickets.list_numbered(per_page=1).count
    newest = max(found)
    assert tickets.show(newest) == found[newest] == tickets.show_many([newest, 10**12])[0]
    assert tickets.list_page(sort="-updated_at", size=1).items[0].updated_at == max(ticket.updated_at for ticket in found.values())
    requester_id = found[newest].requester_id
    assert requester_id is not None
    assert found[newest] in tickets.requested_by_page(requester_id).items
    assert tickets.users([requester_id])[0].name
    assert tickets.groups_page().items
    assert tickets.related(newest).incidents_count == 0
    assert page.heard.limit_per_minute is not None

    told = metrics.list_page().items
    assert [each.ticket_id for each in told] == sorted(found, reverse=True)
    assert metrics.of_ticket(newest) == told[0] == metrics.show(told[0].id)

    lately_s = int(found[newest].created_at.timestamp()) - 600
    by_time = metrics.events_since(lately_s)
    assert by_time.is_last
    events = metrics.events_page(start_s=lately_s, size=5)
    by_cursor: list[MetricEvent] = list(events.items)
    while events.after is not None:
        events = metrics.events_page(after=events.after, size=5)
        by_cursor += events.items
    assert tuple(by_cursor) == by_time.events
    mine = [event for event in by_time.events if event.ticket_id == newest and event.metric is TicketMetric.REPLY]
    assert {event.type for event in mine} >= {EventType.ACTIVATE, EventType.APPLY_SLA, EventType.BREACH}
    assert max(event.at for event in by_time.events).timestamp() == by_time.end_s  # which an announced breach puts ahead
    ahead = refused(lambda: metrics.events_since(by_time.end_s))
    assert (ahead.kind, ahead.status, "start_time" in ahead.detail) == (ErrorKind.INVALID, 422, True)

    missing = refused(lambda: tickets.show(10**12))
    assert (missing.kind, missing.detail) == (ErrorKind.NOT_FOUND, "Not found")
    assert refused(lambda: tickets.list_page(after="not-a-cursor")).kind is ErrorKind.INVALID
