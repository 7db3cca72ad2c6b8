"""Every row of the vendor's tickets: what is asked for it, and what its answer becomes."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest

from dashboard.domain.tickets import (
    Comment,
    Counted,
    DeletedTicket,
    Job,
    JobItem,
    JobState,
    Priority,
    Related,
    Status,
    TicketChange,
    TicketType,
    User,
)
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.paging import Page
from dashboard.sources.rates import EndpointRates
from dashboard.sources.zendesk_tickets import ZendeskTickets
from tests.sources.conftest import NOW, SENTINEL
from tests.sources.scripted import Said, Scripted, client_of, job, ticket
from tests.sources.vendor import refused

MOVED_AT = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
HELLO = TicketChange(comment=Comment("Hello", is_public=True))
SOLVE = TicketChange(status=Status.SOLVED)
CURSOR = {
    "meta": {"has_more": True, "after_cursor": "eyJv", "before_cursor": "x"},
    "links": {"next": "https://elsewhere.example/?page[after]=no"},
}
LAST = {
    "meta": {"has_more": False, "after_cursor": "eyJv"},
    "links": {"next": "https://example.zendesk.com/api/v2/tickets?page[after]=eyJv"},
}
TICKETS = {"tickets": [ticket(7), ticket(8)], **LAST}
USERS = {"users": [{"id": "12", "name": "Ama\u202e Okoro", "email": "ama@example.com"}, {"id": 13}]}
FIRST = {"page[size]": "100"}
NEWEST = {"sort_by": "deleted_at", "sort_order": "desc"}
SPACE = Said(b" ", 200, {"content-type": "text/html"})
MERGE = {"target_comment": "a", "source_comment": "b", "target_comment_is_public": True, "source_comment_is_public": False}

Call = Callable[[ZendeskTickets], object]
READS: list[tuple[Call, str, dict[str, str], object]] = [
    (lambda z: z.list_page(), "tickets", {**FIRST, "sort": "id"}, TICKETS),
    (
        lambda z: z.list_page(sort="-updated_at", after="eyJv", size=50, external_id="queuelight-1"),
        "tickets",
        {"page[size]": "50", "page[after]": "eyJv", "sort": "-updated_at", "external_id": "queuelight-1"},
        TICKETS,
    ),
    (lambda z: z.list_numbered(), "tickets", {"page": "1", "per_page": "100"}, {"tickets": [], "count": 0, "next_page": None}),
    (
        lambda z: z.list_numbered(page=3, per_page=10, sort_by="created_at", sort_order="desc", external_id="a"),
        "tickets",
        {"page": "3", "per_page": "10", "sort_by": "created_at", "sort_order": "desc", "external_id": "a"},
        {"tickets": [ticket()], "count": 21, "next_page": None},
    ),
    (lambda z: z.of_organization_page(5), "organizations/5/tickets", FIRST, TICKETS),
    (lambda z: z.requested_by_page(5, after="q"), "users/5/tickets/requested", {**FIRST, "page[after]": "q"}, TICKETS),
    (lambda z: z.ccd_page(5), "users/5/tickets/ccd", FIRST, TICKETS),
    (lambda z: z.followed_page(5), "users/5/tickets/followed", FIRST, TICKETS),
    (lambda z: z.assigned_page(2**53 - 1), "users/9007199254740991/tickets/assigned", FIRST, TICKETS),
    (lambda z: z.recent(), "tickets/recent", {}, TICKETS),
    (lambda z: z.count(), "tickets/count", {}, {"count": {"value": 3, "refreshed_at": None}}),
    (lambda z: z.count_of_organization(5), "organizations/5/tickets/count", {}, {"count": {"value": 3}}),
    (lambda z: z.count_ccd(5), "users/5/tickets/ccd/count", {}, {"count": {"value": 3}}),
    (lambda z: z.count_assigned(5), "users/5/tickets/assigned/count", {}, {"count": {"value": 3}}),
    (lambda z: z.show(7), "tickets/7", {}, {"ticket": ticket()}),
    (lambda z: z.show_many([3, 1, 3]), "tickets/show_many", {"ids": "3,1"}, TICKETS),
    (
        lambda z: z.related(7),
        "tickets/7/related",
        {},
        {"incidents": 2, "followup_source_ids": [4], "from_archive": False, "topic_id": None},
    ),
    (lambda z: z.collaborators(7), "tickets/7/collaborators", {}, USERS),
    (lambda z: z.followers(7), "tickets/7/followers", {}, USERS),
    (lambda z: z.email_ccs(7), "tickets/7/email_ccs", {}, USERS),
    (lambda z: z.incidents_page(7), "tickets/7/incidents", FIRST, TICKETS),
    (lambda z: z.problems_page(), "problems", FIRST, TICKETS),
    (
        lambda z: z.deleted_page(),
        "deleted_tickets",
        {**FIRST, "sort_by": "deleted_at", "sort_order": "desc"},
        {"deleted_tickets": [], **LAST},
    ),
    (lambda z: z.groups_page(), "groups", FIRST, {"groups": [{"id": 4, "name": "Repairs", "deleted": False}], **LAST}),
    (lambda z: z.users([12, 13]), "users/show_many", {"ids": "12,13"}, USERS),
    (lambda z: z.job("V3-ab"), "job_statuses/V3-ab", {}, {"job_status": job()}),
    (lambda z: z.jobs(), "job_statuses", {}, {"job_statuses": [job()]}),
    (lambda z: z.jobs_of(["V3-a", "b1"]), "job_statuses/show_many", {"ids": "V3-a,b1"}, {"job_statuses": [job()]}),
]
JOB = {"job_status": job()}
MADE = {"ticket": ticket(), "audit": {"id": 1, "events": []}}
WRITES: list[tuple[Call, str, str, dict[str, str], object, Said]] = [
    (
        lambda z: z.create(HELLO, idempotency_key="queuelight-1"),
        "POST",
        "tickets",
        {},
        {"ticket": {"comment": {"body": "Hello", "public": True}}},
        Said(MADE, 201, {"location": "https://elsewhere.example/api/v2/tickets/7.json"}),
    ),
    (
        lambda z: z.create_many([HELLO]),
        "POST",
        "tickets/create_many",
        {},
        {"tickets": [{"comment": {"body": "Hello", "public": True}}]},
        Said(JOB),
    ),
    (
        lambda z: z.update(7, SOLVE, updated_stamp=MOVED_AT.astimezone(timezone(timedelta(hours=5)))),
        "PUT",
        "tickets/7",
        {},
        {"ticket": {"status": "solved", "safe_update": True, "updated_stamp": "2026-11-21T08:30:00Z"}},
        Said(MADE),
    ),
    (lambda z: z.update(7, SOLVE, updated_stamp=None), "PUT", "tickets/7", {}, {"ticket": {"status": "solved"}}, Said(MADE)),
    (
        lambda z: z.update_many([1, 2], TicketChange(additional_tags=("vip",), remove_tags=("old",))),
        "PUT",
        "tickets/update_many",
        {"ids": "1,2"},
        {"ticket": {"additional_tags": ["vip"], "remove_tags": ["old"]}},
        Said(JOB),
    ),
    (
        lambda z: z.update_each({1: SOLVE, 2: TicketChange(tags=())}),
        "PUT",
        "tickets/update_many",
        {},
        {"tickets": [{"id": 1, "status": "solved"}, {"id": 2, "tags": []}]},
        Said(JOB),
    ),
    (lambda z: z.mark_as_spam(7), "PUT", "tickets/7/mark_as_spam", {}, {}, Said(b"")),
    (lambda z: z.mark_many_as_spam([7, 8]), "PUT", "tickets/mark_many_as_spam", {"ids": "7,8"}, {}, Said(JOB)),
    (
        lambda z: z.merge(7, [8, 9], target_comment="a", source_comment="b", target_is_public=True),
        "POST",
        "tickets/7/merge",
        {},
        {"ids": [8, 9], **MERGE},
        Said(JOB),
    ),
    (lambda z: z.delete(7), "DELETE", "tickets/7", {}, None, Said(b"", 204, {"content-type": ""})),
    (lambda z: z.delete_many([7]), "DELETE", "tickets/destroy_many", {"ids": "7"}, None, Said(JOB)),
    (lambda z: z.restore(7), "PUT", "deleted_tickets/7/restore", {}, {}, Said({})),
    (
        lambda z: z.restore_many([7, 8]),
        "PUT",
        "deleted_tickets/restore_many",
        {"ids": "7,8"},
        {},
        Said(b" ", 200, {"content-type": "text/html"}),
    ),
    (lambda z: z.destroy(7), "DELETE", "deleted_tickets/7", {}, None, Said(JOB)),
    (lambda z: z.destroy_many([7]), "DELETE", "deleted_tickets/destroy_many", {"ids": "7"}, None, Said(JOB)),
]


@pytest.fixture
def vendor() -> Scripted:
    return Scripted(Said())


@pytest.fixture
def tickets(vendor: Scripted) -> ZendeskTickets:
    return ZendeskTickets(client_of(vendor))


def test_every_read_asks_the_vendors_path_once_and_is_typed(vendor: Scripted, tickets: ZendeskTickets) -> None:
    for call, path, query, body in READS:
        vendor.says(Said(body))
        vendor.heard.clear()
        assert call(tickets) is not None
        heard = vendor.heard[0]
        assert (len(vendor.heard), heard.method, heard.path, heard.query, heard.body) == (1, "GET", f"/api/v2/{path}", query, None)


def test_every_change_sends_the_vendors_form_once(vendor: Scripted, tickets: ZendeskTickets) -> None:
    for call, method, path, query, body, said in WRITES:
        vendor.says(said)
        vendor.heard.clear()
        found = call(tickets)
        heard = vendor.heard[0]
        assert (len(vendor.heard), heard.method, heard.path, heard.query, heard.body) == (1, method, f"/api/v2/{path}", query, body)
        if said.body is JOB:
            assert isinstance(found, Job)
            assert found.state is JobState.QUEUED


@pytest.mark.parametrize("ids", [[], list(range(1, 102)), [0], [-1], [2**53]])
def test_every_change_of_many_needs_one_to_a_hundred_ids(vendor: Scripted, tickets: ZendeskTickets, ids: list[int]) -> None:
    for call in (
        lambda: tickets.show_many(ids),
        lambda: tickets.update_many(ids, SOLVE),
        lambda: tickets.update_each(dict.fromkeys(ids, SOLVE)),
        lambda: tickets.mark_many_as_spam(ids),
        lambda: tickets.merge(7, ids, target_comment="", source_comment=""),
        lambda: tickets.delete_many(ids),
        lambda: tickets.restore_many(ids),
        lambda: tickets.destroy_many(ids),
    ):
        with pytest.raises(ValueError, match=r"1 to 100|not an id"):
            call()
    assert vendor.heard == []


def test_what_the_vendor_would_refuse_for_its_form_is_not_asked(vendor: Scripted, tickets: ZendeskTickets) -> None:
    wrong: list[Callable[[], object]] = [
        lambda: tickets.create_many([]),
        lambda: tickets.create_many([HELLO] * 101),
        lambda: tickets.create(SOLVE, idempotency_key="a"),
        lambda: tickets.create(TicketChange(comment=Comment(" \n")), idempotency_key="a"),
        lambda: tickets.create(HELLO, idempotency_key=""),
        lambda: tickets.create(HELLO, idempotency_key="a b"),
        lambda: tickets.create(HELLO, idempotency_key="ä"),
        lambda: tickets.update(7, TicketChange(), updated_stamp=None),
        lambda: tickets.update(7, TicketChange(additional_tags=("a",)), updated_stamp=None),
        lambda: tickets.update(7, SOLVE, updated_stamp=datetime(2026, 11, 21)),
        lambda: tickets.merge(7, [7, 8], target_comment="", source_comment=""),
        lambda: tickets.show(0),
        lambda: tickets.show(True),
        lambda: tickets.list_page(size=101),
        lambda: tickets.list_numbered(page=0),
        lambda: tickets.job("../tickets/1"),
        lambda: tickets.jobs_of([]),
        lambda: tickets.jobs_of(["a,b"]),
    ]
    for call in wrong:
        with pytest.raises(ValueError, match=r"."):
            call()
    assert vendor.heard == []


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
    vendor.says(Said({"tickets": [full], **CURSOR}, 200, headers))
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


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (job(), Job("V3-" + "0123456789abcdef" * 2, JobState.QUEUED, 5)),
        (job("working", progress=2, message="Creating ticket #2"), (JobState.WORKING, 5, 2, "Creating ticket #2", ())),
        (
            job("completed", progress=5, results=[{"index": 0, "id": 4018, "account_id": 1}]),
            (JobState.COMPLETED, 5, 5, "", (JobItem(0, 4018),)),
        ),
        (
            job("completed", results=[{"action": "update", "id": 1, "status": "Updated", "success": True}]),
            (JobState.COMPLETED, 5, None, "", (JobItem(None, 1),)),
        ),
        (
            job("completed", results=[{"index": 3, "error": "TicketUpdateFailed", "details": "Status: closed prevents it", "id": 9}]),
            (JobState.COMPLETED, 5, None, "", (JobItem(3, 9, "TicketUpdateFailed: Status: closed prevents it"),)),
        ),
        (
            job(
                "completed",
                results=[{"id": 9, "success": False, "errors": "ama@example.com is suspended"}, {"id": 8, "status": "Failed"}],
            ),
            (
                JobState.COMPLETED,
                5,
                None,
                "",
                (JobItem(None, 9, "… is suspended"), JobItem(None, 8, "The vendor does not say why.")),
            ),
        ),
        (job("completed", total=None, results={"success": True}), (JobState.COMPLETED, None, None, "", ())),
        (
            job("failed", total=None, results={"success": False, "error": "Gone"}),
            (JobState.FAILED, None, None, "", (JobItem(None, None, "Gone"),)),
        ),
        (job("killed"), (JobState.KILLED, 5, None, "", ())),
    ],
)
def test_job_in_every_form_says_what_failed(vendor: Scripted, tickets: ZendeskTickets, told: object, expected: object) -> None:
    vendor.says(Said({"job_status": told}))
    found = tickets.job("V3-ab")
    if isinstance(expected, Job):
        assert found == expected
    else:
        assert (found.state, found.total_count, found.progress_count, found.message, found.items) == expected
    assert all(item.error for item in found.failed)


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


def test_refusals_carry_the_vendors_sentence_in_their_detail_alone(vendor: Scripted, tickets: ZendeskTickets) -> None:
    forbidden = {"error": {"title": "Forbidden", "message": "You do not have access to this page."}}
    blank = {"description": "Description: darf nicht leer sein", "error": "BlankValue", "ticket_field_id": 1}
    invalid = {"error": "RecordInvalid", "description": "Record validation errors", "details": {"base": [blank]}}
    closed = {
        "error": "RecordInvalid",
        "description": "x",
        "details": {"status": [{"description": "Status closed prevents ticket update"}]},
    }
    plenty = {"error": "TooManyValues", "description": "Parameter  cannot specify more than 100 values", "max_count": 100}
    for said, kind, detail in (
        (Said(forbidden, 403), ErrorKind.FORBIDDEN, "You do not have access to this page."),
        (Said({"error": "RecordNotFound", "description": "Not found"}, 404), ErrorKind.NOT_FOUND, "Not found"),
        (Said({"error": "DatabaseConflict", "description": "Database collision"}, 409), ErrorKind.CONFLICT, "Database collision"),
        (Said(invalid, 422), ErrorKind.REFUSED, "Description: darf nicht leer sein"),
        (Said(closed, 422), ErrorKind.REFUSED, "status: Status closed prevents ticket update"),
        (Said(plenty, 400), ErrorKind.REFUSED, "Parameter cannot specify more than 100 values"),
        (Said({"error": "Couldn't authenticate you"}, 401), ErrorKind.AUTH, "Couldn't authenticate you"),
        (
            Said(b"Number of allowed API requests per minute exceeded", 429, {"content-type": "text/plain", "retry-after": "30"}),
            ErrorKind.RATE_LIMIT,
            "Number of allowed API requests per minute exceeded",
        ),
        (Said(b"<html>sentinel", 500, {"content-type": "text/html"}), ErrorKind.SERVER, ""),
        (Said(b"", 422), ErrorKind.REFUSED, ""),
        (Said({"details": {"base": "sentinel@example.com called +49 30 1234567"}}, 422), ErrorKind.REFUSED, "… called …"),
    ):
        vendor.says(said)
        error = refused(lambda: tickets.update(7, HELLO, updated_stamp=MOVED_AT))
        assert (error.kind, error.detail, error.status) == (kind, detail, said.status)
        assert error.is_unsure is (said.status == 500)
        assert error.retry_after_s == (30.0 if said.status == 429 else None)
        assert detail not in str(error) or not detail
        assert "Hello" not in f"{error!r} {error.detail}"


def test_limit_of_one_endpoint_is_told_from_the_accounts(vendor: Scripted, tickets: ZendeskTickets) -> None:
    own = {"zendesk-ratelimit-deleted-tickets-index": "total=10; remaining=0; resets=41", "retry-after": "41"}
    vendor.says(Said(b"", 429, {"x-rate-limit": "700", "x-rate-limit-remaining": "600", **own}))
    error = refused(tickets.deleted_page)
    assert (error.is_endpoint_limit, error.retry_after_s) == (True, 41.0)
    vendor.says(Said(b"", 429, {"x-rate-limit": "700", "x-rate-limit-remaining": "0", **own}))
    assert refused(tickets.deleted_page).is_endpoint_limit is False


@pytest.mark.parametrize(
    ("failure", "is_unsure"),
    [
        (httpx.ConnectError(""), False),
        (httpx.ConnectTimeout(""), False),
        (httpx.PoolTimeout(""), False),
        (httpx.ReadTimeout(""), True),
        (httpx.WriteError(""), True),
        (httpx.RemoteProtocolError(""), True),
        (Said(b"", 500), True),
        (Said(b"", 502), True),
        (Said(b"", 503), True),
        (Said(b"", 503, {"retry-after": "5"}), False),
        (Said(b"", 302), False),
        (Said(b"", 202), True),
        (Said(b"{", 201), True),
        (Said(b"x" * 17_000_000), True),
        (Said({"ticket": {}}, 201), True),
        (Said(b"", 201), True),
        (Said(b"", 204), True),
    ],
)
def test_change_that_may_have_been_made_says_so_and_is_not_sent_again(
    vendor: Scripted, tickets: ZendeskTickets, failure: Said | Exception, is_unsure: bool
) -> None:
    vendor.says(failure)
    error = refused(lambda: tickets.create(HELLO, idempotency_key="queuelight-1"))
    assert (error.is_unsure, len(vendor.heard)) == (is_unsure, 1)
    assert vendor.last.headers["idempotency-key"] == "queuelight-1"
    if is_unsure and not isinstance(failure, Said):
        assert refused(lambda: tickets.show(7)).is_unsure is False


def test_before_request_and_deadline_hold_for_every_call(vendor: Scripted, tickets: ZendeskTickets) -> None:
    class NoBudgetError(Exception):
        pass

    def refuse() -> None:
        raise NoBudgetError

    asked: list[None] = []
    vendor.says(Said(TICKETS))
    assert isinstance(tickets.problems_page(before_request=lambda: asked.append(None)), Page)
    assert len(asked) == 1
    for call in (
        lambda **more: tickets.show(7, **more),
        lambda **more: tickets.update(7, SOLVE, updated_stamp=None, **more),
        lambda **more: tickets.autocomplete_problems("a", **more),
        lambda **more: tickets.delete(7, **more),
    ):
        with pytest.raises(NoBudgetError):
            call(before_request=refuse)
        error = refused(lambda call=call: call(deadline=0.0))  # type: ignore[misc]
        assert (error.kind, error.is_unsure) == (ErrorKind.TIMEOUT, False)
    assert len(vendor.heard) == 1


@pytest.mark.parametrize("said", [Said(b"", 500), Said(b"{", 200), Said({"ticket": {}, "job_status": {}}), httpx.ReadTimeout("")])
def test_error_of_a_change_keeps_no_word_of_it(vendor: Scripted, tickets: ZendeskTickets, said: Said | Exception) -> None:
    vendor.says(said)
    change = TicketChange(comment=Comment("sentinel-words"), subject="sentinel-subject")
    assert "sentinel" not in repr(change)
    written = "sentinel-words"
    calls: list[Call] = [
        lambda z: z.create(change, idempotency_key="k"),
        lambda z: z.create_many([change]),
        lambda z: z.update(7, change, updated_stamp=MOVED_AT),
        lambda z: z.update_many([7], change),
        lambda z: z.update_each({7: change}),
        lambda z: z.merge(7, [8], target_comment=written, source_comment=written),
    ]
    for call in calls:
        with pytest.raises(SourceError) as caught:
            call(tickets)
        frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        ours = [frame for frame in frames.stack if "dashboard" in frame.filename]
        assert len(ours) >= 2
        assert "sentinel" not in repr([frame.locals for frame in ours])
        assert "sentinel" not in f"{caught.value!r} {vars(caught.value)}"


def test_secret_that_the_vendor_sends_back_is_masked_wherever_it_is_cut(vendor: Scripted, tickets: ZendeskTickets) -> None:
    for before in (0, 280, 1190, 2390, 2399, 2401):
        vendor.says(Said({"error": "x", "description": "." + " " * before + SENTINEL + " end " * 900}, 422))
        shown = refused(lambda: tickets.update(7, SOLVE, updated_stamp=None)).detail
        assert not any(SENTINEL[:length] in shown for length in range(5, len(SENTINEL)))
