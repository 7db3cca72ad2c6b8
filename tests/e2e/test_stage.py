"""The stage of a paired screen: boards in turn, alerts first, moved, named, removed; sound, captions; the TV. Time is the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboard.words.tables import table
from tests.e2e.frames import CALM, Scene, incident
from tests.e2e.stage_server import StageServer, play

LIVE = "document.body.dataset.live === 'yes'"
SHOWN = "document.documentElement.dataset.board"
THREE = {"a": CALM.but(title="Support"), "b": CALM.but(title="Billing", theme="light"), "c": CALM.but(title="Sales")}
TURNS = [("a", 10), ("b", 20), ("c", 30)]

# What the caption covers of the board that is seen, and whether its own words leave it.
COVERED = """(() => {
    const box = document.querySelector(".caption").getBoundingClientRect();
    const words = document.querySelector(".caption-line").getBoundingClientRect();
    const meets = (one) => one.width > 0 && one.left < box.right && one.right > box.left && one.top < box.bottom && one.bottom > box.top;
    const others = document.querySelector(".wall-view:not(.is-under)").querySelectorAll(".tile, ql-clock, ql-pulse");
    const found = Array.from(others).filter((each) => meets(each.getBoundingClientRect())).map((each) => each.tagName);
    return words.height > box.height + .5 || words.right > box.right ? found.concat("caption") : found;
})()"""

Opened = Callable[..., Page]


@pytest.fixture
def opened(page: Page) -> Iterator[Opened]:
    """Opens a stage; an error on its page fails the test."""
    servers: list[StageServer] = []
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None)

    def start(
        boards: dict[str, Scene], items: list[tuple[str, int]] | None, *, slug: str = "a", speech: bool = False, name: str = "Reception"
    ) -> Page:
        server = StageServer(boards.get(slug, CALM), slug, is_screen=items is not None, speech=speech)
        server.start()
        servers.append(server)
        play(page, server, boards, items, name)
        if slug:
            assert page.evaluate(
                f"play.settle(() => {LIVE} && document.querySelector('.caption') !== null && document.documentElement.dataset.wake)"
            )
        return page

    yield start
    for server in servers:
        server.stop()
    assert not errors


def passed(page: Page, seconds: float) -> Any:
    """Lets time pass; the board that stands there then."""
    return page.evaluate(f"play.pass({seconds * 1000}).then(() => {SHOWN})")


def told(page: Page, slug: str, incidents: list[dict[str, Any]]) -> None:
    """The board has these open incidents from now on."""
    page.evaluate(
        """([slug, incidents]) => play.tell(slug, {
            incidents: incidents.map((each) => ({ ...each, since: play.stamp(each.since_s * 1000) })),
        })""",
        [slug, incidents],
    )


def test_stage_shows_boards_in_turn_without_a_blank_moment(opened: Opened) -> None:
    page = opened(THREE, TURNS)
    page.evaluate(
        """() => { window.blanks = []; window.seen = [];
            new MutationObserver(() => {
                const views = document.querySelectorAll(".stage > .wall-view:not(.is-under)");
                const whole = views.length === 1 && views[0].dataset.live === "yes" && !views[0].querySelector("div.tile");
                if (!whole) blanks.push(document.body.innerText);
                const title = views.length ? views[0].querySelector("h1").textContent : "";
                if (seen[seen.length - 1] !== title) seen.push(title);
            }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["class", "data-live"] }); }"""
    )
    assert [passed(page, 9), passed(page, 2), passed(page, 20), passed(page, 30)] == ["a", "b", "c", "a"]
    assert page.evaluate("[blanks, seen]") == [[], ["Support", "Billing", "Sales", "Support"]]
    themes = page.evaluate("[...document.querySelectorAll('.wall-view')].map((view) => view.dataset.theme).sort()")
    assert themes == ["dark", "dark", "light"]
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    # one `painted` in ten seconds over the screen's own line, with what the fleet page wants to know
    painted = page.evaluate("play.painted")
    assert 6 <= len(painted) <= 8
    assert {each["via"] for each in painted} == {"screen"}
    assert painted[-1].items() >= {"board": "a", "width": 1920, "height": 1080, "ratio": 1, "version": "v1"}.items()
    assert abs(painted[-1]["clock_ms"] - page.evaluate("Date.now()")) < 20_000
    # a board that goes dark is passed over, and the screen says so; a late timer costs no turn
    page.evaluate("play.boards.b.dark = true; play.idle(0)")
    assert passed(page, 29) == "c"
    expect(page.locator(".stage-note")).to_have_text("Not live and passed over: Billing")
    page.evaluate("play.boards.b.dark = false")
    assert passed(page, 3) == "c"
    expect(page.locator(".stage-note")).to_be_hidden()


def test_stage_an_alert_comes_first_is_heard_and_stands_there_in_words(opened: Opened) -> None:
    page = opened(THREE, TURNS, speech=True)
    told(page, "c", [incident(since_s=125, unit="s", metric="longest_wait_time")])
    assert passed(page, 1) == "c"
    sentence = "Attention. Sales: Longest wait above 3 minutes. For 2 minutes. Nobody has taken it yet."
    expect(page.locator(".caption-line")).to_have_text(sentence)
    assert page.evaluate(COVERED) == []
    assert page.evaluate("[play.tones, play.speeches]") == [4, []]
    assert passed(page, 2) == "c"
    assert page.evaluate("play.speeches") == [["en-GB", sentence]]
    assert page.locator("html").get_attribute("data-speech") == "speaking"
    assert passed(page, 55) == "c"
    expect(page.locator(".caption")).to_be_hidden()
    assert passed(page, 8) == "c"
    assert page.evaluate("[play.tones, play.speeches.length]") == [16, 2]
    # an older one elsewhere takes turns with it; taken, both are quiet and the turns go on
    told(page, "b", [incident(number=2, since_s=400)])
    assert passed(page, 1) == "b"
    assert [passed(page, 10), passed(page, 10)] == ["c", "b"]
    told(page, "c", [])
    told(page, "b", [incident(number=2, since_s=400, state="acknowledged", acknowledged_by="dana")])
    tones = page.evaluate("play.tones")
    assert [passed(page, 9), passed(page, 3)] == ["b", "c"]
    assert page.evaluate("play.tones") == tones
    expect(page.locator(".caption")).to_be_hidden()
    # no voice of the language, and a browser that lets nothing through: the words stand there all the same
    page.evaluate("play.voices = [{ name: 'Anna', lang: 'de-DE' }]; play.voicesChanged()")
    told(page, "a", [incident(number=3, since_s=1)])
    assert passed(page, 3) == "a"
    expect(page.locator(".caption-line")).to_contain_text("Support")
    assert page.locator("html").get_attribute("data-speech") == "no-voice"
    page.evaluate("play.voices = [{ name: 'Emma', lang: 'en-GB' }]; play.voicesChanged(); play.quietBrowser = true")
    assert passed(page, 61) == "a"
    assert page.locator("html").get_attribute("data-speech") == "blocked"
    expect(page.locator(".wall-view:not(.is-under) ql-incident .muted")).to_be_visible()
    expect(page.locator(".caption-line")).to_contain_text("Support")


def test_stage_is_moved_named_emptied_and_removed(opened: Opened) -> None:
    hostile = "<b>Reception</b> محمد " + "x" * 480
    page = opened(THREE, [("a", 10)], name=hostile)
    page.evaluate("([name]) => play.assign(name, [{ slug: 'c', seconds: 10 }])", [hostile])
    assert passed(page, 1) == "c"
    assert page.evaluate("[...play.sockets].map((each) => each.slug).sort()") == ["", "c"]
    page.evaluate("([name]) => play.to('', { type: 'flash', seconds: 10, text: name })", [hostile])
    expect(page.locator(".stage-flash strong")).to_have_text(hostile)
    flash = page.locator(".stage-flash strong").bounding_box()
    assert flash is not None
    assert flash["width"] <= 1920
    assert passed(page, 9) == "c"
    expect(page.locator(".stage-flash")).to_be_visible()
    passed(page, 2)
    expect(page.locator(".stage-flash")).to_be_hidden()
    # its board is deleted: it waits, says so, still paints; a new board comes within a second
    page.evaluate("([name]) => { play.boards.c.gone = true; play.drop(4404, 'c'); play.assign(name, []); }", [hostile])
    passed(page, 11)
    expect(page.locator(".stage-page h1")).to_have_text("This screen waits for a board")
    expect(page.locator(".stage-page")).to_contain_text("<b>Reception</b>")
    assert page.locator("body").get_attribute("data-live") == "no"
    assert "board" not in page.evaluate("play.painted[play.painted.length - 1]")
    page.evaluate("play.assign('Reception', [{ slug: 'b', seconds: 10 }])")
    assert passed(page, 1) == "b"
    expect(page.locator(".stage-page")).to_be_hidden()
    # removed: dark at once, and a code is shown by itself half a minute later
    page.evaluate("() => { play.screen = 'revoked'; play.to('', { type: 'bye', reason: 'revoked' }); play.drop(4401, ''); }")
    passed(page, 1)
    expect(page.locator(".stage-page h1")).to_have_text("This screen was removed")
    painted = page.evaluate("play.painted.length")
    passed(page, 20)
    assert page.evaluate("play.painted.length") == painted
    with page.expect_navigation(url="**/pair/"):
        page.evaluate("() => { play.pass(12000); }")


def test_stage_loads_a_new_version_at_the_next_quiet_moment(opened: Opened, page: Page) -> None:
    opened(THREE, TURNS)
    passed(page, 12)
    told(page, "c", [incident(since_s=5)])
    passed(page, 1)
    page.evaluate("() => { play.version = 'v2'; play.drop(1012); window.old = true; }")
    passed(page, 60)
    told(page, "c", [])
    passed(page, 28)
    assert page.evaluate("window.old") is True
    with page.expect_navigation(url="**/screen/"):
        page.evaluate("() => { play.pass(4000); }")
    assert page.evaluate("window.old") is None
    # ordered by somebody: at once, whatever it shows
    assert page.evaluate(f"play.settle(() => {LIVE})")
    passed(page, 11)
    told(page, "a", [incident(since_s=5)])
    passed(page, 1)
    with page.expect_navigation(url="**/screen/"):
        page.evaluate("() => { play.to('', { type: 'reload' }); play.pass(1000); }")


def test_stage_looks_after_its_tv(opened: Opened, page: Page) -> None:
    page.add_init_script(
        """for (const name of ["localStorage", "sessionStorage"]) {
            Object.defineProperty(window, name, { get: () => { throw new Error("storage is off"); } });
        }
        window.locks = 0;
        Object.defineProperty(navigator, "wakeLock", { value: { request: () => {
            locks += 1; window.lock = new EventTarget(); return Promise.resolve(lock); } } });"""
    )
    opened(THREE, [("a", 10)])
    root = page.locator("html")
    expect(root).to_have_attribute("data-wake", "held")
    page.evaluate("lock.dispatchEvent(new Event('release'))")
    expect(root).to_have_attribute("data-wake", "held")
    assert page.evaluate("locks") == 2
    assert root.get_attribute("data-fullscreen") in ("refused", "kiosk", "yes")
    cursor = "getComputedStyle(document.body).cursor"
    assert page.evaluate(cursor) == "none"
    page.mouse.move(100, 100)
    page.mouse.move(300, 200)
    assert page.evaluate(cursor) == "default"
    passed(page, 3.5)
    assert page.evaluate(cursor) == "none"
    assert page.evaluate("document.body.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }))") is False
    # the picture moves by whole pixels, and nothing of it leaves the screen
    moved = set()
    for _ in range(8):
        page.evaluate("play.step(120000)")
        moved.add(page.evaluate("document.querySelector('.stage').style.transform"))
        inside = """[...document.querySelectorAll('.stage h1, .stage .tile, .stage ql-clock')].every((each) => {
            const box = each.getBoundingClientRect();
            return box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight; })"""
        assert page.evaluate(inside)
    assert len(moved) == 8
    # a clock that is wrong by years, and one that has slept for an hour: no matter
    for skew_ms in (-20 * 365 * 86400000, 3600000):
        page.evaluate(f"play.wall_skew_ms += {skew_ms}")
        assert passed(page, 2) == "a"
        assert page.evaluate(LIVE)


def test_stage_speaks_each_board_s_language(opened: Opened, page: Page) -> None:
    page.route("**/words/de.json", lambda route: route.fulfill(json=table("de")))
    opened({"a": CALM.but(title="Support"), "b": CALM.but(title="Rechnungen", language="de")}, [("a", 10), ("b", 10)], speech=True)
    page.evaluate("play.voices = [{ name: 'Anna', lang: 'de-DE' }, { name: 'Emma', lang: 'en-GB' }]; play.voicesChanged()")
    assert page.evaluate("play.settle(() => performance.now() > 3000)")
    told(page, "b", [incident(since_s=65, unit="s", metric="longest_wait_time", limit=180, direction="above")])
    assert passed(page, 4) == "b"
    german = table("de")
    expect(page.locator(".caption-line")).to_contain_text(str(german["stage.spoken_untaken"]))
    expect(page.locator(".caption")).to_have_attribute("lang", "de")
    assert page.evaluate("play.speeches.map(([lang]) => lang)") == ["de-DE"]
    told(page, "b", [])
    page.evaluate("play.boards.b.dark = play.boards.a.dark = true")
    assert passed(page, 8) == "b"
    notice = page.locator(".wall-view:not(.is-under) ql-notice")
    expect(notice.locator("strong")).to_have_text(str(german["strip.not_live"]))
    expect(notice.locator(".why")).not_to_contain_text("Nothing new")
    assert passed(page, 10) == "a"
    expect(notice.locator(".why")).to_contain_text("Nothing new")


def test_stage_of_a_person_follows_one_board_and_no_orders(opened: Opened, page: Page) -> None:
    opened(THREE, None)
    assert passed(page, 40) == "a"
    assert page.evaluate("[...play.sockets].map((each) => each.slug)") == ["a"]
    assert {each["via"] for each in page.evaluate("play.painted")} == {"a"}
    assert page.locator("html").get_attribute("data-fullscreen") == "asks"
