"""What a write of a ticket sends, and what no repr of a ticket tells."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dashboard.domain.tickets import Comment, Job, JobItem, JobState, Priority, Status, Ticket, TicketChange

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_change_sends_what_it_touches_and_nothing_else() -> None:
    assert TicketChange().as_json() == {}
    assert TicketChange().is_empty
    change = TicketChange(
        status=Status.SOLVED,
        priority=Priority.HIGH,
        assignee_id=2**53 - 1,
        tags=(),
        comment=Comment("Done.", is_public=True),
        unset=frozenset({"problem_id", "group_id"}),
    )
    assert change.as_json() == {
        "status": "solved",
        "priority": "high",
        "assignee_id": 2**53 - 1,
        "tags": [],
        "comment": {"body": "Done.", "public": True},
        "group_id": None,
        "problem_id": None,
    }
    assert TicketChange(additional_tags=(), remove_tags=("vip",)).as_json() == {"remove_tags": ["vip"]}


@pytest.mark.parametrize(
    ("unset", "priority"), [({"status"}, None), ({"subject"}, None), ({"priority"}, Priority.LOW)], ids=["status", "subject", "both"]
)
def test_change_that_contradicts_itself_is_refused(unset: set[str], priority: Priority | None) -> None:
    with pytest.raises(ValueError, match="cannot be unset in this change"):
        TicketChange(priority=priority, unset=frozenset(unset))


def test_what_people_wrote_is_in_no_repr() -> None:
    ticket = Ticket(1, AT, AT, Status.NEW, subject="my password", description="is hunter2")
    change = TicketChange(subject="my password", comment=Comment("is hunter2"))
    assert not [word for word in ("password", "hunter2") if word in repr(ticket) + repr(change)]


def test_job_that_is_completed_names_what_failed_in_it() -> None:
    failed = JobItem(1, None, "Assignee is not valid")
    job = Job("V3-1", JobState.COMPLETED, 2, 2, items=(JobItem(0, 12), failed))
    assert job.failed == (failed,)
