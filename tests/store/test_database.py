"""What needs the database is told at once that it is away, and finds out by itself that it is back."""

from __future__ import annotations

import logging
import threading

import pytest
from django.db import OperationalError

from dashboard.models import Board
from dashboard.store.database import RETRY_S, SLOW_S, AwayError, Gate

WITHIN_S = 20.0


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def broken() -> None:
    raise OperationalError("unable to open database file\nat a place")


@pytest.mark.django_db
def test_gate_that_lost_the_database_asks_it_once_a_second_and_says_its_absence_once(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    gate = Gate(clock)
    assert gate.read(Board.objects.count) == 0
    assert gate.answers()
    caplog.set_level(logging.WARNING)
    with pytest.raises(OperationalError, match="unable"):
        gate.read(broken)
    with pytest.raises(AwayError):  # not asked again at once
        gate.read(Board.objects.count)
    assert not gate.answers()
    clock.now_s += RETRY_S
    with pytest.raises(OperationalError, match="unable"):
        gate.read(broken)
    clock.now_s += RETRY_S
    assert gate.answers()
    assert gate.read(Board.objects.count) == 0
    began, ended = [record.getMessage() for record in caplog.records]
    assert "does not answer (OperationalError: unable to open database file)" in began
    assert ended == "The database answers again, after 2 s."


@pytest.mark.django_db
def test_gate_lets_nobody_wait_beside_a_read_that_hangs() -> None:
    clock = Clock()
    gate = Gate(clock)
    hangs, goes_on = threading.Event(), threading.Event()

    def slow() -> str:
        hangs.set()
        goes_on.wait(WITHIN_S)
        return "rows"

    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(gate.read(slow)), daemon=True)
    thread.start()
    assert hangs.wait(WITHIN_S)
    assert gate.answers()  # it may come any moment
    clock.now_s += SLOW_S + 0.1
    assert not gate.answers()
    with pytest.raises(AwayError):
        gate.read(lambda: "other rows")
    goes_on.set()
    thread.join(WITHIN_S)
    assert found == ["rows"]
    assert gate.answers()


def test_gate_ends_work_that_the_database_left_and_says_it_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    gate = Gate(clock)
    caplog.set_level(logging.WARNING)
    for _ in range(3):
        with gate.without("history"):
            broken()
    with gate.without("history"):
        raise AwayError("known already")
    with pytest.raises(ValueError, match="ours"), gate.without("history"):
        raise ValueError("ours")
    clock.now_s += 61
    with gate.without("history"):
        broken()
    assert [record.getMessage().rpartition(": ")[2] for record in caplog.records] == ["history waited."] * 2


def test_gate_that_forgets_during_a_read_lets_it_end() -> None:
    gate = Gate(Clock())
    assert gate.read(lambda: gate.forget() or "rows") == "rows"  # type: ignore[func-returns-value]
    assert gate.answers()
