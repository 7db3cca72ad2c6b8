"""The incident on the wall: named, counted, ringing until somebody has taken it; and never while the board is not live."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.frames import CALM, CRITICAL, FEEDS, Scene, incident
from tests.e2e.wall_server import WallServer

# Stands in for the browser's own sound: counts the tones that are begun. `runs`: whether this browser lets sound through.
SOUND = """
window.tones = 0;
window.AudioContext = class extends EventTarget {
  constructor() { super(); this.state = RUNS ? "running" : "suspended"; this.currentTime = 0; this.destination = {}; }
  resume() { return Promise.resolve(); }
  suspend() { return Promise.resolve(); }
  createOscillator() { return { frequency: {}, connect: (to) => to, start: () => { window.tones += 1; }, stop: () => {} }; }
  createGain() {
    const nothing = () => {};
    const gain = { setValueAtTime: nothing, linearRampToValueAtTime: nothing, exponentialRampToValueAtTime: nothing };
    return { gain, connect: (to) => to };
  }
};
document.addEventListener("ql-incident", (event) => { window.toldOf = event.detail; });
"""


@pytest.fixture
def sound(page: Page) -> Page:
    page.add_init_script(SOUND.replace("RUNS", "true"))
    return page


def opened(page: Page, server: WallServer, scene: Scene, query: str = "") -> None:
    server.scene = scene.but(started=datetime.now(UTC))
    page.goto(server.address + query)
    expect(page.locator("body")).to_have_attribute("data-live", "yes")


def test_calm_board_has_no_banner_and_makes_no_sound(sound: Page, wall: WallServer) -> None:
    opened(sound, wall, CALM)
    expect(sound.locator("ql-incident")).to_be_hidden()
    assert sound.evaluate("tones") == 0


def test_incident_that_opens_is_named_and_rings_without_moving_anything(sound: Page, wall: WallServer) -> None:
    opened(sound, wall, CALM)
    before = sound.locator("[data-kind=wait]").bounding_box()
    wall.scene = CRITICAL.but(incidents=(incident(), incident("warning", number=2)), started=datetime.now(UTC))
    banner = sound.locator("ql-incident")
    expect(banner).to_be_visible(timeout=2000)
    expect(banner).to_have_class(re.compile("is-critical"))
    expect(banner.locator(".about")).to_have_text("Longest wait above 3:00")
    expect(banner.locator(".since")).to_have_text(re.compile(r"for 4:4\d"))
    expect(banner.locator(".whose")).to_have_text("not yet taken")
    expect(banner.locator(".more")).to_have_text("+1 more")
    expect(banner.locator(".muted")).to_be_hidden()
    sound.wait_for_function("tones >= 4")
    assert sound.evaluate("[toldOf.rings, toldOf.incidents.length]") == [True, 2]
    assert sound.locator("[data-kind=wait]").bounding_box() == before


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (incident(state="acknowledged", acknowledged_by="dana"), "taken by dana"),
        (incident(state="recovering"), "recovering"),
        (incident(snoozed_until="2099-01-01T00:00:00.000Z"), "snoozed"),
    ],
)
def test_incident_that_somebody_has_taken_is_silent(sound: Page, wall: WallServer, one: dict[str, object], says: str) -> None:
    opened(sound, wall, CRITICAL.but(incidents=(one,)))
    expect(sound.locator("ql-incident .whose")).to_have_text(says)
    assert sound.evaluate("[tones, toldOf.rings]") == [0, False]


def test_warning_is_shown_and_does_not_ring(sound: Page, wall: WallServer) -> None:
    opened(sound, wall, CALM.but(incidents=(incident("warning"),)))
    expect(sound.locator("ql-incident")).to_have_class(re.compile("is-warning"))
    assert sound.evaluate("tones") == 0


def test_sound_that_the_browser_forbids_is_said(page: Page, wall: WallServer) -> None:
    page.add_init_script(SOUND.replace("RUNS", "false"))
    opened(page, wall, CRITICAL.but(incidents=(incident(),)))
    expect(page.locator("ql-incident .muted")).to_be_visible()
    assert page.evaluate("tones") == 0


def test_sound_can_be_turned_off_for_a_screen(sound: Page, wall: WallServer) -> None:
    opened(sound, wall, CRITICAL.but(incidents=(incident(),)), "?sound=off")
    expect(sound.locator("html")).to_have_attribute("data-speech", "off")  # the sound comes after the first picture, and keeps the choice
    opened(sound, wall, CRITICAL.but(incidents=(incident(),)))
    expect(sound.locator("ql-incident .muted")).to_be_hidden()
    sound.wait_for_function("toldOf && toldOf.rings")
    assert sound.evaluate("tones") == 0


def test_board_that_is_not_live_shows_the_incident_as_the_past_and_is_silent(sound: Page, wall: WallServer) -> None:
    wall.scene = CRITICAL.but(incidents=(incident(),), ages_s=dict.fromkeys(FEEDS, 124.0), started=datetime.now(UTC))
    sound.goto(wall.address)
    expect(sound.locator("ql-notice")).to_be_visible()
    banner = sound.locator("ql-incident")
    expect(banner).to_be_visible()
    expect(banner).not_to_have_class(re.compile("is-critical|is-warning"))
    expect(banner.locator(".since")).to_have_text("")
    assert sound.evaluate("tones") == 0


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (1080, 1920)])
@pytest.mark.parametrize("distance_m", [3, 5, 8])
def test_banner_never_cuts_what_it_is_about(page: Page, wall: WallServer, size: tuple[int, int], distance_m: int) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    opened(page, wall, CRITICAL.but(incidents=(incident(), incident(number=2)), distance_m=distance_m))
    cut = "[...document.querySelectorAll('ql-incident > *')].filter((each) => each.scrollWidth > each.clientWidth + 1).length"
    assert page.evaluate(cut) == 0
    inside = "document.querySelector('ql-incident').scrollWidth <= document.querySelector('ql-incident').clientWidth + 1"
    assert page.evaluate(inside)
    overlap = """(() => { const a = document.querySelector('ql-incident').getBoundingClientRect();
      const b = document.querySelector('ql-pulse').getBoundingClientRect(); return a.right > b.left; })()"""
    assert not page.evaluate(overlap)
