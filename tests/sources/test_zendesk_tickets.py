"""Every row of the vendor's tickets: what is asked for it, and that nothing is asked which it would refuse for its form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

from dashboard.domain.tickets import (
    Comment,
    Job,
    JobState,
    TicketChange,
)
from dashboard.sources.errors import ErrorKind
from dashboard.sources.paging import Page
from dashboard.sources.zendesk_tickets import ZendeskTickets
from tests.sources.scripted import HELLO, LAST, MOVED_AT, SOLVE, TICKETS, USERS, Said, Scripted, client_of, job, ticket
from tests.sources.vendor import refused

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
