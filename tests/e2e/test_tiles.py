"""Charts, gauges, sparklines, lists, the budget and the data's quality on a wall: calm, critical, and old."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboard.live.charts import Drawing, figure
from tests.e2e.conftest import LIVE
from tests.e2e.frames import CALM, CRITICAL, Scene, stamp
from tests.e2e.wall_server import WallServer

WITHIN_MS = 8000
CHART = "calls_waiting:14400:figure:weekday"
TOTAL = "total_calls:86400:figure:weekday"
SPARK = "calls_waiting:7200:points:weekday"


def at(kind: str, x: int, y: int, w: int, h: int, name: str = "", **options: Any) -> dict[str, Any]:
    return {"id": name or kind, "kind": kind, "x": x, "y": y, "w": w, "h": h, "options": options}


WIDGETS = (
    at("chart", 0, 0, 12, 8, metric="calls_waiting"),
    at("chart", 12, 0, 12, 8, "total", metric="total_calls", span_s=86_400),
    at("sparkline", 0, 8, 6, 4, metric="calls_waiting"),
    at("gauge", 0, 12, 6, 4, metric="longest_wait_time", low=0, high=300),
    at("calls", 6, 8, 6, 8, rows=["total_inbound_calls", "total_outbound_calls", "total_voicemails"]),
    at("leaders", 12, 8, 6, 4, is_on=False),
    at("budget", 12, 12, 6, 4),
    at("quality", 18, 8, 6, 8),
)
OFF = {"name": "agents", "state": "off", "text": "…", "counted": 18, "listed": 15}


def scene(base: Scene = CALM, **changes: Any) -> Scene:
    now = datetime.now(UTC)
    values = [float(n % 9) if not 50 < n < 60 else None for n in range(121)]
    points = {
        CHART: figure(Drawing(values, 120, then=[3.0] * 121, warning=7, critical=13, unit="count"), now),
        TOTAL: figure(Drawing([float(n * 7 % 700) for n in range(145)], 600, falls={100: True}, unit="count"), now),
        SPARK: {"at": stamp(now), "step_s": 60, "values": values, "then": [2] * 121},
    }
    numbers = {**base.values, "total_outbound_calls": "not_on_plan", "total_voicemails": 0}
    return base.but(widgets=WIDGETS, points=points, values=numbers, **changes)


@pytest.fixture
def opened(page: Page, wall: WallServer) -> Callable[[Scene], Page]:
    def show(shown: Scene) -> Page:
        wall.scene = shown
        page.goto(wall.address)
        expect(page.locator("[data-kind=quality] h2")).to_be_visible(timeout=WITHIN_MS)
        return page

    return show


def tile(page: Page, name: str) -> Any:
    return page.locator(f"[data-kind={name}]")


def test_tiles_show_the_past_the_lists_and_the_limits_in_words(opened: Callable[[Scene], Page], wall: WallServer) -> None:
    page = opened(scene(quality=(OFF, {"name": "queue", "state": "ok", "text": "…"})))
    chart = tile(page, "chart").first
    expect(chart.locator(".js-line").first).to_be_attached(timeout=WITHIN_MS)
    expect(chart).to_contain_text("a week ago")
    expect(chart.locator("h2 .figure")).to_have_text("4")
    assert chart.locator("ql-chart").get_attribute("aria-label") == "Calls waiting, last 4 hours"
    expect(tile(page, "chart").nth(1)).to_contain_text("midnight")
    # The line of the sparkline begins anew behind its gap.
    assert (tile(page, "sparkline").locator(".spark-line").get_attribute("d") or "").count("M") == 2
    assert tile(page, "gauge").locator(".gauge-zone").count() == 3
    expect(tile(page, "gauge")).to_contain_text("5:00")
    calls = tile(page, "calls").locator("li")
    expect(calls.nth(1)).to_contain_text("not on plan")
    expect(calls.nth(2).locator("b")).to_have_text("0")
    expect(tile(page, "leaders")).to_contain_text("Off")
    expect(tile(page, "budget")).to_contain_text("our share 2,000")
    quality = tile(page, "quality")
    expect(quality).to_contain_text("Agents online: 18 counted, 15 listed")
    expect(quality.locator("li")).to_have_count(5)
    assert "is-warning" in (quality.get_attribute("class") or "")
    too_wide = page.evaluate(
        """() => Array.from(document.querySelectorAll(".tile"))
            .filter((t) => t.scrollWidth > t.clientWidth + 1 || t.scrollHeight > t.clientHeight + 1).map((t) => t.dataset.kind)"""
    )
    assert too_wide == []

    wall.show(scene(CRITICAL))
    expect(chart).to_have_class("tile is-critical", timeout=WITHIN_MS)
    expect(tile(page, "gauge")).to_contain_text("Critical")
    expect(quality).to_contain_text("Not compared now")

    # The account's numbers grow old: their tiles say as of when, the others go on.
    wall.show(scene(ages_s={"account_overview": 400.0}))
    expect(tile(page, "calls")).to_contain_text("as of", timeout=WITHIN_MS)
    assert "is-stale" in (tile(page, "calls").get_attribute("class") or "")
    assert "is-stale" not in (chart.get_attribute("class") or "")
    expect(chart).to_contain_text("now")


def test_strokes_and_scales_are_what_they_should_be(modules: Page) -> None:
    found = modules.evaluate(
        """async (base) => {
            const { strokes } = await import(base + "strokes.js");
            const { scaleOf, shareOf, zonesOf } = await import(base + "gauge.js");
            const { bucketsOf } = await import(base + "budget.js");
            const up = { target: 5, warning_enter: 6, critical_enter: 9, higher_is_worse: true };
            const down = { target: 4, warning_enter: 3, critical_enter: 1, higher_is_worse: false };
            const wait = { target: 120, warning_enter: 120, critical_enter: 180, higher_is_worse: true };
            const shares = (zones) => zones.map((zone) => [zone.severity, Number(zone.from.toFixed(2)), Number(zone.to.toFixed(2))]);
            const budget = { queue: { used: 2000, cap: 2000, limit: 2500, window_s: 300 },
              other: { used: 152, cap: 160, limit: 200, window_s: 60 } };
            const feeds = { a: { endpoint: "account_overview", waiting: true, retry_at: "2026-11-22T09:00:30Z" } };
            const now = Date.parse("2026-11-22T09:00:00Z");
            return {
              gap: strokes([0, 10, null, 5, 5], 10, false), day: strokes([8, 9, 1, 2], 10, true).line, none: strokes([], 10, false),
              open: strokes([1, null], 10, false).last, below: strokes([-5, 5], 5, false, -5),
              wait: scaleOf({ low: 0, unit: "s", threshold: wait }), up: scaleOf({ low: 0, unit: "count", threshold: up }),
              own: scaleOf({ low: 2, high: 50, unit: "ratio", threshold: null }), ratio: scaleOf({ unit: "ratio", threshold: null }),
              seen: scaleOf({ low: 0, unit: "count", threshold: null, highest: 117 }),
              beyond: [shareOf(99, { low: 0, high: 20 }), shareOf(-1, { low: 0, high: 20 }), shareOf(5, { low: 0, high: 20 })],
              worse: shares(zonesOf(up, { low: 0, high: 12 })), better: shares(zonesOf(down, { low: 0, high: 10 })),
              budget: bucketsOf({ budget, feeds }, now).map((each) => [each.name, each.state, each.until_ms]),
              calm: bucketsOf({ budget: { other: budget.other } }, now)[0].state,
            };
        }""",
        LIVE,
    )
    assert found["gap"] == {
        "line": "M0 100L1 0M3 50L4 50",
        "area": "M0 100L0 100L1 0L1 100ZM3 100L3 50L4 50L4 100Z",
        "last": {"x": 1, "y": 0.5},
    }
    assert found["day"] == "M0 20L1 10M2 90L3 80"
    assert found["none"] == {"line": "", "area": "", "last": None}
    assert found["open"] is None
    assert found["below"]["line"] == "M0 100L1 0"
    assert found["below"]["area"] == "M0 50L0 100L1 0L1 50Z"  # from 0, which is half way up
    assert found["wait"] == {"low": 0, "high": 240}
    assert found["up"] == {"low": 0, "high": 12}
    assert found["own"] == {"low": 0.02, "high": 0.5}
    assert found["ratio"] == {"low": 0, "high": 1}
    assert found["seen"] == {"low": 0, "high": 120}
    assert found["beyond"] == [1, 0, 0.25]
    assert found["worse"] == [["ok", 0, 0.5], ["warning", 0.5, 0.75], ["critical", 0.75, 1]]
    assert found["better"] == [["critical", 0, 0.1], ["warning", 0.1, 0.3], ["ok", 0.3, 1]]
    assert found["budget"] == [["queue", "used_up", None], ["other", "used_up", 1795338030000]]
    assert found["calm"] == "nearly"
