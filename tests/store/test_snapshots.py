"""The latest of everything, and what becomes of poison."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import redis as redis_py

from dashboard.domain.agents import InState
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings import QueueActivity, Reading
from dashboard.store import keys, snapshots
from dashboard.store.snapshots import Outcome, Pause, Stop

QUEUE, OTHER = Feed("main", Endpoint.QUEUE), Feed("main", Endpoint.QUEUE, (1, 2))
NOW = datetime(2026, 11, 21, 9, 0, 0, 123456, tzinfo=UTC)


def reading(calls: int, at: datetime) -> Reading:
    return Reading(QueueActivity(calls_waiting=calls), at)


@pytest.fixture
def server_now(redis: redis_py.Redis) -> datetime:
    seconds, microseconds = redis.time()
    return datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=microseconds)


def test_load_readings_gives_those_that_there_are(redis: redis_py.Redis) -> None:
    assert snapshots.load_readings(redis, []) == {}
    assert snapshots.load_readings(redis, [QUEUE, OTHER]) == {}
    snapshots.save_reading(redis, OTHER, reading(1, NOW))
    assert snapshots.load_readings(redis, [QUEUE, OTHER]) == {OTHER: reading(1, NOW)}


def test_save_reading_older_than_the_stored_one_is_refused(redis: redis_py.Redis, server_now: datetime) -> None:
    assert snapshots.save_reading(redis, QUEUE, reading(1, server_now))
    assert not snapshots.save_reading(redis, QUEUE, reading(2, server_now - timedelta(milliseconds=1)))
    assert snapshots.save_reading(redis, QUEUE, reading(3, server_now))
    assert snapshots.load_readings(redis, [QUEUE])[QUEUE].body == QueueActivity(calls_waiting=3)


@pytest.mark.parametrize("back", [timedelta(seconds=5), timedelta(hours=1), timedelta(days=400)])
def test_save_reading_after_the_clock_was_put_back_is_stored(redis: redis_py.Redis, server_now: datetime, back: timedelta) -> None:
    assert snapshots.save_reading(redis, QUEUE, reading(1, server_now + back))
    assert snapshots.save_reading(redis, QUEUE, reading(2, server_now))


def test_save_reading_long_after_on_a_worker_whose_clock_was_put_back_is_stored(redis: redis_py.Redis, server_now: datetime) -> None:
    assert snapshots.save_reading(redis, QUEUE, reading(1, server_now))
    assert snapshots.save_reading(redis, QUEUE, reading(2, server_now - timedelta(minutes=3)))


@pytest.mark.parametrize("poison", [b"", b"{", b'{"at_us":"soon"}', b"\xff\xfe", b'{"at_us":99999999999999999999999999}'])
def test_save_reading_over_poison_overwrites_it(redis: redis_py.Redis, poison: bytes) -> None:
    redis.set(keys.reading(QUEUE.id), poison)
    assert snapshots.load_readings(redis, [QUEUE]) == {}
    assert snapshots.save_reading(redis, QUEUE, reading(1, NOW))
    assert snapshots.load_readings(redis, [QUEUE]) == {QUEUE: reading(1, NOW)}


def test_save_reading_over_a_key_of_another_type_overwrites_it(redis: redis_py.Redis) -> None:
    redis.lpush(keys.reading(QUEUE.id), "poison")
    assert snapshots.load_readings(redis, [QUEUE]) == {}
    assert snapshots.save_reading(redis, QUEUE, reading(1, NOW))
    assert snapshots.load_readings(redis, [QUEUE]) == {QUEUE: reading(1, NOW)}


@pytest.mark.parametrize("outcome", [Outcome(NOW), Outcome(NOW, "server", "It broke.", 3, NOW - timedelta(hours=1), NOW, True)])
def test_outcome_after_a_round_trip_is_the_same(redis: redis_py.Redis, outcome: Outcome) -> None:
    snapshots.save_outcome(redis, QUEUE, outcome)
    assert snapshots.load_outcomes(redis, [QUEUE, OTHER]) == {QUEUE: outcome}


def test_stop_after_a_round_trip_is_the_same(redis: redis_py.Redis) -> None:
    assert snapshots.stopped(redis, "main") is None
    stop = Stop("auth", "The vendor refused the credentials (401).", NOW, "digest")
    snapshots.save_stop(redis, "main", stop)
    assert snapshots.stopped(redis, "main") == stop
    assert snapshots.stopped(redis, "other") is None


def test_paused_holds_from_its_beginning_to_its_end(redis: redis_py.Redis) -> None:
    pause = Pause("rate_limit", "Slower.", NOW, NOW + timedelta(seconds=60))
    snapshots.save_pause(redis, "main", pause)

    assert snapshots.paused(redis, "main", NOW) == pause
    assert snapshots.paused(redis, "main", NOW + timedelta(seconds=59)) == pause
    assert snapshots.paused(redis, "main", NOW + timedelta(seconds=60)) is None
    assert snapshots.paused(redis, "main", NOW - timedelta(hours=1)) is None  # the clock was put back
    assert 59_000 < redis.pttl(keys.pause("main")) <= 60_000


def test_save_pause_of_no_time_keeps_nothing(redis: redis_py.Redis) -> None:
    snapshots.save_pause(redis, "main", Pause("server", "Now.", NOW, NOW))
    assert snapshots.paused(redis, "main", NOW) is None


@pytest.mark.parametrize("poison", [b"", b"[]", b"{}", b'{"at_us":true}', b'{"at_us":1,"failures":"many"}', b"\x00\x01"])
def test_poison_under_any_key_counts_as_absent_and_is_logged(
    redis: redis_py.Redis, poison: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    reads: list[tuple[str, Callable[[], object], object]] = [
        (keys.outcome(QUEUE.id), lambda: snapshots.load_outcomes(redis, [QUEUE]), {}),
        (keys.stopped("main"), lambda: snapshots.stopped(redis, "main"), None),
        (keys.pause("main"), lambda: snapshots.paused(redis, "main", NOW), None),
    ]
    for key, read, absent in reads:
        redis.set(key, poison)
        caplog.clear()
        assert read() == absent
        assert key in caplog.text
    redis.hset(keys.agents("main"), QUEUE.id, poison)
    assert snapshots.agents_in_state(redis, "main") == {}


def test_agents_over_a_key_of_another_type_begin_anew(redis: redis_py.Redis) -> None:
    redis.set(keys.agents("main"), "poison")
    assert snapshots.agents_in_state(redis, "main") == {}
    snapshots.save_agents(redis, QUEUE, {1: InState("online", None, NOW, True)}, at=NOW)
    assert snapshots.agents_in_state(redis, "main") == {1: InState("online", None, NOW, True)}


def test_agents_in_state_of_two_groups_are_merged(redis: redis_py.Redis) -> None:
    north, south = Feed("main", Endpoint.AGENTS, (1,)), Feed("main", Endpoint.AGENTS, (2,))
    early, late = NOW - timedelta(seconds=30), NOW - timedelta(seconds=20)
    snapshots.save_agents(
        redis,
        north,
        {
            1: InState("online", None, early, True),
            2: InState("online", None, late, True),
            3: InState("online", None, early, True),
            4: InState("away", None, early, True),
        },
        at=NOW - timedelta(seconds=2),
    )
    snapshots.save_agents(
        redis,
        south,
        {
            2: InState("online", None, early, False),
            3: InState("online", None, late, True),
            4: InState("online", "on_call", late, True),
            5: InState("offline", None, late, True),
        },
        at=NOW,
    )

    assert snapshots.agents_in_state(redis, "main") == {
        1: InState("online", None, early, True),
        2: InState("online", None, late, True),
        3: InState("online", None, early, True),
        4: InState("online", "on_call", late, True),
        5: InState("offline", None, late, True),
    }
    assert set(snapshots.agents_seen_by(redis, north)) == {1, 2, 3, 4}
    assert 0 < redis.ttl(keys.agents("main")) <= snapshots.AGENTS_TTL_S


def test_agents_in_state_forgets_a_group_that_is_no_longer_asked(redis: redis_py.Redis) -> None:
    old, new = Feed("main", Endpoint.AGENTS, (1,)), Feed("main", Endpoint.AGENTS, (2,))
    snapshots.save_agents(redis, old, {1: InState("online", None, NOW, True)}, at=NOW - timedelta(minutes=11))
    snapshots.save_agents(redis, new, {2: InState("online", None, NOW, True)}, at=NOW)
    assert set(snapshots.agents_in_state(redis, "main")) == {2}
