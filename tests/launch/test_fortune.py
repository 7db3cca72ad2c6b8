"""How long a part that ended waits for its next life, and when there is none."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dashboard.launch.fortune import FIRST_WAIT_S, GOOD_LIFE_S, LONGEST_WAIT_S, SHORT_LIFE_S, SHORT_LIVES_COUNT, Fortune

LIVES_S = st.lists(st.floats(0, 2 * GOOD_LIFE_S), max_size=30)


def test_died_again_and_again_doubles_the_wait_up_to_its_limit() -> None:
    fortune = Fortune()
    assert [fortune.died(SHORT_LIFE_S) for _ in range(9)] == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_died_after_a_good_life_waits_as_the_first_time() -> None:
    fortune = Fortune()
    assert [fortune.died(lived_s) for lived_s in (20, 20, 20, GOOD_LIFE_S, 20)] == [0.5, 1, 2, 0.5, 1]


def test_died_early_too_often_in_a_row_cannot_live() -> None:
    fortune = Fortune()
    assert None not in [fortune.died(1) for _ in range(SHORT_LIVES_COUNT - 1)]
    assert fortune.died(SHORT_LIFE_S) is not None  # this one was long enough
    assert None not in [fortune.died(1) for _ in range(SHORT_LIVES_COUNT - 1)]
    assert fortune.died(1) is None


@given(LIVES_S)
def test_died_waits_within_its_bounds_and_gives_up_only_after_short_lives(lives_s: list[float]) -> None:
    fortune = Fortune()
    for count, lived_s in enumerate(lives_s, 1):
        wait_s = fortune.died(lived_s)
        if wait_s is None:
            assert all(short_s < SHORT_LIFE_S for short_s in lives_s[count - SHORT_LIVES_COUNT : count])
            assert count >= SHORT_LIVES_COUNT
            return
        assert FIRST_WAIT_S <= wait_s <= LONGEST_WAIT_S
