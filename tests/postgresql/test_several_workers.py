"""Several workers at one row, each with a connection of its own, on PostgreSQL: of all that try, one gets it, and nobody breaks.

SQLite lets one writer in after the other, so that these races end there before they begin: the tests run where
QUEUELIGHT_TEST_DATABASE_URL names a PostgreSQL (`make test-postgres`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Event
from typing import Any, TypeVar

import pytest
from django.db import connection

from dashboard.accounts.switch import set_writes
from dashboard.alerts import acting, claims, incidents
from dashboard.boards import board_saving
from dashboard.desk import acts
from dashboard.domain.judging import What
from dashboard.domain.tickets import Status, TicketChange
from dashboard.mirror import origin, streams
from dashboard.mirror import tickets as known
from dashboard.models import Board, DeskAct, Incident, KnownTicket, Notification, Role, Stream, Tally, Transition, User
from tests.alerts.telling import FEED, happened, opened, recipient, rule, told_by
from tests.desk.desk_vendor import START, DeskVendor, ticket
from tests.faults.processes import until

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="QUEUELIGHT_TEST_DATABASE_URL names no PostgreSQL"),
    pytest.mark.django_db(transaction=True),
]

AT_ONCE = 4
ROUNDS = 6
WITHIN_S = 20.0
T = TypeVar("T")


def together(work: Callable[[], T], *, count: int = AT_ONCE) -> list[T]:
    """What each of some threads got of the same work, begun in the same moment with connections that are open already."""
    ready = Barrier(count)

    def one(_: int) -> T:
        try:
            connection.ensure_connection()
            ready.wait(WITHIN_S)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@contextmanager
def beside(count: int) -> Iterator[Callable[[Callable[[], T]], Any]]:
    """Threads for work that may have to wait; the connections are closed with it."""

    def closing(work: Callable[[], T]) -> T:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        yield lambda work: pool.submit(closing, work)


def waiting_count() -> int:
    """How many of this database's connections wait for somebody else's row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        return int(cursor.fetchone()[0])


def test_a_letter_is_in_the_hands_of_one(redis: object) -> None:
    people = [recipient(f"dana{number}") for number in range(ROUNDS)]
    opened(told_by(rule(), *people))
    now = START + timedelta(minutes=1)
    for person in people:
        taken = [each for each in together(lambda who=person: claims.claim(who.pk, now)) if each is not None]
        assert len(taken) == 1
        assert together(lambda mine=taken[0]: claims.begin_handing(mine, now)).count(True) == 1
        assert together(lambda mine=taken[0]: claims.sent(mine, "It waits", now)).count(True) == 1
    assert set(Notification.objects.values_list("state", "attempts_count")) == {("sent", 1)}


def test_of_those_who_end_late_and_those_who_take_over_one_has_the_letter(redis: object) -> None:
    for number in range(ROUNDS):
        person = recipient(f"dana{number}")
        opened(told_by(rule(), person))
        begun = START + timedelta(minutes=1)
        late = claims.claim(person.pk, begun)
        assert late is not None
        assert claims.begin_handing(late, begun)
        after = begun + claims.LEASE * 2
        found = together(lambda who=person, late=late, at=after: (claims.claim(who.pk, at), claims.sent(late, "It waits", at)))
        assert sum(taken is not None for taken, _ in found) + sum(was_noted for _, was_noted in found) == 1


def test_an_incident_is_opened_once_and_acted_on_in_turn(redis: object) -> None:
    judged = told_by(rule(), recipient("dana"), recipient("alex"))
    for number in range(ROUNDS):
        at = START + timedelta(hours=number)
        begins, ends = happened(What.OPENED, at), happened(What.RESOLVED, at + timedelta(minutes=5))
        found = together(lambda event=begins, at=at: incidents.record(judged, FEED, event, now=at))
        pks = {each.pk for each in found if each is not None}
        assert len(pks) == 1
        pk = pks.pop()
        together(lambda pk=pk, at=at: acting.acknowledge(pk, "dana@example.com", "", at))
        together(lambda event=ends, at=at: incidents.record(judged, FEED, event, now=at))
        assert [each.what for each in Incident.objects.get(pk=pk).transitions.order_by("number")] == ["opened", "acknowledged", "resolved"]
    assert Incident.objects.count() == ROUNDS
    assert Transition.objects.count() == 3 * ROUNDS
    assert Notification.objects.filter(what="opened").count() == 2 * ROUNDS


