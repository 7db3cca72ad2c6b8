"""A ticket's events as bars: what ran, paused, ran late and was fulfilled lies where it happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dashboard.desk.clock_bars import AXIS, bars, metric_name, minutes_said, told
from dashboard.domain.tickets import EventType, MetricEvent, Minutes, SlaTarget, TicketMetric

BEGIN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TARGET = SlaTarget(60, business_hours=True, policy_title="Gold")


def event(number: int, kind: EventType | None, minute: int, **more: object) -> MetricEvent:
    given_: dict[str, object] = {"metric": TicketMetric.REPLY, "instance": 1} | more
    return MetricEvent(number, 7, type=kind, at=BEGIN + timedelta(minutes=minute), **given_)  # type: ignore[arg-type]


def test_clock_that_paused_ran_late_and_was_fulfilled_is_drawn_where_it_happened() -> None:
    events = [
        event(1, EventType.ACTIVATE, 0),
        event(2, EventType.APPLY_SLA, 0, sla=TARGET),
        event(3, EventType.PAUSE, 20),
        event(4, EventType.ACTIVATE, 40),
        event(5, EventType.BREACH, 60, deleted=True),
        event(6, EventType.BREACH, 80),
        event(7, EventType.FULFILL, 100),
        event(8, EventType.UPDATE_STATUS, 100, status=Minutes(80, 75)),
        event(9, EventType.MEASURE, 100),
        event(10, None, 100),
    ]
    found = bars(events, BEGIN + timedelta(hours=9))
    assert found is not None
    (bar,) = found.bars
    assert [(piece.kind, piece.x, piece.width) for piece in bar.pieces] == [
        ("run", 0, 200),
        ("pause", 200, 200),
        ("run", 400, 400),
        ("late", 800, 200),
    ]
    assert (bar.name, bar.target, bar.policy, bar.breach_x, bar.done_x) == ("Reply", "1 h of business hours", "Gold", 800, 1000)
    assert (bar.drawn, bar.state, bar.left_at) == ("missed-done", "missed, fulfilled after 1 h 20 min", None)
    said = [each.text for each in told(events, BEGIN + timedelta(hours=9))]
    assert said == [
        "Reply: the clock runs",
        "Reply: target 1 h of business hours by “Gold”",
        "Reply: the clock pauses",
        "Reply: the clock runs",
        "Reply: the target is missed, unless fulfilled before",
        "Reply: fulfilled",
        "Reply: measured 1 h 20 min, 1 h 15 min of business hours",
    ]


def test_running_clock_ticks_towards_a_breach_that_the_axis_shows() -> None:
    events = [event(1, EventType.ACTIVATE, 0), event(2, EventType.APPLY_SLA, 0, sla=TARGET), event(3, EventType.BREACH, 60)]
    found = bars(events, BEGIN + timedelta(minutes=40))
    assert found is not None
    assert (found.end, found.bars[0].breach_x, found.bars[0].state) == (BEGIN + timedelta(minutes=60), 1000, "20:00 left")
    assert found.bars[0].left_at == BEGIN + timedelta(minutes=60)
    far = bars([*events[:2], event(3, EventType.BREACH, 600)], BEGIN + timedelta(minutes=40))
    assert far is not None
    assert (far.end, far.bars[0].breach_x) == (BEGIN + timedelta(minutes=40), None)


def test_target_that_came_when_its_time_had_passed_is_kept_by_the_vendors_word() -> None:
    late = SlaTarget(15, business_hours=False, policy_title="Urgent")
    events = [
        event(1, EventType.ACTIVATE, 0),
        event(2, EventType.APPLY_SLA, 17, sla=late),
        event(3, EventType.FULFILL, 17),
        event(4, EventType.UPDATE_STATUS, 17, status=Minutes(17, 17)),
    ]
    found = bars(events, BEGIN + timedelta(hours=1))
    assert found is not None
    assert (found.bars[0].target, found.bars[0].state) == ("15 min", "kept after 17 min: Zendesk tells of no breach")


def test_nothing_that_happened_is_no_bar_and_names_are_for_people() -> None:
    assert bars([], BEGIN) is None
    assert bars([event(1, EventType.BREACH, 60)], BEGIN) is None
    names = metric_name("reply_time", 2), metric_name("agent_work_time"), metric_name("new_one", 4)
    assert names == ("Reply, 2nd", "Agent work", "new_one, 4th")
    said = [minutes_said(each) for each in (None, 0, 59, 60, 61, 48 * 60, 49 * 60)]
    assert said == ["", "0 min", "59 min", "1 h", "1 h 1 min", "2 d", "2 d 1 h"]


move = st.tuples(st.sampled_from([*EventType]), st.integers(0, 3000), st.sampled_from([*TicketMetric]), st.integers(0, 3))
moves = st.lists(move, max_size=12)


@given(moves, st.integers(0, 4000))
def test_any_events_give_bars_within_the_axis(given_moves: list[tuple[EventType, int, TicketMetric, int]], now_min: int) -> None:
    events = [
        event(number, kind, minute, metric=metric, instance=instance, sla=TARGET if kind is EventType.APPLY_SLA else None)
        for number, (kind, minute, metric, instance) in enumerate(given_moves)
    ]
    now = BEGIN + timedelta(minutes=now_min)
    found = bars(events, now)
    told(events, now)
    for bar in found.bars if found is not None else ():
        assert all(piece.x >= 0 and piece.width > 0 and piece.x + piece.width <= AXIS + 2 for piece in bar.pieces)
        assert bar.state
