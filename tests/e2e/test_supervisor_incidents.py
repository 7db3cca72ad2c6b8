"""Open incidents on the supervisor's page: shown within a second, acknowledged by one click, and never lying about what a click did."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dashboard.models import Role
from tests.e2e.frames import CALM, CRITICAL, FEEDS, Scene, incident
from tests.e2e.supervisor_page import Open

TWO = CRITICAL.but(incidents=(incident(number=7), incident("warning", number=8, since_s=61)))
LETTERS = [{"name": "a" * 32, "to": "dana@example.com", "subject": "Longest wait <b>7:42</b>", "at": "Sun 22 Nov 14:30"}]
EVIL = "<img src=x onerror=alert(1)> مريم"


def now(scene: Scene) -> Scene:
    return scene.but(started=datetime.now(UTC))


def test_incident_shows_within_a_second_ticks_and_goes(page: Page, open_page: Open) -> None:
    server = open_page(CALM)
    strip = page.locator("ql-incidents")
    expect(strip).to_be_hidden()
    server.scene = now(TWO)
    expect(strip.locator("li")).to_have_count(2, timeout=1500)
    first = strip.locator("li").first
    expect(first).to_have_class(re.compile("is-critical"))
    expect(first.locator(".word")).to_have_text("Critical")
    expect(first.get_by_role("link")).to_have_attribute("href", "/incidents/7/")
    expect(first.locator(".since")).to_have_text(re.compile(r"for 4:4\d"))
    expect(first.locator(".whose")).to_have_text("not yet taken")
    expect(strip.locator("[role=status]")).to_have_text("2 open: critical, Longest wait above 3:00")
    server.scene = now(CALM)
    expect(strip).to_be_hidden(timeout=1500)


def test_one_click_acknowledges_once_and_the_row_says_so_at_once(page: Page, open_page: Open) -> None:
    server = open_page(TWO)
    first = page.locator("ql-incidents li").first
    button = first.get_by_role("button", name="Acknowledge")
    button.focus()
    button.dblclick()
    expect(button).to_be_hidden()
    expect(first.locator(".whose")).to_have_text("You have it now.")
    expect(first).to_have_class(re.compile("is-quiet"))
    expect(first.get_by_role("link")).to_be_focused()
    assert server.acknowledged == [7]
    taken = incident(number=7, state="acknowledged", acknowledged_by="dana")
    server.scene = TWO.but(incidents=(taken, TWO.incidents[1]), started=server.scene.started)
    expect(first.locator(".whose")).to_have_text("taken by dana")
    expect(page.locator("ql-incidents li").nth(1).get_by_role("button")).to_be_visible()


@pytest.mark.parametrize(("status", "says"), [(403, "logged out, or may not"), (503, "answered with an error (503)")])
def test_click_that_did_nothing_is_said_and_may_be_repeated(page: Page, open_page: Open, status: int, says: str) -> None:
    server = open_page(TWO, refuse_acts=status)
    first = page.locator("ql-incidents li").first
    button = first.get_by_role("button")
    button.click()
    expect(first.locator(".problem")).to_contain_text("Not acknowledged. ")
    expect(first.locator(".problem")).to_contain_text(says)
    expect(first.locator(".whose")).to_have_text("not yet taken")
    server.refuse_acts = 0
    button.click()
    expect(button).to_be_hidden()


def test_viewer_sees_incidents_and_has_nothing_to_click(page: Page, open_page: Open) -> None:
    open_page(TWO, role=Role.VIEWER)
    expect(page.locator("ql-incidents li")).to_have_count(2)
    expect(page.locator("ql-incidents").get_by_role("button")).to_have_text(["CSV", "PNG"])
    expect(page.get_by_role("link", name="Incidents", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Rules")).to_have_count(0)


def test_many_incidents_take_three_rows_and_a_number_and_hostile_words_are_words(page: Page, open_page: Open) -> None:
    open_page(CRITICAL.but(incidents=tuple(incident(number=number, text=EVIL) for number in range(1, 51))))
    expect(page.locator("ql-incidents li")).to_have_count(3)
    expect(page.locator("ql-incidents .more")).to_have_text("and 47 more")
    expect(page.locator("ql-incidents .what").first).to_have_text(EVIL)
    assert page.locator("ql-incidents img").count() == 0


def test_incidents_of_a_page_that_is_not_live_are_the_past(page: Page, open_page: Open) -> None:
    open_page(TWO.but(ages_s=dict.fromkeys(FEEDS, 124.0)), live=False)
    first = page.locator("ql-incidents li").first
    expect(first).to_be_visible()
    expect(first).not_to_have_class(re.compile("is-critical"))
    expect(first.locator(".since")).to_have_text("")


def test_letters_of_the_box_are_listed_as_text_and_kept_fresh(page: Page, open_page: Open) -> None:
    server = open_page(CALM, letters=[])
    card = page.locator(".letters")
    expect(card.get_by_text("No letter yet.")).to_be_visible()
    server.letters = LETTERS
    expect(card.get_by_role("link", name="Longest wait <b>7:42</b>")).to_have_attribute("href", f"/mail/{'a' * 32}/", timeout=8000)
    expect(card.get_by_text("No letter yet.")).to_be_hidden()


def test_page_without_a_box_has_no_card(page: Page, open_page: Open) -> None:
    open_page(CALM)
    expect(page.locator(".letters")).to_have_count(0)


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("width", [1440, 390])
def test_strip_is_accessible_and_fits(page: Page, open_page: Open, theme: str, width: int) -> None:
    page.add_init_script(f"localStorage.setItem('queuelight-theme', '{theme}')")
    taken = incident(number=9, state="acknowledged", acknowledged_by="dana", text="W" * 120)
    open_page(TWO.but(incidents=(*TWO.incidents, taken)), letters=LETTERS)
    page.set_viewport_size({"width": width, "height": 900})
    expect(page.locator("ql-incidents li")).to_have_count(3)
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