def test_a_page_of_the_mirror_is_written_once() -> None:
    def write(stream: Stream, first: int) -> bool:
        try:
            with streams.page(stream, START) as row:
                told = [ticket(number) for number in range(first, first + 5)]
                row.done_count += len(known.keep_within("main", told, now=START, live=True).new)
                row.cursor = str(first)
        except streams.MovedOnError:
            return False
        return True

    for number in range(ROUNDS):
        stream = streams.begun("main", streams.TICKETS, START)
        assert together(lambda first=5 * number + 1, stream=stream: write(stream, first)).count(True) == 1
    stream = Stream.objects.get(account="main", name=streams.TICKETS)
    assert (stream.done_count, KnownTicket.objects.count()) == (5 * ROUNDS, 5 * ROUNDS)
    assert Tally.objects.get().count == 5 * ROUNDS


def test_the_first_rows_of_an_account_are_counted_right_whoever_is_first() -> None:
    for number in range(ROUNDS):
        account, numbers = f"account{number}", iter(range(1, AT_ONCE + 1))
        together(lambda name=account, numbers=numbers: known.keep(name, [ticket(next(numbers))], START))
        assert Tally.objects.get(account=account).count == AT_ONCE


def test_forgetting_another_site_waits_for_a_page_and_whoever_waits_for_it_goes_on() -> None:
    origin.settle("main", "https://one.example", START)
    known.keep("main", [ticket(1), ticket(2)], START)
    stream = streams.begun("main", streams.TICKETS, START)
    begun, may_end = Event(), Event()

    def write() -> None:
        with streams.page(stream, START) as row:
            known.keep_within("main", [ticket(3)], now=START, live=True)
            begun.set()
            assert may_end.wait(WITHIN_S)
            known.lose_within("main", [1])
            row.cursor = "3"

    with beside(3) as submit:
        page = submit(write)
        assert begun.wait(WITHIN_S)
        forgets = submit(lambda: origin.settle("main", "https://two.example", START))
        until("the forgetting waits", lambda: waiting_count() == 1, WITHIN_S)
        keeps = submit(lambda: known.keep("main", [ticket(9)], START))
        until("the next writer waits", lambda: waiting_count() == 2, WITHIN_S)
        may_end.set()
        for each in (page, forgets, keeps):
            each.result(WITHIN_S)
    # The new site's ticket came after the forgetting, or before it and went with the old ones; nothing of the old site is left.
    assert set(KnownTicket.objects.values_list("ticket_id", flat=True)) <= {9}
    assert sum(row.count for row in Tally.objects.all()) == KnownTicket.objects.count()
    assert Stream.objects.get(account="main", name=origin.ORIGIN).cursor == "https://two.example"


def test_an_act_is_made_once_however_often_its_button_is_pressed() -> None:
    boss = User.objects.create(email="boss@example.com", password=None, role=Role.ADMINISTRATOR)
    set_writes(True, boss)
    vendor = DeskVendor({number: ticket(number) for number in range(1, ROUNDS + 1)})
    known.keep("main", vendor.tickets.values(), START)
    wired: dict[str, Any] = {"client": lambda _: vendor, "allow": lambda _: lambda: None}
    for number in range(1, ROUNDS + 1):
        agreed = acts.plan(boss, "update", [number], TicketChange(status=Status.PENDING), **wired)
        made = together(lambda agreed=agreed: acts.do(agreed, boss, START, clock=lambda: START, **wired))
        assert len({each.pk for each in made}) == 1
        assert len(vendor.changes()) == number
    assert set(DeskAct.objects.values_list("state", flat=True)) == {"done"}
    assert dict(Tally.objects.filter(count__gt=0).values_list("status", "count")) == {"pending": ROUNDS}


def test_of_two_who_delete_the_last_two_boards_one_is_refused(redis: object) -> None:
    boards = iter([Board.objects.create(slug=slug, title=slug) for slug in ("one", "two")])

    def delete() -> bool:
        try:
            board_saving.delete(next(boards), by="dana@example.com")
        except board_saving.LastBoardError:
            return False
        return True

    assert sorted(together(delete, count=2)) == [False, True]
    assert Board.objects.count() == 1
