"""What is remarkable in the past of a feed: when nothing was known, and when its daily totals fell.

In:  Redis (None: it is away), feeds, a span, the time. Out: gaps, resets and corrections, in the order of time; when history begins.
Gaps are found by the minute, and where the ring reaches told to the reading; shorter ones than a quarter of a minute are none.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import redis as redis_py

from dashboard.domain.feeds import Feed
from dashboard.domain.freshness import GRACE_S, STALE_AFTER_INTERVALS
from dashboard.domain.minutes import MINUTE_S
from dashboard.history import reader
from dashboard.history.feeds import stored_name
from dashboard.history.moments import interval_of
from dashboard.history.span import RING
from dashboard.models import Minute
from dashboard.polling.feeds import base_interval_s
from dashboard.store.series import Record, series_of

WATCHED_RATIO = 0.75
# Around a gap of minutes the readings are looked at from so much before to so much after.
AROUND = timedelta(minutes=2)
# A minute is written some seconds after its end; what is younger than this is looked for in the ring alone.
UNWRITTEN = timedelta(minutes=3)
MOST_TOLD_EXACTLY = 40


@dataclass(frozen=True, slots=True)
class Gap:
    """Nothing was known from `at` to `until` (aware UTC; None: it lasts)."""

    at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Fall:
    """A daily total fell in the minute that begins `at`: at the account's midnight (`is_reset`), or by a correction."""

    at: datetime
    is_reset: bool


def begins_at(redis: redis_py.Redis | None, feed: Feed) -> datetime | None:
    """When the history of a feed begins (aware UTC); None: there is none yet."""
    first = Minute.objects.filter(feed__feed=stored_name(feed)).order_by("minute").values_list("minute", flat=True).first()
    if first is not None:
        return _start(first)
    now = datetime.now(UTC)
    records = [] if redis is None else _ring(redis, feed, now - RING, now)
    return _time(records[0][0]) if records else None


def gaps(redis: redis_py.Redis | None, feed: Feed, start: datetime, end: datetime, now: datetime) -> list[Gap]:
    """The gaps of start <= t <= end (aware), oldest first. A gap is told whole minutes wide where only minutes are known."""
    written_until = min(end, now - UNWRITTEN)
    found = _of_minutes(feed, start, written_until)
    if redis is None:
        return found
    told = [gap for index, each in enumerate(found) for gap in (_told(redis, feed, each, now) if index < MOST_TOLD_EXACTLY else [each])]
    if end > written_until:
        newest = _ring(redis, feed, max(start, written_until) - AROUND, end)
        told += [gap for gap in _between(newest, end) if gap.until is None or gap.until > written_until]
    return [gap for gap in _joined(told) if (gap.until is None or gap.until > start) and gap.at < end]


def falls(feed: Feed, metric: str, start: datetime, end: datetime) -> list[Fall]:
    """When a daily total fell, by the minute."""
    return [Fall(each.at, each.reset) for each in reader.minutes(feed, metric, start, end) if each.reset or each.corrected]


def _of_minutes(feed: Feed, start: datetime, end: datetime) -> list[Gap]:
    """Runs of minutes that are not there, or were live for too little."""
    first, last = math.floor(start.timestamp() / MINUTE_S), math.floor(end.timestamp() / MINUTE_S)
    watched = Minute.objects.filter(feed__feed=stored_name(feed), minute__gte=first, minute__lt=last, live_ratio__gte=WATCHED_RATIO)
    found: list[Gap] = []
    expected = first
    for minute in itertools.chain(watched.order_by("minute").values_list("minute", flat=True).iterator(2000), [last]):
        if minute > expected:
            found.append(Gap(_start(expected), _start(minute)))
        expected = minute + 1
    return found


def _told(redis: redis_py.Redis, feed: Feed, gap: Gap, now: datetime) -> list[Gap]:
    """The same gap by the readings in and around it, as far as the ring reaches; as it is where the ring has nothing there."""
    until, reach = gap.until or now, now - RING
    if until <= reach:
        return [gap]
    start = max(gap.at, reach)
    before = [Gap(gap.at, start)] if gap.at < start else []
    records = _ring(redis, feed, start - AROUND, until + AROUND)
    if not records:
        return [gap]
    first = _time(records[0][0])
    if first > start:  # what was before it the ring cannot tell
        before.append(Gap(start, min(first, until)))
    inside = [each for each in _between(records, min(now, until + AROUND)) if each.at < until and (each.until or now) > start]
    return [*before, *inside]


def _between(records: Iterable[Record], end: datetime) -> Iterator[Gap]:
    """Where the number of one reading was stale before the next one came."""
    end_ms = int(end.timestamp() * 1000)
    for (at_ms, live_ms, *_), (next_ms, *_) in itertools.pairwise([*records, (end_ms, 0)]):
        stale_ms = at_ms + 1000 * (STALE_AFTER_INTERVALS * interval_of(live_ms / 1000) + GRACE_S)
        if next_ms > stale_ms:
            yield Gap(_time(stale_ms), None if next_ms == end_ms else _time(next_ms))


def _joined(found: Iterable[Gap]) -> list[Gap]:
    """One for those that touch or overlap."""
    joined: list[Gap] = []
    for gap in sorted(found, key=lambda each: each.at):
        last = joined[-1] if joined else None
        if last is not None and (last.until is None or gap.at <= last.until):
            until = None if last.until is None or gap.until is None else max(last.until, gap.until)
            joined[-1] = Gap(last.at, until)
        else:
            joined.append(gap)
    return joined


def _ring(redis: redis_py.Redis, feed: Feed, start: datetime, end: datetime) -> list[Record]:
    return series_of(feed, base_interval_s(feed.endpoint)).records(redis, start, end)


def _start(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * MINUTE_S, UTC)


def _time(unix_ms: float) -> datetime:
    return datetime.fromtimestamp(unix_ms / 1000, UTC)
