"""What is wrong with a rule, said in words at its field; and the limits that one reading is judged by."""

from __future__ import annotations

from dataclasses import replace
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.baseline import Baseline
from dashboard.domain.rules import Limit, Limits, RuleKind, RuleSpec, Spike, limits_of, problems
from dashboard.domain.thresholds import Severity

GOOD = RuleSpec(RuleKind.THRESHOLD, "longest_wait_time", warning=Limit(180, 165, 30), critical=Limit(300, 270))
BELOW = RuleSpec(RuleKind.THRESHOLD, "agents_online", higher_is_worse=False, warning=Limit(2, 3), critical=Limit(0, 1))
SPIKE = RuleSpec(RuleKind.SPIKE, "longest_wait_time", warning=Limit(0, 0, 3), critical=Limit(300, 270), spike=Spike(60, 60, 6))
LOST = RuleSpec(RuleKind.LOST, warning=Limit(60, 0))


@pytest.mark.parametrize(
    "spec", [GOOD, BELOW, SPIKE, LOST, replace(LOST, kind=RuleKind.SOURCE), replace(SPIKE, warning=None, critical=None)]
)
def test_problems_of_a_good_rule_are_none(spec: RuleSpec) -> None:
    assert problems(spec) == []


@pytest.mark.parametrize(
    ("spec", "field", "words"),
    [
        (replace(GOOD, metric=""), "metric", "Choose the metric"),
        (replace(GOOD, metric="nonsense"), "metric", "no metric 'nonsense'"),
        (replace(GOOD, warning=None, critical=None), "warning.enter", "at least one limit"),
        (replace(GOOD, warning=Limit(180, 181)), "warning.leave", "leaves at 181, which is above where it enters (180)"),
        (replace(BELOW, critical=Limit(0, -1)), "critical.leave", "which is below where it enters (0)"),
        (replace(GOOD, warning=Limit(301, 165)), "critical.enter", "before the warning"),
        (replace(BELOW, warning=Limit(-1, 3)), "critical.enter", "before the warning"),
        (replace(GOOD, warning=Limit(nan, 1)), "warning.enter", "must be a number"),
        (replace(GOOD, critical=Limit(inf, 1)), "critical.enter", "must be a number"),
        (replace(GOOD, warning=Limit(180, 165, -1)), "warning.for_s", "between 0 seconds and a day"),
        (replace(GOOD, critical=Limit(300, 270, 86_401)), "critical.for_s", "between 0 seconds and a day"),
        (replace(GOOD, critical=Limit(300, 270, nan)), "critical.for_s", "between 0 seconds and a day"),
        (replace(GOOD, keep_s=-1), "keep_s", "between 0 seconds and a day"),
        (replace(GOOD, while_metric="nonsense"), "while_metric", "no metric"),
        (replace(GOOD, while_metric="agents_away"), "while_metric", "comes from another feed"),
        (replace(GOOD, while_metric="calls_waiting", while_at_least=nan), "while_at_least", "must be a number"),
        (replace(GOOD, spike=Spike(60, 60, 6)), "spike.floor", "no other rule has them"),
        (replace(SPIKE, spike=None), "spike.floor", "A spike needs"),
        (replace(SPIKE, spike=Spike(nan, 60, 6)), "spike.floor", "0 or more"),
        (replace(SPIKE, spike=Spike(60, -1, 6)), "spike.rise", "0 or more"),
        (replace(SPIKE, spike=Spike(60, 0, 0)), "spike.rise", "every value would be a spike"),
        (replace(SPIKE, warning=Limit(0, 0, 90_000)), "warning.for_s", "between 0 seconds and a day"),
        (replace(LOST, metric="agents_away"), "metric", "has no metric"),
        (replace(LOST, higher_is_worse=False), "higher_is_worse", "too long a time"),
        (replace(LOST, warning=Limit(0, 0)), "warning.enter", "more than 0 seconds"),
    ],
)
def test_problems_name_the_field_and_say_it_in_words(spec: RuleSpec, field: str, words: str) -> None:
    found = {problem.field: problem.message for problem in problems(spec)}
    assert words in found[field]
    assert found[field].endswith(".")


@given(
    st.builds(
        RuleSpec,
        st.sampled_from(RuleKind),
        st.sampled_from(["", "longest_wait_time", "x"]),
        st.booleans(),
        st.none() | st.builds(Limit, st.floats(), st.floats(), st.floats()),
        st.none() | st.builds(Limit, st.floats(), st.floats(), st.floats()),
        st.none() | st.builds(Spike, st.floats(), st.floats(), st.floats()),
        st.floats(),
        st.sampled_from(["", "calls_waiting", "x"]),
        st.floats(),
    )
)
def test_problems_of_anything_are_sentences(spec: RuleSpec) -> None:
    assert all(problem.field and problem.message for problem in problems(spec))


def test_limits_of_a_threshold_are_its_own() -> None:
    assert limits_of(GOOD, None) == Limits(GOOD.warning, GOOD.critical)


def test_limits_of_a_spike_stand_above_the_usual_by_rise_or_spread() -> None:
    assert limits_of(SPIKE, Baseline(100, 0, 30)) == Limits(Limit(160, 145, 3), SPIKE.critical)
    wide = limits_of(SPIKE, Baseline(100, 20, 30))
    assert wide is not None
    assert wide.warning is not None
    assert wide.warning.enter == pytest.approx(100 + 6 * 1.4826 * 20)


def test_limits_of_a_spike_never_lie_below_its_floor() -> None:
    low = limits_of(replace(SPIKE, spike=Spike(90, 60, 6)), Baseline(1, 0, 30))
    assert low is not None
    assert low.warning is not None
    assert low.warning.enter == 90


def test_limits_of_a_spike_whose_usual_is_unknown_are_none() -> None:
    assert limits_of(SPIKE, None) is None


def test_limits_of_name_the_line_of_a_severity() -> None:
    both, one = Limits(GOOD.warning, GOOD.critical), Limits(None, GOOD.critical)
    assert (both.of(Severity.WARNING), both.of(Severity.CRITICAL), both.of(Severity.OK)) == (GOOD.warning, GOOD.critical, None)
    assert one.of(Severity.WARNING) == GOOD.critical
