"""The boards as they are, and as they were known last."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
import redis as redis_py
from django.db import OperationalError

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.models import Board
from dashboard.polling.boards import COPIED_EVERY_S, COPY_LIFE_S, SHELF, Shelf, copy_age_s
from dashboard.polling.feeds import Plan
from dashboard.polling.poller import NOT_ASKED, NOT_KEPT, poll
from dashboard.polling.rounds import take_due
from dashboard.store import keys, snapshots
from dashboard.store.database import DATABASE
from dashboard.store.database_faults import Fault
from dashboard.store.snapshots import Outcome
from tests.polling.fake_source import NOW, FakeSource, answered

TICKETS = Feed("main", Endpoint.TICKETS)


def broken() -> None:
    raise OperationalError("database is locked")


@pytest.fixture
def lose_database() -> Iterator[None]:
    """Known to be away, and not asked again: in this process its last read has failed, and somebody is asking."""
    yield
    DATABASE.forget()


def lose() -> None:
    with pytest.raises(OperationalError):
        DATABASE.read(broken)


@pytest.mark.django_db
def test_boards_without_the_database_are_those_known_last_also_to_a_new_process(redis: redis_py.Redis, lose_database: None) -> None:
    clock = [0.0]
    shelf = Shelf(lambda: clock[0])
    Board.objects.create(slug="main", title="Main", line_ids=[7], widgets=[{"id": "a", "kind": "number"}])
    Board.objects.create(slug="alpha", title="Alpha")
    assert [board.slug for board in shelf.boards(redis)] == ["alpha", "main"]
    lose()
    assert [board.slug for board in shelf.boards(redis)] == ["alpha", "main"]
    (alpha, main) = Shelf().boards(redis)  # as a worker that begins now
    assert (alpha.slug, main.line_ids, main.widgets) == ("alpha", [7], [{"id": "a", "kind": "number"}])
    assert copy_age_s(redis) == 0.0
    redis.expire(keys.BOARDS, COPY_LIFE_S - 600)
    assert copy_age_s(redis) == 600.0

    redis.set(keys.BOARDS, "no boards")
    with pytest.raises(OperationalError):
        Shelf().boards(redis)
    DATABASE.forget()
    assert len(shelf.boards(redis)) == 2
    assert redis.get(keys.BOARDS) == b"no boards"  # nothing is new, and it was written within the minute
    clock[0] += COPIED_EVERY_S
    shelf.boards(redis)
    assert Shelf().known(redis) is not None


@pytest.mark.django_db
def test_tick_without_the_database_claims_what_was_planned(redis: redis_py.Redis, lose_database: None) -> None:
    Board.objects.create(slug="main", title="Main")
    SHELF.boards(redis)
    lose()
    assert {claim.feed.endpoint for claim in take_due(redis, NOW, digest=lambda _: "digest")} >= {Endpoint.QUEUE, Endpoint.AGENTS}


class Locked:
    """Its copy of the tickets cannot be written."""

    def read(self, feed: Feed, *, before_request: object) -> object:
        raise OperationalError("database is locked")


class Full:
    """So can this, and it says why."""

    def read(self, feed: Feed, *, before_request: object) -> object:
        error = OperationalError("database or disk is full")
        error.__cause__ = cause = sqlite3.OperationalError()
        cause.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error


@pytest.mark.django_db
def test_poll_of_tickets_without_the_database_asks_nothing_says_so_and_pauses_nobody_else(
    redis: redis_py.Redis, lose_database: None
) -> None:
    def told(source: object) -> Outcome:
        return poll(TICKETS, redis=redis, source=source, plan=Plan(15.0, True), clock=lambda: NOW)  # type: ignore[arg-type]

    outcome = told(Full())
    assert (outcome.error_kind, outcome.error_message) == ("database_refuses", NOT_ASKED.format(fault=Fault.FULL))
    DATABASE.forget()
    redis.delete(keys.outcome(TICKETS.id))
    outcome = told(Locked())
    assert (outcome.error_kind, outcome.error_message) == ("database", NOT_KEPT)
    lose()
    source = FakeSource([answered()])
    outcome = told(source)
    assert source.asked == []
    assert (outcome.error_kind, outcome.error_message, outcome.failures) == ("database", NOT_ASKED.format(fault=Fault.AWAY), 2)
    assert outcome.retry_at is not None
    assert (outcome.retry_at - NOW).total_seconds() < 5
    assert snapshots.paused(redis, "main", NOW) is None


@pytest.mark.django_db
def test_boards_that_redis_did_not_take_are_copied_with_the_next_look(redis: redis_py.Redis) -> None:
    shelf = Shelf(lambda: 0.0)
    Board.objects.create(slug="main", title="Main")
    with redis_py.Redis.from_url("redis://127.0.0.1:1/0", retry=None) as nobody, pytest.raises(redis_py.ConnectionError):
        shelf.boards(nobody)
    shelf.boards(redis)
    assert copy_age_s(redis) == 0.0
