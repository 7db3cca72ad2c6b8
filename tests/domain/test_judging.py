"""One rule by one reading after another: tables of what must happen."""

from __future__ import annotations

from dataclasses import replace

from dashboard.domain.judging import FROZEN_FOR, Happened, Held, aligned, edited, interrupted, step, watch
from dashboard.domain.rules import Limit, Limits, RuleKind, RuleSpec, Spike
from dashboard.domain.thresholds import Severity
from tests.domain.courses import LIMITS, SPEC, at, observed, run, steady, told


def test_step_over_a_limit_for_long_enough_opens_once() -> None:
    held, events = run(SPEC, steady(200, 0, 100))
    assert told(events) == [("opened", 30)]
    assert held is not None
    assert held.opened is Severity.WARNING
    assert (events[0].since, events[0].severity, events[0].value, events[0].limit) == (at(0), Severity.WARNING, 200, SPEC.warning)


def test_step_at_the_enter_value_has_entered_and_at_the_leave_value_has_left() -> None:
    assert told(run(SPEC, steady(180, 0, 31))[1]) == [("opened", 30)]
    _, events = run(SPEC, [*steady(180, 0, 31), *steady(166, 31, 60), *steady(165, 60, 121)])
    assert told(events) == [("opened", 30), ("recovering", 60), ("resolved", 120)]


def test_step_that_dips_below_the_leave_value_while_pending_begins_anew() -> None:
    _, events = run(SPEC, [*steady(200, 0, 29), observed(29, 160), *steady(200, 30, 61)])
    assert told(events) == [("opened", 60)]
    assert events[0].since == at(30)


def test_step_between_leave_and_enter_opens_only_what_had_entered() -> None:
    assert run(SPEC, steady(175, 0, 100))[1] == []
    assert told(run(SPEC, [observed(0, 181), *steady(175, 1, 40)])[1]) == [("opened", 30)]


def test_step_worse_eased_recovering_back_resolved_in_order() -> None:
    readings = [
        *steady(200, 0, 40),  # opened 30
        *steady(310, 40, 60),  # worse 50
        *steady(250, 60, 130),  # eased 120
        *steady(100, 130, 140),  # recovering 130
        *steady(200, 140, 150),  # back 140
        *steady(100, 150, 220),  # recovering 150, resolved 210
    ]
    held, events = run(SPEC, readings)
    assert told(events) == [
        ("opened", 30),
        ("worse", 50),
        ("eased", 120),
        ("recovering", 130),
        ("back", 140),
        ("recovering", 150),
        ("resolved", 210),
    ]
    assert [event.since for event in events] == [at(second) for second in (0, 40, 60, 130, 140, 150, 150)]
    assert held == Held(at(219))


def test_step_straight_to_critical_opens_as_critical() -> None:
    _, events = run(SPEC, steady(400, 0, 60))
    assert told(events) == [("opened", 10)]
    assert (events[0].severity, events[0].limit) == (Severity.CRITICAL, SPEC.critical)


def test_step_with_only_a_critical_limit_opens_and_resolves() -> None:
    spec = replace(SPEC, warning=None)
    _, events = run(spec, [*steady(310, 0, 11), *steady(200, 11, 80)], Limits(None, spec.critical))
    assert told(events) == [("opened", 10), ("recovering", 11), ("resolved", 71)]


def test_step_keeping_for_no_time_recovers_and_resolves_at_once() -> None:
    _, events = run(replace(SPEC, keep_s=0), [*steady(200, 0, 31), observed(31, 10)])
    assert told(events) == [("opened", 30), ("recovering", 31), ("resolved", 31)]


def test_step_over_a_gap_begins_every_for_anew() -> None:
    _, events = run(SPEC, [*steady(200, 0, 30), *steady(200, 34, 70)])  # 29 s, then 4.01 s nobody watched
    assert told(events) == [("opened", 64)]
    _, events = run(SPEC, [*steady(200, 0, 31), *steady(10, 31, 90), *steady(10, 200, 262)])
    assert told(events) == [("opened", 30), ("recovering", 31), ("resolved", 260)]


def test_step_over_a_gap_without_an_incident_must_enter_again() -> None:
    _, events = run(SPEC, [*steady(200, 0, 10), *steady(175, 20, 80)])
    assert events == []


def test_step_over_a_gap_with_an_incident_keeps_its_level() -> None:
    held, events = run(SPEC, [*steady(200, 0, 31), *steady(175, 50, 300)])
    assert told(events) == [("opened", 30)]
    assert held is not None
    assert held.level is Severity.WARNING


def test_step_back_after_a_gap_while_recovering_says_so() -> None:
    _, events = run(SPEC, [*steady(200, 0, 31), *steady(10, 31, 50), *steady(200, 100, 110)])
    assert told(events) == [("opened", 30), ("recovering", 31), ("back", 100)]


def test_step_with_an_unknown_value_neither_opens_nor_resolves() -> None:
    assert run(SPEC, [*steady(200, 0, 29), observed(29, None), *steady(200, 30, 59)])[1] == []
    _, events = run(SPEC, [*steady(200, 0, 31), *steady(None, 31, 400)])
    assert told(events) == [("opened", 30)]
    _, events = run(SPEC, [*steady(200, 0, 31), *steady(10, 31, 80), observed(80, None), *steady(10, 81, 142)])
    assert told(events) == [("opened", 30), ("recovering", 31), ("resolved", 141)]


def test_step_whose_while_does_not_hold_is_as_if_the_value_were_back() -> None:
    readings = [*steady(200, 0, 31), *(observed(second, 200, holds=False) for second in range(31, 92))]
    assert told(run(SPEC, readings)[1]) == [("opened", 30), ("recovering", 31), ("resolved", 91)]
    assert run(SPEC, [observed(second, 500, holds=False) for second in range(100)])[1] == []


