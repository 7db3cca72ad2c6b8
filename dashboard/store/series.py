"""A feed's numbers at poll resolution: 48 hours in one Redis string, a ring of records of fixed size.

In:  a feed's values, when they came and for how long they count as live. Out: points in the order of time. Gaps are gaps; nothing is
filled in. A record lies at slot floor(at / interval) mod slots and carries its own time, so a slot never rewritten since the day before
yesterday is not taken for today's. The head says which interval and fields the ring was made for; a ring of another kind is cleared by
the next append. Numbers are whole, 0 to 4,294,967,294, as the vendor's are; larger ones are kept as that.

Bytes per feed = 16 + 48 h / interval x (12 + 4 x fields). At the defaults: queue 1 s, 8 fields: 7.60 MB; agents 5 s, 21 fields: 3.32 MB;
account 15 s, 31 fields: 1.57 MB; agents overview 30 s, 22 fields: 0.58 MB; tickets 15 s, 17 fields: 0.92 MB; their metrics 60 s, 34 fields:
0.43 MB; their events 30 s, 21 fields: 0.55 MB; Kayako 60 s, 19 fields: 0.25 MB. Redis rounds a string's memory up by at most 1 MB.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import redis as redis_py

from dashboard.domain.feeds import Feed
from dashboard.domain.freshness import live_for_s
from dashboard.domain.totals import series_fields
from dashboard.store import codec, keys

__all__ = ["Point", "Record", "Series", "series_fields", "series_of", "silent_s"]

SPAN_S = 2 * 86_400
TTL_S = SPAN_S  # what was written last is older than the ring by then
HEAD_SIZE = 16
_VERSION = 2
# In a record: the vendor did not send the number then.
NOT_SENT = 0xFFFF_FFFF
_MOST = NOT_SENT - 1

# KEYS ring. ARGV head, offset, record, seconds to live. pcall: a key of another type is cleared as well.
APPEND = """
local held = redis.pcall('GETRANGE', KEYS[1], 0, #ARGV[1] - 1)
if held ~= ARGV[1] then
  redis.call('DEL', KEYS[1])
  redis.call('SETRANGE', KEYS[1], 0, ARGV[1])
end
redis.call('SETRANGE', KEYS[1], ARGV[2], ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
"""


Record = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """`values` by field; None: the vendor did not send it then. `at` is when it came, aware UTC; it counted as live for `live_s` seconds
    from then on. Both to the millisecond."""

    at: datetime
    values: Mapping[str, float | None]
    live_s: float


class Series:
    """The ring of one feed. `interval_s` is the shortest time between two polls: polls that are further apart leave gaps."""

    def __init__(self, feed: Feed, interval_s: float, fields: Sequence[str]) -> None:
        """ValueError when the interval is not positive or there are no fields."""
        if interval_s <= 0 or not fields:
            raise ValueError("a series needs a positive interval and a field")
        self.feed, self.fields, self.interval_s = feed, tuple(fields), interval_s
        self._key = keys.series(feed.id)
        self._interval_ms = max(1, round(interval_s * 1000))
        self.slots = max(1, math.ceil(SPAN_S * 1000 / self._interval_ms))
        self._record = struct.Struct(f"<QI{len(self.fields)}I")
        kind = zlib.crc32("\n".join(self.fields).encode())
        self._head = struct.pack("<4sIII", b"QLs%d" % _VERSION, self._interval_ms, len(self.fields), kind)

    @property
    def size(self) -> int:
        """Bytes of the full ring."""
        return HEAD_SIZE + self.slots * self._record.size

    def append(self, redis: redis_py.Redis, at: datetime, values: Mapping[str, float | None], *, live_s: float | None = None) -> None:
        """Keeps the values that came `at` (aware) and count as live for `live_s` seconds (None: as in a feed asked every `interval_s`).

        Fields not given are None, others are ignored. redis.RedisError when Redis is away.
        """
        at_ms = _ms(at)
        live_ms = round(1000 * (live_for_s(self.interval_s) if live_s is None else live_s))
        record = self._record.pack(at_ms, min(_MOST, max(0, live_ms)), *(_packed(values.get(name)) for name in self.fields))
        redis.eval(APPEND, 1, self._key, self._head, self._offset(at_ms // self._interval_ms), record, TTL_S)

    def read(self, redis: redis_py.Redis, start: datetime, end: datetime) -> list[Point]:
        """The points with start <= at <= end (both aware), oldest first. redis.RedisError when Redis is away."""
        start_ms, end_ms = _ms(start), _ms(end)
        points = []
        for at_ms, live_ms, *values in self._record.iter_unpack(self._between(redis, start_ms, end_ms)):
            if at_ms and start_ms <= at_ms <= end_ms:
                points.append((at_ms, live_ms, values))
        points.sort(key=lambda point: point[0])
        return [
            Point(datetime.fromtimestamp(at_ms / 1000, UTC), dict(zip(self.fields, map(_unpacked, values), strict=True)), live_ms / 1000)
            for at_ms, live_ms, values in points
        ]

    def column(self, redis: redis_py.Redis, start: datetime, end: datetime, field: str) -> list[tuple[datetime, float | None]]:
        """One field of `read`, at a quarter of its cost: what a chart needs. ValueError when the series has no such field."""
        return [(datetime.fromtimestamp(at_s, UTC), value) for at_s, _, value in self.samples(redis, start, end, field)]

    def samples(self, redis: redis_py.Redis, start: datetime, end: datetime, field: str) -> list[tuple[float, float, float | None]]:
        """One field of `read` as (Unix seconds, live seconds, value): for those who fold thousands. ValueError as for `column`."""
        index = self.fields.index(field)
        record = struct.Struct(f"<QI{4 * index}xI{4 * (len(self.fields) - index - 1)}x")
        start_ms, end_ms = _ms(start), _ms(end)
        found = record.iter_unpack(self._between(redis, start_ms, end_ms))
        points = sorted(point for point in found if point[0] and start_ms <= point[0] <= end_ms)
        return [(at_ms / 1000, live_ms / 1000, _unpacked(value)) for at_ms, live_ms, value in points]

    def records(self, redis: redis_py.Redis, start: datetime, end: datetime) -> list[Record]:
        """`read` for those who look at few of thousands: (Unix ms, live ms, then the fields as they are kept); `point` reads one."""
        start_ms, end_ms = _ms(start), _ms(end)
        found = self._record.iter_unpack(self._between(redis, start_ms, end_ms))
        return sorted(record for record in found if record[0] and start_ms <= record[0] <= end_ms)

    def point(self, record: Record) -> Point:
        """One of `records`."""
        at_ms, live_ms, *values = record
        named = dict(zip(self.fields, map(_unpacked, values), strict=True))
        return Point(datetime.fromtimestamp(at_ms / 1000, UTC), named, live_ms / 1000)

    def _between(self, redis: redis_py.Redis, start_ms: int, end_ms: int) -> bytes:
        """The records of the slots from one time to another, of whatever day they are."""
        first = max(start_ms // self._interval_ms, end_ms // self._interval_ms - self.slots + 1)
        return self._raw(redis, first, end_ms // self._interval_ms)

    def _raw(self, redis: redis_py.Redis, first: int, last: int) -> bytes:
        """The records of slots numbered `first` to `last` since 1970, at most once around; whole records only."""
        if last < first:
            return b""
        begin, count = first % self.slots, last - first + 1
        spans = [(begin, min(count, self.slots - begin))]
        if spans[0][1] < count:
            spans.append((0, count - spans[0][1]))
        with redis.pipeline() as pipeline:  # a transaction: an append between the two parts would tear the ring
            pipeline.getrange(self._key, 0, HEAD_SIZE - 1)
            for slot, length in spans:
                offset = self._offset(slot)
                pipeline.getrange(self._key, offset, offset + length * self._record.size - 1)
            try:
                head, *parts = cast("list[bytes]", pipeline.execute())
            except redis_py.ResponseError:  # a key of another type: the next append clears it
                return b""
        if head != self._head:
            return b""
        return b"".join(part[: len(part) - len(part) % self._record.size] for part in parts)

    def _offset(self, slot: int) -> int:
        return HEAD_SIZE + slot % self.slots * self._record.size


def series_of(feed: Feed, interval_s: float) -> Series:
    """The series of a feed: its endpoint's fields at `interval_s`, the endpoint's own interval when watched."""
    return Series(feed, interval_s, series_fields(feed.endpoint))


def silent_s(redis: redis_py.Redis, feeds: Iterable[Feed]) -> dict[Feed, float]:
    """For how many seconds nothing was appended, of those feeds that have a ring: each append sets anew when the ring ends.

    redis.RedisError when Redis is away.
    """
    asked = list(feeds)
    with redis.pipeline(transaction=False) as pipeline:
        for feed in asked:
            pipeline.pttl(keys.series(feed.id))
        left_ms = cast("list[int]", pipeline.execute())
    # -2: there is no such key. -1: it never ends, so that it is not ours, and says nothing about when it was written.
    return {feed: max(0.0, TTL_S - left / 1000) if left >= 0 else 0.0 for feed, left in zip(asked, left_ms, strict=True) if left != -2}


def _ms(at: datetime) -> int:
    return max(0, codec.to_us(at) // 1000)


def _packed(value: float | None) -> int:
    return NOT_SENT if value is None else min(_MOST, max(0, round(value)))


def _unpacked(value: int) -> float | None:
    return None if value == NOT_SENT else value
