"""Differences of daily totals: never negative, never over a gap, and midnight is midnight."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.increments import SKEW, Fall, Increment, Total, day_began, fall, increments

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 20, 9, tzinfo=UTC)
LIVE_S = 30.5


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def totals(*found: tuple[float, float]) -> list[Total]:
    return [Total(at(second), value, LIVE_S) for second, value in found]


def grown(found: list[Total], *edges_s: float) -> list[float | None]:
    return [step.value for step in increments(found, [at(edge) for edge in edges_s], BERLIN)]


def test_growth_belongs_to_the_step_of_the_later_reading() -> None:
    found = totals((-10, 100), (5, 101), (20, 103), (35, 103), (50, 104), (65, 110), (80, 111), (95, 111), (110, 111))
    assert grown(found, 0, 60, 120) == [4, 7]


def test_step_whose_edges_are_not_both_known_is_unknown() -> None:
    found = totals((10, 100), (25, 101), (40, 102), (55, 103), (70, 109))
    assert grown(found, 0, 60, 120) == [None, None]
    assert grown(found, 10, 60, 100) == [3, 6]
    assert grown([], 0, 60, 120) == [None, None]


def test_gap_within_a_step_loses_nothing_and_one_over_an_edge_makes_both_unknown() -> None:
    inside = totals((0, 100), (20, 101), (100, 107), (120, 108))
    assert grown(inside, 0, 120, 140) == [7, 1]
    over = totals((0, 100), (20, 101), (100, 107), (120, 108), (150, 108), (180, 109), (200, 109))
    assert grown(over, 0, 60, 120, 180, 200) == [None, None, 1, 1]
    assert grown(totals((0, 100), (500, 200), (530, 200)), 0, 60, 120, 600) == [None, None, None]


def test_reset_at_midnight_begins_anew_from_nothing() -> None:
    midnight = 14 * 3600  # 23:00 UTC is midnight in Berlin in winter
    found = totals((midnight - 20, 900), (midnight - 5, 904), (midnight + 10, 3), (midnight + 25, 4))
    assert increments(found, [at(midnight - 20), at(midnight), at(midnight + 40)], BERLIN) == [Increment(4), Increment(4, reset=True)]


def test_midnight_within_a_gap_makes_the_step_unknown() -> None:
    midnight = 14 * 3600
    found = totals((midnight - 300, 100), (midnight + 300, 4), (midnight + 320, 5))
    (step,) = increments(found, [at(midnight - 300), at(midnight + 330)], BERLIN)
    assert step == Increment(None, reset=True)
    risen = totals((midnight - 300, 1), (midnight + 300, 4), (midnight + 320, 5))
    assert grown(risen, midnight - 300, midnight + 330) == [None], "it was reset, though nothing shows it"


def test_correction_is_marked_and_counts_as_nothing() -> None:
    found = totals((0, 100), (15, 103), (30, 98), (45, 99), (59, 99))
    assert increments(found, [at(0), at(60)], BERLIN) == [Increment(4, corrected=True)]


def test_marks_of_minutes_are_heeded_where_the_values_do_not_show_them() -> None:
    midnight = 14 * 3600
    found = [Total(at(midnight - 60), 2, 61), Total(at(midnight), 5, 61, reset=True), Total(at(midnight + 60), 7, 61, corrected=True)]
    edges = [at(midnight - 60), at(midnight - 1), at(midnight + 59), at(midnight + 119)]
    assert increments(found, edges, BERLIN) == [Increment(0), Increment(5, reset=True), Increment(2, corrected=True)]


@given(
    st.lists(st.tuples(st.floats(0.1, 100), st.integers(-3, 50)), max_size=60),
    st.lists(st.floats(1, 3000), min_size=1, max_size=20),
    st.sampled_from(["UTC", "Europe/Berlin", "America/Santiago", "Asia/Kathmandu"]),
)
def test_increments_are_never_negative(moves: list[tuple[float, int]], lengths_s: list[float], zone: str) -> None:
    second, value, found = 0.0, 100, []
    for wait_s, change in moves:
        second, value = second + wait_s, max(0, value + change)
        found.append(Total(at(14 * 3600 - 500 + second), value, LIVE_S))
    edges = [at(14 * 3600 - 400 + sum(lengths_s[:index])) for index in range(len(lengths_s) + 1)]
    assert all(step.value is None or step.value >= 0 for step in increments(found, edges, ZoneInfo(zone)))


@given(st.lists(st.tuples(st.floats(0.1, 30), st.integers(0, 50)), min_size=1, max_size=80), st.floats(1, 600))
def test_sum_of_increments_is_last_minus_first_when_nothing_fell(moves: list[tuple[float, int]], step_s: float) -> None:
    second, value = 0.0, 7
    found = [Total(at(0), value, LIVE_S)]
    for wait_s, change in moves:
        second, value = second + wait_s, value + change
        found.append(Total(at(second), value, LIVE_S))
    edges = [at(0)]
    while edges[-1] <= at(second):
        edges.append(min(edges[-1] + timedelta(seconds=step_s), at(second) + timedelta(seconds=1)))
    steps = increments(found, edges, BERLIN)
    assert all(step.value is not None for step in steps)
    assert sum(step.value or 0 for step in steps) == found[-1].value - found[0].value


# The account's midnight in UTC; Santiago's clocks skip theirs in spring, Beirut's too, and Azores' go from one o'clock back to midnight.
@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("UTC", datetime(2026, 11, 21, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 28, 23, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 24, 22, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 25, 23, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 11, 21, 18, 15, tzinfo=UTC)),
        ("America/Santiago", datetime(2026, 9, 6, 4, tzinfo=UTC)),
        ("Asia/Beirut", datetime(2026, 3, 28, 22, tzinfo=UTC)),
        ("Atlantic/Azores", datetime(2026, 10, 25, 0, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 1, 4, tzinfo=UTC)),
    ],
)
def test_fall_is_a_reset_near_midnight_of_the_account_and_a_correction_elsewhere(zone: str, midnight: datetime) -> None:
    place, poll = ZoneInfo(zone), timedelta(seconds=15)
    assert fall(midnight - poll, 100, midnight + poll, 3, place) is Fall.RESET
    assert fall(midnight - SKEW - poll, 100, midnight - SKEW + poll, 3, place) is Fall.RESET, "the vendor's clock is ahead"
    assert fall(midnight + SKEW - poll, 100, midnight + SKEW, 3, place) is Fall.RESET, "the vendor's clock is behind"
    assert fall(midnight - timedelta(hours=9), 100, midnight + timedelta(hours=8), 3, place) is Fall.RESET
    for minutes in (-180, -120, -60, -5, 5, 60, 120, 180):
        then = midnight + timedelta(minutes=minutes)
        assert fall(then, 100, then + poll, 99, place) is Fall.CORRECTED
    assert fall(midnight - poll, 100, midnight + poll, 100, place) is None


def test_each_day_begins_once_whatever_the_clock_does() -> None:
    for zone in ("Europe/Berlin", "America/Santiago", "Asia/Beirut", "Atlantic/Azores", "Australia/Lord_Howe", "America/Havana"):
        start = datetime(2026, 1, 1, 12, tzinfo=UTC)
        moments = [start + timedelta(minutes=15 * number) for number in range(365 * 96)]
        begun = sum(day_began(before, after, ZoneInfo(zone)) for before, after in itertools.pairwise(moments))
        assert 364 <= begun <= 365
