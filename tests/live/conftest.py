"""What the tests with real sockets need: a board, a screen's key, signs of life, somebody who polls."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import redis as redis_py

from dashboard.accounts.keys import digest_of
from dashboard.live.publish import publish_boards
from dashboard.models import Board, Screen
from dashboard.store import keys
from tests.live.examples import QUEUE, poll, queue
from tests.live.serving import Served, serving


@pytest.fixture
def key(transactional_db: None) -> str:
    """The key of a screen of the board `main`."""
    board, _ = Board.objects.update_or_create(slug="main", defaults={"title": "Support line"})
    made = secrets.token_urlsafe(24)
    Screen.objects.create(name="TV", board=board, key_digest=digest_of(made))
    return made


class Floor:
    """Plays beat, worker and poller."""

    def __init__(self, redis: redis_py.Redis) -> None:
        self.redis = redis

    def lives(self, *parts: str) -> None:
        for part in parts or ("beat", "worker"):
            self.redis.set(keys.alive(part), repr(time.time()))

    def polls(self, calls_waiting: int) -> None:
        """A good poll now, and what it publishes."""
        now = datetime.now(UTC)
        poll(self.redis, QUEUE, queue(calls_waiting=calls_waiting), now)
        publish_boards(self.redis, now)


@pytest.fixture
def floor(redis: redis_py.Redis, key: str) -> Iterator[Floor]:
    """Its beat and worker live as long as the test does, however slow the machine is: else a beat would say that they are gone."""
    made, ended = Floor(redis), threading.Event()

    def live() -> None:
        while not ended.wait(1.0):
            made.lives()

    made.lives()
    pulse = threading.Thread(target=live, name="signs of life")
    pulse.start()
    yield made
    ended.set()
    pulse.join()


@pytest.fixture
def served(floor: Floor) -> Iterator[Served]:
    with serving() as running:
        yield running
