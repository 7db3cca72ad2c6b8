"""A minute's bytes: what goes in comes out, in whatever company."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.minutes import Folded
from dashboard.history.packing import LARGEST, UnreadableError, packed, unpacked

BIG = 2**32 - 1
NUMBERS = st.one_of(
    st.integers(0, 300),
    st.integers(0, 2**32),
    st.integers(0, int(LARGEST)),
    st.floats(0, 1),
    st.floats(-LARGEST, LARGEST),
    st.sampled_from([255, 256, 65_535, 65_536, 2**32 - 1, 2**32, -1]),
)


@st.composite
def folds(draw: st.DrawFn) -> Folded:
    lowest, last, highest = sorted(draw(st.lists(NUMBERS, min_size=3, max_size=3)))
    share = draw(st.floats(0, 1))
    mean = min(highest, max(lowest, lowest + (highest - lowest) * share))
    return Folded(lowest, mean, highest, last, draw(st.booleans()), draw(st.booleans()))


COLUMNS = st.lists(st.none() | folds(), min_size=1, max_size=30)


@given(COLUMNS)
def test_each_column_comes_back_as_it_was_the_mean_nearly(columns: list[Folded | None]) -> None:
    row = packed(columns)
    for index, column in enumerate(columns):
        found = unpacked(row, len(columns), index)
        if column is None or found is None:
            assert found is column
            continue
        assert (found.min, found.max, found.last) == (column.min, column.max, column.last)
        assert (found.reset, found.corrected) == (column.reset, column.corrected)
        assert found.min <= found.mean <= found.max
        assert found.mean == pytest.approx(column.mean, rel=1e-12, abs=(column.max - column.min) / 131_000 + 1e-9)


@pytest.mark.parametrize(
    ("column", "size"),
    [(None, 0), (Folded(7, 7, 7, 7), 1), (Folded(300, 300, 300, 300), 2), (Folded(BIG, BIG, BIG, BIG), 4), (Folded(0.5, 0.5, 0.5, 0.5), 8),
     (Folded(0, 3.5, 12, 4), 5), (Folded(40_000, 40_003, 40_009, 40_009), 6), (Folded(0.1, 0.2, 0.3, 0.2), 26)],
)  # fmt: skip
def test_metric_takes_as_many_bytes_as_it_says(column: Folded | None, size: int) -> None:
    assert len(packed([column])) == 2 + size


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 1e16])
def test_number_that_cannot_be_kept_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="cannot be kept"):
        packed([Folded(0, 0, number, 0)])


@pytest.mark.parametrize("row", [b"", b"\x02\x01\x07", b"\x01", b"\x01\x3f\x07", b"\x01\x07\x00"])
def test_row_that_is_no_minute_of_this_version_says_so(row: bytes) -> None:
    with pytest.raises(UnreadableError):
        unpacked(row, 1, 0)


def test_column_that_the_row_does_not_have_is_unreadable() -> None:
    row = packed([Folded(1, 1, 1, 1)])
    for count, index in ((1, 1), (1, -1), (9, 8)):
        with pytest.raises(UnreadableError):
            unpacked(row, count, index)


@given(st.binary(max_size=60), st.integers(1, 20), st.integers(0, 19))
def test_any_bytes_give_a_minute_or_are_unreadable(row: bytes, count: int, index: int) -> None:
    with contextlib.suppress(UnreadableError):
        unpacked(row, count, index)
