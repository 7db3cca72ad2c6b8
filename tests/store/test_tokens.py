from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import redis as redis_py

from dashboard.sources.auth import TokenPair
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.redaction import Secret
from dashboard.store import keys
from dashboard.store.tokens import RedisTokenStore

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PAIR = TokenPair(Secret("access-sentinel"), Secret("refresh-sentinel"), NOW + timedelta(seconds=480), NOW + timedelta(seconds=600))


def store_of(redis: redis_py.Redis, *, secret_key: str = "k" * 50, digest: str = "d") -> RedisTokenStore:
    return RedisTokenStore(redis, "main", secret_key=secret_key, credentials_digest=digest)


def saved(redis: redis_py.Redis, pair: TokenPair = PAIR) -> RedisTokenStore:
    store = store_of(redis)
    lock = store.lock()
    assert lock is not None
    assert store.save(pair, lock, NOW)
    store.unlock(lock)
    return store


def test_load_after_save_gives_the_pair_to_every_store(redis: redis_py.Redis) -> None:
    saved(redis)
    assert store_of(redis).load() == PAIR


def test_load_of_a_pair_without_end_and_refresh_gives_the_same(redis: redis_py.Redis) -> None:
    pair = TokenPair(Secret("access-sentinel"))
    assert saved(redis, pair).load() == pair


def test_save_puts_no_token_in_the_clear_and_lets_it_end(redis: redis_py.Redis) -> None:
    saved(redis)
    kept = redis.get(keys.oauth("main"))
    assert isinstance(kept, bytes)
    assert b"sentinel" not in kept
    life_ms = redis.pttl(keys.oauth("main"))
    assert isinstance(life_ms, int)
    assert 590_000 < life_ms <= 600_000


def test_save_without_the_lock_keeps_nothing(redis: redis_py.Redis) -> None:
    store = store_of(redis)
    assert store.save(PAIR, "never had it", NOW) is False
    assert store.load() is None


def test_save_of_a_pair_that_has_ended_is_no_error(redis: redis_py.Redis) -> None:
    store = store_of(redis)
    lock = store.lock()
    assert lock is not None
    assert store.save(PAIR, lock, NOW + timedelta(days=1)) is True


@pytest.mark.parametrize(("secret_key", "digest"), [("other" * 10, "d"), ("k" * 50, "other credentials")])
def test_load_with_other_settings_gives_nothing(redis: redis_py.Redis, secret_key: str, digest: str) -> None:
    saved(redis)
    assert store_of(redis, secret_key=secret_key, digest=digest).load() is None


@pytest.mark.parametrize("garbage", [b"", b"garbage", b"\xff\xfe", b"gAAAAA=="])
def test_load_of_garbage_gives_nothing(redis: redis_py.Redis, garbage: bytes) -> None:
    redis.set(keys.oauth("main"), garbage)
    assert store_of(redis).load() is None


@pytest.mark.parametrize(
    "plain",
    [
        b"3",
        b"{}",
        b"null",
        b'{"access":3,"refresh":null,"renew_at":null,"expires_at":null}',
        b'{"access":"a","refresh":null,"renew_at":"x","expires_at":null}',
        b'{"access":"a","refresh":null,"renew_at":1e99,"expires_at":null}',
    ],
)
def test_load_of_an_older_form_gives_nothing(redis: redis_py.Redis, plain: bytes) -> None:
    store = store_of(redis)
    redis.set(keys.oauth("main"), store._fernet.encrypt(plain))
    assert store.load() is None


def test_lock_is_one_workers_until_it_gives_it_back_or_it_ends(redis: redis_py.Redis) -> None:
    first, second = store_of(redis), store_of(redis)
    lock = first.lock()
    assert lock is not None
    assert second.lock() is None
    second.unlock("not mine")
    assert second.lock() is None
    life_ms = redis.pttl(keys.oauth_lock("main"))
    assert isinstance(life_ms, int)
    assert 12_000 < life_ms <= 13_000
    first.unlock(lock)
    assert second.lock() is not None


def test_keep_makes_only_ones_own_lock_last_for_its_whole_life_again(redis: redis_py.Redis) -> None:
    store = store_of(redis)
    lock = store.lock()
    assert lock is not None
    redis.pexpire(keys.oauth_lock("main"), 1000)
    assert store_of(redis).keep("not mine") is False
    assert redis.pttl(keys.oauth_lock("main")) <= 1000  # type: ignore[operator]
    assert store.keep(lock) is True
    assert redis.pttl(keys.oauth_lock("main")) > 12_000  # type: ignore[operator]
    redis.delete(keys.oauth_lock("main"))
    assert store.keep(lock) is False


def test_every_call_without_redis_says_so_and_no_more() -> None:
    gone = redis_py.Redis.from_url("redis://:hunter2hunter2@127.0.0.1:1/0", socket_connect_timeout=0.2)
    store = store_of(gone)
    for call in (store.load, store.lock, lambda: store.keep("lock"), lambda: store.save(PAIR, "lock", NOW)):
        with pytest.raises(SourceError) as caught:
            call()
        assert caught.value.kind is ErrorKind.NETWORK
        assert "Redis" in caught.value.message
        assert "hunter2" not in caught.value.message
        assert caught.value.__suppress_context__
    store.unlock("lock")
    assert "sentinel" not in repr(PAIR) + repr(store)
    gone.close()
