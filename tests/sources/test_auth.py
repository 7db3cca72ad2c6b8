"""Every way to sign in, and what is kept of it."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Mapping
from datetime import timedelta

import pytest
import redis as redis_py

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.sources.auth import BasicToken, ClientCredentials, StaticBearer, TokenPair
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.redaction import Secret
from dashboard.sources.zendesk_talk import ZendeskTalk
from dashboard.store.tokens import RedisTokenStore
from tests.emulator.running import RunningEmulator
from tests.sources.conftest import NOW, SENTINEL, Clock, MakeClient, store_of
from tests.sources.issuer import Issuer, in_time, worker
from tests.sources.vendor import Reply, Vendor


def ask_nothing(path: str, body: Mapping[str, str], /, *, deadline: float) -> object:
    raise AssertionError("nothing is to be asked")


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


def test_pair_knows_when_it_is_due() -> None:
    pair = TokenPair(Secret("not-a-word"), None, NOW, NOW + timedelta(seconds=60))
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
