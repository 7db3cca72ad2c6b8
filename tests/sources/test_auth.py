from __future__ import annotations

import json
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import pytest
import redis as redis_py

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.sources.auth import BasicToken, ClientCredentials, StaticBearer, TokenPair
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.http import Limits, VendorClient
from dashboard.sources.redaction import Secret
from dashboard.sources.zendesk_talk import ZendeskTalk
from dashboard.store import keys
from dashboard.store.tokens import RedisTokenStore
from tests.emulator.running import RunningEmulator
from tests.sources.conftest import NOW, SENTINEL, Clock, MakeClient
from tests.sources.vendor import Asked, Reply, Vendor

SOON_S = 5.0


def ask_nothing(path: str, body: Mapping[str, str], /, *, deadline: float) -> object:
    raise AssertionError("nothing is to be asked")


def in_time() -> float:
    return time.monotonic() + SOON_S


class Issuer:
    """The vendor's side of OAuth: one living pair; a new one kills the old. A worker's requests to the stats need the living one."""

    def __init__(self, life_s: object = 600) -> None:
        self.life_s = life_s
        self.granted: list[str] = []
        self.grants: list[str] = []
        self.refuses: set[str] = set()
        self.lock = threading.Lock()
        self.slow: threading.Event | None = None

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == "/oauth/tokens":
            return self.issue(json.loads(asked.body))
        with self.lock:
            good = self.granted and asked.headers["authorization"] == f"Bearer {self.granted[-1]}"
        return Reply.json({"current_queue_activity": {"calls_waiting": 1}}) if good else Reply.json({"error": "x"}, 401)

    def issue(self, body: dict[str, str]) -> Reply:
        grant_type = body["grant_type"]
        with self.lock:
            self.grants.append(grant_type)
            good = body["client_secret"] == SENTINEL and body.get("refresh_token") in (None, f"refresh-{len(self.granted)}")
            if not good or grant_type in self.refuses:
                return Reply.json({"error": "invalid_grant"}, 400 if grant_type == "refresh_token" else 401)
            self.granted.append(f"access-{len(self.granted) + 1}")
            number = len(self.granted)
        if self.slow is not None:
            self.slow.wait(SOON_S)
        granted = {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}", "token_type": "bearer", "scope": "read"}
        return Reply.json({**granted, "expires_in": self.life_s})


def store_of(redis: redis_py.Redis, **more: float) -> RedisTokenStore:
    return RedisTokenStore(redis, "main", secret_key="k" * 50, credentials_digest="d", **more)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(redis: redis_py.Redis) -> RedisTokenStore:
    return store_of(redis)


@contextmanager
def worker(vendor: Vendor, store: RedisTokenStore, clock: Clock, pause: Callable[[float], None] = time.sleep) -> Iterator[VendorClient]:
    """One process: a client of its own, the shared store."""
    credentials = ClientCredentials("queuelight", Secret(SENTINEL), store, clock=clock, pause=pause)
    client = VendorClient(vendor.url, credentials, limits=Limits(), clock=clock)
    yield client
    client.close()


def test_basic_token_is_address_slash_token_and_token() -> None:
    header = BasicToken("ämara@example.com", Secret("tök:en")).header(ask_nothing, in_time()).reveal()
    assert b64decode(header.removeprefix("Basic ")).decode() == "ämara@example.com/token:tök:en"


def test_static_bearer_is_the_token() -> None:
    assert StaticBearer(Secret("abc.def")).header(ask_nothing, in_time()).reveal() == "Bearer abc.def"


@pytest.mark.parametrize("token", ["", "with space", "line\nbreak", "ümlaut", "nul\x00", "x" * 9000])
def test_static_bearer_that_no_header_can_carry_is_refused(token: str) -> None:
    with pytest.raises(SourceError) as caught:
        StaticBearer(Secret(token))
    assert caught.value.kind is ErrorKind.REFUSED_CONFIG
    assert token not in caught.value.message or not token


