"""One minute's arithmetic."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.increments import Fall
from dashboard.domain.minutes import Folded, Known, Moment, falls, folded, live_ratio, stood_s

MOMENTS = st.lists(st.builds(Moment, st.floats(-300, 120), st.floats(0, 200)), max_size=20).map(
    lambda found: sorted(found, key=lambda moment: moment.at_s)
)


def test_mean_weighs_each_reading_by_how_long_it_stood() -> None:
    moments = [Moment(0, 30.5), Moment(45, 30.5), Moment(55, 30.5)]
    weights = stood_s(moments, 60)
    assert weights == [30.5, 10, 5]
    assert folded([0, 9, 91], weights) == Folded(0, pytest.approx((9 * 10 + 91 * 5) / 45.5), 91, 91)


def test_reading_that_did_not_have_the_metric_is_no_zero() -> None:
    assert folded([None, 4, None], [20, 20, 20]) == Folded(4, 4, 4, 4)
    assert folded([None], [60]) is None
    assert folded([], []) is None
    assert stood_s([], 60) == []


def test_readings_at_one_instant_count_alike() -> None:
    assert folded([1, 4], [0, 0]) == Folded(1, 2.5, 4, 4)


@given(st.lists(st.tuples(st.none() | st.floats(-1e6, 1e6), st.floats(0, 60)), max_size=30))
def test_mean_and_last_lie_between_min_and_max(found: list[tuple[float | None, float]]) -> None:
    result = folded([value for value, _ in found], [weight for _, weight in found])
    known = [value for value, _ in found if value is not None]
    assert (result is None) == (not known)
    if result is not None:
        assert (result.min, result.max, result.last) == (min(known), max(known), known[-1])
        assert result.min <= result.mean <= result.max


@given(MOMENTS)
def test_live_ratio_is_the_union_of_the_live_spans(moments: list[Moment]) -> None:
    """Held against counting tenths of seconds."""
    tenths = [number / 10 for number in range(600)]
    expected = sum(any(moment.at_s <= tenth < moment.at_s + moment.live_s for moment in moments) for tenth in tenths) / 600
    assert live_ratio(moments, 0, 60) == pytest.approx(expected, abs=len(moments) * 2 / 600 + 1e-9)


def test_live_ratio_counts_what_is_still_live_from_before() -> None:
    assert live_ratio([Moment(-20, 50)], 0, 60) == 0.5
    assert live_ratio([Moment(-20, 50), Moment(40, 100)], 0, 60) == pytest.approx(50 / 60)
    assert live_ratio([], 0, 60) == 0
    with pytest.raises(ValueError, match="no length"):
        live_ratio([], 60, 60)


def test_falls_are_told_apart_and_the_last_value_is_carried_on() -> None:
    midnight = datetime(2026, 11, 21, tzinfo=UTC)
    times = [midnight + timedelta(minutes=minutes) for minutes in (-60, -30, 0, 60)]
    found, known = falls(Known(midnight - timedelta(hours=2), 9), zip(times, [8, 12, 0, None], strict=True), UTC)
    assert found == {Fall.CORRECTED, Fall.RESET}
    assert known == Known(midnight, 0)
    assert falls(None, [(midnight, None)], UTC) == (set(), None)
