"""The emulated company's tickets: the same for the same seed, true to the calls, and told alike by events, figures and truth."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dashboard.domain import sla
from dashboard.domain.tickets import EventType
from dashboard.emulator import stats
from dashboard.emulator.days import to_datetime
from dashboard.emulator.helpdesk.tickets import Ticket
from dashboard.emulator.options import EmulatorSettings
from dashboard.emulator.simulated import SimulatedFloor
from dashboard.emulator.ticket_truth import tickets_truth
from dashboard.emulator.world import World, WorldConfig
from tests.emulator.reading_events import as_read
from tests.emulator.running import DAY

SETTINGS = EmulatorSettings(start=DAY, tickets_count=150)


def everything(floor: SimulatedFloor) -> tuple[object, ...]:
    """All that can be seen of the tickets."""
    book = floor.desk.book
    tickets = [ticket for ticket_id in book.ids() if (ticket := book.look(ticket_id)) is not None]
    return (
        [(t.id, t.subject, t.status, t.updated_ms, t.assignee_id, t.problem_id, t.figures) for t in tickets],
        [(e.id, e.ticket_id, e.metric, e.instance, e.type, e.at_ms, e.status, e.deleted) for e in book.log.since(0)],
    )


def all_tickets(floor: SimulatedFloor) -> list[Ticket]:
    book = floor.desk.book
    return [ticket for ticket_id in book.ids() if (ticket := book.look(ticket_id)) is not None]


def test_company_looked_at_often_or_seldom_is_the_same_and_another_seed_is_another() -> None:
    patient, hurried = SimulatedFloor(SETTINGS, DAY), SimulatedFloor(SETTINGS, DAY)
    for step in range(1, 25):
        hurried.advance(DAY + timedelta(minutes=7.3 * step))
        everything(hurried)
        tickets_truth(hurried.desk)
    patient.advance(DAY + timedelta(minutes=7.3 * 24))
    assert everything(patient) == everything(hurried)
    assert tickets_truth(patient.desk) == tickets_truth(hurried.desk)
    assert everything(SimulatedFloor(replace(SETTINGS, seed=2), DAY)) != everything(SimulatedFloor(SETTINGS, DAY))


def test_company_entered_late_has_lived_the_same_day() -> None:
    early = SimulatedFloor(SETTINGS, DAY - timedelta(hours=9))
    early.advance(DAY)
    assert everything(early) == everything(SimulatedFloor(SETTINGS, DAY))


def test_calls_of_the_day_are_the_same_with_tickets_or_without() -> None:
    floors = [SimulatedFloor(replace(SETTINGS, tickets_count=count), DAY) for count in (0, 150)]
    world = World(WorldConfig(), DAY)
    world.advance(DAY + timedelta(hours=5))
    for floor in floors:
        floor.advance(DAY + timedelta(hours=5))
        assert floor.agents_activity(None) == stats.agents_activity(world, None)
        assert floor.account_overview(None) == stats.account_overview(world, None)


def test_voicemails_and_callbacks_make_tickets_and_a_callback_that_is_answered_solves_its_own() -> None:
    floor = SimulatedFloor(replace(SETTINGS, tickets_count=0), DAY + timedelta(hours=8))
    calls = {str(call["id"]): str(call["fate"]) for call in floor.calls(None, 50_000) if call["fate"] is not None}
    phone = {str(ticket.call_id): ticket for ticket in all_tickets(floor) if ticket.channel == "voice"}
    over = {call_id for call_id, fate in calls.items() if fate.startswith(("voicemail", "callback"))}
    asked = {call_id for call_id in phone if call_id not in calls}
    assert set(phone) - asked <= over
    fates = Counter(calls[call_id] for call_id in set(phone) - asked)
    assert sum(fate.startswith("voicemail") for fate in calls.values()) >= sum(
        found for fate, found in fates.items() if fate.startswith("voicemail")
    )
    assert fates["callback_answered"] > 5
    for call_id, ticket in phone.items():
        if calls.get(call_id) == "callback_answered":
            assert ticket.figures.solved_ms is not None
            assert ticket.figures.replies >= 1
    written = Counter(ticket.channel for ticket in all_tickets(floor))
    assert {"email", "web", "native_messaging", "voice"} == set(written)


@pytest.mark.parametrize("days", [0.0, 3.0])
def test_events_read_by_the_rules_tell_what_the_desk_knows(days: float) -> None:
    floor = SimulatedFloor(SETTINGS, DAY)
    floor.advance(DAY + timedelta(days=days, hours=1))
    now, now_ms = floor.desk.now_ms, floor.desk.now_ms
    at = to_datetime(now_ms)
    found = sla.clocks(as_read(event) for event in floor.desk.book.log.since(0))
    tickets = all_tickets(floor)
    told = {(ticket.id, clock.metric, clock.instance): clock for ticket in tickets for clock in ticket.all_clocks()}
    assert {(key.ticket_id, str(key.metric), key.instance) for key in found} == set(told)
    for key, read in found.items():
        clock = told[key.ticket_id, str(key.metric), key.instance]
        assert str(read.state) == clock.state
        assert read.met(at) == clock.met(now_ms), key
        assert read.is_breached_now(at) == clock.is_breached_now(now_ms), key
        left_ms = clock.left_ms(now)
        assert read.left_s(at) == (None if left_ms is None else int(left_ms / 1000))
    truth = tickets_truth(floor.desk)
    clocks = list(found.values())
    told_sla = truth["sla"]
    assert isinstance(told_sla, dict)
    assert told_sla["breached"] == sla.breached_count(clocks, at)
    assert told_sla["breaching_in_60"] == sla.breaching_count(clocks, at, 3600)
    week = sla.achievement(clocks, at - timedelta(days=7), at)
    assert (told_sla["7d"]["met"], told_sla["7d"]["missed"]) == (week.met_count, week.missed_count)
    assert week.met_count > week.missed_count > 0
    if days:
        has_everything(floor, tickets)


def has_everything(floor: SimulatedFloor, tickets: list[Ticket]) -> None:
    """All that happens to tickets happens within some days."""
    assert {ticket.status for ticket in tickets} == {"new", "open", "pending", "hold", "solved", "closed"}
    assert {ticket.priority for ticket in tickets} == {None, "urgent", "high", "normal", "low"}
    assert {ticket.type for ticket in tickets} == {None, "problem", "incident", "question", "task"}
    kinds = Counter(event.type for event in floor.desk.book.log.since(0))
    assert set(kinds) == {str(kind) for kind in EventType}
    assert any(ticket.figures.reopens for ticket in tickets)
    assert any(ticket.problem_id for ticket in tickets)
    assert any(ticket.email_cc_ids for ticket in tickets)
    assert any(ticket.follower_ids for ticket in tickets)
    unsolved = [ticket for ticket in tickets if ticket.is_unsolved]
    assert 40 < len(unsolved) < 250
    agents = set(floor.desk.company.agents)
    assert {ticket.assignee_id for ticket in tickets if ticket.assignee_id is not None} <= agents


def test_figures_of_solved_tickets_are_those_of_their_events() -> None:
    floor = SimulatedFloor(SETTINGS, DAY)
    solved = [ticket for ticket in all_tickets(floor) if not ticket.is_unsolved]
    assert len(solved) > 80
    for ticket in solved:
        measured = {(event.metric, event.instance): event.status for event in ticket.events if event.type == "update_status"}
        figures = ticket.figures
        assert figures.requester_wait is not None
        assert figures.requester_wait.minutes() == measured["requester_wait_time", 1]
        if figures.reply is not None:
            assert figures.reply.minutes() == measured["reply_time", 1]
        if figures.reopens == 0:
            assert figures.full_resolution is not None
            assert figures.full_resolution.minutes() == measured["resolution_time", 1]


def test_ticket_of_the_shared_past_is_taken_over_unchanged() -> None:
    floor = SimulatedFloor(replace(SETTINGS, tickets_count=500), DAY)
    book = floor.desk.book
    before, ticket_id = everything(floor), next(ticket_id for ticket_id in book.past.ids if book.past.holds(ticket_id))
    taken = book.open(ticket_id)
    assert taken is book.open(ticket_id)
    assert everything(floor) == before
    assert taken is not None
    floor.desk.lifecycle.touch(taken, floor.desk.stamp_ms + 1000)
    assert next(book.update_keys(descending=True)) & 0xFFFF_FFFF == ticket_id


def test_large_account_is_seeded_within_seconds() -> None:
    began = time.process_time()
    floor = SimulatedFloor(replace(SETTINGS, tickets_count=8_000), DAY)
    took_s = time.process_time() - began
    events = len(floor.desk.book.log)
    assert len(floor.desk.book) > 8_000
    assert events > 80_000
    assert took_s < 5
    newest = next(floor.desk.book.log.since(int(datetime.timestamp(DAY))))
    assert newest.at_ms >= floor.desk.stamp_ms
