from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.thresholds import Severity, Threshold, judge

WAIT = Threshold(target=120, warning_enter=120, warning_leave=105, critical_enter=180, critical_leave=165)
SERVICE = Threshold(target=0.8, warning_enter=0.8, warning_leave=0.82, critical_enter=0.6, critical_leave=0.65, higher_is_worse=False)
numbers = st.floats(min_value=0, max_value=1000)
severities = st.sampled_from(list(Severity))


@pytest.mark.parametrize(
    ("value", "previous", "expected"),
    [
        (119, Severity.OK, Severity.OK),
        (120, Severity.OK, Severity.WARNING),
        (106, Severity.WARNING, Severity.WARNING),
        (105, Severity.WARNING, Severity.OK),
        (180, Severity.OK, Severity.CRITICAL),
        (166, Severity.CRITICAL, Severity.CRITICAL),
        (165, Severity.CRITICAL, Severity.WARNING),
        (110, Severity.CRITICAL, Severity.WARNING),
        (105, Severity.CRITICAL, Severity.OK),
        (None, Severity.CRITICAL, Severity.OK),
    ],
)
def test_judge_at_each_line_enters_and_leaves_apart(value: float | None, previous: Severity, expected: Severity) -> None:
    assert judge(value, previous, WAIT) is expected


@pytest.mark.parametrize(
    ("value", "previous", "expected"),
    [
        (0.81, Severity.OK, Severity.OK),
        (0.80, Severity.OK, Severity.WARNING),
        (0.81, Severity.WARNING, Severity.WARNING),
        (0.82, Severity.WARNING, Severity.OK),
        (0.59, Severity.OK, Severity.CRITICAL),
        (0.64, Severity.CRITICAL, Severity.CRITICAL),
        (0.65, Severity.CRITICAL, Severity.WARNING),
    ],
)
def test_judge_where_lower_is_worse_is_mirrored(value: float, previous: Severity, expected: Severity) -> None:
    assert judge(value, previous, SERVICE) is expected


@given(value=numbers, previous=severities)
def test_judge_twice_with_the_same_value_settles(value: float, previous: Severity) -> None:
    once = judge(value, previous, WAIT)
    assert judge(value, once, WAIT) is once


@given(low=numbers, high=numbers, previous=severities)
def test_judge_of_a_worse_value_is_never_milder(low: float, high: float, previous: Severity) -> None:
    low, high = sorted((low, high))
    rank = list(Severity).index
    assert rank(judge(low, previous, WAIT)) <= rank(judge(high, previous, WAIT))


@pytest.mark.parametrize(
    "values",
    [
        {"warning_leave": 121},
        {"critical_leave": 181},
        {"critical_enter": 100, "critical_leave": 90},
    ],
)
def test_threshold_with_contradicting_values_is_refused(values: dict[str, float]) -> None:
    good = {"target": 120, "warning_enter": 120, "warning_leave": 105, "critical_enter": 180, "critical_leave": 165}
    with pytest.raises(ValueError, match="enter"):
        Threshold(**{**good, **values})
