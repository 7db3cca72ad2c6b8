"""The rows of a feed's readings as they were: poll by poll for 48 hours, by the minute before, and where Redis lost them.

In:  Redis (None: it is away), a feed, its answers over a span. Out: the rows of one of these answers, or None: nobody noted them.
Must not fill anything in.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import redis as redis_py

from dashboard.domain.feeds import Feed
from dashboard.domain.readings import Body
from dashboard.domain.readings_tickets import BacklogRow, PolicyRow, SlaState, TicketBacklog
from dashboard.domain.rows import Kept
from dashboard.history.moments import FeedPast, Moment
from dashboard.history.past_rows import rows_by_minute
from dashboard.store import past_rows

# The rows of a reading are noted in the same moment as it is.
_JUST_BEFORE = timedelta(milliseconds=1)


class RowsThen:
    """The rows of one feed over a span."""

    def __init__(self, redis: redis_py.Redis | None, feed: Feed, past: FeedPast, start: datetime, end: datetime) -> None:
        """start <= end (aware). redis.RedisError when Redis goes away meanwhile; django.db.Error when the database does."""
        first = past.at(start)
        begin = start if first is None else min(start, first.at)
        self._polled = None if redis is None or not past.records else past_rows.read(redis, feed, begin, end)
        self._minutes = rows_by_minute(feed, begin - _JUST_BEFORE, end)

    def at(self, moment: Moment) -> Kept | None:
        """The rows of this answer; None: not known."""
        if not moment.is_minute:
            found = None if self._polled is None else self._polled.at(moment.at)
            return found or self._minutes.at(moment.at)
        # A minute that has grown old is named by its end, which is the beginning of the next.
        return self._minutes.at(moment.at) or self._minutes.at(moment.at - _JUST_BEFORE)


def with_rows(body: Body, found: Kept | None) -> Body:
    """The body with these rows; a feed without rows, or one of which they are not known, is as it was."""
    if found is None:
        return body
    if isinstance(body, TicketBacklog):
        return replace(body, rows=tuple(row for row in found.rows if isinstance(row, BacklogRow)))
    if isinstance(body, SlaState):
        return replace(body, rows=tuple(row for row in found.rows if isinstance(row, PolicyRow)))
    return body
