"""A running emulator whose call centre stands still, for the tests of the vendor's edge; and clients of its desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dashboard.emulator.options import EmulatorSettings
from tests.emulator.desk_client import DeskClient
from tests.emulator.running import DAY, RunningEmulator, running
from tests.emulator.still_floor import StillFloor


@pytest.fixture(scope="session")
def shared_still() -> Iterator[RunningEmulator]:
    with running(StillFloor) as emulator:
        yield emulator


@pytest.fixture
def still(shared_still: RunningEmulator) -> RunningEmulator:
    """Known numbers (see `still_floor`), everything switched back."""
    shared_still.control("calm", {})
    return shared_still


@pytest.fixture(scope="session")
def shared_desk() -> Iterator[RunningEmulator]:
    with running(StillFloor, EmulatorSettings(start=DAY, speed=0)) as emulator:
        yield emulator


@pytest.fixture
def desk(shared_desk: RunningEmulator) -> DeskClient:
    """An administrator at an empty desk in a world that stands still: nobody writes, nobody works, no time passes of itself."""
    shared_desk.control("reset", {})
    return DeskClient(shared_desk)
