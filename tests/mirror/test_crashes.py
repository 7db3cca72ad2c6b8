"""Whatever happens at the vendor, and wherever we are killed: in the end the mirror is what one that nobody disturbed is."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.domain.feeds import Endpoint
from dashboard.domain.sla import clocks
from dashboard.domain.tickets import Priority
from dashboard.mirror.pace import NotYet
from dashboard.models import KnownClock, KnownEvent, KnownName, KnownTicket, Stream, Tally
from tests.mirror.conftest import Mirror
from tests.mirror.fake_desk import FakeDesk

TOLD = (
    "ticket_id",
    "subject",
    "status",
    "priority",
    "group_id",
    "moved_at",
    "is_behind",
    "solved_at",
    "replied_at",
    "resolution_calendar_min",
)
ENDPOINTS = (Endpoint.TICKETS, Endpoint.TICKET_METRICS, Endpoint.SLA)


class KilledError(BaseException):
    """What a worker's end is to the code that it ends."""


class Killing:
    """Kills at a statement of the database, counted from the first."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if "SAVEPOINT" not in sql:
            self.left -= 1
            if self.left < 0:
                context["cursor"].close()  # the end of a process closes its cursors, also those of PostgreSQL's own
                raise KilledError
        return execute(sql, params, many, context)


ticket = st.integers(1, 7)
acts = st.one_of(
    st.tuples(st.just("create"), st.sampled_from([None, 1, 2]), st.sampled_from([None, Priority.URGENT, Priority.LOW])),
    st.tuples(st.sampled_from(["pause", "resume", "solve", "delete", "restore", "destroy"]), ticket),
    st.tuples(st.just("regroup"), ticket, st.sampled_from([None, 1, 2])),
    st.just(("stir",)),
    st.tuples(st.just("pass_s"), st.sampled_from([1, 40, 400, 2400])),
    st.tuples(st.just("poll"), st.sampled_from(ENDPOINTS), st.integers(0, 60)),
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(acts, max_size=20), st.integers(1, 5))
@pytest.mark.django_db
def test_a_mirror_killed_at_any_statement_ends_like_one_that_was_not(redis: object, story: list[tuple[Any, ...]], page: int) -> None:
    for model in (KnownClock, KnownEvent, KnownTicket, KnownName, Tally, Stream):
        model.objects.all().delete()
    # Nothing is mended by being looked at once more: what is right is right by what was read.
    desk = FakeDesk(page=page, shows_many_nothing=True)
    killed, calm = Mirror(desk, "killed"), Mirror(desk, "calm")
    for _ in range(3):
        desk.create(1)
    for what, *how in story:
        if what == "poll":
            _poll(calm, how[0])
            with connection.execute_wrapper(Killing(how[1])):
                _poll(killed, how[0])
        elif what == "stir":  # further apart than readings overlap
            for each in sorted(desk.tickets):
                desk.pass_s(150)
                desk.move(each, subject=f"Stirred at {desk.now}")
        elif what == "regroup":
            desk.move(how[0], group_id=how[1])
        else:
            getattr(desk, what)(*how)
    for _ in range(3):  # the trash, and tickets that are nowhere any more, are looked for every five minutes, after the tickets
        desk.pass_s(400)
        killed.catch_up()
        calm.catch_up()

    assert _state("killed") == _state("calm")
    _agrees_with_the_vendor("killed", desk)


def _poll(mirror: Mirror, endpoint: Endpoint) -> None:
    with contextlib.suppress(NotYet, KilledError):
        mirror.poll(endpoint)


def _state(account: str) -> dict[str, Any]:
    there = KnownTicket.objects.filter(account=account, is_gone=False)
    ids = list(there.values_list("ticket_id", flat=True))
    clock = ("ticket_id", "metric", "instance", "group_id", "state", "breach_at", "fulfilled_at", "policy_title")
    return {
        "tickets": sorted(there.values_list(*TOLD)),
        "events": sorted(KnownEvent.objects.filter(account=account, ticket_id__in=ids).values_list("event_id", "type", "at", "deleted")),
        "clocks": sorted(KnownClock.objects.filter(account=account).values_list(*clock)),
        "tally": sorted(Tally.objects.filter(account=account, count__gt=0).values_list("group_id", "status", "priority", "count")),
    }


def _agrees_with_the_vendor(account: str, desk: FakeDesk) -> None:
    rows = KnownTicket.objects.filter(account=account, is_gone=False)
    assert {row.ticket_id: (row.status, row.group_id) for row in rows} == {
        each.id: (each.status.value, each.group_id) for each in desk.tickets.values()
    }
    counted = Counter((each.group_id or 0, each.status.value, each.priority or "") for each in desk.tickets.values())
    assert {(row.group_id, row.status, row.priority): row.count for row in Tally.objects.filter(account=account, count__gt=0)} == counted
    truth = {key.ticket_id: clock for key, clock in clocks(desk.events).items() if key.ticket_id in desk.tickets}
    assert {row.ticket_id: row.breach_at for row in KnownClock.objects.filter(account=account)} == {
        ticket_id: clock.breach_at for ticket_id, clock in truth.items()
    }


@pytest.mark.django_db
def test_a_reading_of_what_moved_that_is_killed_between_its_pages_loses_none_of_it(redis: object) -> None:
    desk = FakeDesk(page=1, shows_many_nothing=True)
    mirror = Mirror(desk)
    for _ in range(3):
        desk.create(1)
    mirror.catch_up()
    for each in sorted(desk.tickets):
        desk.pass_s(150)  # further apart than readings overlap
        desk.move(each, group_id=2)
    killed = 0
    for after in range(5, 70, 5):
        with transaction.atomic():
            with connection.execute_wrapper(Killing(after)), contextlib.suppress(KilledError):
                mirror.poll(Endpoint.TICKETS)
                killed -= 1
            killed += 1
            mirror.poll(Endpoint.TICKETS)
            assert set(KnownTicket.objects.values_list("group_id", flat=True)) == {2}, after
            transaction.set_rollback(True)
    assert killed > 5
