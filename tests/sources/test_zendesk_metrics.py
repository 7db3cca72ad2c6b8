"""Ticket metrics in both forms of pages, and the events of clocks by time and by cursor, with what surprises in them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dashboard.domain.tickets import EventType, Minutes, SlaTarget, TicketMetric
from dashboard.sources.errors import ErrorKind
from dashboard.sources.zendesk_metrics import ZendeskMetrics
from tests.sources.conftest import NOW
from tests.sources.scripted import Said, Scripted, client_of, event, metrics
from tests.sources.vendor import refused

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
EVENTS_PATH = "/api/v2/incremental/ticket_metric_events"
NEXT = f"https://elsewhere.example{EVENTS_PATH}.json?start_time=1763625600"
LAST = {"meta": {"has_more": False, "after_cursor": "z"}, "links": {"next": NEXT}}


@pytest.fixture
def vendor() -> Scripted:
    return Scripted(Said())


@pytest.fixture
def client(vendor: Scripted) -> ZendeskMetrics:
    return ZendeskMetrics(client_of(vendor))


def events(*found: object, **more: object) -> Said:
    return Said({"ticket_metric_events": list(found), "count": len(found), "end_time": 1763625600, "next_page": NEXT, **more})


def test_metrics_are_asked_for_in_the_vendors_four_ways(vendor: Scripted, client: ZendeskMetrics) -> None:
    vendor.says(Said({"ticket_metrics": [metrics()], "meta": {"has_more": True, "after_cursor": "b"}}))
    assert client.list_page(after="a").after == "b"
    assert (vendor.last.path, vendor.last.query) == ("/api/v2/ticket_metrics", {"page[size]": "100", "page[after]": "a"})
    vendor.says(Said({"ticket_metrics": [metrics()], "count": 101, "next_page": NEXT}))
    page = client.list_numbered(page=1, per_page=50)
    assert (page.after, page.count, vendor.last.query) == ("2", 101, {"page": "1", "per_page": "50"})
    for call, path in ((lambda: client.show(907), "ticket_metrics/907"), (lambda: client.of_ticket(7), "tickets/7/metrics")):
        for answer in (metrics(), [metrics()]):
            vendor.says(Said({"ticket_metric": answer}))
            assert (call().id, vendor.last.path) == (907, f"/api/v2/{path}")
        for wrong in ([], [metrics(), metrics()], None, "x"):
            vendor.says(Said({"ticket_metric": wrong}))
            assert refused(call).kind is ErrorKind.INVALID
    vendor.says(Said({"ticket_metric": metrics()}))
    assert "not that of the ticket that was asked for" in refused(lambda: client.of_ticket(8)).message


def test_metrics_keep_what_has_not_happened_apart_from_nought(vendor: Scripted, client: ZendeskMetrics) -> None:
    vendor.says(Said({"ticket_metric": metrics()}))
    found = client.of_ticket(7)
    assert (found.id, found.ticket_id, found.created_at, found.replies_count, found.reopens_count) == (907, 7, AT, 0, 0)
    assert (found.reply_time, found.full_resolution_time, found.on_hold_time) == (Minutes(), Minutes(), Minutes(0, 0))
    assert (found.solved_at, found.custom_status_updated_at, found.reply_time_s) == (None, None, None)
    told = metrics(
        solved_at="2026-11-20T08:00:00Z",
        custom_status_updated_at="2026-11-20T08:00:00Z",
        assignee_stations=3,
        replies=2,
        reopens=1,
        reply_time_in_minutes={"calendar": 34, "business": 15},
        full_resolution_time_in_minutes={"calendar": 90},
        first_resolution_time_in_minutes=None,
        reply_time_in_seconds={"calendar": 2040},
    )
    told.pop("on_hold_time_in_minutes")
    vendor.says(Said({"ticket_metric": told}))
    found = client.of_ticket(7)
    assert (found.solved_at, found.custom_status_updated_at, found.assignee_stations_count) == (AT, AT, 3)
    assert (found.replies_count, found.reopens_count, found.reply_time_s) == (2, 1, 2040)
    assert (found.reply_time, found.full_resolution_time, found.first_resolution_time) == (Minutes(34, 15), Minutes(90), Minutes())
    assert found.on_hold_time == Minutes()
    for broken, named in (
        ({"replies": None}, "ticket_metric.replies is not"),
        ({"solved_at": "soon"}, "ticket_metric.solved_at is not a time"),
        ({"reply_time_in_minutes": {"calendar": -1}}, "reply_time_in_minutes.calendar is negative"),
        ({"reply_time_in_minutes": 4}, "reply_time_in_minutes is not an object"),
    ):
        vendor.says(Said({"ticket_metric": metrics(**broken)}))
        assert named in refused(lambda: client.of_ticket(7)).message


def test_events_of_every_type_are_typed_and_a_breach_may_lie_ahead(vendor: Scripted, client: ZendeskMetrics) -> None:
    sla = {
        "target": 60,
        "business_hours": False,
        "policy": {"id": 5, "title": "Urgent", "description": "sentinel"},
        "target_in_seconds": 3600,
    }
    vendor.says(
        events(
            event(1),
            event(2, type="apply_sla", sla=sla),
            event(3, type="apply_sla", sla=None),
            event(4, type="apply_sla", sla={"target": None, "business_hours": True, "policy": None}),
            event(5, type="breach", time="2036-11-20T08:00:00Z", deleted=False),
            event(6, type="breach", deleted=True),
            event(7, type="update_status", status={"calendar": 34, "business": None}, instance_id=2),
            event(8, type="measure", metric="agent_work_time"),
            event(9, type="invented"),
            event(10, metric="group_ownership_time"),
            event(11, instance_id=None, status={"calendar": 1}),
        )
    )
    page = client.events_since(1763625600)
    assert vendor.last.query == {"start_time": "1763625600"}
    found = {each.id: each for each in page.events}
    assert list(found) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 11]
    assert (page.count, page.is_last) == (11, True)
    first = found[1]
    assert (first.ticket_id, first.metric, first.instance, first.type, first.at) == (7, TicketMetric.REPLY, 1, EventType.ACTIVATE, AT)
    assert [found[n].sla for n in (2, 3, 4)] == [SlaTarget(60, False, 5, "Urgent"), None, None]
    assert [(found[n].at.year, found[n].deleted) for n in (5, 6)] == [(2036, False), (2026, True)]
    assert (found[7].status, found[7].instance) == (Minutes(34), 2)
    assert (found[8].type, found[8].metric, found[9].type) == (EventType.MEASURE, TicketMetric.AGENT_WORK, None)
    assert (found[11].instance, found[11].status) == (0, None)
    for broken, named in (
        ({"id": "x"}, "ticket_metric_events[0].id is not"),
        ({"ticket_id": None}, "ticket_metric_events[0].ticket_id is missing"),
        ({"time": 1763625600}, "ticket_metric_events[0].time is not a time"),
        ({"metric": 4}, "ticket_metric_events[0].metric is not text"),
        ({"type": "apply_sla", "sla": []}, "ticket_metric_events[0].sla is not an object"),
    ):
        vendor.says(events(event(**broken)))
        assert named in refused(lambda: client.events_since(0)).message


def test_events_end_by_a_page_that_is_not_full_and_never_stand_still(vendor: Scripted) -> None:
    client = ZendeskMetrics(client_of(vendor), full_page=3)
    now_s = int(NOW.timestamp())
    full = [event(number) for number in range(3)]
    for said, start_s, end_s, is_last in (
        (events(event(), end_time=101), 100, 101, True),
        (events(event(), end_time=100), 100, 100, True),
        (events(event(), end_time=90), 100, 100, True),
        (events(end_time=None, next_page=None), 100, 100, True),
        (events(*full, end_time=170), 100, 170, False),
        (events(*full, end_time=100), 100, 101, False),  # one single second, not followed by the next
        (events(*full, end_time=now_s - 61), 100, now_s - 61, False),
        (events(*full, end_time=now_s + 900), 100, now_s + 900, True),  # announced breaches: the vendor begins no page there
    ):
        vendor.says(said)
        page = client.events_since(start_s)
        assert (page.end_s, page.is_last, len(page.events)) == (end_s, is_last, page.count)
    vendor.says(events(event(), end_time=None))
    assert "end_time is missing" in refused(lambda: client.events_since(0)).message
    with pytest.raises(ValueError, match="1970"):
        client.events_since(-1)


def test_events_by_cursor_begin_with_a_second_and_go_on_with_a_cursor(vendor: Scripted, client: ZendeskMetrics) -> None:
    vendor.says(Said({"ticket_metric_events": [event(1), event(2, metric="new_one")], "meta": {"has_more": True, "after_cursor": "q"}}))
    page = client.events_page(start_s=5, size=2)
    assert [each.id for each in page.items] == [1]
    assert (page.after, vendor.last.path, vendor.last.query) == ("q", EVENTS_PATH, {"page[size]": "2", "start_time": "5"})
    vendor.says(Said({"ticket_metric_events": [], **LAST}))
    assert client.events_page(after="q").after is None
    assert vendor.last.query == {"page[size]": "100", "page[after]": "q"}
    with pytest.raises(ValueError, match="begin"):
        client.events_page()


def test_events_without_an_administrator_say_who_is_needed(vendor: Scripted, client: ZendeskMetrics) -> None:
    vendor.says(Said({"error": {"title": "Forbidden", "message": "You do not have access to this page."}}, 403))
    error = refused(lambda: client.events_since(0))
    assert (error.kind, error.status, error.detail) == (ErrorKind.FORBIDDEN, 403, "You do not have access to this page.")
    assert "administrator" in error.message
    vendor.says(Said({"error": "InvalidValue", "description": "Parameter start_time must be in the past"}, 422))
    error = refused(lambda: client.events_page(start_s=2**40))
    assert (error.kind, error.detail) == (ErrorKind.INVALID, "Parameter start_time must be in the past")
