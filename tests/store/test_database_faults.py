"""What is wrong with a database, by the errors that its own driver raises."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, InternalError, OperationalError, ProgrammingError, connection, transaction

from dashboard.models import Board
from dashboard.store.database_faults import LONGEST_REASON, Fault, fault_of, reason


def full(file: Path) -> None:
    with closing(sqlite3.connect(file)) as one:
        one.execute("PRAGMA max_page_count = 3")
        one.execute("CREATE TABLE t (x)")
        one.execute("INSERT INTO t VALUES (zeroblob(100000))")


def read_only(file: Path) -> None:
    with closing(sqlite3.connect(file)) as one:
        one.execute("CREATE TABLE t (x)")
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as one:
        one.execute("INSERT INTO t VALUES (1)")


def locked(file: Path) -> None:
    with closing(sqlite3.connect(file)) as one, closing(sqlite3.connect(file, timeout=0)) as other:
        one.execute("BEGIN EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")


def unreadable(file: Path) -> None:
    file.mkdir()
    sqlite3.connect(file).close()


@pytest.mark.parametrize(
    ("breaks", "fault"), [(full, Fault.FULL), (read_only, Fault.READ_ONLY), (locked, Fault.LOCKED), (unreadable, Fault.AWAY)]
)
def test_fault_of_what_sqlite_says_names_it(tmp_path: Path, breaks: Callable[[Path], None], fault: Fault) -> None:
    with pytest.raises(sqlite3.OperationalError) as caught:
        breaks(tmp_path / "db")
    error = OperationalError(str(caught.value))
    error.__cause__ = caught.value  # as Django raises it
    assert fault_of(error) is fault


@pytest.mark.parametrize(
    ("state", "kind", "fault"),
    [
        ("25006", InternalError, Fault.READ_ONLY),
        ("53100", OperationalError, Fault.FULL),
        ("55P03", OperationalError, Fault.LOCKED),
        ("57P01", OperationalError, Fault.AWAY),
        ("XX000", InternalError, None),
    ],
)
def test_fault_of_what_postgresql_says_names_it(state: str, kind: type[DatabaseError], fault: Fault | None) -> None:
    class Said(Exception):
        sqlstate = state

    error = kind("said")
    error.__cause__ = Said()
    assert fault_of(error) is fault


@pytest.mark.parametrize("error", [IntegrityError("twice"), ProgrammingError("no such table"), ValueError("ours")])
def test_fault_of_a_statements_own_error_is_none(error: Exception) -> None:
    assert fault_of(error) is None


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no transactions that may only read")
def test_fault_of_a_transaction_that_may_only_read_is_read_only() -> None:
    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")  # ends with the transaction
            Board.objects.update(revision=2)

    with pytest.raises(InternalError) as caught:
        write()
    assert fault_of(caught.value) is Fault.READ_ONLY


def test_reason_is_one_short_line() -> None:
    assert reason(OperationalError("first\nsecond")) == "OperationalError: first"
    assert reason(OperationalError()) == "OperationalError"
    assert len(reason(OperationalError("x" * 1000))) < LONGEST_REASON + 30
