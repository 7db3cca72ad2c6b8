"""What goes wrong with a change: the vendor's sentence, whether it was made, and that no word of it is told."""

from __future__ import annotations

import traceback
from collections.abc import Callable

import httpx
import pytest

from dashboard.domain.tickets import (
    Comment,
    TicketChange,
)
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.zendesk_tickets import ZendeskTickets
from tests.sources.conftest import SENTINEL
from tests.sources.scripted import HELLO, MOVED_AT, SOLVE, Said, Scripted, client_of, ticket
from tests.sources.vendor import refused

Call = Callable[[ZendeskTickets], object]


@pytest.fixture
def vendor() -> Scripted:
    return Scripted(Said())


@pytest.fixture
def tickets(vendor: Scripted) -> ZendeskTickets:
    return ZendeskTickets(client_of(vendor))


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
    # Without a word of the account's, or of anything.
    vendor.says(Said(b"", 429, own))
    assert refused(tickets.list_page).is_endpoint_limit is True
    for told, expected in (({}, True), ({"x-rate-limit": "700", "x-rate-limit-remaining": "3"}, True)):
        vendor.says(Said(b"", 429, {"retry-after": "7", **told}))
        for limited in (tickets.deleted_page, lambda: tickets.delete(7), lambda: tickets.list_numbered(page=1001)):
            error = refused(limited)
            assert (error.is_endpoint_limit, error.retry_after_s) == (expected, 7.0)
        assert "other questions go on" in error.message
        assert refused(tickets.list_page).is_endpoint_limit is False
        assert refused(lambda: tickets.list_numbered(page=1000)).is_endpoint_limit is False
        assert refused(lambda: tickets.update(7, HELLO, updated_stamp=MOVED_AT)).is_endpoint_limit is False
    vendor.says(Said(b"", 429, {"x-rate-limit": "700", "x-rate-limit-remaining": "0"}))
    assert refused(tickets.deleted_page).is_endpoint_limit is False
    # The limit that is told of this endpoint has room, so it is not that.
    vendor.says(Said(b"", 429, {"zendesk-ratelimit-deleted-tickets-index": "total=10; remaining=4; resets=41"}))
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


def test_answer_about_another_ticket_is_not_taken_for_this_one(vendor: Scripted, tickets: ZendeskTickets) -> None:
    vendor.says(Said({"ticket": ticket(8)}), Said({"ticket": ticket(8)}))
    error = refused(lambda: tickets.show(7))
    assert (error.kind, error.is_unsure, "not that of the ticket" in error.message) == (ErrorKind.INVALID, False, True)
    assert refused(lambda: tickets.update(7, SOLVE, updated_stamp=None)).is_unsure
