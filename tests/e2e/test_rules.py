"""Rules and recipients in a real browser: a rule is tried on the past, saved and listed; a test that fails says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis as redis_py
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dashboard.models import KnownName, Recipient, Role, Rule, User, Via
from tests.incidents.floor import a_rule, remembered

WITHIN_MS = 20_000
Open = Callable[[str], Page]
LogIn = Callable[[str, Role], User]


@pytest.fixture(scope="module", autouse=True)
def orm_beside_a_browser() -> Iterator[None]:
    """Playwright's loop runs in the tests' own thread, where Django would refuse the database; nothing of ours is asynchronous here."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture
def open_page(
    transactional_db: None, plain_static: None, redis: redis_py.Redis, live_server: Any, page: Page, log_in_browser: LogIn
) -> Iterator[Open]:
    """Opens an address as an administrator; an error on the page fails the test."""
    log_in_browser(live_server.url, Role.ADMINISTRATOR)
    page.set_viewport_size({"width": 1366, "height": 900})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def open_it(path: str) -> Page:
        page.goto(live_server.url + path)
        return page

    yield open_it
    assert not errors


def violations(page: Page) -> list[str]:
    return [f"{found['id']}: {found['nodes'][0]['html'][:120]}" for found in Axe().run(page).response["violations"]]


def test_rule_is_tried_on_the_past_saved_and_listed(open_page: Open) -> None:
    remembered(7, spikes={3000 + minute: 400.0 for minute in range(5)})
    page = open_page("/rules/new/")
    page.get_by_label("Metric").select_option("longest_wait_time")
    page.get_by_label("Warning from").fill("3:00")
    page.get_by_label("Over the last").select_option("7")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator(".verdict-line")).to_contain_text("would have told once", timeout=WITHIN_MS)
    expect(page.locator("ql-past .main-svg").first).to_be_visible(timeout=WITHIN_MS)
    expect(page.locator("#result")).to_be_focused()
    assert page.url.endswith("/rules/new/")
    assert page.get_by_label("Warning from").input_value() == "3:00"
    assert violations(page) == []
    page.get_by_label("About so many a week").fill("1")
    page.get_by_label("About so many a week").press("Enter")
    expect(page.get_by_text("The limit is filled in")).to_be_visible(timeout=WITHIN_MS)
    assert page.get_by_label("Warning from").input_value() in {"6:35", "6:40"}
    assert not Rule.objects.exists()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("is saved")
    expect(page.get_by_role("rowheader", name="Longest wait at or above 6:")).to_be_visible()
    assert Rule.objects.get().changed_by == "administrator@example.com"


def test_groups_are_chosen_by_name_with_the_keyboard(open_page: Open) -> None:
    for number, name in ((7, "Support"), (8, "Support, EMEA"), (9, "<b>Billing</b>"), (10, "الدعم")):
        KnownName.objects.create(account="main", what="group", vendor_id=number, name=name)
    page = open_page("/rules/new/")
    field, options = page.get_by_label("Lines or groups"), page.locator(".scope-list").get_by_role("option")
    page.get_by_label("Metric").select_option("longest_wait_time")
    field.click()
    expect(page.get_by_role("listbox")).to_have_count(0)
    page.get_by_label("Metric").select_option("tickets_unsolved")
    field.press_sequentially("supp")
    expect(options).to_have_text(["Support7", "Support EMEA8"], timeout=WITHIN_MS)
    assert violations(page) == []
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("Support EMEA, ")
    field.press_sequentially("b>")
    options.get_by_text("<b>Billing</b>").click()
    expect(field).to_be_focused()
    field.press_sequentially("360001")
    expect(options).to_have_count(0)
    page.get_by_label("Warning from").fill("9")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row").filter(has_text="Support, EMEA, <b>Billing</b>, group 360001")).to_be_visible(timeout=WITHIN_MS)
    assert Rule.objects.get().group_ids == [8, 9, 360001]
    page.goto(page.url.replace("/rules/", "/boards/new/").split("?")[0])
    page.get_by_label("Groups", exact=True).press_sequentially("supp")
    expect(options).to_have_text(["Support7", "Support EMEA8"], timeout=WITHIN_MS)
    assert violations(page) == []
    page.get_by_label("Phone lines").press_sequentially("supp")
    expect(options.filter(visible=True)).to_have_count(0)


def test_choice_of_kind_hides_the_others_fields_and_a_wrong_field_is_focused(open_page: Open) -> None:
    page = open_page("/rules/new/")
    expect(page.get_by_label("Above the usual by at least")).to_be_hidden()
    page.get_by_label("spikes above what is usual").check()
    expect(page.get_by_label("Warning from")).to_be_hidden()
    page.get_by_label("Metric").select_option("longest_wait_time")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_label("At least", exact=True)).to_be_focused(timeout=WITHIN_MS)
    expect(page.get_by_role("alert").first).to_contain_text("Nothing is saved yet")


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_lists_are_readable_wide_and_narrow_dark_and_light(open_page: Open, width: int, theme: str) -> None:
    a_rule(name="Longest wait of the Support line, a name that goes on for quite a while")
    a_rule(name="Broken", error="Its lines or groups are no list of numbers.")
    Recipient.objects.create(
        name="Dana", email="dana@example.com", left_at=datetime.now(UTC) - timedelta(days=1), last_error="It was refused."
    )
    page = open_page("/rules/")
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("theme => localStorage.setItem('queuelight-theme', theme)", theme)
    for path in ("/rules/", "/recipients/", "/quiet/"):
        open_page(path)
        assert page.locator("html").get_attribute("data-theme") == theme
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert violations(page) == [], path


def test_test_that_fails_says_why(open_page: Open) -> None:
    Recipient.objects.create(name="Floor", via=Via.CHANNEL, url_encrypted="unreadable", url_shown="json://…")
    page = open_page("/recipients/")
    page.get_by_role("button", name="Send a test to Floor").click()
    expect(page.get_by_role("alert")).to_contain_text("The test for “Floor” failed:", timeout=WITHIN_MS)
