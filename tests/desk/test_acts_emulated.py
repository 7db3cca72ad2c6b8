"""Acts, jobs and tickets of incidents against the emulator, over real connections."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard.accounts.switch import set_writes
from dashboard.alerts import tickets as incident_tickets
from dashboard.desk import acts, jobs
from dashboard.domain.judging import What
from dashboard.domain.tickets import Comment, Priority, Status, TicketChange, TicketType
from dashboard.emulator.options import EmulatorSettings
from dashboard.mirror import tickets as known
from dashboard.models import DeskAct, IncidentTicket, KnownTicket, Role, User
from dashboard.sources.auth import BasicToken
from dashboard.sources.http import Limits, VendorClient
from dashboard.sources.redaction import Secret
from dashboard.sources.zendesk_tickets import ZendeskTickets
from tests.alerts.telling import Clock, opened, record, rule
from tests.emulator.running import DAY, RunningEmulator, running
from tests.emulator.still_floor import StillFloor

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def still() -> Iterator[RunningEmulator]:
    """A few tickets, in which nobody does anything."""
    with running(StillFloor, EmulatorSettings(start=DAY, speed=0)) as emulator:
        emulator.control("tickets", {"count": 6})
        yield emulator


@pytest.fixture
def vendor(still: RunningEmulator) -> Iterator[ZendeskTickets]:
    patient = Limits(connect_s=10, read_s=10, total_s=20)
    client = VendorClient(still.url, BasicToken(still.settings.email, Secret(still.settings.api_token)), limits=patient)
    yield ZendeskTickets(client)
    client.close()


@pytest.fixture
def boss() -> User:
    made = User.objects.create(email="boss@example.com", password=None, role=Role.ADMINISTRATOR)
    set_writes(True, made)
    return made


def test_a_supervisors_day_at_the_desk(still: RunningEmulator, vendor: ZendeskTickets, boss: User, redis: Any) -> None:
    wired: dict[str, Any] = {"client": lambda _: vendor, "allow": lambda _: lambda: None}
    found = vendor.list_page().items
    known.keep("main", found, datetime.now(UTC))
    one, two, three, four, five, six = (ticket.id for ticket in found[:6])

    def act(what: str, *ids: int, **wish: Any) -> DeskAct:
        return acts.do(acts.plan(boss, what, ids, **wish, **wired), boss, datetime.now(UTC), **wired)

    def until(ends: Callable[[DeskAct], bool], act: DeskAct) -> DeskAct:
        for _ in range(50):
            act.refresh_from_db()
            if ends(act):
                return act
            still.clock.skip(1)  # jobs go by the server's clock
            still.clock.skip_world(1)
            jobs.follow(redis, datetime.now(UTC), **wired)
        raise AssertionError(f"{act.state} {act.error}")

    def over(act: DeskAct) -> bool:
        return act.state not in ("sent", "running")

    still.clock.skip_world(5)
    change = TicketChange(status=Status.PENDING, additional_tags=("vip",), comment=Comment("We look into it.", is_public=True))
    assert act("update", one, change=change).state == "done"
    assert vendor.show(one).status is Status.PENDING
    assert KnownTicket.objects.get(ticket_id=one).tags == list(vendor.show(one).tags)

    stale = acts.plan(boss, "update", [one], TicketChange(priority=Priority.LOW), **wired)
    still.clock.skip_world(5)
    vendor.update(one, TicketChange(comment=Comment("Me first.")), updated_stamp=None)
    assert acts.do(stale, boss, datetime.now(UTC), **wired).state == "conflict"

    bulk = until(over, act("bulk", two, three, change=TicketChange(priority=Priority.URGENT, additional_tags=("outage",))))
    assert (bulk.state, bulk.failed, bulk.job_progress) == ("done", [], 2)
    assert "outage" in vendor.show(three).tags
    merged = until(over, act("merge", four, into_id=five, into_comment=Comment("From the other."), from_comment=Comment("See there.")))
    assert (merged.state, merged.failed) == ("done", [])
    assert vendor.show(four).status is Status.CLOSED

    assert act("delete", six).state == "done"
    assert KnownTicket.objects.get(ticket_id=six).is_gone
    assert act("restore", six).state == "done"
    assert not KnownTicket.objects.get(ticket_id=six).is_gone
    assert act("spam", six).state == "done"
    gone = until(over, act("destroy", six))
    assert gone.state == "done"
    again = until(over, act("destroy", six))
    assert again.state == "failed"
    assert DeskAct.objects.filter(state__in=("sent", "running", "unknown")).count() == 0


def test_an_incident_opens_tells_and_solves_one_ticket(still: RunningEmulator, vendor: ZendeskTickets, boss: User) -> None:
    clock, group_id = Clock(), vendor.groups_page().items[0].id
    judged = rule(opens_ticket=True, ticket_group_id=group_id)
    incident = opened(judged)

    def tell() -> None:
        incident_tickets.tell_due(client=lambda _: vendor, allow=lambda _: lambda: None, clock=clock)

    tell()
    row = IncidentTicket.objects.get(incident=incident)
    assert (row.state, row.error) == ("open", "")
    record(judged, What.RESOLVED, clock.passes(minutes=5), value=90.0)
    # Nothing of this reaches a row: as after a crash, the ticket is looked for, and found.
    IncidentTicket.objects.filter(pk=row.pk).update(state="wanted", ticket_id=None, told_number=0, due_at=clock.now)
    still.clock.skip_world(5)
    clock.passes(seconds=1)
    tell()
    row.refresh_from_db()
    assert (row.state, row.error) == ("solved", "")
    found = vendor.list_page(external_id=row.external_id).items
    assert [(each.id, each.type, each.status, each.group_id) for each in found] == [
        (row.ticket_id, TicketType.PROBLEM, Status.SOLVED, group_id)
    ]
    assert row.created_at < clock.now + timedelta(seconds=1)
