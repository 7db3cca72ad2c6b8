"""What an error of our own database means for whoever meets it: it is away, somebody holds it, or it refuses to write.

In:  an error as Django raises it, with the driver's own as its cause. Out: a `Fault`, or None for an error that is a statement's own.
Must not ask the database anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.db import InterfaceError, OperationalError


class Fault(StrEnum):
    """Each is the rest of a sentence that begins with "The database"."""

    AWAY = "does not answer"
    LOCKED = "is busy: something else holds it locked"
    FULL = "refuses to write: its disk is full"
    READ_ONLY = "refuses to write: it is read-only"


LONGEST_REASON = 200
# The low byte of SQLite's result codes: SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY, SQLITE_FULL.
_SQLITE: Mapping[int, Fault] = {5: Fault.LOCKED, 6: Fault.LOCKED, 8: Fault.READ_ONLY, 13: Fault.FULL}
# PostgreSQL's lock_not_available, read_only_sql_transaction (Django makes an InternalError of it) and disk_full.
_POSTGRESQL: Mapping[str, Fault] = {"55P03": Fault.LOCKED, "25006": Fault.READ_ONLY, "53100": Fault.FULL}


def fault_of(error: BaseException) -> Fault | None:
    """None: nothing is wrong with the database, but with what it was asked (or it is no error of a database at all)."""
    cause = error.__cause__
    code, state = getattr(cause, "sqlite_errorcode", None), getattr(cause, "sqlstate", None)
    if isinstance(code, int) and (known := _SQLITE.get(code & 0xFF)) is not None:
        return known
    if isinstance(state, str) and (known := _POSTGRESQL.get(state)) is not None:
        return known
    return Fault.AWAY if isinstance(error, OperationalError | InterfaceError) else None


def reason(error: BaseException) -> str:
    """An error for the log: its kind, and the first line of what it says."""
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0][:LONGEST_REASON]}" if lines else type(error).__name__
