"""How much of a name a board shows: never more than it was told, and always enough to tell two people apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.names import shown_names

NAMES = ["Ana Pérez", "Ana Paz", "Ana", "Łukasz Nowak", "王小明", "  Maria   de la Cruz ", ""]


@pytest.mark.parametrize(
    ("policy", "shown"),
    [
        ("full", NAMES),
        ("first", ["Ana Pé.", "Ana Pa.", "Ana", "Łukasz", "王小明", "Maria", ""]),
        ("initials", ["AP", "AP", "A", "ŁN", "王", "MC", ""]),
        ("none", [""] * 7),
        ("nonsense", [""] * 7),
    ],
)
def test_names_are_shown_as_the_board_says(policy: str, shown: list[str]) -> None:
    assert shown_names(NAMES, policy) == shown


@given(st.lists(st.text(max_size=20)), st.sampled_from(["full", "first", "initials", "none", ""]))
def test_any_names_keep_their_number_and_order(names: list[str], policy: str) -> None:
    shown = shown_names(names, policy)
    assert len(shown) == len(names)
    if policy == "none":
        assert set(shown) <= {""}
