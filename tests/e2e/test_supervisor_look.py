"""The supervisor's page and its sheets as people of all kinds see them: widths, themes, keyboard, screen readers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.frames import CALM, CRITICAL, TEAM_PLAN, WARNING, Scene, crowd
from tests.e2e.supervisor_page import Open
from tests.e2e.supervisor_server import whole_day

WITHIN_MS = 10_000
WIDTHS = [390, 820, 1100, 1366, 1440, 1920, 2560]


@pytest.mark.parametrize("scene", [CRITICAL, crowd(200)], ids=["critical", "crowd"])
def test_page_fits_every_width(page: Page, open_page: Open, scene: Scene) -> None:
    open_page(whole_day(scene))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_page_shows_a_bound_rather_than_part_of_a_number(page: Page, open_page: Open) -> None:
    open_page(whole_day(CALM).but(values=dict.fromkeys(whole_day(CALM).values, 9_999_999_999)))
    expect(page.locator("[data-metric=calls_waiting] .value")).to_have_text("> 999,999")
    expect(page.locator("[data-metric=longest_wait_time] .value")).to_have_text("> 999 d")
    cut = "nodes => nodes.filter((node) => node.scrollWidth > node.clientWidth).map((node) => node.textContent)"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert page.locator(".summary .value").evaluate_all(cut) == [], width


@pytest.mark.parametrize("path", ["", "sheet/accounts/login.html"])
def test_page_is_dark_whatever_the_system_wishes(page: Page, open_page: Open, path: str) -> None:
    page.emulate_media(color_scheme="light")
    open_page(CALM, path=path, live=False)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def choose_theme(page: Page, theme: str) -> None:
    """As somebody who chose it on this machine earlier."""
    page.add_init_script(f'localStorage.setItem("queuelight-theme", "{theme}")')


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("scene", [WARNING, CRITICAL, TEAM_PLAN.but(agents="a-owt?" * 3)], ids=["warning", "critical", "team"])
def test_page_is_accessible(page: Page, open_page: Open, scene: Scene, theme: Any) -> None:
    choose_theme(page, theme)
    open_page(scene, path="?show=all")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_page_that_is_not_live_is_accessible(page: Page, open_page: Open, theme: Any) -> None:
    choose_theme(page, theme)
    server = open_page(WARNING)
    server.cause = "redis"
    expect(page.locator("body")).to_have_attribute("data-live", "no", timeout=WITHIN_MS)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("name", ["accounts/login.html", "accounts/password.html", "accounts/locked_out.html", "error.html"])
def test_sheets_are_accessible(page: Page, open_page: Open, name: str, theme: Any) -> None:
    choose_theme(page, theme)
    open_page(CALM, path=f"sheet/{name}", live=False)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]})
    assert found.violations_count == 0, found.generate_report()


def test_menu_opens_and_closes_by_keyboard(page: Page, open_page: Open) -> None:
    open_page(CALM)
    page.get_by_label("Your account").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Log out")).to_be_hidden()


def test_meanings_come_by_keyboard_and_go_by_escape(page: Page, open_page: Open) -> None:
    open_page(whole_day(CALM))
    name = page.get_by_role("button", name="Voicemails today", exact=True)
    tip = page.locator("#tip-total_voicemails")
    expect(tip).to_be_hidden()
    name.focus()
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("Calls that ended in voicemail today, for any reason.")
    expect(tip).to_contain_text("total_voicemails of account_overview")
    expect(name).to_have_accessible_description(re.compile("voicemail today, for any reason"))
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    expect(name).to_be_focused()
