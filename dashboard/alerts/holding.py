"""What is held of the rules of one feed between two readings, in Redis: one hash, so that a reading costs one look and one write.

In:  the feed's id (or an account, for lost and source). Out: a `Holding`, and its replacement, which lands only if nobody else was faster.
A rule about which there is nothing to hold but the time has no entry: most have none, most of the time.
What cannot be read counts as absent; the incidents in the database say what is open then (verdicts.py).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import redis as redis_py

from dashboard.domain.judging import Held
from dashboard.domain.rules import Limit, Limits
from dashboard.domain.thresholds import Severity
from dashboard.store import codec, keys
from dashboard.store.codec import CodecError

logger = logging.getLogger(__name__)

TTL_S = 2 * 86_400
AT, NOTES = "at", "notes"

# KEYS held. ARGV: the time that must lie there ("" for none), seconds to live, count of fields to set, then name and value of each, then
# the fields to remove. Returns 1 when stored, 0 when somebody else has judged meanwhile. A key of another type is overwritten.
SAVE = """
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'hash' and kind ~= 'none' then redis.call('DEL', KEYS[1]) end
if (redis.call('HGET', KEYS[1], 'at') or '') ~= ARGV[1] then return 0 end
local last = 3 + 2 * tonumber(ARGV[3])
for i = 4, last, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
for i = last + 1, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is held of one rule as of its `version`, and which incident of it is open (None: none is)."""

    version: int
    held: Held
    incident_id: int | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """`at`: the newest reading judged; None: nothing is known (Redis was emptied, or the first start). `notes`: whole numbers by name, kept
    beside the rules (verdicts.py, lost.py). `raw`: the fields as they lie there."""

    at: datetime | None
    kept: Mapping[int, Kept]
    notes: Mapping[str, int] = field(default_factory=dict)
    raw: Mapping[str, bytes] = field(default_factory=dict)


def load(redis: redis_py.Redis, scope: str) -> Holding:
    """redis.RedisError when Redis does not answer."""
    try:
        found = cast("dict[bytes, bytes]", redis.hgetall(keys.held(scope)))
    except redis_py.ResponseError as error:  # a key of another type: the next save overwrites it
        _complain(scope, error)
        return Holding(None, {})
    return read(scope, found)


def read(scope: str, found: Mapping[bytes, bytes]) -> Holding:
    """The same, of fields that were asked for together with other things."""
    raw = {name.decode(errors="replace"): value for name, value in found.items()}
    at = _at(raw.get(AT))
    if at is None:
        return Holding(None, {}, raw=raw)
    kept: dict[int, Kept] = {}
    notes: dict[str, int] = {}
    for name, value in raw.items():
        try:
            if name == NOTES:
                notes = {key: codec.whole(object_, key) for object_ in [codec.load_object(value)] for key in object_}
            elif name != AT:
                kept[int(name)] = _kept(codec.load_object(value), at)
        except (ValueError, KeyError, TypeError) as error:
            _complain(f"{scope} {name}", error)
            return Holding(None, {}, raw=raw)  # as if it had all been lost: the database says what is open
    return Holding(at, kept, notes, raw)


def save(redis: redis_py.Redis, scope: str, *, before: Holding, after: Holding) -> bool:
    """Replaces what was held; writes only what differs. False: another worker has judged meanwhile, and nothing was written.
    redis.RedisError when Redis does not answer; ValueError when `after` has no time."""
    if after.at is None:
        raise ValueError("what is held has a time")
    wanted = {str(rule_id): _dump(one) for rule_id, one in after.kept.items() if not _is_nothing(one)}
    wanted[NOTES] = codec.dump(after.notes)
    wanted[AT] = b"%d" % codec.to_us(after.at)
    setting = [part for name, value in wanted.items() if before.raw.get(name) != value for part in (name, value)]
    removed = [name for name in before.raw if name not in wanted]
    expected = before.raw.get(AT, b"")
    arguments = [expected, TTL_S, len(setting) // 2, *setting, *removed]
    return bool(redis.register_script(SAVE)(keys=[keys.held(scope)], args=arguments))


def _is_nothing(kept: Kept) -> bool:
    return kept.held.calm and kept.incident_id is None


def _dump(kept: Kept) -> bytes:
    """Compact JSON; what is None, ok or false is left out. The newest time is not in it: it is the hash's."""
    held = kept.held
    content: dict[str, Any] = {
        "v": kept.version,
        "level": None if held.level is Severity.OK else held.level.value,
        "opened": None if held.opened is Severity.OK else held.opened.value,
        "recovering": held.recovering or None,
        "limits": _dump_limits(held.limits),
        "incident": kept.incident_id,
    }
    times = {
        "warning": held.warning_since,
        "critical": held.critical_since,
        "back": held.back_since,
        "eased": held.eased_since,
        "limits_at": held.limits_at,
    }
    content |= {name: None if at is None else codec.to_us(at) for name, at in times.items()}
    return codec.dump({name: value for name, value in content.items() if value is not None})


def _kept(found: Mapping[str, Any], at: datetime) -> Kept:
    held = Held(
        at,
        _severity(found.get("level")),
        warning_since=_time(found, "warning"),
        critical_since=_time(found, "critical"),
        back_since=_time(found, "back"),
        eased_since=_time(found, "eased"),
        opened=_severity(found.get("opened")),
        recovering=found.get("recovering") is True,
        limits=_limits(found.get("limits")),
        limits_at=_time(found, "limits_at"),
    )
    return Kept(codec.whole(found, "v"), held, None if found.get("incident") is None else codec.whole(found, "incident"))


def _severity(value: Any) -> Severity:
    return Severity.OK if value is None else Severity(value)


def _time(found: Mapping[str, Any], name: str) -> datetime | None:
    return None if found.get(name) is None else codec.from_us(codec.whole(found, name))


def _dump_limits(limits: Limits | None) -> list[list[float] | None] | None:
    if limits is None:
        return None
    return [None if line is None else [line.enter, line.leave, line.for_s] for line in (limits.warning, limits.critical)]


def _limits(found: Any) -> Limits | None:
    if found is None:
        return None
    warning, critical = (None if line is None else Limit(*(float(number) for number in line)) for line in found)
    return Limits(warning, critical)


def _at(value: bytes | None) -> datetime | None:
    try:
        return None if value is None else codec.from_us(int(value))
    except (ValueError, CodecError):
        return None


def _complain(what: str, error: Exception) -> None:
    logger.warning("What is held of %s cannot be read (%s); the incidents in the database say what is open.", what, error)
