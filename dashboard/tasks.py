"""What Celery runs: the tick, the poll, the delivery, tickets and jobs at the vendor, the history. Entry points only; the work is in the
rooms."""

from __future__ import annotations

import logging
from collections.abc import Callable

import redis as redis_py
from celery import shared_task

from dashboard.alerts import outbox, retention, ticket_rows, tickets
from dashboard.alerts.deliver import deliver as deliver_due
from dashboard.alerts.judge import judge_feed
from dashboard.alerts.lost import judge_sources
from dashboard.alerts.screens import judge_screens
from dashboard.alerts.sweep import sweep
from dashboard.boards.images import drop_unused
from dashboard.desk import jobs
from dashboard.domain.feeds import Feed
from dashboard.history import past_rows, prune, writer
from dashboard.live.publish import publish_boards
from dashboard.polling import planner, rounds
from dashboard.polling.planner import Claim
from dashboard.polling.poller import utc_now
from dashboard.polling.quietly import without_redis_said_once
from dashboard.screens.seen import keep_seen
from dashboard.store import connection, keys
from dashboard.store.database import DATABASE

logger = logging.getLogger(__name__)

# Work that waits longer for a worker is needless: a tick has asked for it anew.
TOLD_AGAIN_S = 10
REFUSAL_LIFE_S = 10


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def tick() -> None:
    """Once a second: hands out the polls that are due, judges the age of the data and dark screens, and brings boards up to date that only
    grew old."""
    redis = connection.client()
    with without_redis_said_once(logger):
        for claim in rounds.take_due(redis, utc_now()):
            poll_feed.apply_async((claim.feed.id, claim.token), expires=planner.ENQUEUED_S)
        _with_database("alerts about the data itself", lambda: _judge_what_is_known(redis))
        publish_boards(redis, utc_now())
        if (refusal := DATABASE.refusal) is not None:  # for those who only read, and would not find out
            redis.set(keys.DATABASE_REFUSES, refusal.value, ex=REFUSAL_LIFE_S)
        _with_database("letters, tickets of incidents and jobs", lambda: _see_to_what_is_due(redis))


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def poll_feed(feed_id: str, token: str) -> None:
    """One poll of one feed, by the claim that the tick made; then its rules. The numbers go out before anything is judged."""
    redis, feed = connection.client(), Feed.parse(feed_id)
    with without_redis_said_once(logger):
        concerned = rounds.make_poll(redis, Claim(feed, token))
        try:
            if concerned:
                publish_boards(redis, utc_now(), concerned)
        finally:  # a board that cannot be published must not keep an alert from going out
            _with_database("alerts", lambda: _judge(redis, feed))


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def deliver() -> None:
    """Sends what is due; woken when something was written, and by the tick."""
    _with_database("letters", deliver_due)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def tell_tickets() -> None:
    """Opens the tickets of incidents, and tells in them what has happened since; asked for by the tick."""
    with without_redis_said_once(logger):
        _with_database("tickets of incidents", _tell_tickets)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def follow_jobs() -> None:
    """Asks after the jobs of the desk that run at the vendor; asked for by the tick."""
    with without_redis_said_once(logger):
        _with_database("jobs of the desk", lambda: jobs.follow(connection.client(), utc_now()))


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def write_history() -> None:
    """Once a minute: the minutes that are over, from the rings into the database."""
    with without_redis_said_once(logger):
        _with_database("history", lambda: writer.write_minutes(connection.client(), utc_now()))
        _with_database("past rows", lambda: past_rows.write_hours(connection.client(), utc_now()))


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def prune_history() -> None:
    """Four times a day: what is older than it is kept for."""
    _with_database("what is kept no longer", _prune)


def _with_database(what: str, work: Callable[[], object]) -> None:
    """Does it unless the database is away: then `what` waits until the next time, and everything else goes on."""
    if DATABASE.answers():
        with DATABASE.without(what):
            work()


def _judge_what_is_known(redis: redis_py.Redis) -> None:
    if judge_sources(redis, utc_now()):
        outbox.announce(redis)
    if judge_screens(redis, utc_now()):
        outbox.announce(redis)


def _see_to_what_is_due(redis: redis_py.Redis) -> None:
    keep_seen(redis, utc_now())
    if sweep(redis, utc_now()):
        deliver_due()
    if ticket_rows.due(redis, utc_now()):
        tell_tickets.apply_async(expires=TOLD_AGAIN_S)
    if jobs.due(redis, utc_now()):
        follow_jobs.apply_async(expires=TOLD_AGAIN_S)


def _judge(redis: redis_py.Redis, feed: Feed) -> None:
    if judge_feed(redis, feed, utc_now()):
        outbox.announce(redis)
        publish_boards(redis, utc_now())


def _tell_tickets() -> None:
    try:
        tickets.tell_due()
    finally:
        ticket_rows.rest(connection.client(), utc_now())


def _prune() -> None:
    now = utc_now()
    prune.prune(now)
    retention.prune(now)
    jobs.forget(now)
    drop_unused(now)
