"""The suggested limit: about as often as was asked for, by the back-test's own count, in a human step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.alerts.past import Past, of_minute
from dashboard.alerts.suggest import NoSuggestionError, suggest, with_limit
from dashboard.domain.catalogue import Unit
from dashboard.domain.rules import Limit, RuleKind, RuleSpec, Spike, problems
from dashboard.history.reader import MinuteValue

START, ZONE = datetime(2026, 11, 2, tzinfo=UTC), ZoneInfo("UTC")
ABOVE = RuleSpec(RuleKind.THRESHOLD, "longest_wait_time", warning=Limit(180, 160, 30), keep_s=60)
BELOW = RuleSpec(RuleKind.THRESHOLD, "agents_online", higher_is_worse=False, warning=Limit(2, 3), keep_s=60)
SPIKE = RuleSpec(RuleKind.SPIKE, "longest_wait_time", warning=Limit(0, 0, 30), spike=Spike(60, 60, 6), keep_s=60)


def past(values: list[float | None]) -> Past:
    blocks = [
        of_minute(MinuteValue(START + timedelta(minutes=number), value, value, value, value, 1.0, False, False), holds=True)
        for number, value in enumerate(values)
        if value is not None
    ]
    return Past(START, START + timedelta(minutes=len(values)), blocks, [], START + timedelta(minutes=len(values)))


def week(peaks: list[float], usual: float = 20.0, *, minutes: int = 5) -> Past:
    """A week with these peaks of some minutes each, spread evenly."""
    values = [usual] * (7 * 1440)
    for number, peak in enumerate(peaks):
        first = 100 + number * (7 * 1440 - 200) // max(1, len(peaks))
        values[first : first + minutes] = [peak] * minutes
    return past(list(values))


@pytest.mark.parametrize(("per_week", "between"), [(1, (550, 600)), (3, (450, 500)), (10, (100, 150))])
def test_suggestion_lies_where_it_tells_so_often(per_week: int, between: tuple[int, int]) -> None:
    found = suggest(ABOVE, Unit.SECONDS, week([50.0 * number for number in range(3, 13)]), per_week=per_week, zone=ZONE)
    assert between[0] < found.enter <= between[1] or found.enter == between[1]
    assert len(found.back_test.incidents) == per_week
    assert found.enter % 5 == 0
    assert found.leave < found.enter


@settings(max_examples=8)
@given(peaks=st.lists(st.integers(30, 900), min_size=1, max_size=20), per_week=st.integers(1, 30))
def test_suggestion_is_a_rule_that_can_be_saved_and_tells_at_least_once(peaks: list[int], per_week: int) -> None:
    found = suggest(ABOVE, Unit.SECONDS, week([float(peak) for peak in peaks]), per_week=per_week, zone=ZONE)
    assert problems(with_limit(ABOVE, found.enter, Unit.SECONDS)) == []
    assert found.back_test.incidents
    assert found.back_test.open_ratio <= 0.25


def test_suggestion_below_looks_down() -> None:
    found = suggest(BELOW, Unit.COUNT, week([3.0, 2.0, 1.0, 0.0], usual=12.0), per_week=2, zone=ZONE)
    assert (found.enter, len(found.back_test.incidents)) == (1, 2)
    assert found.leave > found.enter


def test_suggestion_for_a_spike_is_its_floor() -> None:
    found = suggest(SPIKE, Unit.SECONDS, week([200.0, 300.0, 400.0]), per_week=1, zone=ZONE)
    assert 300 < found.enter <= 400
    assert with_limit(SPIKE, found.enter, Unit.SECONDS).spike == Spike(found.enter, 60, 6)


def test_suggestion_never_is_a_limit_that_is_always_passed() -> None:
    """Two peaks a week: thirty a week cannot be had, and a limit below the usual would be one incident for ever."""
    found = suggest(ABOVE, Unit.SECONDS, week([300.0, 400.0]), per_week=30, zone=ZONE)
    assert found.enter > 20
    assert len(found.back_test.incidents) == 2


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([20.0] * 1440, "only 24 h of history"),
        ([20.0] * 1440 + [None] * 8 * 1440, "only 24 h of history"),
        ([20.0] * 5 * 1440, "only one value"),
        ([20.0] * 5 * 1440 + [400.0], "No limit would have told"),
    ],
)
def test_suggestion_that_cannot_be_made_says_why(values: list[float | None], sentence: str) -> None:
    spec = RuleSpec(RuleKind.THRESHOLD, "longest_wait_time", warning=Limit(180, 160, 300), keep_s=60)
    with pytest.raises(NoSuggestionError, match=sentence):
        suggest(spec, Unit.SECONDS, past(values), per_week=2, zone=ZONE)


def test_limit_beyond_the_critical_one_drops_that() -> None:
    spec = RuleSpec(RuleKind.THRESHOLD, "longest_wait_time", warning=Limit(60, 50), critical=Limit(120, 100))
    assert with_limit(spec, 90, Unit.SECONDS).critical == Limit(120, 100)
    assert with_limit(spec, 200, Unit.SECONDS).critical is None
