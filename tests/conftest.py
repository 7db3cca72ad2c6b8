"""Fixtures that every room uses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis as redis_py

from dashboard.store import connection


@pytest.fixture
def redis() -> Iterator[redis_py.Redis]:
    """The real server, empty."""
    client = connection.client()
    client.flushall()
    yield client
    client.flushall()
