"""What the tests of pages and of the API share: a floor that was polled a moment ago, and somebody to look at it.

Their conftest.py files import these fixtures by name.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import redis as redis_py
from django.test import Client

from dashboard.models import Board, Role, User
from tests.live.examples import bodies, poll

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def board(db: None, plain_static: None) -> Board:
    return Board.objects.create(slug="main", title="Support line")


@pytest.fixture
def polled(redis: redis_py.Redis, board: Board) -> redis_py.Redis:
    """Redis after one good poll of each feed of the board."""
    now = datetime.now(UTC)
    for feed, body in bodies().items():
        poll(redis, feed, body, now)
    return redis


@pytest.fixture
def log_in(db: None) -> Callable[[Role], Client]:
    """A client logged in as somebody of a role."""

    def make(role: Role) -> Client:
        client = Client()
        client.force_login(User.objects.create(email=f"{role}@example.com", password="x", role=role), backend=BACKEND)
        return client

    return make
