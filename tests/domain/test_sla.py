"""The clocks of tickets, by the rules of the vendor's document: one test a rule, and what must hold whatever comes in whichever order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.domain.sla import Achievement, Clock, ClockKey, ClockState, achievement, breached_count, breaching_count, clocks
from dashboard.domain.tickets import EventType, MetricEvent, Minutes, SlaTarget, TicketMetric

BEGIN = datetime(2026, 11, 22, 9, tzinfo=UTC)
HOUR = SlaTarget(60, business_hours=False, policy_id=7, policy_title="Gold")
ACTIVATE, PAUSE, FULFILL = EventType.ACTIVATE, EventType.PAUSE, EventType.FULFILL
APPLY, BREACH, UPDATE, MEASURE = EventType.APPLY_SLA, EventType.BREACH, EventType.UPDATE_STATUS, EventType.MEASURE


def minute(count: float) -> datetime:
    return BEGIN + timedelta(minutes=count)


def event(
    type_: EventType | None,
    at_min: float,
    number: int,
    *,
    metric: TicketMetric = TicketMetric.RESOLUTION,
    instance: int = 1,
    ticket_id: int = 1,
    sla: SlaTarget | None = None,
    status: Minutes | None = None,
    deleted: bool = False,
) -> MetricEvent:
    return MetricEvent(number, ticket_id, metric, instance, type_, minute(at_min), sla, status, deleted)


def told(*steps: tuple[EventType | None, float], **more: SlaTarget) -> list[MetricEvent]:
    """Events in the order of their ids; apply_sla asks for an hour unless `sla` says otherwise."""
    sla = more.get("sla", HOUR)
    return [event(type_, at, number, sla=sla if type_ is APPLY else None) for number, (type_, at) in enumerate(steps, 1)]


def only(events: Iterable[MetricEvent]) -> Clock:
    (clock,) = clocks(events).values()
    return clock


def test_clock_is_activated_and_runs() -> None:
    clock = only(told((ACTIVATE, 0)))
    assert (clock.state, clock.activated_at, clock.elapsed_s(minute(25))) == (ClockState.RUNNING, BEGIN, 1500)
    assert clock.elapsed_s(minute(-5)) == 0  # a clock of ours that is behind the vendor's
    assert (clock.met(minute(500)), clock.left_s(minute(500)), clock.decided_at(minute(500))) == (None, None, None)


def test_paused_time_does_not_count_and_another_activation_goes_on() -> None:
    paused = told((ACTIVATE, 0), (PAUSE, 10))
    assert (only(paused).state, only(paused).elapsed_s(minute(99))) == (ClockState.PAUSED, 600)
    going = only([*paused, event(ACTIVATE, 40, 3)])
    assert (going.state, going.elapsed_s(minute(45)), going.activated_at) == (ClockState.RUNNING, 900, BEGIN)
    assert only([*paused, event(ACTIVATE, 40, 3), event(ACTIVATE, 42, 4)]).elapsed_s(minute(45)) == 900


def test_fulfilment_stops_it_and_tells_the_vendors_minutes() -> None:
    done = only([*told((ACTIVATE, 0), (FULFILL, 30)), event(UPDATE, 30, 3, status=Minutes(30, 12))])
    assert (done.state, done.fulfilled_at, done.elapsed_s(minute(99))) == (ClockState.FULFILLED, minute(30), 1800)
    assert done.measured == Minutes(30, 12)


def test_activation_takes_a_fulfilment_back_with_what_had_run() -> None:
    """A ticket solved and reopened: the clock was not over."""
    again = only(told((ACTIVATE, 0), (FULFILL, 30), (ACTIVATE, 90)))
    assert (again.state, again.fulfilled_at, again.elapsed_s(minute(100))) == (ClockState.RUNNING, None, 2400)


def test_first_fulfilment_holds_until_it_is_taken_back() -> None:
    late = only(told((ACTIVATE, 0), (APPLY, 0), (BREACH, 60), (FULFILL, 30), (PAUSE, 70), (FULFILL, 80)))
    assert (late.state, late.fulfilled_at, late.met(minute(99))) == (ClockState.FULFILLED, minute(30), True)


def test_each_instance_has_a_clock_of_its_own() -> None:
    """Each reply is measured anew; a clock without a count of the vendor's has instance 0."""
    events = [
        event(ACTIVATE, 0, 1, metric=TicketMetric.REPLY),
        event(FULFILL, 5, 2, metric=TicketMetric.REPLY),
        event(ACTIVATE, 20, 3, metric=TicketMetric.REPLY, instance=2),
        event(ACTIVATE, 0, 4, metric=TicketMetric.REQUESTER_WAIT, instance=0),
        event(ACTIVATE, 0, 5, metric=TicketMetric.REPLY, ticket_id=2),
    ]
    found = clocks(events)
    assert {key: clock.state for key, clock in found.items()} == {
        ClockKey(1, TicketMetric.REPLY, 1): ClockState.FULFILLED,
        ClockKey(1, TicketMetric.REPLY, 2): ClockState.RUNNING,
        ClockKey(1, TicketMetric.REQUESTER_WAIT, 0): ClockState.RUNNING,
        ClockKey(2, TicketMetric.REPLY, 1): ClockState.RUNNING,
    }


