"""Turns: a crowd waits, and is told when it waits for too long; nobody takes the others' turns."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.api.answers import ApiError
from dashboard.api.turns import BUSY, BUSY_OWN, Turns

LONG_S = 30.0


def test_no_more_than_so_many_have_a_turn_at_once_and_everybody_gets_one() -> None:
    turns, inside, most = Turns(2, LONG_S), [0], [0]

    def ask(number: int) -> None:
        with turns.one(f"person:{number}"):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            inside[0] -= 1

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(ask, range(200)))
    assert (inside[0], most[0] <= 2) == (0, True)


def test_who_waits_for_too_long_is_told_and_a_fault_gives_its_turn_back() -> None:
    turns = Turns(1, 0.0)
    with turns.one("person:1"), pytest.raises(ApiError) as refused, turns.one("person:2"):
        pass
    assert (refused.value.status, str(refused.value)) == (503, BUSY)
    with pytest.raises(ValueError), turns.one("person:1"):
        raise ValueError
    with turns.one("person:2"):
        pass


def test_an_asker_who_floods_has_one_turn_and_one_waiting_and_the_others_have_theirs() -> None:
    turns, started, ends = Turns(2, LONG_S), threading.Semaphore(0), threading.Event()
    outcomes: list[str] = []

    def ask() -> None:
        try:
            with turns.one("person:1"):
                started.release()
                ends.wait(LONG_S)
                outcomes.append("answered")
        except ApiError as refused:
            outcomes.append(f"{refused.status} {refused}")
            started.release()

    askers = [threading.Thread(target=ask) for _ in range(12)]
    for asker in askers:
        asker.start()
    for _ in range(11):  # one has a turn, ten are refused, one waits
        assert started.acquire(timeout=LONG_S)
    assert outcomes == [f"429 {BUSY_OWN}"] * 10
    with turns.one("person:2"):  # though the first one waits for the second turn as well
        assert "answered" not in outcomes
    ends.set()
    for asker in askers:
        asker.join(LONG_S)
    assert outcomes.count("answered") == 2
    with turns.one("person:1"):
        pass
