"""What reading tickets gives: pages and their ends, tickets, people, counts, the trash; and what is wrong, by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from dashboard.domain.tickets import (
    Counted,
    DeletedTicket,
    Priority,
    Related,
    Status,
    TicketType,
    User,
)
from dashboard.sources.errors import ErrorKind
from dashboard.sources.rates import EndpointRates
from dashboard.sources.zendesk_tickets import ZendeskTickets
from tests.sources.conftest import NOW
from tests.sources.scripted import LAST, MOVED_AT, NEXT, SOLVE, TICKETS, USERS, Said, Scripted, client_of, job, ticket
from tests.sources.vendor import refused


@pytest.fixture
def vendor() -> Scripted:
    return Scripted(Said())


@pytest.fixture
def tickets(vendor: Scripted) -> ZendeskTickets:
    return ZendeskTickets(client_of(vendor))


def test_list_page_gives_tickets_where_the_next_page_begins_and_what_the_headers_say(vendor: Scripted, tickets: ZendeskTickets) -> None:
    headers = {
        "x-rate-limit": "700",
        "x-rate-limit-remaining": "690",
        "zendesk-ratelimit-tickets-index": "total=100; remaining=3; resets=41",
    }
    full = ticket(
        type="incident",
        priority="urgent",
        group_id="360786799676",
        assignee_id=None,
        submitter_id=-1,
        problem_id=3,
        has_incidents=False,
        external_id=4711,
        is_public=False,
        due_at=None,
        tags=["vip", "door"],
        collaborator_ids=[1, "2"],
        unheard_of={"a": [1]},
    )
    more = {"meta": {"has_more": True, "after_cursor": "eyJv", "before_cursor": "x"}, "links": {"next": NEXT}}
    vendor.says(Said({"tickets": [full], **more}, 200, headers))
    page = tickets.list_page()
    assert (page.after, page.count, page.heard.at, page.heard.requests) == ("eyJv", None, NOW, 1)
    assert (page.heard.limit_per_minute, page.heard.remaining, page.heard.endpoint) == (700, 690, EndpointRates(100, 3, 41))
    (found,) = page.items
    assert (found.id, found.created_at, found.updated_at, found.status) == (7, datetime(2026, 11, 20, 8, tzinfo=UTC), MOVED_AT, Status.OPEN)
    assert (found.type, found.priority, found.group_id, found.assignee_id) == (TicketType.INCIDENT, Priority.URGENT, 360786799676, None)
    assert (found.submitter_id, found.problem_id, found.external_id, found.is_public, found.channel) == (None, 3, "4711", False, "email")
    assert (found.tags, found.collaborator_ids, found.follower_ids) == (("vip", "door"), (1, 2), ())
    assert found.description == "It is stuck.\nSince Monday."
    assert "stuck" not in repr(found)
    assert "door does" not in repr(page)


def test_pages_end_by_has_more_and_never_by_a_link(vendor: Scripted, tickets: ZendeskTickets) -> None:
    vendor.says(Said({"tickets": [ticket()], **LAST}))
    assert tickets.list_page().after is None
    in_link = {"meta": {"has_more": True}, "links": {"next": "https://elsewhere.example/x?page%5Bafter%5D=abc"}}
    vendor.says(Said({"tickets": [], **in_link}))
    assert tickets.list_page().after == "abc"
    tickets.list_page(after="a")
    assert {heard.headers["host"] for heard in vendor.heard} == {"example.zendesk.com"}
    for meta in (
        None,
        [],
        {"has_more": 1},
        {"has_more": True},
        {"has_more": True, "after_cursor": 3},
        {"has_more": True, "after_cursor": "q"},
    ):
        vendor.says(Said({"tickets": [], "meta": meta, "links": None}))
        assert refused(lambda: tickets.list_page(after="q")).kind is ErrorKind.INVALID


def test_numbered_pages_count_and_end(vendor: Scripted, tickets: ZendeskTickets) -> None:
    vendor.says(Said({"tickets": [ticket()], "count": 1186, "next_page": "https://elsewhere.example/?page=3"}))
    page = tickets.list_numbered(page=2)
    assert (page.after, page.count, len(page.items)) == ("3", 1186, 1)
    for body in ({"tickets": [ticket()], "next_page": None}, {"tickets": [], "next_page": "https://example.zendesk.com/?page=3"}):
        vendor.says(Said(body))
        assert tickets.list_numbered(page=2).after is None


def test_who_is_on_a_ticket_is_read_to_the_end_in_both_forms_and_told_where_it_is_cut(vendor: Scripted, tickets: ZendeskTickets) -> None:
    def some(first: int, count: int = 2) -> list[dict[str, object]]:
        return [{"id": number, "name": f"P {number}"} for number in range(first, first + count)]

    def ids(people: Iterable[User]) -> list[int]:
        return [each.id for each in people]

    vendor.says(Said({"users": some(1), "next_page": "https://e.example/?page=2"}), Said({"users": some(2), "next_page": None}))
    found = tickets.followers(7)
    assert (ids(found), found.has_more) == ([1, 2, 3], False)
    assert [each.query.get("page") for each in vendor.heard] == [None, "2"]

    vendor.heard.clear()
    more = {"meta": {"has_more": True, "after_cursor": "b"}}
    vendor.says(Said({"users": some(1), **more}), Said({"users": some(3), **LAST}))
    assert ids(tickets.collaborators(7)) == [1, 2, 3, 4]
    assert [each.query.get("page[after]") for each in vendor.heard] == [None, "b"]

    vendor.heard.clear()
    vendor.says(Said({"users": some(1), "next_page": "https://e.example/?page=2"}))  # the same for ever
    found = tickets.email_ccs(7)
    assert (ids(found), found.has_more, len(vendor.heard)) == ([1, 2], False, 2)

    vendor.heard.clear()
    vendor.says(*(Said({"users": some(page * 2), "next_page": "x"}) for page in range(20)))
    found = tickets.email_ccs(7)
    assert (len(found), found.has_more, len(vendor.heard)) == (20, True, 10)
    vendor.heard.clear()
    vendor.says(Said({"job_statuses": [job()], "next_page": "x"}), Said({"job_statuses": [], "next_page": "x"}))
    assert (len(tickets.jobs()), len(vendor.heard)) == (1, 2)


def test_small_answers_are_typed(vendor: Scripted, tickets: ZendeskTickets) -> None:
    vendor.says(Said(USERS))
    assert tickets.email_ccs(7) == (User(12, "Ama Okoro"), User(13, ""))
    vendor.says(Said({"count": {"value": 102, "refreshed_at": "2026-11-21T08:30:00Z"}}))
    assert tickets.count() == Counted(102, MOVED_AT)
    vendor.says(Said({"count": {"value": 100000, "refreshed_at": None}}))
    assert tickets.count() == Counted(100_000, None)
    vendor.says(Said({"topic_id": None, "followup_source_ids": [4], "from_archive": True, "incidents": 2, "twitter": {}}))
    assert tickets.related(7) == Related(2, (4,), True)
    gone = {"id": 4, "subject": "x", "actor": {"id": 1, "name": "Ama"}, "deleted_at": "2026-11-21T08:30:00Z", "previous_state": "open"}
    odd = {"id": 5, "deleted_at": "2026-11-21T10:30:00+02:00", "previous_state": "archived"}
    vendor.says(Said({"deleted_tickets": [gone, odd], "count": 2, **LAST}))
    assert tickets.deleted_page().items == (DeletedTicket(4, "x", MOVED_AT, "Ama", Status.OPEN), DeletedTicket(5, "", MOVED_AT))
    vendor.says(Said(TICKETS))
    vendor.heard.clear()
    assert tickets.autocomplete_problems(" \t") == ()
    assert [found.id for found in tickets.autocomplete_problems("  fire\u202e  " + "a" * 500)] == [7, 8]
    heard = vendor.last
    assert (len(vendor.heard), heard.method, heard.path) == (1, "POST", "/api/v2/problems/autocomplete")
    assert heard.body == {"text": ("fire " + "a" * 500)[:200]}


def test_answers_that_are_wrong_name_the_field_and_quote_nothing(vendor: Scripted, tickets: ZendeskTickets) -> None:
    for broken, named in (
        ({"status": "sentinel"}, "ticket.status is a word"),
        ({"status": None}, "ticket.status is missing"),
        ({"id": None}, "ticket.id is missing"),
        ({"id": 2**53}, "ticket.id is too large"),
        ({"id": True}, "ticket.id is not"),
        ({"updated_at": "2026-11-21 sentinel"}, "ticket.updated_at is not a time"),
        ({"updated_at": "2026-11-21T08:30:00"}, "ticket.updated_at is not a time"),
        ({"created_at": "0001-01-01T00:00:00+14:00"}, "ticket.created_at is not a time"),
        ({"group_id": {"sentinel": 1}}, "ticket.group_id is not"),
        ({"subject": ["sentinel"]}, "ticket.subject is not text"),
        ({"tags": "sentinel"}, "ticket.tags is not a list"),
        ({"tags": [["sentinel"]]}, "ticket.tags[0] is not text"),
        ({"is_public": "sentinel"}, "ticket.is_public is neither"),
    ):
        vendor.says(Said({"ticket": ticket(**broken)}))
        error = refused(lambda: tickets.show(7))
        assert (error.kind, error.is_unsure) == (ErrorKind.INVALID, False)
        assert named in error.message
        assert "sentinel" not in str(error)
        changed = refused(lambda: tickets.update(7, SOLVE, updated_stamp=None))
        assert (changed.kind, changed.is_unsure) == (ErrorKind.INVALID, True)
    for body in ([], None, "x", {"ticket": []}, {}, {"ticket": None}):
        vendor.says(Said(body))
        assert refused(lambda: tickets.show(7)).kind is ErrorKind.INVALID
