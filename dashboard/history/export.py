"""History as tables to take away: one row a metric and step, in pieces of a day, so that 400 days need no more memory than one.

In:  Redis, feeds, metrics, a span, the time. Out: rows; their text as CSV (RFC 4180) or bytes as Parquet. What is not known is empty.
Must not know who asks, or over what.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import redis as redis_py

from dashboard.domain.catalogue import Metric
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.history.span import Span, StepOver, steps

# At most so many rows an export: 60 metrics by the hour for 400 days are 576,000.
MOST_ROWS = 2_000_000
PIECE = timedelta(days=1)
COLUMNS = ("at", "metric", "unit", "feed", "min", "mean", "max", "last", "readings", "live_ratio", "increase", "reset", "corrected")


@dataclass(frozen=True, slots=True)
class Row:
    """One metric in one step, named by its beginning `at` (aware UTC). Numbers are in the metric's unit; None: not known, or no such thing.

    `readings` counts what the step is made of: polls in the last 48 hours, minutes before. `increase` is how much a daily total grew.
    """

    at: datetime
    metric: str
    unit: str
    feed: str
    min: float | None
    mean: float | None
    max: float | None
    last: float | None
    readings: int
    live_ratio: float
    increase: float | None
    reset: bool
    corrected: bool


def rows_count(metrics: Sequence[Metric], span: Span) -> int:
    """How many rows an export will have, before anything is read."""
    return len(metrics) * max(0, -(-int((span.end - span.start).total_seconds()) // max(1, int(span.step_s))))


def rows(redis: redis_py.Redis, feeds: Mapping[Endpoint, Feed], metrics: Sequence[Metric], span: Span, now: datetime) -> Iterator[Row]:
    """Every row, by time within a piece and metric. `feeds` has the endpoint of each metric. redis.RedisError when Redis is away."""
    length = max(PIECE, timedelta(seconds=span.step_s))
    # A piece is a whole number of steps, or the steps of the next one would begin elsewhere.
    length = timedelta(seconds=span.step_s * max(1, int(length.total_seconds() // span.step_s)))
    start = span.start
    while start < span.end:
        piece = Span(start, min(span.end, start + length), span.step_s)
        for metric in metrics:
            feed = feeds[metric.endpoint]
            for over in steps(redis, feed, metric, piece, now):
                yield _row(metric, feed, over)
        start = piece.end


def as_csv(found: Iterable[Row]) -> Iterator[str]:
    """The table as text, its head first; lines end in CRLF. No cell comes from outside, so none can be taken for a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for number, row in enumerate(found):
        writer.writerow([_cell(getattr(row, name)) for name in COLUMNS])
        if number % 500 == 499:
            yield _emptied(buffer)
    yield _emptied(buffer)


def as_parquet(found: Iterable[Row]) -> Iterator[bytes]:
    """The table as one Parquet file, a row group for some tens of thousands of rows; times are UTC with microseconds."""
    # Imported here: it takes a third of a second and 60 MB, and most processes never export anything.
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds: Mapping[str, Any] = {
        "at": pa.timestamp("us", tz="UTC"),
        **dict.fromkeys(("metric", "unit", "feed"), pa.string()),
        **dict.fromkeys(("min", "mean", "max", "last", "live_ratio", "increase"), pa.float64()),
        "readings": pa.int64(),
        **dict.fromkeys(("reset", "corrected"), pa.bool_()),
    }
    schema = pa.schema([(name, kinds[name]) for name in COLUMNS])
    sink = _Sink()
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        for group in _groups(found, 50_000):
            writer.write_table(pa.table({name: [getattr(row, name) for row in group] for name in COLUMNS}, schema=schema))
            yield sink.taken()
    yield sink.taken()


FORMATS: Mapping[str, Callable[[Iterable[Row]], Iterator[str] | Iterator[bytes]]] = {"csv": as_csv, "parquet": as_parquet}
CONTENT_TYPES: Mapping[str, str] = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


class _Sink(io.RawIOBase):
    """What a writer of files writes into, to be taken out piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()
        self._written = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._held += piece
        self._written += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._written

    def taken(self) -> bytes:
        piece, self._held = bytes(self._held), bytearray()
        return piece


def _row(metric: Metric, feed: Feed, over: StepOver) -> Row:
    step, grown = over.step, over.increment
    known = step.count > 0
    return Row(
        over.at.astimezone(UTC),
        metric.name,
        metric.unit.value,
        feed.id,
        step.min if known else None,
        round(step.mean, 4) if known else None,
        step.max if known else None,
        step.last if known else None,
        step.count,
        round(over.live_ratio, 4),
        grown.value if grown else None,
        bool(grown and grown.reset),
        bool(grown and grown.corrected),
    )


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, bool):
        return "true" if value else ""
    return "" if value is None else value


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _groups(found: Iterable[Row], size: int) -> Iterator[list[Row]]:
    group: list[Row] = []
    for row in found:
        group.append(row)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group
