"""Jobs in every form that the vendor gives them, and the items of theirs that failed."""

from __future__ import annotations

import pytest

from dashboard.domain.tickets import (
    Job,
    JobItem,
    JobState,
)
from dashboard.sources.zendesk_tickets import ZendeskTickets
from tests.sources.scripted import Said, Scripted, client_of, job


@pytest.fixture
def vendor() -> Scripted:
    return Scripted(Said())


@pytest.fixture
def tickets(vendor: Scripted) -> ZendeskTickets:
    return ZendeskTickets(client_of(vendor))


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