def test_fixed_credentials_after_a_401_are_not_tried_again(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.replies(Reply(401, b"{}"))
    with pytest.raises(SourceError) as caught:
        make_client(vendor.url).get_json("/x")
    assert (caught.value.kind, caught.value.permanent, len(vendor.asked)) == (ErrorKind.AUTH, True, 1)


def test_client_credentials_get_a_pair_once_and_use_it(vendor: Vendor, store: RedisTokenStore, clock: Clock) -> None:
    issuer = vendor.answer = Issuer()
    with worker(vendor, store, clock) as client:
        answers = [client.get_json("/x") for _ in range(3)]
    assert [answer.requests for answer in answers] == [1, 1, 1]
    assert issuer.grants == ["client_credentials"]
    asked = vendor.asked[0]
    assert (asked.method, asked.path, asked.headers["content-type"]) == ("POST", "/oauth/tokens", "application/json")
    assert "authorization" not in asked.headers
    body = json.loads(asked.body)
    assert body == {"grant_type": "client_credentials", "client_id": "queuelight", "client_secret": SENTINEL, "scope": "read"}


@pytest.mark.parametrize(("life_s", "early_s"), [(600, 120), (7200, 300), ("600", 120)])
def test_client_credentials_renew_before_the_end(
    vendor: Vendor, store: RedisTokenStore, clock: Clock, life_s: object, early_s: float
) -> None:
    issuer = vendor.answer = Issuer(life_s)
    with worker(vendor, store, clock) as client:
        client.get_json("/x")
        clock.skip(float(str(life_s)) - early_s - 1)
        client.get_json("/x")
        assert len(issuer.grants) == 1
        clock.skip(1)
        assert client.get_json("/x").requests == 1
    assert issuer.grants == ["client_credentials", "refresh_token"]


def test_client_credentials_without_an_end_are_renewed_only_after_a_401(
    vendor: Vendor, store: RedisTokenStore, redis: redis_py.Redis, clock: Clock
) -> None:
    issuer = vendor.answer = Issuer(None)
    with worker(vendor, store, clock) as client:
        client.get_json("/x")
        clock.skip(86400 * 365)
        client.get_json("/x")
        assert len(issuer.grants) == 1
        issuer.granted.append("access-2")  # the vendor revoked ours
        before: list[None] = []
        assert client.get_json("/x", before_request=lambda: before.append(None)).requests == 2
        assert len(before) == 2


def test_client_credentials_with_a_dead_refresh_token_fall_back_to_the_client(vendor: Vendor, store: RedisTokenStore, clock: Clock) -> None:
    issuer = vendor.answer = Issuer()
    issuer.refuses = {"refresh_token"}
    with worker(vendor, store, clock) as client:
        client.get_json("/x")
        clock.skip(590)
        client.get_json("/x")
    assert issuer.grants == ["client_credentials", "refresh_token", "client_credentials"]


def test_client_credentials_that_are_refused_are_a_permanent_error(vendor: Vendor, store: RedisTokenStore, clock: Clock) -> None:
    issuer = vendor.answer = Issuer()
    issuer.refuses = {"client_credentials"}
    with worker(vendor, store, clock) as client, pytest.raises(SourceError) as caught:
        client.get_json("/x")
    assert (caught.value.kind, caught.value.permanent) == (ErrorKind.AUTH, True)
    assert [asked.path for asked in vendor.asked] == ["/oauth/tokens"]


def test_client_credentials_with_a_vendor_in_trouble_are_not(vendor: Vendor, store: RedisTokenStore, clock: Clock) -> None:
    vendor.replies(Reply(503, b"", {"retry-after": "7"}))
    with worker(vendor, store, clock) as client, pytest.raises(SourceError) as caught:
        client.get_json("/x")
    assert (caught.value.kind, caught.value.permanent, caught.value.retry_after_s) == (ErrorKind.SERVER, False, 7.0)
    assert store.lock() is not None  # nobody holds it any more


def test_client_credentials_with_every_pair_refused_stop_after_one_renewal(vendor: Vendor, store: RedisTokenStore, clock: Clock) -> None:
    issuer = Issuer()
    vendor.answer = lambda asked: issuer(asked) if asked.path == "/oauth/tokens" else Reply(401, b"{}")
    with worker(vendor, store, clock) as client, pytest.raises(SourceError) as caught:
        client.get_json("/x")
    assert caught.value.kind is ErrorKind.AUTH
    assert [asked.path for asked in vendor.asked] == ["/oauth/tokens", "/x", "/oauth/tokens", "/x"]


@pytest.mark.parametrize(
    "granted",
    [
        [],
        "text",
        {},
        {"access_token": 3},
        {"access_token": ""},
        {"access_token": "line\nbreak"},
        {"access_token": "x", "token_type": "mac"},
        {"access_token": "x", "token_type": 3},
    ],
)
def test_client_credentials_with_an_unusable_grant_are_invalid(
    vendor: Vendor, store: RedisTokenStore, clock: Clock, granted: object
) -> None:
    vendor.replies(Reply.json(granted))
    with worker(vendor, store, clock) as client, pytest.raises(SourceError) as caught:
        client.get_json("/x")
    assert caught.value.kind is ErrorKind.INVALID


@pytest.mark.parametrize("life_s", [True, -5, 0, "soon", [], 1e30, "9" * 50])
def test_client_credentials_with_an_unreadable_life_do_not_end(
    vendor: Vendor, store: RedisTokenStore, clock: Clock, life_s: object
) -> None:
    vendor.answer = Issuer(life_s)
    with worker(vendor, store, clock) as client:
        client.get_json("/x")
    pair = store.load()
    assert pair is not None
    assert pair.expires_at is None


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


def test_pair_knows_when_it_is_due() -> None:
    pair = TokenPair(Secret("access"), None, NOW, NOW + timedelta(seconds=60))
    assert not pair.due(NOW - timedelta(seconds=1))
    assert pair.due(NOW)


def test_emulator_by_every_way_to_sign_in_answers(
    emulator: RunningEmulator, redis: redis_py.Redis, make_client: MakeClient, clock: Clock
) -> None:
    account = emulator.settings
    client_credentials = ClientCredentials(account.oauth_client_id, Secret(account.oauth_client_secret), store_of(redis), clock=clock)
    for credentials in (
        BasicToken(account.email, Secret(account.api_token)),
        StaticBearer(Secret(account.bearer_token)),
        client_credentials,
    ):
        assert ZendeskTalk(make_client(emulator.url, credentials)).read(Feed("main", Endpoint.QUEUE)).requests == 1
    emulator.clock.skip(account.token_ttl_s + 1)  # ended at the vendor, though not by our clock
    talk = ZendeskTalk(make_client(emulator.url, client_credentials))
    assert [talk.read(Feed("main", Endpoint.QUEUE)).requests for _ in range(2)] == [2, 1]
    wrong = ZendeskTalk(make_client(emulator.url, BasicToken(account.email, Secret("wrong-token"))))
    with pytest.raises(SourceError) as caught:
        wrong.read(Feed("main", Endpoint.QUEUE))
    assert caught.value.kind is ErrorKind.AUTH
