"""Many workers with one pair of tokens: it is renewed once, whoever dies or is late."""

from __future__ import annotations

import threading
import time

import pytest
import redis as redis_py

from dashboard.sources.auth import TokenPair
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.redaction import Secret
from dashboard.store import keys
from dashboard.store.tokens import RedisTokenStore
from tests.sources.conftest import Clock, store_of
from tests.sources.issuer import SOON_S, Issuer, worker
from tests.sources.vendor import Asked, Reply, Vendor


@pytest.mark.parametrize("round_", range(3))
def test_many_workers_with_an_ended_pair_renew_it_exactly_once(vendor: Vendor, redis: redis_py.Redis, clock: Clock, round_: int) -> None:
    issuer = vendor.answer = Issuer()
    with worker(vendor, store_of(redis), clock) as client:
        client.get_json("/x")
    clock.skip(590)
    all_wait = issuer.slow = threading.Event()
    workers_count, seen, failed, waiting = 8, [], [], set()

    def pause(seconds: float) -> None:
        waiting.add(threading.get_ident())
        if len(waiting) == workers_count - 1:
            all_wait.set()  # the renewal ends only when all the others stand at the lock
        time.sleep(seconds)

    def work() -> None:
        with worker(vendor, store_of(redis), clock, pause) as one:
            try:
                seen.append(one.get_json("/x").status)
            except SourceError as error:
                failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(workers_count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON_S)
    assert failed == []
    assert len(waiting) == workers_count - 1
    assert seen == [200] * workers_count
    assert issuer.grants == ["client_credentials", "refresh_token"]


def test_many_workers_with_a_revoked_pair_renew_it_exactly_once(vendor: Vendor, redis: redis_py.Redis, clock: Clock) -> None:
    issuer = vendor.answer = Issuer()
    with worker(vendor, store_of(redis), clock) as client:
        client.get_json("/x")
    issuer.granted.append("another program's")
    issuer.refuses = {"refresh_token"}
    requests: list[int] = []
    barrier = threading.Barrier(6)

    def work() -> None:
        with worker(vendor, store_of(redis), clock) as one:
            barrier.wait(SOON_S)
            requests.append(one.get_json("/x").requests)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON_S)
    assert len(requests) == 6
    assert set(requests) <= {1, 2}
    assert issuer.grants == ["client_credentials", "refresh_token", "client_credentials"]


def test_worker_that_gets_the_lock_just_after_another_renewed_uses_the_new_pair(
    vendor: Vendor, redis: redis_py.Redis, clock: Clock
) -> None:
    issuer = vendor.answer = Issuer()

    class Overtaken(RedisTokenStore):
        """Between this worker's look at the pair and its hand on the lock, another renews and is done."""

        def lock(self) -> str | None:
            with worker(vendor, store_of(redis), clock) as other:
                other.get_json("/x")
            return super().lock()

    store = Overtaken(redis, "main", secret_key="k" * 50, credentials_digest="d")
    with worker(vendor, store, clock) as client:
        assert client.get_json("/x").status == 200
    assert issuer.grants == ["client_credentials"]


def test_worker_with_another_that_died_while_renewing_takes_over_when_the_lock_ends(
    vendor: Vendor, redis: redis_py.Redis, clock: Clock
) -> None:
    issuer = vendor.answer = Issuer()
    assert store_of(redis, lock_life_s=0.3).lock() is not None  # and then its process is gone
    started = time.monotonic()
    with worker(vendor, store_of(redis), clock) as client:
        assert client.get_json("/x").status == 200
    assert time.monotonic() - started >= 0.25
    assert issuer.grants == ["client_credentials"]


def test_worker_that_asks_twice_for_a_pair_holds_the_lock_for_a_whole_request_again(
    vendor: Vendor, redis: redis_py.Redis, clock: Clock
) -> None:
    issuer = Issuer()
    left_ms: list[int] = []

    def answer(asked: Asked) -> Reply:
        if asked.path == "/oauth/tokens":
            left_ms.append(redis.pttl(keys.oauth_lock("main")))  # type: ignore[arg-type]
            redis.pexpire(keys.oauth_lock("main"), 3000)  # so much time the request takes
        return issuer(asked)

    vendor.answer = answer
    store = store_of(redis)
    with worker(vendor, store, clock) as client:
        client.get_json("/x")
        clock.skip(590)
        left_ms.clear()
        issuer.refuses = {"refresh_token"}
        assert client.get_json("/x").status == 200
    assert issuer.grants == ["client_credentials", "refresh_token", "client_credentials"]
    assert all(left > 12_000 for left in left_ms)
    assert len(left_ms) == 2


def test_worker_that_lost_its_lock_between_two_requests_asks_no_more_and_uses_the_newer_pair(
    vendor: Vendor, redis: redis_py.Redis, clock: Clock
) -> None:
    store, issuer = store_of(redis), Issuer()
    newer = TokenPair(Secret("newer-access"), None, None, None)

    def answer(asked: Asked) -> Reply:
        if asked.path != "/oauth/tokens":
            return Reply.json({"authorization": asked.headers["authorization"]})
        if "refresh_token" in issuer.refuses:
            redis.set(keys.oauth_lock("main"), "another")
            assert store.save(newer, "another", clock())
            redis.delete(keys.oauth_lock("main"))
        return issuer(asked)

    vendor.answer = answer
    with worker(vendor, store, clock) as client:
        client.get_json("/x")
        clock.skip(590)
        issuer.refuses = {"refresh_token"}
        assert client.get_json("/x").json == {"authorization": "Bearer newer-access"}
    assert issuer.grants == ["client_credentials", "refresh_token"]


def test_worker_with_another_that_renews_for_ever_gives_up_at_its_deadline(vendor: Vendor, store: RedisTokenStore, clock: Clock) -> None:
    vendor.answer = Issuer()
    assert store.lock() is not None
    with worker(vendor, store, clock) as client, pytest.raises(SourceError) as caught:
        client.get_json("/x", deadline=time.monotonic() + 0.2)
    assert (caught.value.kind, vendor.asked) == (ErrorKind.TIMEOUT, [])


def test_worker_that_lost_its_lock_while_renewing_does_not_overwrite_the_newer_pair(
    vendor: Vendor, redis: redis_py.Redis, clock: Clock
) -> None:
    store = store_of(redis)
    newer = TokenPair(Secret("newer-access"), None, None, None)
    issuer = Issuer()

    def answer(asked: Asked) -> Reply:
        if asked.path == "/oauth/tokens":
            redis.set(keys.oauth_lock("main"), "another")  # ours ended while the vendor took its time, and another renewed
            assert store.save(newer, "another", clock())
            redis.delete(keys.oauth_lock("main"))
            return issuer(asked)
        return Reply.json({"authorization": asked.headers["authorization"]})

    vendor.answer = answer
    with worker(vendor, store, clock) as client:
        assert client.get_json("/x").json == {"authorization": "Bearer newer-access"}
    assert store.load() == newer
