"""The life of a TV in real browsers: it shows a code, is let in, flashed, moved, loses its board, is removed; nobody ever touches it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import redis as redis_py
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Browser, Page, expect

from dashboard.live.publish import publish_boards
from dashboard.live.version import served_version
from dashboard.models import Board, Pairing, Role, Screen, User
from dashboard.store import keys
from tests.e2e.real_server import RealServer
from tests.live.examples import bodies, poll

WITHIN_MS = 20_000


@pytest.fixture(scope="module", autouse=True)
def orm_beside_a_browser() -> Iterator[None]:
    """Playwright's loop runs in the tests' own thread, where Django would refuse the database; nothing of ours is asynchronous here."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture
def server(transactional_db: None, plain_static: None, redis: redis_py.Redis, settings: Any) -> Iterator[RealServer]:
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    now = datetime.now(UTC)
    for slug, title in (("main", "Support line"), ("sales", "Sales")):
        Board.objects.create(slug=slug, title=title)
    for feed, body in bodies().items():
        poll(redis, feed, body, now)
    for part in ("beat", "worker"):
        redis.set(keys.alive(part), repr(now.timestamp()))
    publish_boards(redis, now)
    running = RealServer(served_version())
    running.start()
    yield running
    running.stop()
    connections.close_all()


@pytest.fixture
def desk(server: RealServer, page: Page, log_in_browser: Callable[[str, Role], User]) -> Page:
    """A supervisor's browser on the page of screens."""
    log_in_browser(server.url, Role.SUPERVISOR)
    page.set_default_timeout(WITHIN_MS)
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{server.url}/screens/")
    return page


def violations(page: Page) -> list[str]:
    return [f"{found['id']}: {found['nodes'][0]['html'][:160]}" for found in Axe().run(page).response["violations"]]


def show(desk: Page, what: str) -> None:
    """Gives the screen something else to show."""
    desk.get_by_role("link", name="Change Reception").click()
    desk.get_by_label("Shows").select_option(label=what)
    desk.get_by_role("button", name="Save").click()


def test_a_tv_from_its_code_to_its_removal(server: RealServer, desk: Page, browser: Browser) -> None:
    tv = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    tv.set_default_timeout(WITHIN_MS)
    errors: list[str] = []
    tv.on("pageerror", lambda error: errors.append(str(error)))
    tv.on("console", lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None)

    # It shows a code. One whose time is over goes, and a new one comes by itself.
    tv.goto(f"{server.url}/pair/")
    code = tv.locator(".code")
    first = Pairing.objects.get().code
    expect(code).to_have_text(first)
    assert violations(tv) == []
    Pairing.objects.update(expires_at=datetime.now(UTC))
    expect(code).not_to_have_text(first, timeout=WITHIN_MS)

    # Somebody types it, and the TV shows the board.
    assert violations(desk) == []
    desk.get_by_role("link", name="Pair a screen").click()
    desk.get_by_label("Code").fill(first)
    desk.get_by_label("Name").fill("Reception")
    desk.get_by_role("button", name="Pair it").click()
    expect(desk.get_by_text("older than ten minutes")).to_be_visible()
    desk.get_by_label("Code").fill(code.inner_text().lower())
    desk.get_by_role("button", name="Pair it").click()
    tv.wait_for_url("**/screen/")
    expect(tv.get_by_text("Abandoned").first).to_be_visible()
    expect(tv.get_by_role("heading", name="Support line").first).to_be_visible()
    screen = Screen.objects.get()
    assert violations(desk) == []

    # It says what it is, and who asks for its name gets it in big type.
    row = desk.locator("tr", has_text="Reception")
    expect(row).to_contain_text("1920 × 1080", timeout=WITHIN_MS)
    expect(row).to_contain_text("painting")
    row.get_by_role("button", name="Show the name").click()
    expect(tv.get_by_text("Reception", exact=True)).to_be_visible()

    # Moved, without loading anything anew; its board deleted, it waits; and gets another one.
    tv.evaluate("window.untouched = true")
    show(desk, "Sales")
    expect(tv.get_by_role("heading", name="Sales").first).to_be_visible(timeout=WITHIN_MS)
    Board.objects.get(slug="sales").delete()
    expect(tv.get_by_text("waits for a board").first).to_be_visible(timeout=WITHIN_MS)
    desk.reload()
    expect(desk.locator("tr", has_text="Reception")).to_contain_text("waits for a board")
    show(desk, "Support line")
    expect(tv.get_by_role("heading", name="Support line").first).to_be_visible(timeout=WITHIN_MS)
    assert tv.evaluate("window.untouched")

    # Removed, it is dark within five seconds; loaded anew, it says so and goes on to a code by itself.
    desk.get_by_role("link", name="Change Reception").click()
    desk.get_by_role("link", name="Remove").click()
    desk.get_by_role("button", name="Remove it").click()
    expect(tv.get_by_text("This screen was removed")).to_be_visible(timeout=5_000)
    assert tv.evaluate("document.elementFromPoint(300, 500).closest('.wall-view') === null")
    tv.clock.install()
    tv.reload()
    expect(tv.get_by_text("This screen was removed")).to_be_visible()
    tv.clock.run_for(31_000)
    tv.wait_for_url("**/pair/")
    screen.refresh_from_db()
    assert screen.revoked_at is not None
    assert not errors
    tv.context.close()
