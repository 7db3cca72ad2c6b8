"""A view of any board: it changes without a reload, keeps what stays, and no tile takes another one with it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from dashboard.widgets import layout
from dashboard.widgets.defaults import standard
from dashboard.widgets.registry import KINDS
from tests.e2e.frames import CALM, CRITICAL, QUIET, STRESS, Frame, Scene, crowd, incident
from tests.e2e.wall_server import WallServer

CHECK = (Path(__file__).parent.parent / "js" / "layout_check.js").read_text()
WORST = STRESS.but(
    incidents=(incident(), incident("warning", "acknowledged", number=2, acknowledged_by="محمد الأحمد"), incident(number=3)),
    names=tuple(f"{'Wilhelmina' if i % 3 else 'Al'} Wolkenstein {i}" for i in range(200)),
    agents="oowxa" * 40,
    values={**STRESS.values, "longest_wait_time": 10_000},
)


def widget(name: str, kind: str, x: int, y: int, w: int, h: int, **options: Any) -> Frame:
    return {"id": name, "kind": kind, "x": x, "y": y, "w": w, "h": h, "options": options}


def opened(page: Page, server: WallServer, scene: Scene = CALM) -> None:
    server.scene = scene.but(started=datetime.now(UTC))
    page.goto(server.address)
    expect(page.locator("body")).to_have_attribute("data-live", "yes")


def show(page: Page, server: WallServer, scene: Scene) -> None:
    server.show(scene.but(started=datetime.now(UTC)))
    page.wait_for_function("seq => Number(document.documentElement.dataset.seq) >= seq", arg=server.seq)


def local(minutes: float) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")


def test_board_changes_while_it_is_shown_without_a_reload(page: Page, wall: WallServer) -> None:
    opened(page, wall)
    page.evaluate("window.kept = document.querySelector('ql-tile-agents')")
    standard = [each for each in _widgets() if each["id"] != "wait"]
    evil = "<b>bold</b> & مرحبا"
    changed = (
        *standard,
        widget("t", "text", 0, 0, 6, 5, text=f"{evil}\nsecond line", size="large"),
        widget("later", "text", 6, 0, 4, 3, text="later", since=local(60)),
        widget("over", "text", 6, 3, 4, 2, text="over", until=local(-60)),
        widget("clock", "clock", 10, 0, 4, 5, time_zone="America/New_York", seconds=True),
        widget("image", "image", 0, 5, 3, 5, image="a" * 64, about="Plan of the floor"),
        widget("list", "incidents", 3, 5, 7, 5),
    )
    show(page, wall, CALM.but(widgets=changed, problems=("Widget 9: there is no kind of widget named 'gone'.",), distance_m=3))
    expect(page.locator("ql-tile-wait")).to_have_count(0)
    assert page.evaluate("window.kept === document.querySelector('ql-tile-agents')")
    expect(page.locator("ql-tile-text").first.locator("p")).to_have_text([evil, "second line"])
    assert page.locator("ql-tile-text b").count() == 0
    expect(page.get_by_text("later", exact=True)).to_be_hidden()
    expect(page.get_by_text("over", exact=True)).to_be_hidden()
    expect(page.locator("ql-tile-clock")).to_contain_text("New York")
    expect(page.locator("ql-tile-clock .face")).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))
    expect(page.locator("ql-tile-image")).to_contain_text("This picture is missing. Plan of the floor")
    expect(page.locator("ql-tile-incidents")).to_contain_text("Nothing is wrong")
    expect(page.locator(".remark")).to_have_text("1 tile cannot be shown")
    # A number's provenance: under it from 3 m, and for whoever points at it.
    tile = page.locator("[data-metric=abandon_ratio]")
    assert re.search(r"account_overview · total_calls_abandoned_in_queue / .* · \d\ss", tile.get_attribute("title") or "")
    expect(page.locator("[data-metric=calls_waiting] .provenance")).to_have_text(re.compile("current_queue_activity · calls_waiting · "))

    taken = (incident(), incident("warning", "acknowledged", number=2, acknowledged_by="dana"))
    show(page, wall, CRITICAL.but(widgets=changed, incidents=taken))
    rows = page.locator("ql-tile-incidents .trouble:visible")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text(re.compile(r"Longest wait above 3:00.*for 4:4\d.*not yet taken"))
    expect(rows.last).to_contain_text("taken by dana")
    expect(page.locator("ql-tile-incidents")).to_have_class(re.compile("is-critical"))
    expect(page.locator(".remark")).to_have_text("")

    show(page, wall, CALM.but(widgets=()))
    expect(page.locator(".tile")).to_have_count(0)
    assert "empty" in page.locator(".grid").evaluate("node => getComputedStyle(node, '::before').content")
    many = tuple(widget(f"n{i}", "number", 3 * (i % 8), 3 * (i // 8), 3, 3, metric="calls_waiting") for i in range(40))
    show(page, wall, CALM.but(widgets=many))
    expect(page.locator("ql-tile-number .figure")).to_have_text(["4"] * 40)
    assert page.evaluate(CHECK) == []


def test_profiles_bands_trends_and_own_limits(page: Page, wall: WallServer) -> None:
    points = {
        "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}Z",
        "step_s": 60,
        "values": [4] * 59 + [17],
    }
    limits = {"warning_enter": 15, "warning_leave": 14, "critical_enter": 30, "critical_leave": 25, "target": 10}
    tiles = (
        widget("a", "number", 0, 0, 6, 6, metric="calls_waiting", label="Callers"),
        widget("b", "number", 6, 0, 6, 6, metric="calls_waiting", threshold=limits, trend=False),
        widget("c", "wait", 0, 6, 12, 10),
        widget("d", "agents", 12, 0, 12, 10),
    )
    floor = CRITICAL.but(widgets=tiles, bands=True, naming="none", profile="executive", points={"calls_waiting:3600:points": points})
    opened(page, wall, floor)
    first, second = page.locator("[data-metric=calls_waiting]").nth(0), page.locator("[data-metric=calls_waiting]").nth(1)
    expect(first.locator("h2")).to_have_text("Callers")
    expect(first.locator(".figure")).to_have_text("over 10")
    expect(first).to_have_class(re.compile("is-critical"))
    expect(first.locator(".trend .says")).to_have_text("rising")
    assert "4–6 a quarter of an hour ago" in (first.get_attribute("title") or "")
    expect(second).to_have_class(re.compile("is-warning"))
    expect(second.locator(".target")).to_contain_text("≤ 10")
    expect(second.locator(".trend")).to_be_hidden()
    expect(page.locator("ql-tile-wait .second")).to_have_text("0 agents free")
    expect(page.locator(".agent")).to_have_count(0)
    show(page, wall, QUIET.but(widgets=tiles, bands=True))
    expect(first.locator(".figure")).to_have_text("none")


def test_a_tile_that_fails_or_cannot_be_loaded_leaves_the_others(page: Page, wall: WallServer) -> None:
    def fail(route: Route) -> None:
        body = """import { Tile } from "../wall/tile.js";
            customElements.define("ql-tile-clock", class extends Tile { draw() { throw new Error("x"); } });"""
        route.fulfill(body=body, content_type="text/javascript")

    page.route("**/js/widgets/text.js", lambda route: route.abort())
    page.route("**/js/widgets/clock.js", fail)
    wall.scene = CALM.but(
        widgets=(*_widgets()[1:], widget("t", "text", 0, 0, 6, 5, text="hello"), widget("c", "clock", 6, 0, 6, 5)),
        started=datetime.now(UTC),
    )
    page.goto(wall.address)
    expect(page.locator("[data-metric=calls_waiting] .figure")).to_have_text("4")
    expect(page.locator("body")).to_have_attribute("data-live", "yes")
    expect(page.locator("[data-kind=clock]")).to_have_attribute("data-broken", "This tile has failed. The other tiles go on.")
    expect(page.locator("[data-kind=text]")).to_have_attribute("data-broken", "This tile could not be loaded. It is tried again.")


def test_metric_that_this_release_does_not_have_any_more_says_so(page: Page, wall: WallServer) -> None:
    page.add_init_script(
        """document.addEventListener("DOMContentLoaded", () => {
            const node = document.getElementById("catalogue");
            const table = JSON.parse(node.textContent);
            delete table.calls_waiting;
            node.textContent = JSON.stringify(table);
        });"""
    )

    def without(route: Route) -> None:
        """The rest of the catalogue, which comes after the first picture."""
        answer = route.fetch()
        route.fulfill(response=answer, json={name: entry for name, entry in answer.json().items() if name != "calls_waiting"})

    page.route("**/words/metrics.json", without)
    opened(page, wall)
    tile = page.locator("[data-metric=calls_waiting]")
    expect(tile.locator(".figure")).to_have_text("gone")
    expect(tile.locator(".limit")).to_have_text("no such metric any more")


def test_names_of_five_hundred_signs_from_right_to_left_or_with_markup_keep_to_their_places(page: Page, wall: WallServer) -> None:
    names = ("W" * 500, "محمد " * 100, "<img src=x onerror=alert(1)>" * 18, "\u202edrawkcab" * 50)
    opened(page, wall, WORST.but(names=names * 50, title="T" * 80))
    expect(page.locator("ql-tile-wait .figure")).to_have_text(re.compile(r"^2:4\d:\d\d$"))  # of 10,000 s
    assert page.locator("ql-tile-agents img").count() == 0
    assert page.evaluate(CHECK) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight")


def test_board_that_is_deleted_while_it_is_shown_says_so(page: Page, wall: WallServer) -> None:
    opened(page, wall)
    wall.playing = wall.beating = False
    wall.send({"type": "bye", "reason": "gone"})
    wall.drop(4404)
    expect(page.locator("ql-notice .why")).to_have_text("This board is gone.")
    expect(page.locator("body")).to_have_attribute("data-live", "no")


# 1080p and 4K are the same picture with another unit.
SIZES = [(1366, 768), (1080, 1920), (1024, 768)]
OPTIONS: dict[str, dict[str, Any]] = {
    "number": {"metric": "total_calls", "beside": "total_inbound_calls", "label": "Calls of the day in all the world"},
    "text": {"text": "Town hall at three o'clock in the canteen.\nEverybody is welcome: bring a cup.", "size": "large"},
    "clock": {"time_zone": "America/New_York", "seconds": True},
    "image": {"about": "A plan of the floor with all its exits"},
}
OWN = ("number", "wait", "agents", "counts", "incidents", "text", "clock", "image")


def _sizes_of(kind: str) -> list[tuple[int, int]]:
    """From the smallest that is allowed to the whole screen."""
    w, h = KINDS[kind].least
    return [(w, h), (min(24, w * 2), h), (w, min(16, h * 2)), (24, 16)]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_every_kind_fits_every_size(page: Page, wall: WallServer, size: tuple[int, int]) -> None:
    """One kind in four sizes, at each distance, calm and at its worst: nothing leaves its tile."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    opened(page, wall)
    wall.playing = False
    found = []
    for kind in OWN:
        for w, h in _sizes_of(kind):
            one = (widget("one", kind, 0, 0, w, h, **OPTIONS.get(kind, {})),)
            for distance_m, scene in ((8, WORST), (3, crowd(1))):
                placed = tuple({**each, "portrait": {"x": 0, "y": 0, "w": min(16, w), "h": min(24, h)}} for each in one)
                show(page, wall, scene.but(widgets=placed, distance_m=distance_m))
                expect(page.locator(f"ql-tile-{kind}")).to_have_count(1)
                found += [f"{kind} {w}x{h} {distance_m} m: {what}" for what in page.evaluate(CHECK)]
    assert not found, "\n".join(found)


def _widgets() -> list[Frame]:
    widgets: list[Frame] = layout.as_json(layout.read(standard()))
    return widgets
