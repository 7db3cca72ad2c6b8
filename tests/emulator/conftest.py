"""A running emulator whose call centre stands still, for the tests of the vendor's edge."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.emulator.running import RunningEmulator, running
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
