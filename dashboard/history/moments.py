"""What a feed had last answered at any past moment: reading by reading for 48 hours, by the minute before, and where Redis lost them.

In:  Redis (None: it is away), a feed, a span, the time. Out: for each moment the newest reading by then, however old it was.
A minute stands for all of itself: from its beginning on it shows its last value. Nothing is filled in: where neither a reading nor a
minute is, the one before grows old.
"""

from __future__ import annotations

import bisect
import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import redis as redis_py

from dashboard.domain.feeds import Feed
from dashboard.domain.freshness import GRACE_S, LATE_AFTER_INTERVALS
from dashboard.domain.minutes import MINUTE_S
from dashboard.history.feeds import stored_name
from dashboard.history.packing import UnreadableError, unpacked
from dashboard.history.span import RING, by_minute
from dashboard.models import HistoryLayout, Minute
from dashboard.polling.feeds import base_interval_s
from dashboard.store import codec
from dashboard.store.series import Record, series_of

logger = logging.getLogger(__name__)

# How far back the reading before a span is looked for, step by step: mostly it is seconds old, after an outage it may be days.
LOOK_BACK = (timedelta(minutes=10), timedelta(hours=4), RING)
# A minute that was live for less than this counts as a gap: which part of it was live is not known.
WATCHED_RATIO = 0.5


@dataclass(frozen=True, slots=True)
class Moment:
    """The newest answer `at` (aware UTC) of a feed that was asked every `interval_s` seconds.

    `values` are, of a reading, the fields of its series; of a minute (`is_minute`) the metrics of the catalogue, by name. None: not sent.
    """

    at: datetime
    interval_s: float
    values: Mapping[str, float | None]
    is_minute: bool


@dataclass(frozen=True, slots=True)
class _Minute:
    """`minute` counts from 1970."""

    minute: int
    live_ratio: float
    layout: int
    packed: bytes


class FeedPast:
    """One feed over a span. `records` are readings in the order of time, `minutes` those before the first of them."""

    def __init__(self, feed: Feed, records: Sequence[Record], minutes: Sequence[_Minute]) -> None:
        self.feed = feed
        self.records = records
        self._ring = series_of(feed, base_interval_s(feed.endpoint))
        self._minutes = minutes
        self._minute_numbers = [each.minute for each in minutes]
        self._names = {row.pk: tuple(row.names.split()) for row in HistoryLayout.objects.all()} if minutes else {}
        self._times_ms = [record[0] for record in records]
        self._kept: tuple[int, Moment] | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of what stands in a record, after its two times."""
        return self._ring.fields

    def upto(self, when: datetime) -> int:
        """How many of `records` had come by `when`."""
        return bisect.bisect_right(self._times_ms, codec.to_us(when) // 1000)

    def at(self, when: datetime) -> Moment | None:
        """The newest answer at `when` (aware); None: there was none yet, as far as is known."""
        count = self.upto(when)
        if not count:
            return self._of_minutes(when)
        if self._kept is None or self._kept[0] != count:
            point = self._ring.point(self.records[count - 1])
            self._kept = count, Moment(point.at, interval_of(point.live_s), point.values, False)
        return self._kept[1]

    def _of_minutes(self, when: datetime) -> Moment | None:
        now = math.floor(when.timestamp() / MINUTE_S)
        for place in range(bisect.bisect_right(self._minute_numbers, now) - 1, -1, -1):
            found = self._minutes[place]
            if (values := self._values(found)) is None:
                continue  # the numbers before it were still live; it had none of its own
            start = datetime.fromtimestamp(found.minute * MINUTE_S, UTC)
            end = start + timedelta(seconds=MINUTE_S) if found.live_ratio >= WATCHED_RATIO else start
            # A minute is shown from its beginning on: it is never older than it is long.
            return Moment(min(when, end), base_interval_s(self.feed.endpoint), values, True)
        return None

    def _values(self, found: _Minute) -> Mapping[str, float | None] | None:
        names = self._names.get(found.layout, ())
        try:
            figures = [unpacked(found.packed, len(names), index) for index in range(len(names))]
        except UnreadableError:
            logger.warning("A minute of %s cannot be read; it is a gap.", self.feed.id)
            return None
        values = {name: None if each is None else each.last for name, each in zip(names, figures, strict=True)}
        return values if any(value is not None for value in values.values()) else None


def interval_of(live_s: float) -> float:
    """How often a feed was asked whose readings counted as live for `live_s` seconds: the inverse of `live_for_s`."""
    return max(0.001, (live_s - GRACE_S) / LATE_AFTER_INTERVALS)


def feed_past(redis: redis_py.Redis | None, feed: Feed, start: datetime, end: datetime, now: datetime, *, lead: timedelta) -> FeedPast:
    """What is known of start - lead <= t <= end, and the newest answer before. By the minute where `start` is over 48 hours ago, or the
    ring has nothing (any more). redis.RedisError when Redis goes away meanwhile."""
    records: list[Record] = []
    if redis is not None and not by_minute(start, now):
        ring = series_of(feed, base_interval_s(feed.endpoint))
        records = ring.records(redis, start - lead, end)
        begin_ms = start.timestamp() * 1000
        if not records or records[0][0] > begin_ms:
            records = [*_before(redis, feed, records, start), *records]
        if records and records[0][0] <= begin_ms:
            return FeedPast(feed, records, ())
    # The minute in which the readings begin is theirs, or a board that was just made would seem to have lost its first seconds.
    until = datetime.fromtimestamp(records[0][0] / 1000, UTC) - timedelta(seconds=MINUTE_S) if records else end
    return FeedPast(feed, records, list(_minutes(feed, start - lead, until)))


def _before(redis: redis_py.Redis, feed: Feed, known: Sequence[Record], start: datetime) -> list[Record]:
    ring = series_of(feed, base_interval_s(feed.endpoint))
    for back in LOOK_BACK:
        found = ring.records(redis, start - back, start)
        if found:
            return [found[-1]] if not known or found[-1][0] < known[0][0] else []
    return []


def _minutes(feed: Feed, start: datetime, end: datetime) -> Iterator[_Minute]:
    """Those that begin at start <= t <= end, and the last one before."""
    first, last = math.floor(start.timestamp() / MINUTE_S), math.floor(end.timestamp() / MINUTE_S)
    rows = Minute.objects.filter(feed__feed=stored_name(feed))
    earlier = rows.filter(minute__lt=first).order_by("-minute")[:1]
    for found in (earlier, rows.filter(minute__gte=first, minute__lte=last).order_by("minute")):
        for minute, live_ratio, layout, packed in found.values_list("minute", "live_ratio", "layout", "packed"):
            yield _Minute(minute, live_ratio, layout, bytes(packed))
