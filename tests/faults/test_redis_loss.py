"""Redis goes and comes back: the walls are told within ten seconds, and right again without a touch."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

import pytest
import redis as redis_py
import redis.asyncio as redis_asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from dashboard.launch.redis_server import RedisServer
from dashboard.live.hub import Pace
from dashboard.store import keys
from tests.live.conftest import Floor
from tests.live.serving import Served, Viewer, serving

WALL_MUST_KNOW_S = 10.0


class OwnRedis:
    """A Redis server of the test's own, to be stopped at will."""

    def __init__(self) -> None:
        self.server = RedisServer()
        self.server.start()
        self.client = redis_py.Redis.from_url(self.server.url, socket_timeout=5)

    def subscriber(self) -> redis_asyncio.Redis:
        return redis_asyncio.Redis.from_url(self.server.url, socket_timeout=None, retry=Retry(NoBackoff(), 0))

    def async_client(self) -> redis_asyncio.Redis:
        return redis_asyncio.Redis.from_url(self.server.url, socket_timeout=3, retry=Retry(NoBackoff(), 0))


@pytest.fixture
def own() -> Iterator[OwnRedis]:
    made = OwnRedis()
    yield made
    made.client.close()
    made.server.stop()


@pytest.fixture
def floor(own: OwnRedis, key: str) -> Floor:
    made = Floor(own.client)
    made.lives()
    return made


@pytest.fixture
def served(floor: Floor, own: OwnRedis) -> Iterator[Served]:
    with serving(pace=Pace(beat_s=1.0), subscriber=own.subscriber, client=own.async_client) as running:
        yield running


def watching(viewer: Viewer, floor: Floor) -> int:
    """Says hello and gets the frame; its number."""
    floor.polls(1)
    viewer.hello()
    seq: int = viewer.wait_for_type("frame")["seq"]
    return seq


def test_redis_restarted_empty_is_told_and_heals_without_a_new_hello(served: Served, floor: Floor, own: OwnRedis, key: str) -> None:
    with served.viewer(key) as viewer:
        seq = watching(viewer, floor)
        own.server.stop()
        began = time.monotonic()
        assert viewer.wait_for(lambda message: "cause" in message)["cause"] == "redis"
        assert time.monotonic() - began < WALL_MUST_KNOW_S
        own.server.start(own.server.port)
        floor.lives()
        floor.polls(2)
        message = viewer.wait_for_type("frame")
        assert message["seq"] > seq
        assert message["frame"]["metrics"]["calls_waiting"]["value"] == 2
        viewer.wait_for(lambda message: message["type"] == "beat" and "cause" not in message)
        floor.polls(3)
        assert viewer.wait_for_type("patch")["prev"] == message["seq"]


def test_a_hello_while_redis_is_gone_gets_the_last_frame_and_the_cause(served: Served, floor: Floor, own: OwnRedis, key: str) -> None:
    with served.viewer(key) as first:
        seq = watching(first, floor)
        own.server.stop()
        first.wait_for(lambda message: "cause" in message)
        with served.viewer(key) as late:
            late.hello()
            assert (late.next()["seq"], late.next()["cause"]) == (seq, "redis")


def test_a_hello_to_a_fresh_process_while_redis_is_gone_gets_a_beat_with_the_cause(floor: Floor, own: OwnRedis, key: str) -> None:
    own.server.stop()
    with serving(subscriber=own.subscriber, client=own.async_client) as served, served.viewer(key) as viewer:
        viewer.hello()
        message = viewer.next()
        assert (message["type"], message["seq"], message["cause"]) == ("beat", 0, "redis")
        own.server.start(own.server.port)
        floor.lives()
        floor.polls(5)
        assert viewer.wait_for_type("frame")["frame"]["metrics"]["calls_waiting"]["value"] == 5


def test_a_redis_that_hangs_is_told_within_ten_seconds(served: Served, floor: Floor, own: OwnRedis, key: str) -> None:
    process = own.server.process
    assert process is not None
    with served.viewer(key) as viewer:
        watching(viewer, floor)
        process.send_signal(signal.SIGSTOP)
        try:
            assert viewer.wait_for(lambda message: "cause" in message, WALL_MUST_KNOW_S)["cause"] == "redis"
        finally:
            process.send_signal(signal.SIGCONT)
        floor.lives()
        viewer.wait_for(lambda message: message["type"] == "beat" and "cause" not in message)
        floor.polls(8)
        viewer.wait_for(lambda message: '"value": 8' in str(message).replace("'", '"'))


def test_what_was_published_while_nobody_listened_arrives(served: Served, floor: Floor, own: OwnRedis, key: str) -> None:
    with served.viewer(key) as viewer:
        watching(viewer, floor)
        own.client.client_kill_filter(_type="pubsub")
        floor.polls(6)
        message = viewer.wait_for(lambda message: '"calls_waiting"' in str(message).replace("'", '"') and message["type"] != "beat")
        body = message.get("frame") or message["patch"]
        assert body["metrics"]["calls_waiting"]["value"] == 6


def test_a_frame_that_changed_under_a_living_connection_is_noticed(served: Served, floor: Floor, own: OwnRedis, key: str) -> None:
    """A replica took over, or somebody restored a snapshot: the number in Redis is not the one we hold, and no push says so."""
    with served.viewer(key) as viewer:
        seq = watching(viewer, floor)
        held = own.client.dump(keys.frame("main"))
        assert held is not None
        floor.polls(2)
        viewer.wait_for_type("patch")
        own.client.restore(keys.frame("main"), 0, held, replace=True)
        assert viewer.wait_for_type("frame")["seq"] == seq


@pytest.mark.parametrize(("alive", "cause"), [("worker", "beat"), ("beat", "worker")])
def test_a_part_that_went_silent_is_named_within_ten_seconds(served: Served, floor: Floor, key: str, alive: str, cause: str) -> None:
    with served.viewer(key) as viewer:
        watching(viewer, floor)
        began = time.monotonic()
        while (message := viewer.next()).get("cause") != cause:
            assert time.monotonic() - began < WALL_MUST_KNOW_S
            assert "cause" not in message
            floor.lives(alive)
        floor.lives()
        viewer.wait_for(lambda message: message["type"] == "beat" and "cause" not in message)
