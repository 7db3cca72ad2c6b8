"""What the rows of a feed were, minute by minute for 400 days: an hour is one row of the database.

In:  Redis, the time, the feeds that are asked. Out: hours that are over, each once, whoever writes and however often; the rows as of a
moment. An hour is the last rows of each of its minutes, as far as they changed, deflated: with twenty groups of which three change each
minute under 3 kB, 28 MB in 400 days; at most 20 kB, where all change each minute. Must not change an hour that is there.
"""

from __future__ import annotations

import logging
import math
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import redis as redis_py
from django.db import transaction

from dashboard.domain.feeds import Feed
from dashboard.domain.minutes import MINUTE_S
from dashboard.domain.rows import ROWS
from dashboard.history.feeds import stored_name
from dashboard.history.writer import SETTLE_S, feeds_with_history
from dashboard.models import HistoryFeed, HourOfRows
from dashboard.store import past_rows
from dashboard.store.past_rows import SPAN_S, Line, PastRows

logger = logging.getLogger(__name__)

HOUR_S = 3600
# A run catches up by so many hours of a feed, and the next by as many again.
MOST_HOURS = 6
_LAST_MS = timedelta(milliseconds=1)


def write_hours(redis: redis_py.Redis, now: datetime) -> int:
    """Writes the hours that are over and not yet written, of the last 48; returns how many it gave.

    redis.RedisError or django.db.Error when Redis or the database is away: then nothing is written, and nothing is lost for 48 hours.
    """
    known = {row.feed: row for row in HistoryFeed.objects.all()}
    feeds = [feed for feed in feeds_with_history(redis, known, now) if feed.endpoint in ROWS]
    newest = math.floor((now.timestamp() - SETTLE_S) / HOUR_S) - 1
    hours = range(newest - SPAN_S // HOUR_S + 2, newest + 1)  # the oldest is still there as a whole
    rows = []
    for feed in sorted(feeds, key=lambda each: each.id):
        row = known.get(stored_name(feed))
        if row is None:
            continue  # nothing was ever heard of it: its first minute makes the row
        done = set(HourOfRows.objects.filter(feed=row, hour__in=hours).values_list("hour", flat=True))
        missing = [hour for hour in hours if hour not in done][:MOST_HOURS]
        rows += [HourOfRows(feed=row, hour=hour, packed=_packed(redis, feed, hour)) for hour in missing]
    with transaction.atomic():
        HourOfRows.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def rows_by_minute(feed: Feed, start: datetime, end: datetime) -> PastRows:
    """What is known of start <= t <= end (aware), by the minute."""
    first, last = (math.floor(at.timestamp() / HOUR_S) for at in (start, end))
    found = HourOfRows.objects.filter(feed__feed=stored_name(feed), hour__gte=first, hour__lte=last).values_list("hour", "packed")
    return PastRows(HOUR_S, [(hour, _unpacked(feed, bytes(packed))) for hour, packed in found])


def _packed(redis: redis_py.Redis, feed: Feed, hour: int) -> bytes:
    start = datetime.fromtimestamp(hour * HOUR_S, UTC)
    text = past_rows.written(_minutes(past_rows.read(redis, feed, start, start + timedelta(seconds=HOUR_S) - _LAST_MS), start))
    return zlib.compress(text, 9) if text else b""


def _minutes(found: PastRows, start: datetime) -> Iterator[Line]:
    """The rows at the end of each minute, from its beginning on; none of a minute of which nothing is known."""
    for second in range(0, HOUR_S, MINUTE_S):
        kept = found.at(start + timedelta(seconds=second + MINUTE_S) - _LAST_MS)
        if kept is not None:
            yield Line((int(start.timestamp()) + second) * 1000, kept)


def _unpacked(feed: Feed, packed: bytes) -> list[Line]:
    try:
        return past_rows.lines(feed, zlib.decompress(packed)) if packed else []
    except zlib.error:
        logger.warning("An hour of past rows of %s cannot be read; it is not known.", feed.id)
        return []
