"""Codes as they are made and as they are typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.screens.codes import ALPHABET, LENGTH, CodeError, new_code, spaced, tidy
from dashboard.screens.qr import BORDER, qr_of


def test_new_code_has_six_signs_and_none_that_look_alike() -> None:
    made = {new_code() for _ in range(200)}
    assert len(made) > 190
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in made)
    assert not set(ALPHABET) & set("0OQ1IL2Z5S8B")


@given(st.text(ALPHABET, min_size=6, max_size=6), st.sampled_from(["", " ", "-", "–", "\u00a0", "_", "."]), st.booleans())
def test_tidy_however_it_is_written_finds_the_code(code: str, gap: str, small: bool) -> None:
    written = f" {gap.join([code[:3], code[3:]])}{gap} "
    assert tidy(written.lower() if small else written) == code
    assert tidy(spaced(code)) == code


@given(st.text(max_size=40))
def test_tidy_of_anything_is_a_code_or_one_sentence(text: str) -> None:
    try:
        said = tidy(text)
    except CodeError as error:
        said = str(error)
    assert said.endswith(".") or (len(said) == LENGTH and set(said) <= set(ALPHABET))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type the code that the TV shows."),
        ("K7M4H", "A code has six letters and digits, such as K7M 4HX."),
        ("K7M4H0", "No code has the sign 0: look at the TV again."),
        ("K7M4H<", "A code has only letters and digits, such as K7M 4HX."),
    ],
)
def test_tidy_of_what_is_no_code_says_why(typed: str, sentence: str) -> None:
    with pytest.raises(CodeError, match=f"^{sentence}$"):
        tidy(typed)


def test_qr_of_an_address_has_its_three_corners_inside_the_border() -> None:
    qr = qr_of("https://wall.example.com/screens/add/?code=K7M4HX")
    assert (qr.side - 2 * BORDER) % 4 == 1
    # The first row of two finder patterns: seven dark modules on the left, seven on the right.
    assert qr.path.startswith(f"M{BORDER} {BORDER}.5h7")
    assert f"M{qr.side - BORDER - 7} {BORDER}.5h7" in qr.path
