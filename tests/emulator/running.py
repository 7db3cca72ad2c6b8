"""A running emulator for tests of any room: the fixture `emulator` (tests/conftest.py) yields one `RunningEmulator`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from dashboard.emulator.clock import EmulatorClock
from dashboard.emulator.floor import OpenFloor
from dashboard.emulator.options import EmulatorSettings
from dashboard.emulator.server import serve_in_thread

DAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
"""A Friday morning: when the tests' simulated day is entered."""


@dataclass(frozen=True, slots=True)
class RunningEmulator:
    """A real server on a free port of 127.0.0.1.

    `clock.skip(seconds)` lets windows pass and tokens expire without waiting. `control(path, body)` posts to `/_emulator/<path>`
    (a bare read when body is None) and returns its JSON; a refusal raises AssertionError with the server's sentence.
    """

    url: str
    settings: EmulatorSettings
    clock: EmulatorClock
    http: httpx.Client

    def control(self, path: str, body: dict[str, object] | None = None) -> Any:
        answer = self.http.get(f"/_emulator/{path}") if body is None else self.http.post(f"/_emulator/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def fault(self, kind: str, **conditions: object) -> None:
        """Switch a fault on, such as `fault("500", endpoint="agents_activity", count=2)`; `fault("none")` ends all."""
        self.control("fault", {"fault": kind, **conditions})

    def requests(self, endpoint: str | None = None) -> Any:
        """What was asked since the test began: `by_endpoint`, `recent`, `most_at_once`."""
        return self.control(f"requests?limit=20000{f'&endpoint={endpoint}' if endpoint else ''}")

    def get(self, path: str, **params: str) -> httpx.Response:
        """One request with the right API token."""
        return self.http.get(path, params=params or None, auth=(f"{self.settings.email}/token", self.settings.api_token))


@contextlib.contextmanager
def running(open_floor: OpenFloor, settings: EmulatorSettings | None = None) -> Iterator[RunningEmulator]:
    """A server of its own, for tests that need other settings than the fixture's."""
    settings = settings or EmulatorSettings(start=DAY)
    clock = EmulatorClock(settings.start, settings.speed)
    with serve_in_thread(settings, open_floor, clock) as url, httpx.Client(base_url=url, trust_env=False, timeout=30) as http:
        yield RunningEmulator(url, settings, clock, http)
