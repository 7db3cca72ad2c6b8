"""The supervisor's rows and charts of tickets and of Kayako, whatever the board shows."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.e2e.frames import CALM, stamp
from tests.e2e.supervisor_page import Open

WITHIN_MS = 30_000
FINE = {"interval_s": 600, "failing": False, "stopped": False, "failures": 0, "state": "live"}


def told(now: datetime, **changed: Any) -> dict[str, Any]:
    """An answer of /api/v1/feeds: tickets well, service levels refused, Kayako's first reading under way."""
    refused = {"kind": "forbidden", "message": "Only an administrator may read these.", "at": stamp(now)}
    events = {**FINE, "state": "unknown", "failing": True, "failures": 3, "error": refused}
    value = {"state": "live", "severity": "ok", "at": stamp(now)}
    limits = {"target": 0, "warning_enter": 1, "critical_enter": 5, "higher_is_worse": True}
    unknown = {"state": "unknown", "severity": "ok"}
    return {
        "at": stamp(now),
        "feeds": {
            "main:tickets": {**FINE, "endpoint": "tickets", "at": stamp(now)},
            "main:ticket_metrics": {**FINE, "endpoint": "ticket_metrics", "at": stamp(now)},
            "main:ticket_metric_events": {**events, "endpoint": "ticket_metric_events"},
            "kayako:kayako_cases": {**FINE, "state": "unknown", "endpoint": "kayako_cases", "reading": {"done": 84, "total": 154}},
        },
        "metrics": {
            "tickets_unsolved": {**value, "value": 1234},
            "tickets_new": {**value, "value": 0},
            "tickets_net_flow_in_last_hour": {**value, "value": -16},
            "first_reply_median_today": {"state": "unknown", "severity": "ok", "at": stamp(now)},
            "sla_breached": unknown,
            "cases_unresolved": unknown,
        },
        "thresholds": {"sla_breached": limits},
        "budget": {name: {"used": 3, "cap": 80, "limit": 100, "window_s": 60} for name in ("main", "kayako")},
        **changed,
    }


def test_rows_and_charts_beside_the_phone(page: Page, open_page: Open) -> None:
    now = datetime.now(UTC)
    server = open_page(CALM, rows_beside=True, beside=told(now))

    def cell(name: str) -> Locator:
        return page.locator(f"[data-beside={name}]")

    expect(cell("tickets_unsolved").locator(".value")).to_have_text("1,234", timeout=WITHIN_MS)
    expect(cell("tickets_unsolved").locator(".verdict")).to_have_text(re.compile(r"\d+ s|\d+:\d\d"))
    expect(cell("tickets_new").locator(".value")).to_have_text("0")
    expect(cell("tickets_net_flow_in_last_hour").locator(".value")).to_have_text("−16")
    expect(cell("first_reply_median_today").locator(".value")).to_have_text("none yet")
    expect(cell("sla_breached").locator(".value")).to_have_text("unknown")
    expect(cell("sla_breached").locator(".verdict")).to_have_text("needs an administrator")
    expect(cell("cases_unresolved").locator(".verdict")).to_have_text("first reading: 84 of 154")
    expect(page.locator("[data-metric=calls_waiting] .value")).to_have_text("4")

    flow = page.locator("ql-compared[data-name=ticket-flow]")
    expect(flow.locator(".bars .point")).not_to_have_count(0, timeout=WITHIN_MS)
    expect(page.get_by_role("heading", name="Tickets created and solved per 15 min")).to_be_visible()
    legend = page.locator("[data-sheet=ticket-flow] .legend")
    expect(legend).to_have_text("created todaysolved todaylast Saturdayno data")
    expect(page.get_by_role("heading", name="Kayako, new and resolved per 15 min")).to_be_visible(timeout=WITHIN_MS)
    asked = {each["metrics"]: each.get("scope") for each in server.past_asked}
    assert (asked["tickets_created_today,tickets_solved_today"], asked["longest_wait_time"]) == ("account", None)
    lowest = "(it) => it.querySelector('.figure').data.filter(({ type }) => type === 'bar').map(({ y }) => Math.min(...y))"
    created, solved = flow.evaluate(lowest)
    assert created >= 0 > solved

    name = cell("sla_breached").get_by_role("button")
    name.focus()
    expect(cell("sla_breached").get_by_role("tooltip")).to_be_visible()
    expect(cell("sla_breached").get_by_role("tooltip")).to_contain_text("count(type = breach")
    assert Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]}).violations_count == 0
    page.keyboard.press("Escape")
    expect(cell("sla_breached").get_by_role("tooltip")).to_be_hidden()

    for sheet, head in (("tickets", "Number"), ("ticket-flow", "From")):
        with page.expect_download(timeout=WITHIN_MS) as waiting:
            page.locator(f"[data-sheet={sheet}] [data-save=csv]").click()
        rows = list(csv.reader(io.StringIO(Path(waiting.value.path()).read_text("utf-8-sig"), newline="")))
        assert rows[0][0] == head
        if sheet == "tickets":
            assert next(row for row in rows if row[0] == "SLA breached")[3] == "unknown: needs an administrator"
    for sheet in ("cases", "ticket-flow"):
        with page.expect_download(timeout=WITHIN_MS) as waiting:
            page.locator(f"[data-sheet={sheet}] [data-save=png]").click()
        assert len(Path(waiting.value.path()).read_bytes()) > 4000

    for width in (390, 1100, 1366):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


def test_row_of_old_numbers_says_so_and_a_breach_is_critical(page: Page, open_page: Open) -> None:
    now = datetime.now(UTC)
    well = {**FINE, "endpoint": "ticket_metric_events", "at": stamp(now)}
    old = {**FINE, "interval_s": 30, "state": "stale", "endpoint": "tickets", "at": stamp(now - timedelta(hours=2))}
    gone = {**FINE, "state": "down", "stopped": True, "endpoint": "kayako_cases", "at": stamp(now - timedelta(hours=1))}
    metrics = {
        "tickets_unsolved": {"state": "stale", "severity": "ok", "value": 7, "at": old["at"]},
        "sla_breached": {"state": "live", "severity": "critical", "value": 28, "at": stamp(now)},
        "cases_unresolved": {"state": "down", "severity": "ok", "value": 5, "at": gone["at"]},
    }
    feeds = {"main:tickets": old, "main:ticket_metric_events": well, "kayako:kayako_cases": gone}
    open_page(CALM, rows_beside=True, beside=told(now, feeds=feeds, metrics=metrics))
    expect(page.locator("[data-beside=sla_breached]")).to_have_class("is-critical", timeout=WITHIN_MS)
    expect(page.locator("[data-beside=sla_breached] .verdict")).to_contain_text("Critical")
    for name, word in (("tickets_unsolved", "stale"), ("cases_unresolved", "down")):
        expect(page.locator(f"[data-beside={name}]")).to_have_class("is-stale")
        expect(page.locator(f"[data-beside={name}] .verdict")).to_have_text(re.compile(word + r"\s*as of "))
    assert Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]}).violations_count == 0
