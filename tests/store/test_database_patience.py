"""Who waits how long for SQLite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, connections

from dashboard.store.database_patience import LONG_S, SHORT_S, be_brief, patiently

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="other databases have no such patience"),
]


@pytest.fixture
def options() -> Iterator[dict[str, object]]:
    """This process's own, as they were at the end."""
    options = connections.settings["default"]["OPTIONS"]
    before = dict(options)
    yield options
    options.clear()
    options.update(before)


def patience_s() -> float:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        found: int = cursor.fetchone()[0]
    return found / 1000


def test_be_brief_holds_for_connections_made_from_then_on(options: dict[str, object]) -> None:
    assert options["timeout"] == LONG_S
    assert patience_s() == LONG_S
    be_brief()
    made = connections.create_connection("default")
    assert made.get_connection_params()["timeout"] == SHORT_S
    assert patience_s() == LONG_S


def test_patiently_waits_long_and_then_as_before(options: dict[str, object]) -> None:
    be_brief()
    with patiently():
        assert patience_s() == LONG_S
    assert patience_s() == SHORT_S
    with pytest.raises(ValueError, match="ours"), patiently():
        raise ValueError("ours")
    assert patience_s() == SHORT_S
    options["timeout"] = LONG_S
    with patiently():
        assert patience_s() == LONG_S
    assert patience_s() == LONG_S
