"""A vendor that tells what cannot be: the reading ends, says what is wrong, and is right again when the vendor is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard.domain.feeds import Endpoint
from dashboard.domain.tickets import EventType, Status
from dashboard.mirror import spans, streams
from dashboard.mirror.pace import MOST_IDLE, EndlessError
from dashboard.models import KnownClock, KnownTicket
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.paging import Page
from tests.mirror.conftest import Mirror
from tests.mirror.fake_desk import FakeDesk

LISTS = [(Endpoint.TICKETS, "id"), (Endpoint.TICKETS, "-updated_at")]


def lie(desk: FakeDesk, name: str, how: Callable[[Any], Any]) -> Callable[[], None]:
    """The vendor's method `name` gives `how` of what it would; returns how to end that."""
    true = getattr(desk, name)
    setattr(desk, name, lambda *given, **options: how(true(*given, **options)))
    return lambda: setattr(desk, name, true)


@pytest.mark.parametrize("empty", [False, True], ids=["the same page", "empty pages"])
@pytest.mark.parametrize("is_first", [True, False], ids=["first", "moved"])
def test_a_list_without_an_end_is_given_up_and_read_from_its_beginning_when_it_has_one(
    mirror: Mirror, desk: FakeDesk, is_first: bool, empty: bool
) -> None:
    for _ in range(12):
        desk.create(1)
        desk.pass_s(60)
    if not is_first:
        mirror.catch_up()
        desk.pass_s(300)
        for ticket_id in (2, 5, 7, 9, 11):
            desk.move(ticket_id, status=Status.OPEN)
    places = iter(range(1000))
    first = desk.list_page(sort="id" if is_first else "-updated_at")
    desk.asked.clear()

    def round_and_round(page: Page[Any]) -> Page[Any]:
        return replace(page, items=() if empty else first.items, after=f"a{next(places)}")

    true = lie(desk, "list_page", round_and_round)
    with pytest.raises(EndlessError, match="repeats itself without an end"):
        mirror.poll(Endpoint.TICKETS)
    assert len(desk.asked) <= MOST_IDLE + 4
    stream = streams.of("main", streams.TICKETS)
    assert stream is not None
    assert stream.cursor == ""
    true()
    mirror.catch_up()
    assert mirror.poll(Endpoint.TICKETS).tickets_unsolved == 12
    assert KnownTicket.objects.filter(status="open").count() == (0 if is_first else 5)


def test_a_move_in_time_to_come_hides_no_other_and_is_taken_back(mirror: Mirror, desk: FakeDesk) -> None:
    odd, other = desk.create(1), desk.create(1)
    mirror.catch_up()
    desk.pass_s(600)
    desk.tickets[odd] = replace(desk.tickets[odd], updated_at=desk.now + timedelta(days=900), status=Status.HOLD)
    mirror.catch_up()
    for _ in range(2):  # both polls after the lie
        desk.pass_s(600)
        desk.solve(other)
        third = desk.create(2)
        found = mirror.poll(Endpoint.TICKETS)
    assert (found.tickets_hold, KnownTicket.objects.get(ticket_id=other).status) == (1, "solved")
    assert KnownTicket.objects.filter(ticket_id=third).exists()
    desk.pass_s(600)
    desk.tickets[odd] = replace(desk.tickets[odd], updated_at=desk.now, status=Status.OPEN)
    assert mirror.poll(Endpoint.TICKETS).tickets_hold == 0


def test_a_list_in_another_order_than_asked_for_is_an_error_and_not_the_end(mirror: Mirror, desk: FakeDesk) -> None:
    for _ in range(3):
        desk.create(1)
        desk.pass_s(600)
    mirror.catch_up()
    true = lie(desk, "list_page", lambda page: replace(page, items=page.items[::-1]))
    with pytest.raises(SourceError, match="not in the order") as refused:
        mirror.poll(Endpoint.TICKETS)
    assert refused.value.kind is ErrorKind.INVALID
    true()
    assert mirror.poll(Endpoint.TICKETS).tickets_unsolved == 3


@pytest.mark.parametrize("kind", [ErrorKind.INVALID, ErrorKind.SERVER, ErrorKind.TIMEOUT])
def test_a_count_that_cannot_be_had_is_no_reason_to_read_nothing(mirror: Mirror, desk: FakeDesk, kind: ErrorKind) -> None:
    def fails(*_: object, **__: object) -> None:
        raise SourceError(kind, "The vendor had no count.")

    for name in ("count", "groups_page", "deleted_page", "show_many"):
        setattr(desk, name, fails)
    for many in (1, 2):  # in the first reading, and beside later ones
        desk.create(1)
        desk.pass_s(600)
        assert mirror.poll(Endpoint.TICKETS).tickets_unsolved == many


