"""The wall in a real browser: it shows what the socket says, it never passes old for new, and it comes back by itself."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, Request, expect

from config.static import lean
from tests.e2e.frames import CALM, CONTRADICTION, CRITICAL, FEEDS, NAMES, QUIET, TEAM_PLAN, TOO_FEW, WARNING, Scene, crowd
from tests.e2e.wall_server import WallServer

OLD = dict.fromkeys(FEEDS, 124.0)
PROBLEM = {
    "kind": "timeout",
    "message": "Zendesk Talk has not answered since 14:30:03.",
    "since": f"{datetime.now(UTC):%Y-%m-%d}T14:30:03.000Z",
}
# Design: the board says what is broken within ten seconds.
WITHIN_MS = 10_000


def number(page: Page, metric: str) -> str:
    return page.locator(f"[data-metric={metric}] .figure").inner_text()


def opened(page: Page, server: WallServer, scene: Scene = CALM) -> Page:
    server.scene = scene.but(started=datetime.now(UTC))
    page.goto(server.address)
    expect(page.locator("body")).to_have_attribute("data-live", "yes")
    return page


def test_wall_calm_shows_every_number(page: Page, wall: WallServer) -> None:
    opened(page, wall)
    assert number(page, "calls_waiting") == "4"
    assert number(page, "callbacks_waiting") == "0"
    assert number(page, "total_calls") == "243"
    assert number(page, "abandon_ratio") == "2.1"
    assert re.fullmatch(r"0:4[2-9]", page.locator("ql-tile-wait .figure").inner_text())
    expect(page.locator("ql-tile-wait .verdict")).to_contain_text("On target")
    expect(page.locator("ql-tile-wait .verdict")).to_contain_text("4 callers,")
    expect(page.locator("ql-tile-wait .verdict")).to_contain_text("3 agents free")
    assert page.locator("[data-state=on_call] b").inner_text() == "11"
    assert page.locator(".agent:visible").count() == 18
    expect(page.locator("ql-pulse")).to_have_text(re.compile(r"live · \d s"))
    expect(page.locator("ql-notice")).to_be_hidden()


def test_wall_first_picture_comes_with_the_page_and_is_not_live(page: Page, wall: WallServer) -> None:
    page.route_web_socket(re.compile(".*"), lambda socket: None)  # a socket that opens and says nothing
    page.goto(wall.address)
    expect(page.locator("[data-metric=calls_waiting] .figure")).to_have_text("4")
    expect(page.locator("body")).to_have_attribute("data-live", "no")
    expect(page.locator("ql-notice .why")).to_have_text("Waiting for the first picture.")


def test_wall_without_scripts_is_a_hatched_board_that_says_not_live(page: Page, wall: WallServer) -> None:
    assert page.context.browser is not None
    context = page.context.browser.new_context(java_script_enabled=False)
    bare = context.new_page()
    bare.goto(wall.address)
    expect(bare.locator("ql-notice")).to_be_visible()
    expect(bare.locator("ql-notice strong")).to_have_text("NOT LIVE")
    assert "repeating-linear-gradient" in bare.locator(".waiting").evaluate("node => getComputedStyle(node).backgroundImage")
    context.close()


def test_wall_wait_ticks_each_second_between_answers(page: Page, wall: WallServer) -> None:
    opened(page, wall)
    wall.playing = False
    first = page.locator("ql-tile-wait .figure").inner_text()
    expect(page.locator("ql-tile-wait .figure")).not_to_have_text(first, timeout=2500)
    second = page.locator("ql-tile-wait .figure").inner_text()
    assert int(second[-2:]) == int(first[-2:]) + 1


def test_wall_severity_is_icon_word_and_pattern(page: Page, wall: WallServer) -> None:
    opened(page, wall, WARNING)
    hero = page.locator("ql-tile-wait")
    expect(hero).to_have_class(re.compile("is-warning"))
    expect(hero.locator(".verdict b")).to_have_text("WARNING")
    expect(hero.locator(".verdict .icon")).to_have_class("icon i-warning")
    expect(hero.locator(".first")).to_have_text(re.compile(r"above 2:00 for 0:3\d"))
    expect(hero.locator(".second")).to_have_text("0 agents free")
    assert "radial-gradient" in hero.evaluate("node => getComputedStyle(node, '::before').backgroundImage")
    wall.show(CRITICAL.but(started=datetime.now(UTC)))
    expect(hero).to_have_class(re.compile("is-critical"))
    assert "repeating-linear-gradient" in hero.evaluate("node => getComputedStyle(node, '::before').backgroundImage")
    tile = page.locator("[data-metric=calls_waiting]")
    expect(tile.locator(".target b")).to_have_text("Critical")
    expect(tile.locator(".limit")).to_have_text("≤ 6")


def test_wall_zero_unknown_too_few_and_not_on_plan_all_look_different(page: Page, wall: WallServer) -> None:
    opened(page, wall, TOO_FEW)
    callbacks, abandoned = page.locator("[data-metric=callbacks_waiting]"), page.locator("[data-metric=abandon_ratio]")
    expect(callbacks.locator(".figure")).to_have_text("unknown")
    expect(callbacks.locator(".limit")).to_have_text("not sent by Zendesk")
    expect(abandoned.locator(".figure")).to_have_text("too few")
    expect(abandoned.locator(".limit")).to_have_text("6 calls, needs 10")
    expect(abandoned.locator(".value .icon")).to_have_class("icon i-few")
    wall.show(TEAM_PLAN.but(started=datetime.now(UTC)))
    expect(abandoned.locator(".figure")).to_have_text("not on plan")
    expect(abandoned.locator(".limit")).to_have_text("needs Professional")
    expect(abandoned.locator(".value .icon")).to_have_class("icon i-plan")
    expect(callbacks.locator(".figure")).to_have_text("0")
    expect(callbacks.locator(".value")).to_have_class(re.compile("zero"))


def test_wall_nobody_waiting_says_so_and_does_not_tick(page: Page, wall: WallServer) -> None:
    opened(page, wall, QUIET)
    expect(page.locator("ql-tile-wait .figure")).to_have_text("0:00")
    expect(page.locator("ql-tile-wait .first")).to_have_text("nobody waits,")
    expect(page.locator("ql-tile-wait .second")).to_have_text("18 agents free")


def test_wall_source_that_contradicts_itself_is_shown_as_sent_and_not_judged(page: Page, wall: WallServer) -> None:
    opened(page, wall, CONTRADICTION)
    hero, waiting = page.locator("ql-tile-wait"), page.locator("[data-metric=calls_waiting]")
    expect(hero.locator(".verdict")).to_contain_text("Zendesk contradicts", timeout=8000)
    for tile in (hero, waiting):
        expect(tile).to_have_class(re.compile("is-plain"))
    expect(waiting.locator(".figure")).to_have_text("0")
    expect(hero.locator(".figure")).to_have_text("15:00")  # several seconds later: it did not tick on
    wall.show(CRITICAL.but(started=datetime.now(UTC)))
    expect(hero).to_have_class(re.compile("is-critical"))
    expect(waiting.locator(".figure")).to_have_text("17")


def test_wall_late_numbers_say_their_age(page: Page, wall: WallServer) -> None:
    opened(page, wall)
    wall.playing = False
    expect(page.locator("[data-metric=calls_waiting] .limit")).to_have_text(re.compile(r"\d s old"), timeout=5000)
    expect(page.locator("ql-pulse")).to_have_text(re.compile(r"late · \d s"))
    expect(page.locator("body")).to_have_attribute("data-live", "yes")


def test_wall_one_stale_feed_marks_its_own_tiles_only(page: Page, wall: WallServer) -> None:
    opened(page, wall, CALM.but(ages_s={"account_overview": 124.0}))
    expect(page.locator("[data-metric=total_calls]")).to_have_class(re.compile("is-stale"))
    expect(page.locator("[data-metric=total_calls] .limit")).to_have_text(re.compile(r"as of \d\d:\d\d"))
    expect(page.locator("[data-metric=calls_waiting]")).not_to_have_class(re.compile("is-stale"))
    expect(page.locator("body")).to_have_attribute("data-live", "yes")


def test_wall_stale_agents_freeze_and_say_since_when(page: Page, wall: WallServer) -> None:
    opened(page, wall, CALM.but(ages_s={"agents_activity": 60.0}))
    expect(page.locator("ql-tile-agents")).to_have_class(re.compile("is-stale"))
    expect(page.locator(".agents-note")).to_have_text(re.compile(r"as\sof"))  # not torn apart at the end of a line
    before = page.locator(".agent time").first.inner_text()
    page.wait_for_function(
        "start => document.querySelector('ql-clock small').textContent !== start", arg=page.locator("ql-clock small").inner_text()
    )
    assert page.locator(".agent time").first.inner_text() == before


def test_wall_source_down_says_why_keeps_values_and_heals(page: Page, wall: WallServer) -> None:
    opened(page, wall)
    wall.show(CRITICAL.but(started=datetime.now(UTC), ages_s=OLD, failing=frozenset(FEEDS), problem=PROBLEM))
    expect(page.locator("body")).to_have_attribute("data-live", "no", timeout=WITHIN_MS)
    expect(page.locator("ql-notice .why")).to_have_text(PROBLEM["message"])
    expect(page.locator("ql-notice time")).to_have_text(re.compile(r"2:\d\d"))
    expect(page.locator("ql-tile-wait .figure")).to_have_text("7:42")
    expect(page.locator("ql-tile-wait")).not_to_have_class(re.compile("is-critical"))
    expect(page.locator("ql-tile-wait .first")).to_have_text("last known value,")
    wall.show(CALM.but(started=datetime.now(UTC)))
    expect(page.locator("body")).to_have_attribute("data-live", "yes")
    expect(page.locator("ql-tile-wait .verdict b")).to_have_text("On target")


def test_wall_refused_credentials_say_that_polling_stopped(page: Page, wall: WallServer) -> None:
    opened(page, wall)
    message = "Zendesk Talk refused the credentials (401). Polling has stopped until the settings change."
    problem = {"kind": "auth", "message": message, "since": "2026-11-21T14:30:03.000Z"}
    wall.show(CALM.but(started=datetime.now(UTC), stopped=True, problem=problem))
    expect(page.locator("ql-notice .why")).to_have_text(message)
    expect(page.locator("body")).to_have_attribute("data-live", "no")


@pytest.mark.parametrize(("cause", "word"), [("redis", "Redis"), ("worker", "worker"), ("beat", "scheduler")])
def test_wall_a_part_of_the_server_gone_is_named_and_heals(page: Page, wall: WallServer, cause: str, word: str) -> None:
    opened(page, wall)
    wall.cause = cause
    wall.beat()
    expect(page.locator("ql-notice .why")).to_contain_text(word)
    expect(page.locator("body")).to_have_attribute("data-live", "no")
    wall.cause = None
    wall.beat()
    expect(page.locator("body")).to_have_attribute("data-live", "yes")


def test_wall_that_is_not_live_says_of_every_number_when_it_was(page: Page, wall: WallServer) -> None:
    """Also of those whose feed is asked rarely, and whose answer is young."""
    opened(page, wall, CRITICAL)
    wall.cause = "worker"
    wall.beat()
    expect(page.locator("body")).to_have_attribute("data-live", "no")
    for metric in ("calls_waiting", "callbacks_waiting", "total_calls", "abandon_ratio"):
        tile = page.locator(f"[data-metric={metric}]")
        expect(tile).to_contain_text("as of")
        expect(tile).to_have_class(re.compile("is-stale"))


def test_wall_silent_server_is_named_within_ten_seconds_and_heals(page: Page, wall: WallServer) -> None:
    opened(page, wall)
    wall.playing = wall.beating = False
    expect(page.locator("ql-notice .why")).to_contain_text(re.compile("own server|not answered"), timeout=WITHIN_MS)
    expect(page.locator("ql-notice .why")).to_have_text("Queuelight's own server does not answer.", timeout=WITHIN_MS)
    wall.playing = wall.beating = True
    expect(page.locator("body")).to_have_attribute("data-live", "yes", timeout=15_000)


def test_wall_server_gone_is_named_and_heals_without_a_reload(page: Page, wall: WallServer) -> None:
    opened(page, wall)
    page.evaluate("window.kept = true")
    wall.stop()
    expect(page.locator("ql-notice .why")).to_have_text("Queuelight's own server does not answer.", timeout=WITHIN_MS)
    expect(page.locator("[data-metric=calls_waiting] .figure")).to_have_text("4")
    wall.start()
    expect(page.locator("body")).to_have_attribute("data-live", "yes", timeout=15_000)
    assert page.evaluate("window.kept")


def test_wall_short_reconnect_does_not_flash_the_band(page: Page, wall: WallServer) -> None:
    opened(page, wall)
    page.evaluate(
        """() => { window.flashes = 0;
            new MutationObserver(() => { if (document.body.dataset.live === "no") window.flashes += 1; })
                .observe(document.body, { attributes: true, attributeFilter: ["data-live"] }); }"""
    )
    hellos = sum(message["type"] == "hello" for message in wall.heard)
    wall.drop()
    for _ in range(100):
        if sum(message["type"] == "hello" for message in wall.heard) > hellos:
            break
        page.wait_for_timeout(50)
    expect(page.locator("ql-pulse")).to_have_text(re.compile("live"))
    assert page.evaluate("window.flashes") == 0


def test_wall_lower_numbers_after_a_loss_of_redis_are_taken(page: Page, wall: WallServer) -> None:
    opened(page, wall)
    wall.playing = False
    wall.seq = 5
    wall.show(QUIET.but(started=datetime.now(UTC)))
    expect(page.locator("[data-metric=calls_waiting] .figure")).to_have_text("0")
    wall.playing = True
    expect(page.locator("body")).to_have_attribute("data-live", "yes")


def test_wall_a_lost_patch_is_noticed_and_asked_for(page: Page, wall: WallServer) -> None:
    opened(page, wall)
    wall.playing = False
    wall.seq += 5
    wall.send({"type": "patch", "v": 1, "seq": wall.seq, "prev": wall.seq - 1, "at": "2026-01-01T00:00:00.000Z", "patch": {"metrics": {}}})
    for _ in range(100):
        if {"type": "hello", "v": 1, "seq": None} in wall.heard:
            break
        page.wait_for_timeout(50)
    assert {"type": "hello", "v": 1, "seq": None} in wall.heard
    wall.playing = True
    expect(page.locator("body")).to_have_attribute("data-live", "yes")
    assert number(page, "calls_waiting") == "4"


def test_wall_paints_and_says_so(page: Page, wall: WallServer) -> None:
    opened(page, wall)
    for _ in range(100):
        painted = [message for message in wall.heard if message["type"] == "painted"]
        if painted:
            break
        page.wait_for_timeout(50)
    assert painted[0]["seq"] >= 1000


def test_wall_html_in_names_is_text(page: Page, wall: WallServer) -> None:
    evil = '<img src=x onerror="window.stung=1">'
    names = (evil, "<b>Bold</b> Person", "x" * 200, "محمد الأحمد", "😀 Emoji Face", *NAMES[5:])
    scene = CALM.but(names=names, title="<script>window.stung=1</script>")
    opened(page, wall, scene)
    assert page.locator(".agent .name").nth(1).inner_text() == "<b>Bold</b> P"
    assert page.locator(".agent img, .agent b, h1 script").count() == 0
    assert page.evaluate("window.stung") is None
    expect(page.locator(".strip h1")).to_have_text("<script>window.stung=1</script>")
    assert page.locator(".agent .name").nth(3).get_attribute("dir") == "auto"


def test_wall_agents_keep_their_slots_when_states_change(page: Page, wall: WallServer) -> None:
    opened(page, wall)
    names = page.locator(".agent .name").all_inner_texts()
    page.evaluate("window.first = document.querySelector('.agent')")
    wall.show(CALM.but(started=datetime.now(UTC), agents="x" * 18))
    expect(page.locator("[data-state=away] b")).to_have_text("18")
    assert page.locator(".agent .name").all_inner_texts() == names
    assert page.evaluate("window.first === document.querySelector('.agent')")


@pytest.mark.parametrize(
    ("agents", "chips", "note"),
    [(0, 0, ""), (1, 1, ""), (18, 18, ""), (19, 19, ""), (32, 32, ""), (33, 10, "23 not shown"), (200, 32, "168 not shown")],
)
def test_wall_roster_follows_the_rule_of_its_size(page: Page, wall: WallServer, agents: int, chips: int, note: str) -> None:
    opened(page, wall, crowd(agents))
    expect(page.locator(".agent:visible")).to_have_count(chips)
    expect(page.locator(".agents-note")).to_have_text(note)
    expect(page.locator(".nobody")).to_have_text("" if agents else "No agent is signed in")


def test_wall_offline_agents_are_counted_and_not_shown(page: Page, wall: WallServer) -> None:
    opened(page, wall, CALM.but(agents="a-o-w-x-t-?-aaaaaa"))
    expect(page.locator(".agents-note")).to_have_text("6 offline")
    expect(page.locator("[data-state=transfers_only] b")).to_have_text("1")
    expect(page.locator("[data-state=unknown] b")).to_have_text("1")


def test_wall_chart_is_drawn_with_a_hatched_gap(page: Page, wall: WallServer) -> None:
    opened(page, wall, CRITICAL)
    expect(page.locator("ql-chart .js-line").first).to_be_attached()
    assert page.locator("ql-chart .js-fill").count() >= 3
    expect(page.locator("ql-chart")).to_contain_text("3:00")
    expect(page.locator("ql-chart")).to_contain_text("now")
    wall.cause = "worker"
    wall.beat()
    expect(page.locator("ql-chart")).not_to_contain_text("now")  # a frozen chart ends in the past


def test_wall_without_the_chart_library_still_shows_numbers(page: Page, serve: Callable[[Scene], WallServer]) -> None:
    page.route(re.compile("vendor/plotly"), lambda route: route.abort())
    server = serve(CALM)
    opened(page, server)
    assert number(page, "calls_waiting") == "4"
    expect(page.locator("body")).to_have_attribute("data-live", "yes")


def test_wall_first_paint_is_light(page: Page, wall: WallServer) -> None:
    """Everything but the chart library, as it is served, gzipped: at most 150 kB, with the further letters that some names need."""
    sizes: dict[str, int] = {}

    def weigh(request: Request) -> None:
        response = request.response()
        assert response is not None
        body = response.body()
        if request.url.endswith((".js", ".css")):
            body = lean(body.decode()).encode()
        sizes[request.url] = len(body) if request.url.endswith("woff2") else len(gzip.compress(body))

    page.on("requestfinished", weigh)
    opened(page, wall)
    expect(page.locator("ql-chart .js-line").first).to_be_attached()
    light = {url: size for url, size in sizes.items() if "vendor/plotly" not in url and "/words/" not in url}
    assert any("wall.js" in url for url in light)
    assert any("inter-latin" in url for url in light)
    assert sum(light.values()) <= 150_000, light
