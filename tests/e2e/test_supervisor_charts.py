"""The supervisor's charts, and every table and chart as a file."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.frames import CALM, NAMES, WARNING, incident
from tests.e2e.supervisor_page import Open
from tests.e2e.supervisor_server import whole_day

WITHIN_MS = 10_000


def names(page: Page) -> list[str]:
    return page.locator("ql-agents-table tbody th").all_inner_texts()


def cell(page: Page, name: str, column: int) -> str:
    return page.locator("ql-agents-table tbody tr", has=page.get_by_role("rowheader", name=name)).locator("td").nth(column).inner_text()


def test_charts_compare_with_the_same_weekday_over_the_span_that_was_chosen(page: Page, open_page: Open) -> None:
    server = open_page(WARNING)
    calls = page.locator("ql-compared[data-name=calls]")
    wait = page.locator("ql-compared[data-name=wait]")
    expect(calls.locator(".bars .point")).not_to_have_count(0, timeout=WITHIN_MS)
    expect(wait.locator(".js-line").first).to_be_visible(timeout=WITHIN_MS)
    expect(page.get_by_role("heading", name="Inbound calls per 15 min")).to_be_visible()
    expect(calls.locator(".figure")).to_have_attribute(
        "aria-label", re.compile(r"Inbound, today: highest \d+ at .*last Saturday: highest .*No data for")
    )
    expect(page.locator(".plot").nth(1).locator(".legend")).to_have_text("todayabandonedlast Saturdayno data")
    assert {each["span"] for each in server.past_asked} == {"today"}
    blue = wait.evaluate("(it) => getComputedStyle(it).getPropertyValue('--chart-now')")
    page.get_by_role("button", name="7 d", exact=True).click()
    expect(page.get_by_role("heading", name="Inbound calls per hour")).to_be_visible(timeout=WITHIN_MS)
    assert "span=7d" in page.url
    server.past_status = 503
    page.get_by_role("button", name="1 h", exact=True).click()
    expect(calls.locator(".words")).to_have_text("No chart: the server answered 503. Trying again.", timeout=WITHIN_MS)
    expect(calls.locator(".figure")).to_be_hidden()
    server.past_status = 200
    expect(calls.locator(".bars .point")).not_to_have_count(0, timeout=WITHIN_MS + 5000)
    server.cause = "redis"
    expect(page.locator("body")).to_have_attribute("data-live", "no", timeout=WITHIN_MS)
    assert wait.evaluate("(it) => getComputedStyle(it).getPropertyValue('--chart-now')") != blue
    before = page.evaluate("document.documentElement.dataset.theme")
    page.get_by_role("button", name="Dark or light").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") != before
    expect(page.get_by_role("button", name="1 h", exact=True)).to_have_attribute("aria-pressed", "true")


def test_team_plan_draws_all_calls_and_says_so(page: Page, open_page: Open) -> None:
    server = open_page(whole_day(CALM, professional=False), professional=False)
    expect(page.get_by_role("heading", name="Calls, inbound and outbound, per 15 min")).to_be_visible(timeout=WITHIN_MS)
    assert "total_calls" in {each["metrics"] for each in server.past_asked}
    apart = page.get_by_role("group", name="Not on your plan")
    expect(apart.locator("[data-term=abandon_ratio]")).to_contain_text("not on plan")
    expect(page.get_by_role("group", name="Waits")).to_contain_text("Average queue wait today")
    expect(page.get_by_role("group", name="Waits").locator("[data-term=abandon_ratio]")).to_have_count(0)
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Transfers in (Professional)").check()
    page.get_by_label("AHT").uncheck()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Transfers in (Professional)")).to_be_hidden()
    heads = page.locator("ql-agents-table thead th").all_inner_texts()
    assert heads == ["Agent", "State", "For", "Calls", "Occupancy", "Missed / offers", "Transfers in"]
    assert cell(page, "Amara Okafor", 5) == "not on plan"
    page.goto(server.address)  # another visit, without the address: this machine remembers
    expect(page.locator("ql-agents-table thead th")).to_have_text(heads)


def test_every_table_and_chart_is_saved_as_a_picture(page: Page, open_page: Open) -> None:
    open_page(whole_day(WARNING).but(incidents=(incident(),)))
    for sheet, content in all_saved(page, "png").items():
        assert content.startswith(b"\x89PNG\r\n\x1a\n"), sheet
        assert len(content) > 4000, f"{sheet}: a picture with something in it"


def test_every_table_and_chart_is_saved_as_csv(page: Page, open_page: Open) -> None:
    evil = '=HYPERLINK("http://x","a"),b'
    open_page(whole_day(WARNING).but(names=(evil, *NAMES[1:]), incidents=(incident(),)), path="?sort=-calls")
    files = all_saved(page, "csv")
    assert all(content.startswith("\ufeff".encode()) for content in files.values())
    agents = rows(files["agents"])
    heads = ["Agent", "State", "For (s)", "Since", "At least", "Calls", "AHT (s)", "Occupancy (0 to 1)", "Missed", "Offers"]
    assert agents[0] == heads
    assert [row[0] for row in agents[1:]] == [name if name != evil else "'" + evil for name in names(page)]
    assert all(re.fullmatch(r"\d+", row[2]) for row in agents[1:])
    assert all(datetime.fromisoformat(row[3]).tzinfo is not None for row in agents[1:])
    assert [row[4] for row in agents[1:] if row[0] == "Noah Brandt"] == ["at least"]
    assert next(row for row in agents if row[0] == "Noah Brandt")[7] == "", "too few calls: no number"
    calls = rows(files["calls"])
    assert len(calls) == 97
    assert calls[0][1:3] == ["Inbound, in the step", "Inbound, in the step, 7 days before"]
    assert {row[-1] for row in calls[1:]} == {"", "corrected by the source", "still running"}
    queue = rows(files["queue"])
    assert queue[1][0] == "Longest wait"
    assert queue[1][5] == "Warning"
    expect(page.locator("#told")).to_contain_text("Saved: queuelight-main-budget")


def all_saved(page: Page, kind: str) -> dict[str, bytes]:
    """Every sheet of the page as a file of one kind. One kind a visit: Chromium drops a page's eleventh download within a second."""
    expect(page.locator("ql-compared[data-name=calls] .bars .point")).not_to_have_count(0, timeout=WITHIN_MS)
    sheets = page.locator("[data-sheet]").evaluate_all("(nodes) => nodes.map((node) => node.dataset.sheet)")
    assert sheets == ["incidents", "queue", "today", "agents", "wait", "calls", "day", "feeds", "quality", "budget"]
    return {sheet: saved(page, sheet, kind) for sheet in sheets}


def saved(page: Page, sheet: str, kind: str) -> bytes:
    with page.expect_download(timeout=WITHIN_MS) as waiting:
        page.locator(f"[data-sheet={sheet}] [data-save={kind}]").click()
    assert re.fullmatch(rf"queuelight-main-[\w-]+-20\d\d-\d\d-\d\d-\d{{4}}\.{kind}", waiting.value.suggested_filename), sheet
    return Path(waiting.value.path()).read_bytes()


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
