"""The tiles about tickets, in a browser: what they say live, small, old, refused and empty."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.frames import Scene
from tests.e2e.ticket_scenes import TICKETS
from tests.e2e.wall_server import WallServer

WITHIN_MS = 15_000
CELLS = "row => [...row.cells].filter((cell) => cell.offsetParent !== null).map((cell) => cell.textContent)"
CUT = """() => [...document.querySelectorAll(".sheet thead th, .sheet td, .sheet + .rows-more")]
    .filter((cell) => cell.offsetParent !== null && cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent)"""
BELOW = """() => [...document.querySelectorAll("ql-tile-sla, ql-tile-backlog")].filter((tile) => {
    const bottom = tile.getBoundingClientRect().bottom;
    const parts = [...tile.querySelectorAll("tr, .rows-more")].filter((part) => part.offsetParent !== null);
    return parts.some((part) => part.getBoundingClientRect().bottom > bottom);
}).map((tile) => tile.dataset.kind)"""


def test_tiles_of_tickets_tell_what_is_late_and_where(page: Page, serve: Callable[[Scene], WallServer]) -> None:
    server = serve(TICKETS)
    page.goto(server.address)
    expect(page.locator("body")).to_have_attribute("data-live", "yes", timeout=WITHIN_MS)
    sla, backlog = page.locator("ql-tile-sla").first, page.locator("ql-tile-backlog").first
    expect(sla).to_have_class("tile is-warning")
    assert sla.locator("tbody tr:visible").evaluate_all(f"rows => rows.map({CELLS})") == [
        ["All", "4", "6", "95.6 %"],
        ["Reply · Premium", "3", "4", "90 %"],
        ["Resolution · Premium", "1", "0", "97.2 %"],
        ["Reply · Standard", "0", "2", "98.1 %"],
        ["Requester wait · Standard", "0", "0", "6 of 7"],
        ["Pausable update · Wholesale partners in the south", "0", "0", "–"],
    ]
    expect(sla.locator("h2 .num")).to_have_text("next in 12:33")
    assert backlog.locator("tbody tr:visible").evaluate_all(f"rows => rows.map({CELLS})")[:2] == [
        ["All", "192", "23", "82", "75", "12", "6", "25"],
        ["Support", "97", "12", "48", "33", "4", "3", "14"],
    ]
    expect(backlog.locator("tbody th").nth(4)).to_have_text("<b>Escalations</b>")  # names are text
    small = page.locator("ql-tile-backlog").nth(1)
    assert small.locator("thead th:visible").all_text_contents() == ["Unsolved", "Urgent"]
    expect(small.locator(".rows-more")).to_have_text("5 more")
    figures = {
        "tickets_net_flow_in_last_hour": "−7",
        "tickets_net_flow_today": "+99",
        "oldest_unsolved_age": "2 d 4 h",
        "first_reply_median_today": "none yet",
    }
    for name, said in figures.items():
        expect(page.locator(f"[data-metric={name}] .figure")).to_have_text(said)
    expect(page.locator("[data-metric=first_reply_median_today] .limit")).to_have_text("nothing to measure yet")
    expect(page.locator("[data-metric=one_touch_ratio_today] .limit")).to_have_text("4 so far, needs 10")

    for width, height in ((1920, 1080), (960, 540), (1080, 1920)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(f"document.querySelector('.wall-view').clientWidth === {width}")
        for language in ("ar", "de", "fr"):
            server.show(TICKETS.but(language=language))
            expect(page.locator(".wall-view")).to_have_attribute("lang", language, timeout=WITHIN_MS)
            expect(page.locator("ql-tile-sla tbody th").first).not_to_have_text("All", timeout=WITHIN_MS)
            assert page.evaluate(CUT) == [], (width, language)
            assert page.evaluate(BELOW) == [], (width, language)

    server.show(TICKETS.but(ages_s={"tickets": 4000.0, "ticket_metric_events": 4000.0}))
    expect(sla).to_have_class("tile is-stale", timeout=WITHIN_MS)
    expect(backlog).to_have_class("tile is-stale")
    expect(sla.locator(".target .limit")).to_contain_text("as of")
    server.show(TICKETS.but(ages_s={"ticket_metric_events": -1}, errors={"ticket_metric_events": "forbidden"}, rows={"tickets": ()}))
    expect(sla.locator(".nothing")).to_contain_text("The account’s credentials need an administrator.", timeout=WITHIN_MS)
    assert backlog.locator("tbody tr:visible").evaluate_all(f"rows => rows.map({CELLS})")[0][0] == "All"
    assert backlog.locator("tbody tr:visible").count() == 1  # of the groups nothing is known: the board's own numbers stand
    server.show(TICKETS.but(ages_s={"tickets": -1}, reading=frozenset({"tickets"}), rows={}))
    expect(backlog.locator(".nothing")).to_have_text("being read for the first time", timeout=WITHIN_MS)
    expect(page.locator("[data-metric=oldest_unsolved_age] .limit")).to_have_text("being read for the first time")
    server.show(TICKETS.but(values=TICKETS.values | {"tickets_net_flow_today": None}))  # when tickets were solved is read with their times
    expect(page.locator("[data-metric=tickets_net_flow_today] .limit")).to_have_text("being read for the first time", timeout=WITHIN_MS)
    empty = {name: 0 for name in TICKETS.values if name.startswith("tickets_")}
    server.show(TICKETS.but(values=TICKETS.values | empty, rows={"tickets": ()}))
    expect(backlog.locator(".nothing")).to_have_text("No ticket is unsolved.", timeout=WITHIN_MS)
