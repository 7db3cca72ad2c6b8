"""Writes the minutes that are over from the rings to the database, all feeds in one transaction.

In:  Redis, the time, the feeds that are asked. Out: rows, each feed and minute once, whoever writes and however often.
What was written last is the only memory: after a crash, a restart or an outage of the database, the next run goes on from there, as far
back as the ring reaches. Must not change a row that is there.
"""

from __future__ import annotations

import math
import zoneinfo
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import redis as redis_py
from django.conf import settings
from django.db import transaction

from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import Feed
from dashboard.domain.freshness import live_for_s
from dashboard.domain.minutes import MINUTE_S, Folded, Known
from dashboard.history import layouts
from dashboard.history.feeds import stored_name
from dashboard.history.folding import feed_minutes
from dashboard.history.packing import UnreadableError, packed, unpacked
from dashboard.models import Board, HistoryFeed, Minute
from dashboard.polling.feeds import base_interval_s
from dashboard.polling.rounds import plans_now
from dashboard.store import series
from dashboard.store.series import SPAN_S, series_of

# A reading is stored some milliseconds after its time; a minute is written this long after its end, and not again.
SETTLE_S = 3.0
# A run catches up by about as much, and the next by as much again: 48 hours of one board's four feeds take four runs.
MOST_ROWS = 3000
FEWEST_ROWS = 10  # of each feed, however many there are
SLICE_MINUTES = 120
MOST_EMPTY = 15  # rows are looked through for the last one with a total
_WITH_TOTALS = frozenset(metric.endpoint for metric in CATALOGUE.values() if metric.daily_total)
# At least so far before the first minute is looked for readings that were still live in it, and for what a total was then.
LEAD_S = 600.0


def write_minutes(redis: redis_py.Redis, now: datetime) -> int:
    """Writes what is over and not yet written, at most about MOST_ROWS minutes, oldest first. Returns how many rows it gave.

    redis.RedisError or django.db.Error when Redis or the database is away: then nothing is written, and nothing is lost for 48 hours.
    """
    known = {row.feed: row for row in HistoryFeed.objects.all()}
    newest = math.floor((now.timestamp() - SETTLE_S) / MINUTE_S) - 1
    oldest = newest - SPAN_S // MINUTE_S + 1
    silent_s = series.silent_s(redis, feeds_with_history(redis, known, now))
    tasks = [_begin(feed, known.get(stored_name(feed)), oldest, newest) for feed in silent_s]
    due = sorted((task for task in tasks if task.may_have_more(now, silent_s[task.feed])), key=lambda task: task.minutes.start)
    rows = [row for task in due for row in _rows(redis, task, share=max(FEWEST_ROWS, MOST_ROWS // len(due)))]
    # One order for all writers: two that insert the same rows wait for each other and never in a circle.
    rows.sort(key=lambda row: (row.feed_id, row.minute))
    with transaction.atomic():
        Minute.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


@dataclass(frozen=True, slots=True)
class _Task:
    """What is left to write of one feed, and its daily totals by name as they were written last."""

    feed: Feed
    row: HistoryFeed | None
    minutes: range
    totals: Mapping[str, Known]

    def may_have_more(self, now: datetime, silent_s: float) -> bool:
        """Whether anything came since the first minute to write began, or shortly before, so that it may have been live in it."""
        return bool(self.minutes) and now.timestamp() - silent_s >= self.minutes.start * MINUTE_S - self.lead_s

    @property
    def lead_s(self) -> float:
        """A feed that nobody watches is asked up to five times less often than its interval says."""
        return max(LEAD_S, live_for_s(5 * base_interval_s(self.feed.endpoint)))


def feeds_with_history(redis: redis_py.Redis, known: Collection[str], now: datetime) -> set[Feed]:
    """The feeds that are asked now, and those that were: a board that was just deleted has a last minute too."""
    found = set(plans_now(redis, Board.objects.all(), now))
    for feed_id in known:
        try:
            found.add(Feed.parse(feed_id))
        except ValueError:  # of an endpoint of another version, whose ring could not be read, or with too many lines for a whole name
            continue
    return found


def _begin(feed: Feed, row: HistoryFeed | None, oldest: int, newest: int) -> _Task:
    """Goes on after the last minute that is written. Minutes of the future, from before a clock was put back, do not count."""
    if row is None:
        return _Task(feed, row, range(oldest, newest + 1), {})
    written = Minute.objects.filter(feed=row, minute__gte=oldest, minute__lte=newest).select_related("layout").order_by("-minute")
    last = list(written[:1])
    # The last row may be of a minute in which the numbers were still live, but none came.
    looked_through = (last, written[1:MOST_EMPTY]) if feed.endpoint in _WITH_TOTALS else ()
    totals = next((found for minutes in looked_through for minute in minutes if (found := _totals(minute))), {})
    return _Task(feed, row, range(last[0].minute + 1 if last else oldest, newest + 1), totals)


def _totals(minute: Minute) -> dict[str, Known]:
    """The daily totals at the end of a minute."""
    names = minute.layout.names.split()
    try:
        columns = [unpacked(bytes(minute.packed), len(names), index) for index in range(len(names))]
    except UnreadableError:  # the reader says so; here a fall across it only stays unmarked
        return {}
    return _known(names, columns, minute.minute)


def _known(names: Sequence[str], columns: Sequence[Folded | None], minute: int) -> dict[str, Known]:
    at = datetime.fromtimestamp((minute + 1) * MINUTE_S, UTC)
    return {
        name: Known(at, column.last)
        for name, column in zip(names, columns, strict=True)
        if column is not None and (metric := CATALOGUE.get(name)) is not None and metric.daily_total
    }


def _rows(redis: redis_py.Redis, task: _Task, *, share: int) -> Iterator[Minute]:
    """About `share` rows of one feed at most. Hours without a reading cost a look at the ring, and no row."""
    names, zone = layouts.columns(task.feed.endpoint), zoneinfo.ZoneInfo(settings.ACCOUNT_TIME_ZONE)
    ring = series_of(task.feed, base_interval_s(task.feed.endpoint))
    row, layout, totals, given = task.row, None, task.totals, 0
    size = min(SLICE_MINUTES, share)
    for first in range(task.minutes.start, task.minutes.stop, size):
        minutes = range(first, min(first + size, task.minutes.stop))
        start, end = (datetime.fromtimestamp(minute * MINUTE_S, UTC) for minute in (minutes.start, minutes.stop))
        points = ring.read(redis, start - timedelta(seconds=task.lead_s), end - timedelta(milliseconds=1))
        for found in feed_minutes(points, names, minutes, zone, totals):
            row = row or HistoryFeed.objects.get_or_create(feed=stored_name(task.feed))[0]
            layout = layout or layouts.layout(names)
            yield Minute(feed=row, layout=layout, minute=found.minute, live_ratio=found.live_ratio, packed=packed(found.columns))
            totals = {**totals, **_known(names, found.columns, found.minute)}
            given += 1
        if given >= share:
            return
