"""What these tests share with the rooms whose faults they try."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dashboard.launch.redis_server import RedisServer
from tests.emulator.running import RunningEmulator, running
from tests.emulator.still_floor import StillFloor
from tests.live.conftest import key

__all__ = ["key"]


@pytest.fixture
def still_emulator() -> Iterator[RunningEmulator]:
    """A vendor at which nothing moves by itself."""
    with running(StillFloor) as emulator:
        yield emulator


@pytest.fixture
def server() -> Iterator[RedisServer]:
    """A Redis of the test's own, to be killed and started again."""
    server = RedisServer()
    server.start()
    yield server
    server.stop()
