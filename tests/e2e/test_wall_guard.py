"""The wall watches over itself: an error, a new version and a page that draws no more."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from dashboard.words.tables import table
from tests.e2e.frames import CALM, Scene
from tests.e2e.test_wall import opened
from tests.e2e.wall_server import WallServer

# Fails the page, and reads what it says at once, before the next drawing says it anew.
SAID_BY_THE_GUARD = """(words) => {
    document.getElementById("words").textContent = words;
    dispatchEvent(new ErrorEvent("error", { message: "broken" }));
    return document.querySelector("ql-notice .why").textContent;
}"""


def test_wall_script_error_shows_not_live_and_reloads_when_the_server_gives_the_page(
    page: Page, serve: Callable[[Scene], WallServer]
) -> None:
    server = serve(CALM)
    page.clock.install()
    page.goto(server.address)
    page.clock.run_for(2000)
    expect(page.locator("body")).to_have_attribute("data-live", "yes")
    loads = server.page_loads
    # What a browser reports of sizes that changed while they were told is no error of the page.
    notice = "ResizeObserver loop completed with undelivered notifications."
    page.evaluate("(message) => dispatchEvent(new ErrorEvent('error', { message }))", notice)
    page.clock.run_for(1100)
    expect(page.locator("body")).to_have_attribute("data-live", "yes")
    page.evaluate("() => { Promise.reject(new Error('broken')); }")
    page.clock.run_for(1100)
    expect(page.locator("body")).to_have_attribute("data-live", "no")
    expect(page.locator("ql-notice .why")).to_contain_text("failed")
    # What the page says where its modules are gone, so that nothing else speaks: in the words that it carries.
    carried = json.dumps({name: table("de")[name] for name in ("notice.page", "notice.reloads")})
    said = page.evaluate(SAID_BY_THE_GUARD, carried)
    assert said == f"{table('de')['notice.page']} {table('de')['notice.reloads']}"
    server.refuse_pages = True
    page.clock.run_for(12_000)
    assert server.page_loads == loads
    server.refuse_pages = False
    page.clock.run_for(12_000)
    expect(page.locator("body")).to_have_attribute("data-live", "yes")
    assert server.page_loads > loads


def test_wall_reload_message_loads_the_page_anew(page: Page, wall: WallServer) -> None:
    opened(page, wall)
    loads = wall.page_loads
    wall.send({"type": "reload"})
    for _ in range(300):
        if wall.page_loads >= loads + 2:  # once to see that the server gives it, once to show it
            break
        page.wait_for_timeout(50)
    assert wall.page_loads >= loads + 2
    expect(page.locator("body")).to_have_attribute("data-live", "yes")


def test_wall_that_stops_drawing_is_covered_by_itself(page: Page, wall: WallServer) -> None:
    page.clock.install()
    opened(page, wall)
    cover = page.locator(".deadman")
    expect(cover).to_have_css("opacity", "0")
    wall.playing = wall.beating = False
    page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=1))  # the page's timers stand still; its animations do not
    expect(cover).to_have_css("opacity", "1", timeout=15_000)
    wall.playing = wall.beating = True
    expect(cover).to_have_css("opacity", "0")
