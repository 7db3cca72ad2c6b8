"""Fixtures that every room uses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis as redis_py

from dashboard.emulator.simulated import SimulatedFloor
from dashboard.store import connection
from tests.emulator.running import RunningEmulator, running


@pytest.fixture
def redis() -> Iterator[redis_py.Redis]:
    """The real server, empty."""
    client = connection.client()
    client.flushall()
    yield client
    client.flushall()


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
