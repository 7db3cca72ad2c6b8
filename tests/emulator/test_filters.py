"""Id lists in any spelling, and in none."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dashboard.emulator.answers import Refused
from dashboard.emulator.filters import ids

SPACE = st.sampled_from(["", " ", "  "])


@given(st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=100), st.booleans(), SPACE)
def test_ids_written_out_are_read_back(numbers: list[int], brackets: bool, space: str) -> None:
    text = f"{space},{space}".join(map(str, numbers))
    assert ids([("x", f"{space}[{text}]{space}" if brackets else text)], "x") == frozenset(numbers)


@given(st.text(max_size=300))
def test_any_text_is_ids_or_400(text: str) -> None:
    try:
        found = ids([("x", text)], "x")
    except Refused as refused:
        status, found = refused.answer.status, None
    else:
        status = 200
    assert status in {200, 400}
    assert all(0 <= number < 2**63 for number in found or ())


def test_absent_parameter_is_no_filter() -> None:
    assert ids([("y", "1")], "x") is None


def test_parameter_given_twice_counts_the_last_time() -> None:
    assert ids([("x", "1"), ("x", "2")], "x") == frozenset({2})
