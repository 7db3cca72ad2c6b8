"""What Celery runs: the tick and the poll. Entry points only; the work is in `polling` and `live`."""

from __future__ import annotations

import logging

from celery import shared_task

from dashboard.domain.feeds import Feed
from dashboard.history.prune import prune
from dashboard.history.writer import write_minutes
from dashboard.live.publish import publish_boards
from dashboard.polling import planner, rounds
from dashboard.polling.planner import Claim
from dashboard.polling.poller import utc_now
from dashboard.polling.quietly import without_redis_said_once
from dashboard.store import connection

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def tick() -> None:
    """Once a second: hands the polls that are due to workers, and brings boards up to date whose numbers have only grown old."""
    redis = connection.client()
    with without_redis_said_once(logger):
        for claim in rounds.take_due(redis, utc_now()):
            poll_feed.apply_async((claim.feed.id, claim.token), expires=planner.ENQUEUED_S)
        publish_boards(redis, utc_now())


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def poll_feed(feed_id: str, token: str) -> None:
    """One poll of one feed, by the claim that the tick made."""
    redis = connection.client()
    with without_redis_said_once(logger):
        concerned = rounds.make_poll(redis, Claim(Feed.parse(feed_id), token))
        if concerned:
            publish_boards(redis, utc_now(), concerned)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def write_history() -> None:
    """Once a minute, some seconds after it is over: the minutes that are not written yet."""
    with without_redis_said_once(logger):
        write_minutes(connection.client(), utc_now())


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def prune_history() -> None:
    """Some times a day: history that is too old goes."""
    prune(utc_now())
