"""What is usual, and that a spike among the values hardly moves it."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.baseline import FEWEST_OF_WEEKS, FEWEST_RECENT, Baseline, baseline_of, usual


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
    weeks, recent = [40.0] * FEWEST_OF_WEEKS, [7.0] * 30
    assert usual(weeks, recent) == Baseline(40, 0, FEWEST_OF_WEEKS)
    assert usual(weeks[1:], recent) == Baseline(7, 0, 30)


def test_usual_of_too_little_is_not_known() -> None:
    assert usual([], [7.0] * (FEWEST_RECENT - 1)) is None


@given(st.lists(st.floats(0, 1000), min_size=5, max_size=40), st.floats(0, 1e9))
def test_one_value_of_any_size_moves_the_median_no_further_than_its_neighbour(values: list[float], odd: float) -> None:
    ordered = sorted(values)
    found = baseline_of([*values, odd], fewest=1)
    assert found is not None
    middle = len(ordered) // 2
    assert ordered[middle - 1] <= found.median <= ordered[min(middle + 1, len(ordered) - 1)]
    assert found.mad >= 0
