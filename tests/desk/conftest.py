"""A vendor for all tests of the desk's pages, and somebody to look at them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import redis as redis_py

from dashboard.sources import registry
from tests.desk.desk_floor import ask_of, still_vendor
from tests.emulator.running import RunningEmulator
from tests.polled_floor import log_in

__all__ = ["log_in"]


@pytest.fixture(scope="session")
def shared_still_vendor() -> Iterator[RunningEmulator]:
    with still_vendor() as emulator:
        yield emulator


@pytest.fixture
def still(shared_still_vendor: RunningEmulator, settings: Any, redis: redis_py.Redis) -> Iterator[RunningEmulator]:
    """The account is that of a vendor at which nobody works."""
    shared_still_vendor.control("calm", {})
    shared_still_vendor.control("limits", {"per_minute": 100_000})
    ask_of(shared_still_vendor, settings, redis)
    yield shared_still_vendor
    registry.close_all()
