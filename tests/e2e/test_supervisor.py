"""The supervisor's page in a real browser: the same numbers as the wall, every feed, and nothing passed off as live."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.frames import CALM, CONTRADICTION, CRITICAL, FEEDS, NAMES, TEAM_PLAN, TOO_FEW, WARNING, Scene, stamp
from tests.e2e.supervisor_page import Open

WITHIN_MS = 10_000
AUTH = {
    "kind": "auth",
    "message": "Zendesk Talk refused the credentials (401). Polling has stopped until the settings change.",
}


def names(page: Page) -> list[str]:
    return page.locator("ql-agents-table tbody th").all_inner_texts()


def cell(page: Page, name: str, column: int) -> str:
    return page.locator("ql-agents-table tbody tr", has=page.get_by_role("rowheader", name=name)).locator("td").nth(column).inner_text()


def test_page_shows_the_walls_numbers(page: Page, open_page: Open) -> None:
    open_page(WARNING)
    wait = page.locator("[data-metric=longest_wait_time]")
    expect(wait).to_have_class("is-warning")
    assert re.fullmatch(r"2:3\d", wait.locator(".value span").inner_text())
    expect(wait.locator(".verdict")).to_have_text(re.compile(r"Warningabove 2:00 for 0:3\d"))
    expect(page.locator("[data-metric=calls_waiting] .value")).to_have_text("9")
    expect(page.locator("[data-metric=abandon_ratio] .value")).to_have_text("3.4%")
    expect(page.locator("ql-pulse")).to_have_text(re.compile(r"live · \d s"))
    expect(page.locator("ql-budget-sign")).to_contain_text("300 of 2,500")
    expect(page.locator("ql-budget")).to_contain_text("300 of 2,500 in 5 min · our share 2,000")


def test_wait_ticks_between_messages(page: Page, open_page: Open) -> None:
    server = open_page(WARNING)
    server.playing = False
    figure = page.locator("[data-metric=longest_wait_time] .value span")
    first = figure.inner_text()
    expect(figure).not_to_have_text(first, timeout=3000)


@pytest.mark.parametrize(("scene", "words"), [(TEAM_PLAN, "not on plan"), (TOO_FEW, "too few"), (CALM.but(values={}), "unknown")])
def test_no_number_is_words_and_never_zero(page: Page, open_page: Open, scene: Scene, words: str) -> None:
    open_page(scene)
    expect(page.locator("[data-metric=abandon_ratio] .value")).to_have_text(words)


@pytest.mark.parametrize(
    ("cause", "words"),
    [("redis", "memory (Redis) does not answer"), ("worker", "worker has stopped"), ("beat", "scheduler has stopped")],
)
def test_part_that_is_gone_is_named_and_the_page_heals(page: Page, open_page: Open, cause: str, words: str) -> None:
    server = open_page(CALM)
    server.cause = cause
    expect(page.locator("ql-notice .why")).to_contain_text(words, timeout=WITHIN_MS)
    expect(page.locator("body")).to_have_attribute("data-live", "no")
    expect(page.locator("ql-feeds tbody tr").first).to_contain_text("old")
    server.cause = None
    expect(page.locator("body")).to_have_attribute("data-live", "yes", timeout=WITHIN_MS)
    expect(page.locator("ql-notice")).to_be_hidden()


def test_refused_credentials_say_that_polling_has_stopped(page: Page, open_page: Open) -> None:
    server = open_page(CALM)
    server.show(CALM.but(stopped=True, problem=AUTH, started=datetime.now(UTC)))
    expect(page.locator("ql-notice .why")).to_have_text(AUTH["message"])
    expect(page.locator("ql-feeds tbody tr").first).to_contain_text("down")


def test_lost_server_is_said_and_the_wait_stands_still(page: Page, open_page: Open) -> None:
    server = open_page(WARNING)
    server.stop()
    expect(page.locator("ql-notice .why")).to_have_text("Queuelight's own server does not answer.", timeout=WITHIN_MS)
    figure = page.locator("[data-metric=longest_wait_time] .value span")
    frozen = figure.inner_text()
    page.wait_for_timeout(2200)
    assert figure.inner_text() == frozen
    expect(page.locator("[data-metric=longest_wait_time]")).to_have_class("is-stale")


def test_logged_out_is_said_with_the_way_back(page: Page, open_page: Open) -> None:
    server = open_page(CALM)
    server.send({"type": "bye", "reason": "revoked"})
    server.drop(4401)
    expect(page.locator("ql-notice .why")).to_contain_text("You are logged out", timeout=WITHIN_MS)
    expect(page.get_by_role("link", name="Log in again")).to_be_visible()


def test_one_old_feed_marks_its_own_numbers_alone(page: Page, open_page: Open) -> None:
    open_page(CALM.but(ages_s={"account_overview": 600.0}, failing=frozenset({"account_overview"})))
    expect(page.locator("[data-metric=total_calls]")).to_have_class("is-stale")
    expect(page.locator("[data-metric=calls_waiting]")).to_have_class("is-ok")
    expect(page.locator("ql-feeds tbody tr").nth(2)).to_contain_text("down")


def test_feeds_of_tickets_and_kayako_are_told_though_no_tile_shows_them(page: Page, open_page: Open) -> None:
    server = open_page(CALM)
    rest = page.locator("ql-feeds tbody").nth(1)
    expect(rest).to_be_hidden()
    now = datetime.now(UTC)
    fine = {"interval_s": 30, "failing": False, "stopped": False, "failures": 0, "state": "live"}
    reading = {**fine, "state": "unknown", "waiting": True, "reading": {"done": 1200, "total": 20_000}}
    refused = {"kind": "forbidden", "message": "Only an administrator may read these.", "at": stamp(now)}
    error = {**fine, "state": "stale", "failing": True, "failures": 3, "error": refused, "retry_at": stamp(now + timedelta(minutes=5))}
    server.beside = {
        "at": stamp(now),
        "feeds": {
            "main:tickets": {**fine, "endpoint": "tickets", "at": stamp(now)},
            "main:ticket_metrics": {**reading, "endpoint": "ticket_metrics"},
            "main:ticket_metric_events": {**error, "endpoint": "ticket_metric_events", "at": stamp(now - timedelta(hours=1))},
            "kayako:kayako_cases": {**fine, "endpoint": "kayako_cases", "at": stamp(now)},
        },
        "budget": {
            "main": {"used": 3, "cap": 160, "limit": 200, "window_s": 60},
            "kayako": {"used": 7, "cap": 80, "limit": 100, "window_s": 60},
        },
    }
    page.reload()
    expect(rest).to_be_visible(timeout=WITHIN_MS)
    rows = rest.locator("tr")
    expect(rows).to_have_count(5)
    assert [rows.nth(each).locator("th").inner_text() for each in range(5)] == [
        "Tickets and Kayako",
        "Tickets",
        "Tickets' times",
        "Service levels",
        "Kayako's conversations",
    ]
    expect(rows.nth(1)).to_contain_text("live · ")
    expect(rows.nth(2)).to_contain_text("first reading: 1,200 of about 20,000")
    expect(rows.nth(3)).to_contain_text(re.compile(r"Only an administrator may read these\. \(at .*, 3 failures in a row, next try "))
    expect(page.locator("ql-budget")).to_contain_text("7 of 100 a minute · our share 80")


def test_feeds_tell_interval_and_age(page: Page, open_page: Open) -> None:
    open_page(CALM)
    rows = page.locator("ql-feeds tbody").first.locator("tr")
    assert rows.count() == len(FEEDS)
    expect(rows.first).to_have_text(re.compile(r"Queue now1 slive · \d snone"))


def test_first_picture_comes_with_the_page_and_is_not_live(page: Page, open_page: Open) -> None:
    page.route_web_socket(re.compile(".*"), lambda socket: None)  # a socket that opens and says nothing
    open_page(CALM, live=False)
    expect(page.locator("[data-metric=calls_waiting] .value")).to_have_text("4")
    expect(page.locator("body")).to_have_attribute("data-live", "no")


def test_page_opened_without_redis_fills_when_the_frame_comes(page: Page, open_page: Open) -> None:
    open_page(CALM, with_opening=False)
    expect(page.locator("[data-metric=calls_waiting] .value")).to_have_text("4")
    assert names(page) == NAMES


def test_severity_is_told_once_and_seconds_are_not(page: Page, open_page: Open) -> None:
    """What a screen reader hears: nothing while the page ticks, one sentence when a number changes its severity."""
    server = open_page(CALM)
    page.evaluate(
        """() => {
            window.heard = [];
            const tell = (records) => { for (const record of records) window.heard.push(record.target.textContent); };
            const live = document.querySelectorAll("[role=status], [role=alert], [aria-live]");
            for (const node of live) new MutationObserver(tell).observe(node, { childList: true, characterData: true, subtree: true });
        }"""
    )
    tick = page.locator("ql-clock small")
    for _ in range(3):
        expect(tick).not_to_have_text(tick.inner_text())
    assert page.evaluate("window.heard") == []
    server.show(CRITICAL.but(started=datetime.now(UTC)))
    expect(page.locator("#said")).to_have_text(
        re.compile(r"Longest wait critical: 7:4\d, target ≤ 2:00\. Calls waiting critical: 17, target ≤ 6\.")
    )
    server.show(CALM.but(started=datetime.now(UTC)))
    expect(page.locator("#said")).to_have_text(re.compile(r"Longest wait on target again: 0:4\d, target ≤ 2:00\."))
    assert len(page.evaluate("window.heard")) == 2


def test_board_is_chosen_from_all_there_are(page: Page, open_page: Open) -> None:
    open_page(CALM, boards=[("main", "Support line"), ("sales", "<b>Sales</b> مبيعات")])
    with page.expect_navigation():
        page.get_by_label("Board", exact=True).select_option("sales")
    assert page.url.endswith("/?board=sales")


def test_page_marks_a_source_that_contradicts_itself(page: Page, open_page: Open) -> None:
    open_page(CONTRADICTION)
    expect(page.locator("[data-metric=longest_wait_time] .verdict")).to_have_text("Zendesk contradicts itself", timeout=WITHIN_MS)
    expect(page.locator("[data-metric=longest_wait_time] .value")).to_have_text("15:00")
    expect(page.locator("ql-consistency b")).to_have_text("contradicts")
