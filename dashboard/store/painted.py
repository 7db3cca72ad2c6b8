"""What the screens said last that they had painted, as it lies in Redis: one JSON object per viewer, written by `live.exchange`.

In:  Redis, viewers such as `screen:7`. Out: a `Painted` for each that said anything within a day. What cannot be read counts as unsaid.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import redis as redis_py

from dashboard.store import keys

# How a screen's parts stand. A page that says nothing of one has no use for it now, so an older word of it does not count.
STATES = ("sound", "speech", "no_voice", "wake", "fullscreen")


@dataclass(frozen=True, slots=True)
class Painted:
    """`at`: when the web process heard it (aware UTC). `board` is the slug of what was shown, `seq` the frame's number. `facts`: what the
    screen said of itself: `width`, `height` (CSS pixels), `ratio`, `version`, `skew_ms` (its clock minus ours), `address`, and the states
    `sound`, `speech`, `wake`, `fullscreen` with the language `no_voice` (live/messages.py)."""

    at: datetime
    board: str
    seq: int
    facts: Mapping[str, Any] = field(default_factory=dict)


def facts_known(older: Mapping[str, Any], newer: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of a screen once it has said something newer."""
    return {**{name: value for name, value in older.items() if name not in STATES}, **newer}


def load_painted(redis: redis_py.Redis, viewers: Iterable[str]) -> dict[str, Painted]:
    """By viewer; who said nothing is not in it. redis.RedisError when Redis does not answer."""
    asked = list(viewers)
    if not asked:
        return {}
    found = cast("list[bytes | None]", redis.mget([keys.painted(viewer) for viewer in asked]))
    read = {viewer: _read(text) for viewer, text in zip(asked, found, strict=True) if text is not None}
    return {viewer: painted for viewer, painted in read.items() if painted is not None}


def _read(text: bytes) -> Painted | None:
    try:
        record = json.loads(text)
        at = datetime.fromisoformat(record.pop("at"))
        if at.tzinfo is None:
            return None
        return Painted(at, str(record.pop("board")), int(record.pop("seq")), record)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
