"""The editor in a real browser, a wall beside it: mouse, keys, undo, a refusal, saving, two people at once, a closed tab."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import redis as redis_py
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from django.utils.crypto import get_random_string
from playwright.sync_api import Dialog, Page, expect

from dashboard.boards import board_saving
from dashboard.live.version import served_version
from dashboard.models import Board, Role, User
from tests.boards.test_board_file import tile
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
    Board.objects.create(slug="main", title="Support line")
    for feed, body in bodies().items():
        poll(redis, feed, body, datetime.now(UTC))
    running = RealServer(served_version())
    running.start()
    yield running
    running.stop()
    connections.close_all()


@pytest.fixture
def open_page(server: RealServer, page: Page, log_in_browser: Callable[[str, Role], User]) -> Iterator[Callable[[str], Page]]:
    """Opens an address as a supervisor, each in a tab of its own; an error on a page fails the test."""
    log_in_browser(server.url, Role.SUPERVISOR)
    errors: list[str] = []

    def open_it(path: str) -> Page:
        tab = page.context.new_page()
        tab.set_default_timeout(WITHIN_MS)
        tab.set_viewport_size({"width": 1366, "height": 768})
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.on("console", lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None)
        tab.goto(server.url + path)
        return tab

    yield open_it
    assert not errors


def violations(page: Page) -> list[str]:
    return [f"{found['id']}: {found['nodes'][0]['html'][:160]}" for found in Axe().run(page).response["violations"]]


def handle(page: Page, name: str) -> Any:
    return page.locator(".handles").get_by_role("button", name=re.compile(f"^{name}"))


def test_board_is_edited_by_mouse_and_keys_saved_and_on_the_wall_without_reload(open_page: Callable[[str], Page]) -> None:
    wall = open_page("/wall/main/")
    expect(wall.get_by_text("Abandoned").first).to_be_visible(timeout=WITHIN_MS)
    wall.evaluate("window.neverReloaded = true")
    page = open_page("/boards/main/edit/")
    abandoned = handle(page, "Abandoned")
    abandoned.wait_for()
    preview = page.frame_locator(".screen iframe")
    expect(preview.locator('[data-kind="number"] h2').first).to_be_visible(timeout=WITHIN_MS)
    assert violations(page) == []

    # Keys: remove, undo, redo.
    abandoned.focus()
    expect(page.get_by_role("heading", name="Abandoned")).to_be_visible()
    page.keyboard.press("Delete")
    expect(page.locator(".handle")).to_have_count(5)
    page.keyboard.press("Control+z")
    expect(page.locator(".handle")).to_have_count(6)
    page.keyboard.press("Control+y")
    expect(page.locator(".handle")).to_have_count(5)
    expect(page.locator("#saved")).to_contain_text("Not saved yet")

    # Mouse: a clock from the palette into the place that became free, then larger by its corner.
    above, beside = (handle(page, name).bounding_box() for name in ("Callbacks waiting", "Calls today"))
    assert above is not None
    assert beside is not None
    page.locator("#palette").get_by_role("button", name="Clock").hover()
    page.mouse.down()
    page.mouse.move(above["x"], beside["y"], steps=4)
    expect(page.locator(".ghost")).to_be_visible()
    page.mouse.move(above["x"] + above["width"] / 2, beside["y"] + beside["height"] * 0.4, steps=2)
    page.mouse.up()
    expect(handle(page, "Clock: column 20, row 6, 5 by 4 cells")).to_be_focused()
    grip = handle(page, "Clock").locator(".grip.se").bounding_box()
    assert grip is not None
    page.mouse.move(grip["x"] + 6, grip["y"] + 6)
    page.mouse.down()
    page.mouse.move(grip["x"] + 6, grip["y"] + 6 + beside["height"] / 5, steps=3)
    page.mouse.up()
    expect(handle(page, "Clock: column 20, row 6, 5 by 5 cells")).to_be_visible()
    expect(preview.locator('[data-kind="clock"]')).to_be_visible(timeout=WITHIN_MS)

    # An overlap is shown, told and not saved.
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".handle.is-wrong")).to_have_count(2)
    expect(page.locator("#said")).to_contain_text("Lies over")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("alert").filter(has_text="Not saved yet")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".handle.is-wrong")).to_have_count(0)

    # Options by keys; what is saved is on the wall at once.
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name on the tile")).to_be_focused()
    page.keyboard.type("Berlin")
    page.keyboard.press("Escape")
    expect(handle(page, "Berlin, clock")).to_be_focused()
    page.keyboard.press("Control+s")
    expect(page.locator("#saved")).to_have_text("Saved")
    expect(wall.get_by_text("Berlin")).to_be_visible(timeout=WITHIN_MS)
    expect(wall.get_by_text("Abandoned")).to_have_count(0)
    assert wall.evaluate("window.neverReloaded") is True
    assert Board.objects.get().revision == 2

    # Limits in the metric's own form, and the state they would make.
    handle(page, "Calls waiting").click()
    page.get_by_label("Limits of its own").check()
    page.get_by_label("warning starts at").fill("x")
    page.get_by_label("warning starts at").press("Tab")
    expect(page.get_by_role("alert").filter(has_text="is not a number such as 5")).to_be_visible()
    page.get_by_label("warning starts at").fill("3")
    page.get_by_label("warning starts at").press("Tab")
    expect(page.get_by_label("warning ends at or below")).to_have_value("2")
    page.get_by_role("button", name="Critical").click()
    expect(preview.locator('[data-kind="wait"].is-critical')).to_be_visible(timeout=WITHIN_MS)

    # Somebody saves the settings meanwhile: that is no question.
    board_saving.save(Board.objects.get(), {"title": "Renamed"}, revision=2, by="ada@example.com")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#saved")).to_have_text("Saved")
    expect(wall.get_by_role("heading", name="Renamed")).to_be_visible(timeout=WITHIN_MS)
    page.get_by_role("button", name="8 m").click()

    # Somebody else saves the tiles meanwhile: nothing is lost, whichever is chosen.
    theirs = Board.objects.get()
    board_saving.save(theirs, {"widgets": [tile("theirs", "text", 0, 0, 12, 3, text="Theirs")]}, revision=4, by="ada@example.com")
    page.get_by_role("button", name="Save", exact=True).click()
    question = page.get_by_role("alert").filter(has_text="ada@example.com saved this board")
    question.get_by_role("button", name="Take theirs").click()
    expect(page.locator(".handle")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".handle")).to_have_count(6)
    assert violations(page) == []

    # A closed tab.
    page.on("dialog", answered)
    page.reload()
    expect(page.get_by_role("alert").filter(has_text="is here again")).to_be_visible()
    expect(page.locator(".handle")).to_have_count(6)
    page.locator("#theme").click()
    page.get_by_role("button", name="Portrait").click()
    handle(page, "Calls waiting").wait_for()
    assert violations(page) == []

    # The login had ended, and somebody logged in anew in another tab, which makes a new token: "press Save again" is true.
    address = page.url.partition("/boards/")[0]
    page.context.add_cookies([{"name": "ql_csrf", "value": get_random_string(32), "url": address}])
    page.locator("#save").click()
    expect(page.locator("#saved")).to_have_text("Saved")
    saved: Any = Board.objects.get()
    assert (saved.revision, saved.title, saved.distance_m) == (6, "Renamed", 8)
    limits = next(each["options"]["threshold"] for each in saved.widgets if each["options"].get("metric") == "calls_waiting")
    assert (limits["warning_enter"], limits["warning_leave"]) == (3, 2)


def answered(dialog: Dialog) -> None:
    """The browser asks before it leaves what is not saved."""
    assert dialog.type == "beforeunload"
    dialog.accept()


def test_pages_of_boards_fit_a_phone_and_have_no_violations(open_page: Callable[[str], Page]) -> None:
    Board.objects.create(slug="long", title="x" * 80, language="ar", theme="light", widgets=[tile("gone", "hologram", 0, 0, 5, 5)])
    page = open_page("/boards/")
    expect(page.get_by_text("1 cannot be shown")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/boards/", "/boards/main/", "/boards/import/", "/boards/main/delete/"):
        page.goto(page.url.split("/boards/")[0] + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert violations(page) == [], path
    page.goto(page.url.split("/boards/")[0] + "/boards/main/")
    page.get_by_label("The floor").check()
    expect(page.get_by_label("Names of agents").locator("option")).to_have_text(["First names", "Initials", "No names"])
