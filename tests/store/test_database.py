"""What needs the database is told at once that it is away, and finds out by itself that it is back."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection

from dashboard.models import Board
from dashboard.store.database import SLOW_S, AwayError, Gate
from dashboard.store.database_faults import Fault
from dashboard.store.database_writing import PROVEN_S, RETRY_S

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


class Full:
    """A disk that is full, or not; counts the writes that it was asked for."""

    is_full = True
    asked_count = 0

    def __call__(self, execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        if sql.startswith("UPDATE"):
            self.asked_count += 1
            if self.is_full:
                raise refused()
        return execute(sql, params, many, context)


def refused(code: int = sqlite3.SQLITE_FULL) -> OperationalError:
    error = OperationalError("database or disk is full")
    error.__cause__ = cause = sqlite3.OperationalError("database or disk is full")
    cause.sqlite_errorcode = code
    return error


@pytest.mark.django_db
def test_gate_of_a_database_that_refuses_to_write_is_closed_for_writers_and_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    clock, disk = Clock(), Full()
    gate = Gate(clock)
    caplog.set_level(logging.WARNING)
    with connection.execute_wrapper(disk):
        with gate.without("history"):
            raise refused()
        assert gate.refusal is Fault.FULL
        assert gate.read(Board.objects.count) == 0  # who only reads is not concerned
        assert not gate.answers()
        assert disk.asked_count == 0  # not asked again at once
        clock.now_s += RETRY_S
        assert (gate.answers(), gate.answers(), disk.asked_count) == (False, False, 1)
        disk.is_full = False
        clock.now_s += RETRY_S
        assert gate.answers()
        assert gate.refusal is None
        assert gate.heard(refused(sqlite3.SQLITE_READONLY))  # a few bytes were taken, and that was all
        assert (gate.answers(), gate.refusal) == (False, Fault.READ_ONLY)
        clock.now_s += RETRY_S
        assert gate.answers()
        clock.now_s += PROVEN_S
        assert gate.answers()
    began, ended = [record.getMessage() for record in caplog.records]
    assert began.startswith("The database refuses to write: its disk is full (OperationalError: database or disk is full). The phone")
    assert ended == "The database takes writes again, after 3 s."


@pytest.mark.django_db
def test_gate_that_cannot_read_hears_nothing_of_locked_writers(caplog: pytest.LogCaptureFixture) -> None:
    gate = Gate(Clock())
    with pytest.raises(OperationalError, match="unable"):
        gate.read(broken)
    assert not gate.heard(refused(sqlite3.SQLITE_BUSY))
    assert not gate.heard(AwayError("known already"))
    assert not gate.heard(ValueError("ours"))
    assert gate.refusal is None
    assert len(caplog.records) == 1


@pytest.mark.django_db
def test_gate_of_a_database_that_goes_away_while_it_refuses_finds_both_out(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    gate = Gate(clock)
    assert gate.heard(refused())
    with pytest.raises(OperationalError, match="unable"):
        gate.read(broken)
    clock.now_s += RETRY_S
    assert gate.answers()  # both were tried, and work
    clock.now_s += PROVEN_S
    assert gate.answers()
    assert [record.getMessage().split(" (")[0].partition(",")[0] for record in caplog.records] == [
        "The database refuses to write: its disk is full",
        "The database does not answer",
        "The database answers again",
        "The database takes writes again",
    ]


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