def test_metrics_of_one_ticket_that_cannot_be_read_keep_no_others_waiting(
    mirror: Mirror, desk: FakeDesk, caplog: pytest.LogCaptureFixture
) -> None:
    odd, *others = (desk.create(1) for _ in range(3))
    mirror.catch_up()
    true = mirror.metrics.of_ticket

    def of_ticket(ticket_id: int, **options: Any) -> Any:
        if ticket_id in wrong:
            raise SourceError(ErrorKind.INVALID, "The vendor's answer is wrong: ticket_metric.replies is negative.")
        return true(ticket_id, **options)

    mirror.metrics.of_ticket = of_ticket
    wrong: set[int] = {odd}
    for solved in (odd, *others):  # the odd one is the longest behind, and alone with it at last
        desk.pass_s(60)
        desk.solve(solved)
        mirror.poll(Endpoint.TICKETS)
    assert mirror.poll(Endpoint.TICKET_METRICS).first_reply_count_today == 2
    desk.pass_s(60)
    desk.move(odd, status=Status.OPEN)
    mirror.poll(Endpoint.TICKETS)
    mirror.poll(Endpoint.TICKET_METRICS)
    assert not mirror.behind
    assert [record.getMessage() for record in caplog.records if f"ticket {odd} cannot be read" in record.getMessage()]

    wrong |= set(others)  # of nobody: it is the vendor that is wrong
    desk.pass_s(60)
    desk.solve(odd)
    mirror.poll(Endpoint.TICKETS)
    with pytest.raises(SourceError, match="replies is negative"):
        mirror.poll(Endpoint.TICKET_METRICS)
    assert mirror.behind
    wrong.clear()
    assert mirror.poll(Endpoint.TICKET_METRICS).first_reply_count_today == 3


def test_an_event_in_time_to_come_does_not_move_the_next_reading_there(mirror: Mirror, desk: FakeDesk) -> None:
    desk.pass_s(3600)
    ticket_id = desk.create(1)
    desk._event(ticket_id, EventType.UPDATE_STATUS, desk.now + timedelta(days=30))  # no breach, and yet to come
    mirror.catch_up()
    desk.pass_s(120)
    desk.solve(ticket_id)
    mirror.catch_up()  # the vendor refuses a beginning that is younger than a minute
    assert KnownClock.objects.get(ticket_id=ticket_id).state == "fulfilled"


def test_events_that_pass_over_where_a_page_begins_come_to_an_end(mirror: Mirror, desk: FakeDesk) -> None:
    desk.create(1)
    desk.pass_s(3600)
    mirror.poll(Endpoint.TICKETS)
    true, start_s = desk.events_since(0), [0]

    def from_the_beginning(page: Any) -> Any:
        start_s[0] += 1
        return replace(true, end_s=int(true.events[0].at.timestamp()) + start_s[0], is_last=False)

    desk.pass_s(3600)
    lie(desk, "events_since", from_the_beginning)
    mirror = Mirror(desk)
    assert mirror.poll(Endpoint.SLA).sla_breached == 1
    assert start_s[0] < 10


def test_a_deletion_in_time_to_come_hides_no_other(mirror: Mirror, desk: FakeDesk) -> None:
    first, second = desk.create(1), desk.create(1)
    mirror.catch_up()
    ticket = desk.tickets.pop(first)
    desk.trash[first] = (ticket, desk.now + timedelta(days=400))
    desk.pass_s(400)
    assert mirror.poll(Endpoint.TICKETS).tickets_unsolved == 1
    desk.pass_s(1000)
    desk.delete(second)
    lie(desk, "show_many", lambda _: (ticket,))  # so that the trash alone can tell
    assert mirror.poll(Endpoint.TICKETS).tickets_unsolved == 0


@pytest.mark.parametrize(
    ("zone", "at", "midnight"),
    [
        ("America/Havana", datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 4, tzinfo=UTC)),  # the second 0:30
        ("America/Havana", datetime(2026, 3, 8, 12, tzinfo=UTC), datetime(2026, 3, 8, 5, tzinfo=UTC)),  # there is no 0:00
        ("Europe/Madrid", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)),  # the second 2:30
        ("Europe/Madrid", datetime(2026, 10, 25, 23, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)),
    ],
)
def test_today_begins_with_the_first_midnight_of_the_accounts_day(settings: Any, zone: str, at: datetime, midnight: datetime) -> None:
    settings.ACCOUNT_TIME_ZONE = zone
    assert spans.today_from(at) == midnight
