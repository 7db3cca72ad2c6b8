"""How long a connection waits for whoever holds SQLite locked: a person at a page shortly, a worker longer.

In:  seconds. Out: settings of this process's connections. Other databases are left as they are. Must not ask the database anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connection, connections

# As config/settings.py has it for every process that is not told otherwise.
LONG_S = 10.0
# Somebody looks at a page that does not come. The longest that a worker's own changes were seen to hold the file is far below.
SHORT_S = 2.0


def be_brief() -> None:
    """Connections that this process makes from now on wait SHORT_S. Call it before the first."""
    settings = connections.settings[DEFAULT_DB_ALIAS]
    if settings["ENGINE"].endswith("sqlite3"):
        settings["OPTIONS"]["timeout"] = SHORT_S


@contextmanager
def patiently() -> Iterator[None]:
    """What it surrounds waits as a worker does: what cannot be done a second time must be noted. A database error when there is no
    connection to be had."""
    connection.ensure_connection()
    if connection.vendor != "sqlite":
        yield
        return
    before_s = connection.settings_dict["OPTIONS"].get("timeout", LONG_S)
    _wait(LONG_S)
    try:
        yield
    finally:
        _wait(before_s)


def _wait(patience_s: float) -> None:
    if connection.connection is not None:
        connection.connection.execute(f"PRAGMA busy_timeout = {patience_s * 1000:.0f}")