def test_step_by_a_straggler_or_the_same_reading_changes_nothing() -> None:
    held, _ = run(SPEC, steady(200, 0, 20))
    assert held is not None
    for late in (observed(19, 0), observed(5, 0), observed(19 - 119, 0)):
        assert step(SPEC, held, late, LIMITS) == (held, ())


def test_step_after_a_clock_was_put_back_an_hour_begins_anew_and_goes_on() -> None:
    before = [*steady(200, 0, 31), *steady(10, 31, 60)]
    after = [observed(second - 3600, 10) for second in range(61, 130)]
    held, events = run(SPEC, [*before, *after])
    assert told(events) == [("opened", 30), ("recovering", 31), ("resolved", 121 - 3600)]
    assert held == Held(at(129 - 3600))


def test_interrupted_takes_any_reading_as_newer_and_counts_nothing() -> None:
    held, _ = run(SPEC, steady(200, 0, 29))
    assert held is not None
    after, events = step(SPEC, interrupted(held), observed(-30, 200), LIMITS)
    assert events == ()
    assert after.warning_since == at(-30)
    held, _ = run(SPEC, steady(200, 0, 31))
    assert held is not None
    after, events = step(SPEC, interrupted(held), observed(-30, 170), LIMITS)
    assert (after.opened, after.level) == (Severity.WARNING, Severity.WARNING)


def test_watch_lets_time_go_on_so_that_it_happens_at_the_next_reading() -> None:
    held, _ = run(SPEC, steady(200, 0, 30))
    for second in range(30, 100):
        held = watch(SPEC, held, observed(second, 200), LIMITS)
    held, events = step(SPEC, held, observed(100, 200), LIMITS)
    assert told(events) == [("opened", 100)]
    assert events[0].since == at(0)
    for second in range(101, 170):
        held = watch(SPEC, held, observed(second, 10), LIMITS)
    held, events = step(SPEC, held, observed(170, 10), LIMITS)
    assert told(events) == [("recovering", 170), ("resolved", 170)]
    assert events[1].since == at(101)


def test_edited_keeps_what_is_open_and_judges_it_by_the_new_limits() -> None:
    held, _ = run(SPEC, steady(200, 0, 31))
    assert held is not None
    lower = replace(SPEC, warning=Limit(500, 450, 0), critical=None)
    after, events = step(lower, edited(held), observed(31, 200), Limits(lower.warning, None))
    assert told(events) == [("recovering", 31)]
    assert after.opened is Severity.WARNING


def test_edited_begins_what_was_pending_anew() -> None:
    held, _ = run(SPEC, steady(200, 0, 29))
    assert held is not None
    assert edited(held) == Held(at(28))


def test_aligned_with_an_incident_that_nobody_held_resolves_it() -> None:
    held = aligned(Held(at(0)), opened=Severity.CRITICAL, recovering=False)
    events = []
    for second in range(1, 63):
        held, happened = step(SPEC, held, observed(second, 10), LIMITS)
        events += happened
    assert told(events) == [("recovering", 1), ("resolved", 61)]


def test_aligned_with_no_incident_opens_one_again_while_the_value_is_still_bad() -> None:
    held, _ = run(SPEC, steady(200, 0, 31))
    assert held is not None
    _, events = step(SPEC, aligned(held, opened=Severity.OK, recovering=False), observed(31, 200), LIMITS)
    assert told(events) == [("opened", 31)]
    held, _ = run(SPEC, [*steady(200, 0, 31), *steady(10, 31, 35)])
    assert held is not None
    assert aligned(held, opened=Severity.OK, recovering=False) == Held(at(34))


def test_aligned_with_what_is_held_already_changes_nothing() -> None:
    held, _ = run(SPEC, steady(200, 0, 31))
    assert held is not None
    assert aligned(held, opened=Severity.WARNING, recovering=False) is held


SPIKE = RuleSpec(RuleKind.SPIKE, "longest_wait_time", warning=Limit(0, 0, 2), critical=Limit(300, 270, 0), spike=Spike(60, 60, 6), keep_s=5)


def test_step_of_a_spike_goes_by_the_limits_of_its_beginning() -> None:
    low, high = Limits(Limit(100, 80, 2), SPIKE.critical), Limits(Limit(900, 800, 2), SPIKE.critical)
    held: Held | None = None
    events: list[Happened] = []
    for second in range(20):
        held, happened = step(SPIKE, held, observed(second, 150), low if second == 0 else high)
        events += happened
    assert told(events) == [("opened", 2)]
    assert events[0].limit == Limit(100, 80, 2)


def test_step_of_a_spike_that_lasts_for_hours_goes_by_what_is_usual_now() -> None:
    low, high = Limits(Limit(100, 80, 2), None), Limits(Limit(900, 800, 2), None)
    hours = int(FROZEN_FOR.total_seconds())
    held: Held | None = None
    events: list[Happened] = []
    for second in range(hours + 10):
        held, happened = step(SPIKE, held, observed(second, 150), low if second == 0 else high)
        events += happened
    assert told(events) == [("opened", 2), ("recovering", hours), ("resolved", hours + 5)]


def test_step_of_a_spike_whose_usual_is_not_known_says_nothing() -> None:
    assert run(SPIKE, steady(5000, 0, 100), None)[1] == []


def test_step_of_a_spike_is_critical_only_where_it_is_a_spike() -> None:
    usual_is_high = Limits(Limit(500, 450, 2), SPIKE.critical)
    assert run(SPIKE, steady(400, 0, 100), usual_is_high)[1] == []
    _, events = run(SPIKE, steady(600, 0, 100), usual_is_high)
    assert events[0].severity is Severity.CRITICAL
