"""Every change of tickets against the emulator over real connections: it takes effect, its jobs end, and refusals say why."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from dashboard.domain.tickets import JOB_ENDED, Comment, Job, JobState, Priority, Status, TicketChange, TicketType
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

MOST_LOOKS = 30
SOLVED = TicketChange(status=Status.SOLVED)


@pytest.fixture
def still() -> Iterator[RunningEmulator]:
    """Four tickets, in which nobody else does anything, and a world that stands still."""
    with running(StillFloor, EmulatorSettings(start=DAY, speed=0)) as emulator:
        emulator.control("tickets", {"count": 4})
        yield emulator


@pytest.fixture
def tickets(still: RunningEmulator, make_client: MakeClient) -> ZendeskTickets:
    return ZendeskTickets(make_client(still.url, BasicToken(still.settings.email, Secret(still.settings.api_token))))


Ended = Callable[[Job], Job]


@pytest.fixture
def ended(still: RunningEmulator, tickets: ZendeskTickets) -> Ended:
    """The job when it is over; the emulator's clock is moved on, so that nobody waits."""

    def wait(job: Job) -> Job:
        for _ in range(MOST_LOOKS):
            if job.state in JOB_ENDED:
                break
            still.clock.skip(1)
            job = tickets.job(job.id)
        assert job in tickets.jobs()
        assert job in tickets.jobs_of([job.id])
        return job

    return wait


def test_one_ticket_is_made_once_changed_safely_and_refuses_what_it_must(still: RunningEmulator, tickets: ZendeskTickets) -> None:
    new = TicketChange(
        subject="The line is dead",
        type=TicketType.PROBLEM,
        priority=Priority.HIGH,
        external_id="queuelight-1",
        tags=("queuelight",),
        comment=Comment("Nobody can be called."),
    )
    made = tickets.create(new, idempotency_key="queuelight-1")
    assert tickets.create(new, idempotency_key="queuelight-1").id == made.id
    assert [found.id for found in tickets.list_page(external_id="queuelight-1").items] == [made.id]
    assert (made.subject, made.type, made.priority, made.tags) == (new.subject, new.type, new.priority, new.tags)
    assert [found.id for found in tickets.autocomplete_problems("line is")] == [made.id]

    still.clock.skip_world(60)
    note = TicketChange(comment=Comment("Still dead."), tags=("queuelight", "queuelight-2"))
    changed = tickets.update(made.id, note, updated_stamp=made.updated_at)
    assert changed.updated_at > made.updated_at
    assert changed.tags == ("queuelight", "queuelight-2")
    stale = refused(lambda: tickets.update(made.id, SOLVED, updated_stamp=made.updated_at))
    assert (stale.kind, stale.is_unsure, bool(stale.detail)) == (ErrorKind.CONFLICT, False, True)
    assert tickets.show(made.id).status is not Status.SOLVED

    incident = tickets.create(TicketChange(comment=Comment("Mine too."), subject="No line"), idempotency_key="another")
    tickets.update(incident.id, TicketChange(type=TicketType.INCIDENT, problem_id=made.id), updated_stamp=None)
    assert [found.id for found in tickets.incidents_page(made.id).items] == [incident.id]
    assert tickets.related(made.id).incidents_count == 1
    tickets.update(incident.id, TicketChange(unset=frozenset({"problem_id"})), updated_stamp=None)
    assert tickets.incidents_page(made.id).items == ()

    wrong = refused(lambda: tickets.update(made.id, TicketChange(assignee_id=2**52), updated_stamp=None))
    assert (wrong.kind, wrong.status, wrong.is_unsure, bool(wrong.detail)) == (ErrorKind.REFUSED, 422, False, True)
    missing = refused(lambda: tickets.update(10**12, SOLVED, updated_stamp=None))
    assert (missing.kind, missing.detail) == (ErrorKind.NOT_FOUND, "Not found")


def test_many_tickets_are_changed_by_jobs_that_end_and_name_what_failed(tickets: ZendeskTickets, ended: Ended) -> None:
    ids = [ticket.id for ticket in tickets.list_page().items]
    first, second, third, fourth = ids
    words = TicketChange(comment=Comment("One of three."), subject="One of three")
    many = ended(tickets.create_many([words, words, words]))
    made = [item.ticket_id for item in many.items]
    assert (many.state, many.total_count, many.failed, len(set(made))) == (JobState.COMPLETED, 3, (), 3)

    tagged = ended(tickets.update_many([*ids, 10**12], TicketChange(additional_tags=("vip",), priority=Priority.URGENT)))
    assert tagged.state is JobState.COMPLETED
    assert len(tagged.failed) == 1
    assert all("vip" in ticket.tags and ticket.priority is Priority.URGENT for ticket in tickets.show_many(ids))
    assert not ended(tickets.update_many(ids, TicketChange(remove_tags=("vip",)))).failed
    each = ended(tickets.update_each({first: TicketChange(subject="One"), second: TicketChange(subject="Two")}))
    assert not each.failed
    assert [ticket.subject for ticket in tickets.show_many([first, second])] == ["One", "Two"]

    merged = ended(tickets.merge(first, [second], target_comment="Came from 2.", source_comment="Goes on in 1."))
    assert (merged.state, merged.failed, tickets.show(second).status) == (JobState.COMPLETED, (), Status.CLOSED)
    closed = refused(lambda: tickets.update(second, TicketChange(priority=Priority.LOW), updated_stamp=None))
    assert (closed.kind, closed.status, "losed" in closed.detail) == (ErrorKind.REFUSED, 422, True)

    tickets.delete(third)
    assert refused(lambda: tickets.show(third)).kind is ErrorKind.NOT_FOUND
    assert [gone.id for gone in tickets.deleted_page().items] == [third]
    tickets.restore(third)
    assert tickets.show(third).id == third
    assert not ended(tickets.delete_many([third, fourth])).failed
    tickets.restore_many([third])
    tickets.mark_as_spam(third)
    assert {gone.id for gone in tickets.deleted_page().items} == {third, fourth}
    for job in (tickets.destroy(third), tickets.destroy_many([fourth])):
        assert (ended(job).state, job.total_count) in {(JobState.COMPLETED, None), (JobState.COMPLETED, 1)}
    assert tickets.deleted_page().items == ()
    error = refused(lambda: tickets.restore(third))
    assert (error.kind, error.detail, error.is_unsure) == (ErrorKind.NOT_FOUND, "Not found", False)
    assert not ended(tickets.mark_many_as_spam([first])).failed
    assert refused(lambda: tickets.job("V3-" + "0" * 32)).kind is ErrorKind.NOT_FOUND


def test_public_reply_is_measured_and_ends_the_clock(still: RunningEmulator, tickets: ZendeskTickets, make_client: MakeClient) -> None:
    metrics = ZendeskMetrics(make_client(still.url, BasicToken(still.settings.email, Secret(still.settings.api_token))))
    ticket = tickets.list_page().items[0]
    assert metrics.of_ticket(ticket.id).reply_time.calendar is None
    still.clock.skip_world(600)
    tickets.update(ticket.id, TicketChange(comment=Comment("We look into it.", is_public=True)), updated_stamp=ticket.updated_at)
    told = metrics.of_ticket(ticket.id)
    assert (told.reply_time.calendar, told.replies_count) == (10, 1)
