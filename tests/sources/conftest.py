"""A vendor that answers what the test says, and clients of it that give up soon."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import redis as redis_py

from dashboard.sources.auth import BasicToken, Credentials
from dashboard.sources.http import Limits, VendorClient
from dashboard.sources.redaction import Secret
from dashboard.store.tokens import RedisTokenStore
from tests.sources.vendor import Vendor, serving

SENTINEL = "s3ntinel-Secret-Value"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SOON = Limits(connect_s=0.5, read_s=0.3, total_s=0.6)
# For whatever is not about time: a machine that does much else may take a second for a line.
PATIENT = Limits(connect_s=10, read_s=10, total_s=20)

MakeClient = Callable[..., VendorClient]


class Clock:
    """A wall clock that a test sets."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def skip(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture(scope="session")
def serving_vendor() -> Iterator[Vendor]:
    with serving(Vendor()) as vendor:
        yield vendor


@pytest.fixture
def vendor(serving_vendor: Vendor) -> Vendor:
    serving_vendor.reset()
    return serving_vendor


@pytest.fixture
def make_client() -> Iterator[MakeClient]:
    made: list[VendorClient] = []

    def make(url: str, credentials: Credentials | None = None, *, limits: Limits = PATIENT, **more: object) -> VendorClient:
        signed = credentials or BasicToken("amara@example.com", Secret(SENTINEL))
        made.append(VendorClient(url, signed, limits=limits, **more))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for client in made:
        client.close()


def store_of(redis: redis_py.Redis, **more: float) -> RedisTokenStore:
    return RedisTokenStore(redis, "main", secret_key="k" * 50, credentials_digest="d", **more)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(redis: redis_py.Redis) -> RedisTokenStore:
    return store_of(redis)
