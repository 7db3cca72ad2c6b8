"""Redis dies and comes back empty: everything is back within seconds, and nobody has to do anything."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
import redis as redis_py

from dashboard.domain.feeds import TALK, Feed
from dashboard.launch.redis_server import RedisServer
from dashboard.store import keys, snapshots
from dashboard.store.codec import to_us
from tests.emulator.running import RunningEmulator
from tests.faults.processes import BEAT, WORKER, install, until

FEEDS = [Feed("main", endpoint) for endpoint in TALK]
QUEUE = FEEDS[0]


def have_all(client: redis_py.Redis) -> bool:
    try:
        return set(snapshots.load_readings(client, FEEDS)) == set(FEEDS)
    except redis_py.RedisError:
        return False


def queue_at_us(client: redis_py.Redis) -> int:
    try:
        found = snapshots.load_readings(client, [QUEUE])
    except redis_py.RedisError:
        return 0
    return to_us(found[QUEUE].at) if found else 0


@pytest.mark.timeout(180)
@pytest.mark.parametrize("away_s", [0.0, 12.0], ids=["at once", "after a while"])
def test_worker_and_beat_after_redis_came_back_empty_poll_again_within_seconds(
    tmp_path: Path, server: RedisServer, still_emulator: RunningEmulator, away_s: float
) -> None:
    client = redis_py.Redis.from_url(server.url, retry=None)
    place = install(tmp_path, server.url, still_emulator)
    with place.running("worker", WORKER) as worker, place.running("beat", BEAT) as beat:
        until("first readings", lambda: have_all(client), 40)
        client.zadd(keys.WATCH, {"main": 4e9})
        before_us = queue_at_us(client)
        until("the queue is asked each second", lambda: queue_at_us(client) > before_us + 2_000_000, 15)

        assert server.process is not None
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        if away_s:
            with pytest.raises(AssertionError, match="not within"):
                until("a process gives up", lambda: worker.poll() is not None or beat.poll() is not None, away_s)
        server.start(server.port)

        until("the queue's numbers are back", lambda: queue_at_us(client) > 0, 10)
        until("all numbers are back", lambda: have_all(client), 15)
        until("beat's sign of life", lambda: client.exists(keys.alive("beat")) == 1, 5)
        until("the worker's sign of life", lambda: client.exists(keys.alive("worker")) == 1, 5)
        until("a frame", lambda: client.exists(keys.frame("main")) == 1, 5)
        assert worker.poll() is None
        assert beat.poll() is None
    assert "Traceback" not in place.log("worker") + place.log("beat")
    client.close()


@pytest.mark.timeout(120)
def test_worker_after_redis_was_flushed_has_everything_back_within_seconds(
    tmp_path: Path, server: RedisServer, still_emulator: RunningEmulator
) -> None:
    client = redis_py.Redis.from_url(server.url, retry=None)
    place = install(tmp_path, server.url, still_emulator)
    with place.running("worker", WORKER), place.running("beat", BEAT):
        until("first readings", lambda: have_all(client), 40)
        client.flushall()
        until("all numbers are back", lambda: have_all(client), 10)
    client.close()
