"""The rows of a feed's readings, poll by poll for 48 hours: what a rewound table shows beside its totals.

In:  a reading's rows as they are kept (domain/rows.py), as they come. Out: the rows as of any moment asked later, or that they are lost.
A block of ten minutes is one Redis string of lines: first all rows, then, a line a poll, those that changed. A block ends by itself two
days later. What was noted last is read from the block itself, so that a line that a crash lost is made good by the next poll.

Bytes, by Redis's own count (tests/store/test_past_rows.py): twenty groups with names of 80 signs that all change with each poll (15 s) take
17 MB a feed over 48 hours, twenty targets (30 s) 9 MB; where three change with each poll it is 3 and 2 MB. Every function that takes Redis
raises redis.RedisError when it does not answer.
"""

from __future__ import annotations

import bisect
import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import redis as redis_py

from dashboard.domain.feeds import Feed
from dashboard.domain.rows import ROWS, Kept, Row, plain, row_of
from dashboard.store import codec, keys

logger = logging.getLogger(__name__)

BLOCK_S = 600
SPAN_S = 2 * 86_400
TTL_S = SPAN_S + 2 * BLOCK_S


@dataclass(frozen=True, slots=True)
class Line:
    """The rows as they were from `at_ms` (Unix time) on."""

    at_ms: int
    kept: Kept


class PastRows:
    """Lines of one feed in blocks: asked for a moment, only its own block speaks. Where it says nothing yet, nothing is known."""

    def __init__(self, block_s: int, blocks: Iterable[tuple[int, Sequence[Line]]]) -> None:
        """`blocks`: number (Unix time / `block_s`) and lines in the order of time."""
        self._block_ms = block_s * 1000
        self._blocks = {number: lines for number, lines in blocks if lines}

    def at(self, when: datetime) -> Kept | None:
        """The rows as of the last line not after `when` (aware); None: not known."""
        when_ms = codec.to_us(when) // 1000
        lines = self._blocks.get(when_ms // self._block_ms, ())
        count = bisect.bisect_right(lines, when_ms, key=lambda line: line.at_ms)
        return lines[count - 1].kept if count else None


def keep(redis: redis_py.Redis, feed: Feed, found: Kept, *, at: datetime) -> None:
    """Notes the rows of a reading taken `at` (aware), as far as they changed since the one noted last."""
    at_ms = codec.to_us(at) // 1000
    key = keys.past_rows(feed.id, at_ms // 1000 // BLOCK_S)
    held = cast("list[bytes | None]", redis.mget([key]))[0]
    before = _folded(feed, held)[1] if held else None
    with redis.pipeline() as pipeline:
        if held is None:  # also a key of another type, which is overwritten
            pipeline.set(key, _whole(at_ms, found))
        elif before is None:
            pipeline.append(key, _whole(at_ms, found))
        elif before != found:
            pipeline.append(key, _changes(at_ms, before, found))
        pipeline.expire(key, TTL_S)
        pipeline.execute()


def read(redis: redis_py.Redis, feed: Feed, start: datetime, end: datetime) -> PastRows:
    """What is known of start <= t <= end (aware), of the last 48 hours."""
    first, last = (codec.to_us(at) // 1_000_000 // BLOCK_S for at in (start, end))
    numbers = range(max(first, last - SPAN_S // BLOCK_S), last + 1)
    found = cast("list[bytes | None]", redis.mget([keys.past_rows(feed.id, number) for number in numbers])) if numbers else []
    return PastRows(BLOCK_S, [(number, lines(feed, text)) for number, text in zip(numbers, found, strict=True) if text])


def written(found: Iterable[Line]) -> bytes:
    """Lines as text; the inverse of `lines`."""
    out: list[str] = []
    before: Kept | None = None
    for line in found:
        if before is None:
            out.append(_whole(line.at_ms, line.kept))
        elif line.kept != before:
            out.append(_changes(line.at_ms, before, line.kept))
        before = line.kept
    return "".join(out).encode()


def lines(feed: Feed, text: bytes) -> list[Line]:
    """The lines of a block, each with all of its rows, in the order of time. What cannot be read is left out, with a word in the log: from
    there on nothing is known until the next line with all rows."""
    return _folded(feed, text)[0]


def _folded(feed: Feed, text: bytes) -> tuple[list[Line], Kept | None]:
    """The lines, and what the rows are after the last of them; None: not known, because that one is damaged."""
    kind = ROWS[feed.endpoint]
    out: list[Line] = []
    before: Kept | None = None
    for each in filter(None, text.split(b"\n")):
        try:
            at_ms, before = _line(kind, json.loads(each), before)
        except (ValueError, TypeError, IndexError):
            logger.warning("A line of past rows of %s cannot be read; it is left out.", feed.id)
            before = None
        else:
            out += [] if before is None else [Line(at_ms, before)]
    return sorted(out, key=lambda line: line.at_ms), before


def _line(kind: type[Row], found: Any, before: Kept | None) -> tuple[int, Kept | None]:
    """ValueError, TypeError or IndexError for what is no line."""
    match found:
        case [int(at_ms), "all", int(beside), [*every]]:
            return at_ms, Kept(tuple(row_of(kind, row) for row in every), beside)
        case [int(at_ms), "some", int(beside), [*changed]]:
            if before is None:
                return at_ms, None  # a change of rows that are not known
            rows: list[Row] = list(before.rows)
            for place, row in changed:
                rows[place] = row_of(kind, [old if value is None else value for value, old in zip(row, plain(rows[place]), strict=True)])
            return at_ms, Kept(tuple(rows), beside)
    raise ValueError("not a line of past rows")


def _whole(at_ms: int, found: Kept) -> str:
    return _text([at_ms, "all", found.beside, [plain(row) for row in found.rows]])


def _changes(at_ms: int, before: Kept, found: Kept) -> str:
    """The rows that changed, by their place; all of them, where there are more or fewer."""
    if len(before.rows) != len(found.rows):
        return _whole(at_ms, found)
    changed = [[place, _changed(old, new)] for place, (old, new) in enumerate(zip(before.rows, found.rows, strict=True)) if old != new]
    return _text([at_ms, "some", found.beside, changed])


def _changed(old: Row, new: Row) -> list[object]:
    """A row as it is now; None for a name, or a number of an id's length, that is as it was: they are most of its bytes."""
    return [
        None if now == then and (isinstance(now, str) or place == 0) else now
        for place, (now, then) in enumerate(zip(plain(new), plain(old), strict=True))
    ]


def _text(line: Sequence[object]) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
