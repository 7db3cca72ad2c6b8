"""Opens the supervisor's page in a real browser, on a server of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Page, expect

from dashboard.models import Role
from tests.e2e.frames import CALM, Scene
from tests.e2e.supervisor_server import SupervisorServer

OPENS_WITHIN_MS = 30_000
Open = Callable[..., SupervisorServer]


@contextmanager
def opener(page: Page) -> Iterator[Open]:
    """Opens the page on a server of its own; an error on the page fails the test."""
    servers: list[SupervisorServer] = []
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None)
    page.set_viewport_size({"width": 1440, "height": 900})

    def open_it(scene: Scene = CALM, *, role: Role = Role.SUPERVISOR, path: str = "", live: bool = True, **set_up: Any) -> SupervisorServer:
        server = SupervisorServer(scene.but(started=datetime.now(UTC)), role)
        for name, value in set_up.items():
            setattr(server, name, value)
        server.start()
        servers.append(server)
        page.goto(server.address + path)
        if live:
            expect(page.locator("body")).to_have_attribute("data-live", "yes", timeout=OPENS_WITHIN_MS)
        return server

    yield open_it
    for server in servers:
        server.stop()
    assert not errors