def test_breach_is_announced_in_advance_and_counts_when_its_time_has_come() -> None:
    clock = only(told((ACTIVATE, 0), (APPLY, 0), (BREACH, 60)))
    assert (clock.left_s(minute(45)), clock.is_breached(minute(45)), clock.met(minute(45))) == (900, False, None)
    assert (breaching_count([clock], minute(45), 900), breaching_count([clock], minute(45), 899)) == (1, 0)
    assert breaching_count([clock], minute(60) - timedelta(milliseconds=1), 900) == 1
    assert (clock.left_s(minute(75)), clock.is_breached_now(minute(60)), breached_count([clock], minute(75))) == (-900, True, 1)
    assert (breaching_count([clock], minute(60), 900), clock.met(minute(75)), clock.decided_at(minute(75))) == (0, False, minute(60))


def test_deleted_breach_does_not_hold_whichever_copy_comes_first() -> None:
    held, gone = event(BREACH, 60, 3), event(BREACH, 60, 3, deleted=True)
    before = told((ACTIVATE, 0), (APPLY, 0))
    for copies in ([held, gone], [gone, held], [gone]):
        clock = only([*before, *copies])
        assert (clock.breach_at, clock.is_breached(minute(99)), clock.left_s(minute(10))) == (None, False, None)


def test_pause_has_no_time_left_and_the_next_announcement_holds() -> None:
    """The vendor takes the breach back while a clock is paused, and writes another when it goes on."""
    paused = [*told((ACTIVATE, 0), (APPLY, 0)), event(BREACH, 60, 3, deleted=True), event(PAUSE, 20, 4)]
    assert (only(paused).left_s(minute(30)), only(paused).met(minute(300))) == (None, None)
    going = only([*paused, event(ACTIVATE, 100, 5), event(BREACH, 140, 6)])
    assert (going.left_s(minute(130)), going.is_breached_now(minute(139)), going.is_breached_now(minute(140))) == (600, False, True)


def test_clock_missed_while_it_ran_stays_missed_while_it_is_paused() -> None:
    clock = only(told((ACTIVATE, 0), (APPLY, 0), (BREACH, 60), (PAUSE, 70)))
    assert (clock.is_breached_now(minute(80)), clock.left_s(minute(80))) == (True, None)


@pytest.mark.parametrize(
    ("fulfilled_min", "met", "decided_min"), [(59, True, 59), (60, True, 60), (61, False, 60)], ids=["before", "just", "after"]
)
def test_target_is_met_until_the_very_moment_of_the_breach(fulfilled_min: float, met: bool, decided_min: float) -> None:
    clock = only(told((ACTIVATE, 0), (APPLY, 0), (BREACH, 60), (FULFILL, fulfilled_min)))
    now = minute(200)
    assert (clock.met(now), clock.decided_at(now), clock.is_breached_now(now)) == (met, minute(decided_min), False)


def test_last_policy_holds_and_an_empty_one_takes_the_target_away() -> None:
    strict = SlaTarget(15, business_hours=True, policy_id=8, policy_title="Platinum")
    before = [*told((ACTIVATE, 0), (APPLY, 0)), event(BREACH, 60, 3)]
    replaced = only([*before, event(APPLY, 5, 4, sla=strict), event(BREACH, 15, 5)])
    assert (replaced.target, replaced.breach_at) == (strict, minute(15))
    milder = only([*before, event(APPLY, 5, 4, sla=SlaTarget(600, business_hours=False)), event(BREACH, 600, 5)])
    assert (milder.is_breached(minute(100)), milder.left_s(minute(100))) == (False, 30_000)
    free = only([*before, event(APPLY, 5, 4, sla=None)])
    assert (free.target, free.is_breached(minute(99)), free.met(minute(99)), free.left_s(minute(10))) == (None, False, None, None)


