"""A poll of tickets: what it asks, what it gives, what becomes of refusals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.tickets import Priority, Status
from dashboard.mirror.desk_list import tickets_at_risk, tickets_count
from dashboard.mirror.names import names
from dashboard.mirror.pace import MOST_PAGES, NotYet
from dashboard.mirror.progress import progress
from dashboard.mirror.retention import forget_sometimes
from dashboard.mirror.source import MirrorSource
from dashboard.mirror.tickets import KEPT_FOR, keep, lose
from dashboard.models import KnownClock, KnownEvent, KnownTicket, Tally
from dashboard.sources.errors import ErrorKind, SourceError
from tests.mirror.conftest import Mirror
from tests.mirror.fake_desk import FakeDesk


def test_a_first_reading_takes_twenty_pages_a_poll_says_how_far_it_is_and_goes_on_where_it_was(mirror: Mirror, desk: FakeDesk) -> None:
    for _ in range(3 * MOST_PAGES + 30):
        desk.create(1)
        desk.pass_s(60)

    with pytest.raises(NotYet, match=r"^Still reading tickets: 57 of about 90 so far\.$"):
        mirror.poll(Endpoint.TICKETS)
    first = progress("main")[0]
    assert (first.name, first.is_first, first.done_count, first.total_count) == ("tickets", True, 57, 90)
    assert first.share_ratio == pytest.approx(57 / 90)
    with pytest.raises(NotYet, match="tickets, before their metric events"):
        mirror.poll(Endpoint.SLA)
    desk.asked.clear()
    assert mirror.poll(Endpoint.TICKETS).tickets_unsolved == 90
    assert desk.asked.count("tickets id") == 11
    mirror.catch_up()
    assert [each.is_first for each in progress("main")] == [False] * 3
    assert names("main", "group") == {1: "Support", 2: "Billing"}


def test_a_first_reading_stops_while_half_of_the_budget_is_used(mirror: Mirror, desk: FakeDesk) -> None:
    class Permit:
        granted = 0

        def __call__(self) -> None:
            self.granted += 1

        def has_half_left(self) -> bool:
            return self.granted < 5

    for _ in range(30):
        desk.create(1)
    permit = Permit()
    with pytest.raises(NotYet):
        mirror.poll(Endpoint.TICKETS, before_request=permit)
    assert permit.granted == 5


def test_a_poll_asks_for_what_moved_and_nothing_else(mirror: Mirror, desk: FakeDesk) -> None:
    for _ in range(9):
        desk.pass_s(60)
        desk.create(1)
    moved, desk.page = 5, 10
    mirror.catch_up()
    desk.pass_s(200)
    mirror.catch_up()
    desk.pass_s(10)
    desk.solve(moved)
    desk.asked.clear()

    backlog, times = mirror.poll(Endpoint.TICKETS), mirror.poll(Endpoint.TICKET_METRICS)

    assert desk.asked == ["tickets -updated_at", "metrics of ticket"]
    assert (backlog.tickets_unsolved, backlog.tickets_solved_today) == (8, 1)
    assert (times.tickets_measured_today, times.resolution_median_today) == (1, 450 // 60 * 60)
    desk.asked.clear()
    assert mirror.poll(Endpoint.TICKET_METRICS) == times
    assert desk.asked == []


def test_metrics_with_more_moved_than_a_poll_asks_for_are_as_old_as_the_first_move_that_waits(mirror: Mirror, desk: FakeDesk) -> None:
    desk.page = 100
    tickets = [desk.create() for _ in range(40)]
    desk.pass_s(60)
    mirror.catch_up()
    for ticket_id in tickets:
        desk.pass_s(1)
        desk.solve(ticket_id)
    desk.pass_s(20)
    mirror.poll(Endpoint.TICKETS)
    times = Feed("main", Endpoint.TICKET_METRICS)

    known_to = [mirror.source.read(times).reading.at for _ in range(2)]

    assert known_to == [desk.now - timedelta(seconds=20 + 9), desk.now]


def test_a_feed_of_groups_asks_nothing_and_is_as_old_as_the_accounts(mirror: Mirror, desk: FakeDesk) -> None:
    for group_id in (1, 2, 2, None):
        desk.create(group_id, Priority.HIGH)
    with pytest.raises(NotYet):
        mirror.source.read(Feed("main", Endpoint.TICKETS, (2,)))
    mirror.catch_up()
    desk.pass_s(60)
    desk.asked.clear()

    answered = mirror.source.read(Feed("main", Endpoint.TICKETS, (2,)))
    body: Any = answered.reading.body

    assert (body.tickets_unsolved, body.tickets_high, answered.reading.at) == (2, 2, desk.now - timedelta(seconds=60))
    sla: Any = mirror.source.read(Feed("main", Endpoint.SLA, (1, 2))).reading.body
    assert sla.sla_breaching_in_30 == 3
    assert desk.asked == []


def test_events_that_are_refused_leave_the_other_feeds_as_they_are(mirror: Mirror, desk: FakeDesk) -> None:
    desk.refuses_events = True
    desk.create(1)
    assert mirror.poll(Endpoint.TICKETS).tickets_unsolved == 1
    mirror.poll(Endpoint.TICKET_METRICS)
    with pytest.raises(SourceError, match="administrator") as refused:
        mirror.poll(Endpoint.SLA)
    assert refused.value.kind is ErrorKind.FORBIDDEN
    desk.refuses_events = False
    assert mirror.poll(Endpoint.SLA).sla_breaching_in_30 == 1


def test_the_list_has_the_most_urgent_first_and_narrows(mirror: Mirror, desk: FakeDesk) -> None:
    first = desk.create(1, Priority.URGENT)
    desk.pass_s(600)
    second, third = desk.create(2), desk.create(1)
    desk.pause(third)
    solved = desk.create(1)
    desk.solve(solved)
    mirror.catch_up()
    now = desk.now + timedelta(minutes=25)

    found = tickets_at_risk("main", now=now, limit=10)

    assert [(each.ticket.ticket_id, each.left_s, each.state) for each in found] == [
        (first, -300, "running"),
        (second, 300, "running"),
        (third, None, ""),
    ]
    assert (found[0].metric, found[0].policy) == ("resolution_time", "Standard")
    assert [each.ticket.ticket_id for each in tickets_at_risk("main", groups=[1], now=now, limit=1, offset=1)] == [third]
    assert [each.ticket.ticket_id for each in tickets_at_risk("main", priorities=["urgent"], now=now, limit=9)] == [first]
    assert tickets_count("main", statuses=["pending", "solved"]) == 1


def test_what_somebody_has_just_changed_is_kept_at_once_and_an_older_page_does_not_undo_it(mirror: Mirror, desk: FakeDesk) -> None:
    ticket_id = desk.create(1)
    mirror.catch_up()
    before = desk.tickets[ticket_id]
    desk.pass_s(30)
    desk.move(ticket_id, status=Status.HOLD, group_id=2)

    kept = keep("main", [desk.tickets[ticket_id]], desk.now)
    keep("main", [before], desk.now)

    assert kept.changed == (ticket_id,)
    assert KnownTicket.objects.get().status == "hold"
    assert list(Tally.objects.filter(count__gt=0).values_list("group_id", "status")) == [(2, "hold")]
    assert set(KnownClock.objects.values_list("group_id", flat=True)) == {2}
    assert lose("main", [ticket_id], desk.now) == 1
    assert lose("main", [ticket_id], desk.now) == 0
    assert not KnownClock.objects.exists()
    assert not Tally.objects.filter(count__gt=0).exists()


def test_a_closed_ticket_goes_after_forty_days_with_its_events(mirror: Mirror, desk: FakeDesk) -> None:
    old, other = desk.create(1), desk.create(1)
    desk.move(old, status=Status.CLOSED)
    mirror.catch_up()
    now = desk.now + KEPT_FOR + timedelta(hours=2)

    assert forget_sometimes("main", now) == 1
    assert forget_sometimes("main", now) == 0
    assert set(KnownTicket.objects.values_list("ticket_id", flat=True)) == {other}
    assert set(KnownEvent.objects.values_list("ticket_id", flat=True)) == {other}
    assert list(Tally.objects.filter(count__gt=0).values_list("status", "count")) == [("new", 1)]
    desk.now = now  # and a first reading does not bring it back
    again = Mirror(desk, "again")
    again.catch_up()
    assert KnownTicket.objects.filter(account="again").count() == 1


def test_a_ticket_that_was_in_the_trash_at_the_first_reading_comes_back_with_all_its_clocks(mirror: Mirror, desk: FakeDesk) -> None:
    late, solved = desk.create(), desk.create()
    desk.pass_s(600)
    desk.solve(solved)
    desk.delete(late)
    desk.delete(solved)
    desk.pass_s(3600)
    for _ in range(20):
        desk.create()
    mirror.catch_up()
    desk.pass_s(300)
    desk.restore(late)
    desk.restore(solved)
    mirror.catch_up()
    found = mirror.poll(Endpoint.SLA)
    assert (found.sla_breached, found.sla_met_7d, found.sla_missed_7d) == (1, 1, 1)
    asked, desk.page = len(desk.asked), 100
    mirror.catch_up()  # once more, and no oftener
    assert [each for each in desk.asked[asked:] if each.startswith("events")] == ["events"]


def test_an_account_without_tickets_has_zeros(mirror: Mirror) -> None:
    mirror.catch_up()
    backlog, sla = mirror.poll(Endpoint.TICKETS), mirror.poll(Endpoint.SLA)
    assert (backlog.tickets_unsolved, backlog.tickets_in_account, backlog.oldest_unsolved_age, backlog.rows) == (0, 0, None, ())
    assert (sla.sla_breached, sla.sla_next_breach_left, sla.rows) == (0, None, ())


def test_a_cursor_that_the_vendor_no_longer_takes_begins_the_reading_anew(mirror: Mirror, desk: FakeDesk) -> None:
    for _ in range(3 * MOST_PAGES + 9):
        desk.create(1)
    with pytest.raises(NotYet):
        mirror.poll(Endpoint.TICKETS)

    class Forgetful(FakeDesk):
        def list_page(self, **asked: Any) -> Any:
            if asked.get("after"):
                self.forgot = True
                raise SourceError(ErrorKind.INVALID, "The vendor refused the question (400).", status=400)
            return desk.list_page(**asked)

    vendor: Any = Forgetful(now=desk.now)
    with pytest.raises(SourceError):
        MirrorSource("main", tickets=lambda _: vendor, site=lambda _: "https://one.example", clock=lambda: desk.now).read(
            Feed("main", Endpoint.TICKETS)
        )
    mirror.catch_up()
    assert KnownTicket.objects.count() == 3 * MOST_PAGES + 9


def test_tickets_that_an_answer_leaves_out_are_asked_for_before_they_count_as_gone(mirror: Mirror, desk: FakeDesk) -> None:
    ids = [desk.create(1) for _ in range(4)]
    mirror.catch_up()
    desk.destroy(ids[0])
    desk.shows_many_nothing = True
    desk.pass_s(400)

    assert mirror.poll(Endpoint.TICKETS).tickets_unsolved == 3
    assert list(KnownTicket.objects.filter(is_gone=True).values_list("ticket_id", flat=True)) == ids[:1]
