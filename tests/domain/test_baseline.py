"""What is usual, and that a spike among the values hardly moves it."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.baseline import FEWEST_OF_QUARTER, FEWEST_OF_WEEKS, FEWEST_RECENT, Baseline, Peaks, baseline_of, peaks, usual


def test_baseline_of_values_is_their_median_and_its_deviation() -> None:
    assert baseline_of([1, 2, 3, 4, 100], fewest=5) == Baseline(3, 1, 5)


def test_baseline_of_too_few_values_is_not_known() -> None:
    assert baseline_of([1, 2], fewest=3) is None
    assert baseline_of([], fewest=0) is None


def test_spread_of_normal_values_is_their_standard_deviation() -> None:
    values = [statistics.NormalDist(100, 15).inv_cdf((number + 0.5) / 2001) for number in range(2001)]
    found = baseline_of(values, fewest=1)
    assert found is not None
    assert found.spread == pytest.approx(15, rel=0.01)


def test_usual_prefers_the_same_time_of_past_weeks() -> None:
    around, recent = [40.0] * FEWEST_OF_WEEKS, [7.0] * 30
    assert usual(Peaks([40.0] * 3, around), recent) == Baseline(40, 0, FEWEST_OF_WEEKS)
    assert usual(Peaks([40.0] * 3, around[1:]), recent) == Baseline(7, 0, 30)
    assert usual(Peaks([], around), recent) == Baseline(7, 0, 30)


def test_usual_of_a_rush_in_this_quarter_of_an_hour_alone_is_the_rush() -> None:
    rush = Peaks([150.0] * 8, [150.0] * 8 + [10.0, 20.0, 30.0, 40.0] * 8)
    assert usual(rush, ()) == Baseline(150, 10, 40)
    assert usual(rush, (), higher_is_worse=False) == Baseline(30, 10, 40)


def test_peaks_are_the_worst_of_each_quarter_that_is_known_well_enough() -> None:
    known, hardly = [1.0, 2.0, 9.0, 4.0, 5.0, 6.0, 7.0, 8.0], [99.0] * (FEWEST_OF_QUARTER - 1)
    quarters = {-1: [hardly, [3.0] * 15], 0: [known, ()]}
    assert peaks(quarters, higher_is_worse=True) == Peaks([9], [3, 9])
    assert peaks(quarters, higher_is_worse=False) == Peaks([1], [3, 1])


def test_usual_of_too_little_is_not_known() -> None:
    assert usual(Peaks(), [7.0] * (FEWEST_RECENT - 1)) is None


@given(st.lists(st.floats(0, 1000), min_size=5, max_size=40), st.floats(0, 1e9))
def test_one_value_of_any_size_moves_the_median_no_further_than_its_neighbour(values: list[float], odd: float) -> None:
    ordered = sorted(values)
    found = baseline_of([*values, odd], fewest=1)
    assert found is not None
    middle = len(ordered) // 2
    assert ordered[middle - 1] <= found.median <= ordered[min(middle + 1, len(ordered) - 1)]
    assert found.mad >= 0
