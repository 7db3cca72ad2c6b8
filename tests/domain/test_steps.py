"""Steps lose and invent nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.minutes import Folded
from dashboard.domain.steps import Steps

VALUES = st.lists(st.tuples(st.floats(-100, 7300), st.integers(0, 4000), st.floats(0, 60)), max_size=60)


@given(VALUES, st.floats(1, 8000))
def test_steps_lose_and_invent_nothing(found: list[tuple[float, int, float]], step_s: float) -> None:
    steps = Steps(0, 7200, step_s)
    for at_s, value, weight_s in sorted(found):
        steps.add_value(at_s, value, weight_s)
    values = [value for at_s, value, _ in found if 0 <= at_s < 7200]
    filled = [step for step in steps.steps if step.count]
    assert sum(step.count for step in steps.steps) == len(values)
    assert max((step.max for step in filled), default=None) == max(values, default=None)
    assert min((step.min for step in filled), default=None) == min(values, default=None)
    assert all(step.min <= step.mean <= step.max for step in filled)
    assert all(step.min <= step.last <= step.max for step in filled)


@given(st.lists(st.floats(-100, 7300), max_size=20), st.floats(1, 8000))
def test_live_spans_are_split_over_steps_and_none_of_them_is_lost(times: list[float], step_s: float) -> None:
    steps = Steps(0, 7200, step_s)
    edges = sorted(times)
    for from_s, to_s in zip(edges[::2], edges[1::2], strict=False):
        steps.add_live(from_s, to_s)
    expected = sum(max(0.0, min(b, 7200) - max(a, 0)) for a, b in zip(edges[::2], edges[1::2], strict=False))
    assert sum(step.live_s for step in steps.steps) == pytest.approx(expected, abs=1e-6)
    assert all(0 <= step.live_s <= step_s + 1e-6 for step in steps.steps)
    assert all(0 <= steps.live_ratio(index, 10_000) <= 1 for index in range(len(steps.steps)))


def test_mean_weighs_figures_by_how_long_they_stood() -> None:
    steps = Steps(0, 120, 120)
    steps.add_value(0, 10, 50)
    steps.add_value(50, 70, 10)
    assert steps.steps[0].mean == 20
    steps.add(60, Folded(0, 20, 100, 5), 60)
    step = steps.steps[0]
    assert (step.count, step.min, step.mean, step.max, step.last) == (3, 0, 20, 100, 5)


def test_figures_that_stood_for_no_time_count_alike() -> None:
    steps = Steps(0, 60, 60)
    steps.add_value(1, 1, 0)
    steps.add_value(1, 2, 0)
    assert steps.steps[0].mean == 1.5


def test_step_in_hand_is_judged_by_what_has_passed_of_it() -> None:
    steps = Steps(0, 120, 60)
    steps.add_live(0, 75)
    assert steps.live_ratio(1, 75) == 1
    assert steps.live_ratio(1, 90) == 0.5
    assert steps.live_ratio(1, 60) == 0


@pytest.mark.parametrize(("end_s", "step_s"), [(0, 1), (-1, 1), (10, 0)])
def test_steps_of_nothing_are_refused(end_s: float, step_s: float) -> None:
    with pytest.raises(ValueError, match="need a span"):
        Steps(0, end_s, step_s)
