"""Takes out minutes that are older than 400 days.

In:  the time. Out: rows gone. A day of a feed at a time, each on its own, so that nobody waits for the database for more than a moment.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from dashboard.domain.minutes import MINUTE_S
from dashboard.models import HistoryFeed, HourOfRows, Minute

logger = logging.getLogger(__name__)

KEPT = timedelta(days=400)
# A run takes no more than this of each feed: a clock that is wrong by years for some hours must not cost the whole history.
MOST_DAYS = 2
_DAY = 86_400 // MINUTE_S


def prune(now: datetime) -> int:
    """Deletes what is older than KEPT, at most MOST_DAYS days with history of each feed. Returns how many minutes.

    django.db.Error when the database is away; the next run does what this one did not.
    """
    limit = int((now - KEPT).timestamp()) // MINUTE_S
    count = sum(_prune_feed(feed, limit) for feed in HistoryFeed.objects.all())
    if count:
        logger.info("%d minutes of history were older than %d days and are gone.", count, KEPT.days)
    return count


def _prune_feed(feed: HistoryFeed, limit: int) -> int:
    count = 0
    for _ in range(MOST_DAYS):
        oldest = Minute.objects.filter(feed=feed, minute__lt=limit).order_by("minute").values_list("minute", flat=True).first()
        if oldest is None:
            break
        deleted, _ = Minute.objects.filter(feed=feed, minute__lt=min(limit, oldest + _DAY)).delete()
        count += deleted
    oldest = HourOfRows.objects.filter(feed=feed, hour__lt=limit // 60).order_by("hour").values_list("hour", flat=True).first()
    if oldest is not None:
        HourOfRows.objects.filter(feed=feed, hour__lt=min(limit // 60, oldest + 24 * MOST_DAYS)).delete()
    return count
