"""Our ticket clients against recorded answers of live accounts: each is read, and says what it said when it was recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dashboard.domain.tickets import Comment, JobState, Minutes, Status, TicketChange
from dashboard.sources.errors import ErrorKind
from dashboard.sources.zendesk_metrics import ZendeskMetrics
from dashboard.sources.zendesk_tickets import ZendeskTickets
from tests.sources.scripted import Said, Scripted, client_of
from tests.sources.vendor import refused

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
HELLO = TicketChange(comment=Comment("Hello"))

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of recorded answers is not beside the project")


def recorded(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def said(name: str) -> Said:
    found = recorded(name)
    body = found.get("body")
    return Said(b"" if body is None else body, found["status"], found["headers"])


def test_recorded_answers_about_tickets_are_read() -> None:
    vendor = Scripted(said("tickets_list_cursor"))
    tickets = ZendeskTickets(client_of(vendor))
    page = tickets.list_page()
    assert (len(page.items), page.count) == (len(recorded("tickets_list_cursor")["body"]["tickets"]), None)
    assert page.heard.limit_per_minute == int(recorded("tickets_list_cursor")["headers"]["x-rate-limit"])
    vendor.says(said("tickets_list_offset"))
    numbered = tickets.list_numbered()
    body = recorded("tickets_list_offset")["body"]
    assert (numbered.count, numbered.after is not None) == (body["count"], body["next_page"] is not None)
    for name in ("ticket_show", "ticket_update_200"):
        vendor.says(said(name))
        told = recorded(name)["body"]["ticket"]
        found = tickets.show(told["id"]) if name == "ticket_show" else tickets.update(told["id"], HELLO, updated_stamp=None)
        assert (found.id, found.status, found.requester_id) == (told["id"], Status(told["status"]), told["requester_id"])
        assert (found.subject, found.channel) == (told["subject"], told["via"]["channel"])
    vendor.says(said("ticket_create_201"))
    assert tickets.create(HELLO, idempotency_key="k").id == recorded("ticket_create_201")["body"]["ticket"]["id"]
    vendor.says(said("show_many"))
    assert [found.id for found in tickets.show_many([1])] == [each["id"] for each in recorded("show_many")["body"]["tickets"]]


def test_recorded_answers_to_changes_and_jobs_are_read() -> None:
    vendor = Scripted(said("ticket_delete_204"), said("restore"))
    tickets = ZendeskTickets(client_of(vendor))
    tickets.delete(7)
    tickets.restore(7)
    vendor.says(said("restore_404"))
    error = refused(lambda: tickets.restore(7))
    assert (error.kind, error.detail, error.is_unsure) == (ErrorKind.NOT_FOUND, "Not found", False)
    vendor.says(said("create_many_400"))
    error = refused(lambda: tickets.create_many([HELLO]))
    assert (error.kind, error.detail) == (ErrorKind.REFUSED, "Parameter cannot specify more than 100 values")
    vendor.says(said("create_many"), said("destroy_many"), said("update_many"), said("permanent_delete"))
    jobs = [tickets.create_many([HELLO]), tickets.delete_many([7]), tickets.update_many([7], HELLO), tickets.destroy(7)]
    assert {job.state for job in jobs} == {JobState.QUEUED}
    failed = 0
    for each in recorded("job_status_variants"):
        vendor.says(Said({"job_status": each["job_status"]}))
        job = tickets.job("V3-ab")
        assert (job.id, job.state.value, job.progress_count) == tuple(each["job_status"][name] for name in ("id", "status", "progress"))
        failed += len(job.failed)
    assert failed == 1  # an item of a job that is completed


def test_recorded_metrics_are_read() -> None:
    told = recorded("ticket_metric_record")["ticket_metric"]
    found = ZendeskMetrics(client_of(Scripted(Said({"ticket_metric": told})))).of_ticket(told["ticket_id"])
    assert (found.id, found.ticket_id, found.replies_count) == (told["id"], told["ticket_id"], told["replies"])
    assert (found.reply_time, found.on_hold_time, found.solved_at) == (Minutes(), Minutes(0, 0), None)