def test_breach_without_a_policy_breaks_nothing() -> None:
    assert not only(told((ACTIVATE, 0), (BREACH, 10))).is_breached(minute(99))


def test_types_that_the_document_does_not_know_move_no_clock() -> None:
    before = told((ACTIVATE, 0), (APPLY, 0), (BREACH, 60))
    moved = only([*before, event(MEASURE, 20, 90), event(None, 30, 91), event(UPDATE, 40, 92, status=None)])
    assert moved == only(before)


def test_clock_of_a_ticket_that_came_before_its_events_is_idle() -> None:
    clock = only([event(MEASURE, 0, 1)])
    assert (clock.state, clock.elapsed_s(minute(9)), clock.is_breached_now(minute(9))) == (ClockState.IDLE, 0, False)
    assert only(told((FULFILL, 5))).state is ClockState.FULFILLED


def test_achievement_counts_what_was_decided_in_the_span() -> None:
    kept = only(told((ACTIVATE, 0), (APPLY, 0), (BREACH, 60), (FULFILL, 30)))
    missed = only(told((ACTIVATE, 0), (APPLY, 0), (BREACH, 60), (FULFILL, 90)))
    waits = only(told((ACTIVATE, 0), (APPLY, 0), (BREACH, 500)))
    without = only(told((ACTIVATE, 0), (FULFILL, 30)))
    found = [kept, missed, waits, without]
    assert achievement(found, BEGIN, minute(99)) == Achievement(1, 1)
    assert achievement(found, minute(31), minute(99)) == Achievement(0, 1)
    assert achievement(found, BEGIN, minute(59)) == Achievement(1, 0)
    assert achievement([], BEGIN, minute(99)) == Achievement()


# --- whatever comes, in whichever order

STEPS = st.lists(
    st.tuples(st.sampled_from([ACTIVATE, PAUSE, FULFILL, APPLY, BREACH, MEASURE, UPDATE]), st.integers(0, 300), st.booleans()),
    min_size=1,
    max_size=14,
)


def story(steps: Sequence[tuple[EventType, int, bool]]) -> list[MetricEvent]:
    return [
        event(
            type_,
            at,
            number,
            instance=1 + number % 2,
            sla=HOUR if type_ is APPLY and flag else None,
            status=Minutes(at, 1) if type_ is UPDATE else None,
            deleted=type_ is BREACH and flag,
        )
        for number, (type_, at, flag) in enumerate(steps, 1)
    ]


@settings(max_examples=120)
@given(STEPS, st.data())
def test_order_and_repetition_of_events_do_not_matter(steps: list[tuple[EventType, int, bool]], data: st.DataObject) -> None:
    events = story(steps)
    repeated = events + data.draw(st.lists(st.sampled_from(events), max_size=6))
    assert clocks(data.draw(st.permutations(repeated))) == clocks(events)


@settings(max_examples=120)
@given(STEPS, st.integers(0, 400))
def test_clock_has_run_as_long_as_a_watch_that_is_stopped_and_started(steps: list[tuple[EventType, int, bool]], now_min: int) -> None:
    """Minute by minute: it runs from an activation until a pause or a fulfilment, and a fulfilled one is stopped already."""
    events = [each for each in story(steps) if each.instance == 1]
    for clock in clocks(events).values():
        now = max(minute(now_min), *(each.at for each in events))
        running, ran_min, at = False, 0, BEGIN
        due = sorted(events, key=lambda each: (each.at, each.id))
        while at < now:
            for each in (one for one in due if one.at == at):
                running = True if each.type is ACTIVATE else False if each.type in (PAUSE, FULFILL) else running
            ran_min, at = ran_min + running, at + timedelta(minutes=1)
        assert clock.elapsed_s(now) == ran_min * 60


@settings(max_examples=120)
@given(STEPS, st.integers(0, 400))
def test_clock_is_never_two_things_at_once(steps: list[tuple[EventType, int, bool]], now_min: int) -> None:
    now = minute(now_min)
    for clock in clocks(story(steps)).values():
        met, left_s = clock.met(now), clock.left_s(now)
        assert (met is False) == clock.is_breached(now)
        assert (met is None) == (clock.decided_at(now) is None)
        assert not (clock.is_breached_now(now) and clock.state is ClockState.FULFILLED)
        assert left_s is None or (clock.state is ClockState.RUNNING and clock.running_since is not None)
        assert not (breaching_count([clock], now, 3600) and clock.is_breached(now))
