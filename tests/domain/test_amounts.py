"""Amounts in people's words, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.amounts import AmountError, clock, duration_s, leave_for, measured, parse, say, span
from dashboard.domain.catalogue import Unit


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3:00", 180),
        ("0:05", 5),
        ("1:30:00", 5400),
        ("90", 90),
        (" 90 s ", 90),
        ("2.5 min", 150),
        ("1h", 3600),
        ("1 day", 86_400),
        ("90:00", 5400),
        ("2 d 4 h", 187_200),
        ("1 day 30 min", 88_200),
        ("2d", 172_800),
    ],
)
def test_duration_is_read(text: str, seconds: float) -> None:
    assert duration_s(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "soon", "-5", "3:60", "1:75:00", "1:2:3", "nan", "inf", "1e3", "3,5", "٣", "5 years", "9" * 400, ":30"]
)
def test_duration_that_is_none_says_so(text: str) -> None:
    with pytest.raises(AmountError) as refused:
        duration_s(text)
    assert len(str(refused.value)) < 160


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [("5 %", Unit.RATIO, 0.05), ("5", Unit.RATIO, 0.05), ("4.5%", Unit.RATIO, 0.045), ("8", Unit.COUNT, 8), ("2.5", Unit.COUNT, 2.5)],
)
def test_amount_is_read_in_its_unit(text: str, unit: Unit, value: float) -> None:
    assert parse(text, unit) == pytest.approx(value)


@given(st.integers(0, 10**6))
def test_seconds_are_said_and_read_back(seconds: int) -> None:
    assert duration_s(clock(seconds)) == seconds


@given(st.integers(0, 100_000), st.sampled_from([Unit.COUNT, Unit.RATIO]))
def test_amounts_are_said_and_read_back(thousandths: int, unit: Unit) -> None:
    value = thousandths / (100_000 if unit is Unit.RATIO else 1000)
    assert parse(say(value, unit), unit) == pytest.approx(value, abs=1e-9)


@given(st.floats(0, 1e6), st.sampled_from(list(Unit)), st.booleans())
def test_leave_value_lies_on_the_calm_side(enter: float, unit: Unit, higher_is_worse: bool) -> None:
    leave = leave_for(enter, unit, higher_is_worse=higher_is_worse)
    assert leave >= 0
    assert leave <= enter if higher_is_worse else leave > enter


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (119, "119 s"), (150, "2 min"), (7199, "2 h"), (12_000, "3 h 20 min"), (86_400, "24 h"), (172_800, "2 days")],
)
def test_span_is_said_in_words(seconds: float, words: str) -> None:
    assert span(seconds) == words


@pytest.mark.parametrize(
    ("value", "limit", "told"),
    [(0.9168665, None, 0.917), (0.9168665, 0.999, 0.917), (0.05004, 0.05, 0.05004), (0.9994, 0.9992, 0.9994), (0.05, 0.05, 0.05)],
)
def test_measured_share_is_told_to_a_tenth_of_a_per_cent_and_never_beyond_its_limit(value: float, limit: float | None, told: float) -> None:
    assert measured(value, Unit.RATIO, limit) == told
    assert measured(value, Unit.COUNT, limit) == value
