"""Turns: a crowd waits, and is told when it waits for too long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.api.answers import ApiError
from dashboard.api.turns import BUSY, Turns


def test_no_more_than_so_many_have_a_turn_at_once_and_everybody_gets_one() -> None:
    turns, inside, most = Turns(2, 30.0), [0], [0]

    def ask(_: int) -> None:
        with turns.one():
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            inside[0] -= 1

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(ask, range(200)))
    assert (inside[0], most[0] <= 2) == (0, True)


def test_who_waits_for_too_long_is_told_and_a_fault_gives_its_turn_back() -> None:
    turns = Turns(1, 0.0)
    with turns.one(), pytest.raises(ApiError) as refused, turns.one():
        pass
    assert (refused.value.status, str(refused.value)) == (503, BUSY)
    with pytest.raises(ValueError), turns.one():
        raise ValueError
    with turns.one():
        pass
