"""How much of a name a board shows: never more than it was told, and always enough to tell two people apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.names import name_order, shown_names

NAMES = ["Ana Pérez", "Ana Paz", "Ana", "Łukasz Nowak", "王小明", "  Maria   de la Cruz ", ""]


@pytest.mark.parametrize(
    ("policy", "shown"),
    [
        ("full", NAMES),
        ("first", ["Ana Pé.", "Ana Pa.", "Ana", "Łukasz", "小明", "Maria", ""]),
        ("initials", ["AP", "AP", "A", "ŁN", "王", "MC", ""]),
        ("none", [""] * 7),
        ("nonsense", [""] * 7),
    ],
)
def test_names_are_shown_as_the_board_says(policy: str, shown: list[str]) -> None:
    assert shown_names(NAMES, policy) == shown


@pytest.mark.parametrize(
    ("names", "first", "initials"),
    [
        (["Ana Li", "Ana Lind"], ["Ana L.", "Ana Lin."], ["AL", "AL"]),
        (["Ana Pérez", "Ana Pérez"], ["Ana P.", "Ana P."], ["AP", "AP"]),
        (["Ana P", "Ana S."], ["Ana P.", "Ana S."], ["AP", "AS"]),
        (["Lovelace, Ada", "Lovelace,"], ["Ada", "Lovelace"], ["AL", "L"]),
        (["ada.lovelace@example.com", "Ada Byron <ada@example.com>"], ["Ada L.", "Ada B."], ["AL", "AB"]),
        (["김민수", "山田太郎", "王小明", "王明"], ["민수", "太郎", "小明", "明"], ["김", "山", "王", "王"]),
        (["@", ",", " , "], ["", "", ""], ["", "", ""]),
    ],
)
def test_a_whole_name_or_an_address_is_never_a_first_name(names: list[str], first: list[str], initials: list[str]) -> None:
    assert shown_names(names, "first") == first
    assert shown_names(names, "initials") == initials


@given(st.lists(st.text(max_size=20)), st.sampled_from(["full", "first", "initials", "none", ""]))
def test_any_names_keep_their_number_and_order(names: list[str], policy: str) -> None:
    shown = shown_names(names, policy)
    assert len(shown) == len(names)
    if policy == "none":
        assert set(shown) <= {""}


def test_name_order_looks_past_case_and_marks() -> None:
    names = ["Zoë", "łukasz", "Łucja", "Íñigo", "Ian", "Øyvind", "ova", "Æsa", "王小明", "amara", "Amára", "ليلى", "Ivo", "Oskar", "Lukas"]
    assert sorted(names, key=name_order) == [
        *("Æsa", "amara", "Amára", "Ian", "Íñigo", "Ivo", "Łucja", "Lukas", "łukasz", "Oskar", "ova", "Øyvind", "Zoë", "ليلى", "王小明"),
    ]


@given(st.lists(st.text(max_size=12), max_size=8))
def test_name_order_is_the_same_whatever_the_order_before(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(names, key=name_order) == sorted(backwards, key=name_order)
