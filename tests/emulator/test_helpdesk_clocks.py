"""The clocks of tickets: which events a ticket's life writes, what they count, and that the events alone tell the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.domain import sla
from dashboard.emulator.agenda import Agenda
from dashboard.emulator.days import to_datetime, to_ms
from dashboard.emulator.helpdesk.desk import DeskConfig, HelpDesk
from dashboard.emulator.helpdesk.hours import DAY_MS, Hours
from dashboard.emulator.helpdesk.tickets import STATUSES, Ticket
from tests.emulator.reading_events import as_read

NINE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
AGENT = 360786790011
MINUTE_MS = 60_000


class Story:
    """One ticket and the minutes of its life."""

    def __init__(self, priority: str | None, start: datetime = NINE) -> None:
        self.agenda = Agenda(to_ms(start))
        self.desk = HelpDesk(DeskConfig(tickets_count=0), self.agenda)
        self.life = self.desk.lifecycle
        self.customer = self.desk.company.customer_id(7)
        at_ms = self.desk.stamp_ms
        self.ticket = self.desk.make(
            Ticket(self.desk.book.next_id(), at_ms, at_ms, "Nothing works", self.customer, self.customer, priority=priority)
        )

    def after(self, minutes: float) -> int:
        """Let so many minutes pass; the stamp then."""
        self.agenda.run_to(self.agenda.now_ms + round(minutes * MINUTE_MS))
        return self.desk.stamp_ms

    def told(self, *metrics: str) -> list[str]:
        """The events of these clocks by time, as `minute metric#instance type`."""

        def lines() -> Iterator[str]:
            for event in self.desk.book.log.since(0):
                if event.metric in metrics:
                    minute = (event.at_ms - self.ticket.created_ms) / MINUTE_MS
                    more = f" {event.status}" if event.status else " deleted" if event.deleted else ""
                    yield f"{minute:g} {event.metric}#{event.instance} {event.type}{more}"

        return list(lines())


def test_urgent_ticket_from_first_word_to_reopening_writes_every_event() -> None:
    story = Story("urgent")
    story.life.assign(story.ticket, AGENT, 5, story.after(10))
    story.life.reply(story.ticket, AGENT, story.desk.stamp_ms)
    story.life.set_status(story.ticket, "pending", story.desk.stamp_ms)
    story.life.answer(story.ticket, story.customer, story.after(10))
    at_ms = story.after(10)
    story.life.set_status(story.ticket, "solved", at_ms)
    story.life.reply(story.ticket, AGENT, at_ms)
    assert story.told("reply_time") == [
        "0 reply_time#1 activate",
        "0 reply_time#1 apply_sla",
        "10 reply_time#1 fulfill",
        "10 reply_time#1 update_status (10, 10)",
        "15 reply_time#1 breach deleted",
        "20 reply_time#2 activate",
        "30 reply_time#2 fulfill",
        "30 reply_time#2 update_status (10, 10)",
    ]
    assert story.told("requester_wait_time") == [
        "0 requester_wait_time#1 activate",
        "0 requester_wait_time#1 apply_sla",
        "10 requester_wait_time#1 pause",
        "20 requester_wait_time#1 activate",
        "30 requester_wait_time#1 fulfill",
        "30 requester_wait_time#1 update_status (20, 20)",
        "240 requester_wait_time#1 breach deleted",
        "250 requester_wait_time#1 breach deleted",
    ]
    figures = story.ticket.figures
    assert figures.requester_wait is not None
    assert figures.requester_wait.minutes() == (20, 20)
    assert figures.agent_wait is not None
    assert figures.agent_wait.minutes() == (10, 10)
    assert figures.reply is not None
    assert figures.reply.minutes() == (10, 10)
    assert figures.full_resolution is not None
    assert figures.full_resolution.minutes() == (30, 30)
    assert (figures.replies, figures.reopens, story.ticket.status) == (2, 0, "solved")
    story.life.answer(story.ticket, story.customer, story.after(10))
    assert story.told("resolution_time")[-4:] == [
        "30 resolution_time#1 update_status (30, 30)",
        "40 resolution_time#1 activate",
        "480 resolution_time#1 breach deleted",
        "490 resolution_time#1 breach",
    ]
    assert (figures.reopens, story.ticket.status) == (1, "open")


def test_updates_of_an_urgent_ticket_are_counted_one_after_the_other() -> None:
    story = Story("urgent")
    story.life.reply(story.ticket, AGENT, story.after(5))
    story.life.reply(story.ticket, AGENT, story.after(70))
    assert story.told("periodic_update_time") == [
        "5 periodic_update_time#1 activate",
        "5 periodic_update_time#1 apply_sla",
        "65 periodic_update_time#1 breach",
        "75 periodic_update_time#1 fulfill",
        "75 periodic_update_time#1 update_status (70, 70)",
        "75 periodic_update_time#2 activate",
        "75 periodic_update_time#2 apply_sla",
        "135 periodic_update_time#2 breach",
    ]


def test_hold_stops_the_agents_clock_and_not_the_requesters() -> None:
    story = Story("urgent")
    story.life.set_status(story.ticket, "hold", story.after(30))
    story.life.set_status(story.ticket, "open", story.after(60))
    assert story.told("agent_work_time")[-4:] == [
        "30 agent_work_time#1 pause",
        "90 agent_work_time#1 activate",
        "240 agent_work_time#1 breach deleted",
        "300 agent_work_time#1 breach",
    ]
    assert not [line for line in story.told("requester_wait_time") if "pause" in line]
    assert story.ticket.figures.on_hold.minutes() == (60, 60)


def test_reply_in_the_second_of_the_breach_keeps_the_target_and_one_later_does_not() -> None:
    for seconds, is_kept in ((0, True), (1, False)):
        story = Story("urgent")
        at_ms = story.after(15) + seconds * 1000
        story.life.reply(story.ticket, AGENT, at_ms)
        clock = story.ticket.clocks["reply_time"]
        assert clock.met(at_ms) is is_kept
        assert ("15 reply_time#1 breach deleted" in story.told("reply_time")) is is_kept


def test_target_in_business_hours_rests_over_night() -> None:
    story = Story("normal", NINE.replace(hour=19))
    # Four business hours from 19:00: one today, three tomorrow from 08:00 on.
    assert story.told("reply_time")[-1] == f"{16 * 60} reply_time#1 breach"
    story.life.reply(story.ticket, AGENT, story.after(14 * 60))
    assert story.told("reply_time")[-2:] == [f"{14 * 60} reply_time#1 update_status (840, 120)", f"{16 * 60} reply_time#1 breach deleted"]


def test_priority_that_rises_brings_a_stricter_target_and_none_takes_it_away() -> None:
    story = Story(None)
    assert story.told("reply_time") == ["0 reply_time#1 activate"]
    story.life.set_priority(story.ticket, "high", story.after(20))
    story.life.set_priority(story.ticket, "urgent", story.after(30))
    assert story.told("reply_time") == [
        "0 reply_time#1 activate",
        "20 reply_time#1 apply_sla",
        "50 reply_time#1 apply_sla",
        "50 reply_time#1 breach",
        "60 reply_time#1 breach deleted",
    ]
    story.life.set_priority(story.ticket, None, story.after(10))
    assert story.told("reply_time")[-2:] == ["60 reply_time#1 breach deleted", "60 reply_time#1 apply_sla"]
    assert story.ticket.clocks["reply_time"].met(story.desk.now_ms) is None


def test_target_that_was_missed_before_the_priority_rose_stays_missed() -> None:
    story = Story("urgent")
    at_ms = story.after(20)
    story.life.set_priority(story.ticket, "high", at_ms)
    clock = story.ticket.clocks["reply_time"]
    assert (clock.met(at_ms), clock.left_ms(at_ms)) == (None, 40 * MINUTE_MS)
    story.life.reply(story.ticket, AGENT, at_ms)
    assert clock.met(at_ms) is False


def test_ticket_solved_without_a_word_has_no_reply_time() -> None:
    story = Story("low")
    story.life.set_status(story.ticket, "solved", story.after(3))
    figures = story.ticket.figures
    assert figures.reply is None
    assert figures.agent_wait is not None
    assert figures.agent_wait.minutes() == (0, 0)
    assert figures.solved_ms == story.desk.stamp_ms


def test_ticket_in_the_trash_is_listed_nowhere_and_comes_back_as_it_was() -> None:
    story = Story("high")
    book, ticket = story.desk.book, story.ticket
    assert book.discard(ticket.id, AGENT, story.after(1)) is ticket
    assert (book.look(ticket.id), list(book.ids()), list(book.update_keys()), len(book)) == (None, [], [], 0)
    assert book.discard(ticket.id, AGENT, story.after(1)) is None
    assert book.restore(ticket.id, story.after(1)) is ticket
    assert (list(book.ids()), [book.ticket_of(key) for key in book.update_keys()]) == ([ticket.id], [ticket.id])
    book.discard(ticket.id, AGENT, story.after(1))
    book.destroy(ticket.id)
    assert (book.restore(ticket.id, story.after(1)), list(book.log.since(0))) == (None, [])


_WISHES = st.one_of(
    st.sampled_from(("reply", "note", "answer", "open", "pending", "hold", "solved")),
    st.sampled_from(("urgent", "high", "normal", "low", None)),
)


@settings(max_examples=60, deadline=None)
@given(
    first=st.sampled_from(("urgent", "high", "normal", "low", None)),
    life=st.lists(st.tuples(st.sampled_from((0, 1, 20, 75, 400, 3000)), _WISHES), max_size=12),
    later_min=st.integers(0, 10_000),
)
def test_events_of_any_life_read_by_the_rules_are_the_clocks_of_the_desk(
    first: str | None, life: list[tuple[int, str | None]], later_min: int
) -> None:
    story = Story(first)
    for minutes, wish in life:
        at_ms = story.after(minutes)
        if wish in {"reply", "note"}:
            story.life.reply(story.ticket, AGENT, at_ms, is_public=wish == "reply")
        elif wish == "answer":
            story.life.answer(story.ticket, story.customer, at_ms)
        elif wish in STATUSES:
            story.life.set_status(story.ticket, str(wish), at_ms)
        else:
            story.life.set_priority(story.ticket, wish, at_ms)
    found = sla.clocks(as_read(event) for event in story.desk.book.log.since(0))
    own = {(clock.metric, clock.instance): clock for clock in story.ticket.all_clocks()}
    assert {(str(key.metric), key.instance) for key in found} == set(own)
    for now_ms in (story.desk.now_ms, story.desk.now_ms + later_min * MINUTE_MS):
        at = to_datetime(now_ms)
        for key, read in found.items():
            clock = own[str(key.metric), key.instance]
            left_ms = clock.left_ms(now_ms)
            assert (str(read.state), read.met(at), read.is_breached_now(at)) == (
                clock.state,
                clock.met(now_ms),
                clock.is_breached_now(now_ms),
            )
            assert read.left_s(at) == (None if left_ms is None else left_ms // 1000)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/St_Johns"])
@given(start_h=st.integers(0, 24 * 365), start_s=st.integers(0, 3599), amount_min=st.integers(1, 6000))
def test_business_time_that_is_added_is_the_time_between(zone: str, start_h: int, start_s: int, amount_min: int) -> None:
    hours = Hours(ZoneInfo(zone))
    start_ms = to_ms(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=start_h, seconds=start_s))
    end_ms = hours.after_ms(start_ms, amount_min * MINUTE_MS)
    assert hours.between_ms(start_ms, end_ms) == amount_min * MINUTE_MS
    assert hours.between_ms(start_ms, end_ms - 1) < amount_min * MINUTE_MS
    wall = datetime.fromtimestamp((end_ms - 1) / 1000, ZoneInfo(zone))
    assert 8 <= wall.hour < 20
    assert hours.between_ms(start_ms, start_ms + 30 * DAY_MS) <= 31 * 12 * 60 * MINUTE_MS
