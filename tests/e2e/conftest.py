"""A real browser and a wall to look at.

The browser is the system's Chromium; where there is none these tests are skipped, but fail in CI (CI=true), where it must be there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from dashboard.models import Role, User
from dashboard.words.tables import table
from tests.e2e.frames import CALM, Scene
from tests.e2e.supervisor_page import Open, opener
from tests.e2e.wall_server import WallServer

# How long what must come may take on a machine that does much else; what must never come is not waited for.
expect.set_options(timeout=15_000)

LIVE = "/static/js/live/"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session", autouse=True)
def database_first(django_db_setup: None) -> None:
    """Once a browser runs, its loop counts as running in this thread, and Django refuses to make a database there."""


@pytest.fixture(scope="session")
def base_url() -> None:
    """No base address. The plugin that playwright's own needs defines this fixture in a way that pytest 9.2 warns about."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        reason = "no Chromium on PATH (Debian: apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return {**browser_type_launch_args, "executable_path": found, "args": ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1920, "height": 1080}}


@pytest.fixture
def serve() -> Iterator[Callable[[Scene], WallServer]]:
    """Starts a wall's server for a scene; all are stopped at the end."""
    servers: list[WallServer] = []

    def start(scene: Scene = CALM) -> WallServer:
        server = WallServer(scene)
        server.start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def wall(page: Page, serve: Callable[[Scene], WallServer]) -> Iterator[WallServer]:
    """A calm wall, served; the page is not opened yet. An error on the page fails the test unless it expected one."""
    server = serve(CALM)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None)
    server.page_errors = errors
    yield server
    assert not errors


@pytest.fixture(scope="module")
def blank_server() -> Iterator[WallServer]:
    server = WallServer(CALM)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def modules(page: Page, blank_server: WallServer) -> Page:
    """An empty page with the wall's policy, to import modules in, and English words to speak."""
    blank_server.policy = True
    page.goto(blank_server.blank)
    speak(page, "en")
    return page


def speak(page: Page, language: str) -> None:
    """The page's modules say their words in this language from now on."""
    page.evaluate(
        "async ([base, language, table]) => (await import(base + 'words.js')).setWords(language, table)", [LIVE, language, table(language)]
    )


@pytest.fixture
def log_in_browser(page: Page, settings: Any) -> Callable[[str, Role], User]:
    """Gives the browser the login of somebody with this role, for the server at this address. Needs the database."""

    def log_in(url: str, role: Role) -> User:
        user = User.objects.create(email=f"{role}@example.com", password="x", role=role)
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])
        return user

    return log_in


@pytest.fixture
def open_page(page: Page) -> Iterator[Open]:
    """Opens the supervisor's page; an error on it fails the test."""
    with opener(page) as opens:
        yield opens
