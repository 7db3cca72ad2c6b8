"""What is held between two readings: the same again when read, written only if nobody else was faster, and damage is as absence."""

from __future__ import annotations

from datetime import UTC, datetime

import redis as redis_py
from hypothesis import given
from hypothesis import strategies as st

from dashboard.alerts import holding
from dashboard.alerts.holding import Holding, Kept
from dashboard.domain.judging import Held
from dashboard.domain.rules import Limit, Limits
from dashboard.domain.thresholds import Severity
from dashboard.store import connection, keys
from tests.alerts.judged_floor import at

SCOPE = "main:current_queue_activity"
TIMES = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
LINES = st.none() | st.builds(Limit, NUMBERS, NUMBERS, NUMBERS)
HELD = st.builds(
    Held,
    st.just(at(0)),
    st.sampled_from(Severity),
    warning_since=st.none() | TIMES,
    critical_since=st.none() | TIMES,
    back_since=st.none() | TIMES,
    eased_since=st.none() | TIMES,
    opened=st.sampled_from(Severity),
    recovering=st.booleans(),
    limits=st.none() | st.builds(Limits, LINES, LINES),
    limits_at=st.none() | TIMES,
)
KEPT = st.builds(Kept, st.integers(1, 10**6), HELD, st.none() | st.integers(1, 10**9))


@given(
    st.dictionaries(st.integers(1, 10**9), KEPT, max_size=3), st.dictionaries(st.text(max_size=9), st.integers(-(2**62), 2**62), max_size=3)
)
def test_what_was_saved_is_loaded_again(kept: dict[int, Kept], notes: dict[str, int]) -> None:
    redis = connection.client()
    redis.delete(keys.held(SCOPE))
    assert holding.save(redis, SCOPE, before=Holding(None, {}), after=Holding(at(0), kept, notes))
    found = holding.load(redis, SCOPE)
    assert (found.at, found.notes) == (at(0), notes)
    assert found.kept == {pk: one for pk, one in kept.items() if not one.held.calm or one.incident_id is not None}


def test_save_after_somebody_else_judged_writes_nothing(redis: redis_py.Redis) -> None:
    holding.save(redis, SCOPE, before=Holding(None, {}), after=Holding(at(0), {}))
    before = holding.load(redis, SCOPE)
    assert holding.save(redis, SCOPE, before=before, after=Holding(at(2), {}))
    pending = Kept(1, Held(at(1), Severity.WARNING, warning_since=at(1)))
    assert not holding.save(redis, SCOPE, before=before, after=Holding(at(1), {7: pending}))
    assert holding.load(redis, SCOPE).at == at(2)
    assert holding.load(redis, SCOPE).kept == {}


def test_save_removes_what_is_held_no_more_and_rules_that_are_gone(redis: redis_py.Redis) -> None:
    pending = Kept(1, Held(at(0), Severity.WARNING, warning_since=at(0)))
    holding.save(redis, SCOPE, before=Holding(None, {}), after=Holding(at(0), {7: pending, 8: pending}))
    before = holding.load(redis, SCOPE)
    holding.save(redis, SCOPE, before=before, after=Holding(at(1), {7: Kept(1, Held(at(1)))}))
    assert set(redis.hkeys(keys.held(SCOPE))) == {b"at", b"notes"}  # type: ignore[arg-type]


@given(st.dictionaries(st.sampled_from([b"at", b"notes", b"7", b"x", b"\xff"]), st.binary(max_size=20) | st.just(b'{"v":1}')))
def test_anything_that_lies_there_is_read_or_counts_as_absent(found: dict[bytes, bytes]) -> None:
    read = holding.read(SCOPE, found)
    assert read.at is not None or (read.kept == {} and read.notes == {})


def test_a_key_of_another_type_is_as_absent_and_is_overwritten(redis: redis_py.Redis) -> None:
    redis.set(keys.held(SCOPE), "poison")
    before = holding.load(redis, SCOPE)
    assert before.at is None
    assert holding.save(redis, SCOPE, before=before, after=Holding(at(0), {}))
    assert holding.load(redis, SCOPE).at == at(0)
