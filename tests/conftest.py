"""Fixtures that every room uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import redis as redis_py
from django.test import override_settings

from dashboard.alerts import observed
from dashboard.alerts.baselines import BASELINES
from dashboard.alerts.paces import PACES
from dashboard.desk import patience
from dashboard.emulator.simulated import SimulatedFloor
from dashboard.polling.boards import SHELF
from dashboard.polling.judged import BOOK
from dashboard.store import connection
from dashboard.store.database import DATABASE
from tests.emulator.running import RunningEmulator, running

# How long one example takes says more about the machine's other work than about the code.
hypothesis.settings.register_profile("queuelight", deadline=None)
hypothesis.settings.load_profile("queuelight")


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> Iterator[None]:
    """Argon2 takes a fifth of a second of CPU on purpose, for everybody whom a test makes; accounts/test_pages holds the real setting."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """A worker remembers rules, paces, what is usual, what an incident showed; the next test's are others, under the same numbers."""
    BOOK.forget()
    PACES.forget()
    BASELINES.forget()
    SHELF.forget()
    DATABASE.forget()
    observed.forget()
    patience.forget()


@pytest.fixture
def redis() -> Iterator[redis_py.Redis]:
    """The real server, empty."""
    client = connection.client()
    client.flushall()
    yield client
    client.flushall()


@pytest.fixture
def no_redis(settings: Any) -> Iterator[None]:
    """Nothing listens where Redis should be."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    connection.client.cache_clear()
    yield
    connection.client.cache_clear()


@pytest.fixture
def plain_static(settings: Any) -> None:
    """Pages name static files as they lie in static/: nobody has collected them, so there is no list of hashed names."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)  # the server of static files warns of a folder that is not there
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture(scope="session")
def shared_emulator() -> Iterator[RunningEmulator]:
    """One emulated account for the whole run: the day's simulation is paid once."""
    with running(SimulatedFloor) as emulator:
        yield emulator


@pytest.fixture
def emulator(shared_emulator: RunningEmulator) -> RunningEmulator:
    """A running emulator of the vendor with everything switched back: no faults, full limits, no OAuth pair, an empty log."""
    shared_emulator.control("calm", {})
    return shared_emulator
