"""The parts beneath the world: agenda, profile, roster, chance, the log of who waited."""

from __future__ import annotations

from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.emulator import chance
from dashboard.emulator.agenda import Agenda
from dashboard.emulator.counters import WaitingLog
from dashboard.emulator.profile import demand, in_business_hours
from dashboard.emulator.roster import SHIFT_MINUTES, shift, shift_starts

MINUTES = range(24 * 60)


@given(st.lists(st.integers(0, 50)))
def test_agenda_calls_in_order_of_time_then_of_entry(times: list[int]) -> None:
    agenda, called = Agenda(0), list[tuple[int, int]]()
    for place, when in enumerate(times):
        agenda.at(when, lambda when, place: called.append((when, place)), when, place)
    agenda.run_to(100)
    assert called == sorted((when, place) for place, when in enumerate(times))
    assert agenda.now_ms == 100


def test_agenda_runs_what_is_due_and_not_a_moment_more() -> None:
    agenda, called = Agenda(1000), list[str]()
    agenda.after(1.0, called.append, "due")
    agenda.after(1.001, called.append, "later")
    agenda.at(5, called.append, "past")
    agenda.run_to(2000)
    assert called == ["past", "due"]
    agenda.run_to(500)
    assert agenda.now_ms == 2000


def test_demand_over_the_day_has_two_peaks_and_a_night_that_is_never_silent() -> None:
    shape = [demand(minute) for minute in MINUTES]
    assert mean(shape) == pytest.approx(1, abs=0.001)
    peaks = [m for m in range(1, 1439) if shape[m - 1] < shape[m] > shape[m + 1]]
    assert peaks == [10 * 60 + 30, 14 * 60 + 30]
    assert 0.2 < mean(shape[60 : 5 * 60]) < 0.5
    assert min(shape) > 0.2
    assert demand(0) == pytest.approx(demand(1439.99), abs=0.01)


def test_business_hours_are_from_eight_to_twenty() -> None:
    assert [in_business_hours(hour * 60) for hour in (7.99, 8, 19.99, 20)] == [False, True, True, False]


@pytest.mark.parametrize("count", [1, 2, 6, 18, 40, 200])
def test_roster_of_any_size_employs_everybody_and_of_a_dozen_covers_every_hour(count: int) -> None:
    starts = shift_starts(count)
    assert len(starts) == count
    cover = [sum((minute - start) % 1440 < SHIFT_MINUTES for start in starts) for minute in MINUTES]
    if count >= 18:
        assert min(cover) >= 2
        assert cover[14 * 60] > 2 * cover[3 * 60]


@given(st.integers(0, 10_000), st.sampled_from((330, 540, 1380)))
def test_shift_lasts_eight_hours_and_a_half_with_its_breaks_inside(seed: int, start: int) -> None:
    planned = shift(chance.stream(seed), start)
    assert abs(planned.end_minute - planned.start_minute - SHIFT_MINUTES) < 10
    assert len(planned.spells) >= 3
    assert all(planned.start_minute < spell.start_minute < planned.end_minute for spell in planned.spells)
    assert {spell.state for spell in planned.spells} <= {"away", "offline", "transfers_only"}


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng: chance.lognormal_s(rng, 100, 0.75),
        lambda rng: chance.weibull_s(rng, 100, 1.35),
        lambda rng: chance.exponential_s(rng, 100),
        lambda rng: chance.gamma_s(rng, 100, 2),
    ],
)
def test_durations_have_the_mean_asked_for(draw: object) -> None:
    assert callable(draw)
    rng = chance.stream("durations")
    assert mean(draw(rng) for _ in range(20_000)) == pytest.approx(100, rel=0.03)


def test_streams_of_other_names_are_other_streams_and_of_the_same_the_same() -> None:
    assert chance.stream(1, "a").random() == chance.stream(1, "a").random() != chance.stream(1, "b").random()


@given(st.lists(st.tuples(st.sampled_from((1, 2, 3)), st.booleans(), st.booleans())))
def test_most_waiting_at_once_is_exact_for_every_set_of_lines(changes: list[tuple[int, bool, bool]]) -> None:
    log, sets = WaitingLog(), ((1,), (1, 2), (1, 2, 3), (3,), ())
    waiting, peaks = {1: 0, 2: 0, 3: 0}, dict.fromkeys(sets, 0)
    for line, enters, looked_at in changes:
        by = 1 if enters or not waiting[line] else -1
        waiting[line] += by
        log.change(line, by)
        for lines in sets:
            peaks[lines] = max(peaks[lines], sum(waiting[i] for i in lines))
            assert not looked_at or log.peak(lines) == peaks[lines]
    assert {lines: log.peak(lines) for lines in sets} == peaks
    log.reset()
    assert {lines: log.peak(lines) for lines in sets} == {lines: sum(waiting[i] for i in lines) for lines in sets}


def test_log_of_who_waited_asked_for_ever_new_filters_stays_small() -> None:
    log = WaitingLog()
    log.change(1, 1)
    assert all(log.peak((1, other)) == 1 for other in range(2, 1000))
    assert len(log._peaks) <= 64
