"""The past of a board in a real browser: a link opens it at its moment, it plays, jumps, shows gaps, and is never taken for now."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis as redis_py
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dashboard.models import Board, Role, User
from tests.boards.past_floor import incident, polled

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
    """Opens an address as somebody who only views; an error on the page fails the test."""
    log_in_browser(live_server.url, Role.VIEWER)
    page.set_viewport_size({"width": 1366, "height": 768})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None)

    def open_it(path: str) -> Page:
        page.goto(live_server.url + path)
        return page

    yield open_it
    assert not errors


def violations(page: Page) -> list[str]:
    return [f"{found['id']}: {found['nodes'][0]['html'][:160]}" for found in Axe().run(page).response["violations"]]


def test_rewind_plays_what_was_and_says_that_it_is_not_now(open_page: Open, page: Page, redis: redis_py.Redis) -> None:
    Board.objects.create(slug="main", title="Support line")
    end = datetime.now(UTC).replace(microsecond=0)
    Board.objects.update(created_at=end - timedelta(hours=2))  # or its making would be a mark, if the page opens late enough to know of it
    polled(redis, end, seconds=1100)
    incident(end)

    # What fails is said, and comes by itself once it can.
    refused: dict[str, Any] = {"status": 503, "json": {"error": "database", "message": "The marks cannot be had just now."}}
    page.route("**/past/marks?*", lambda route: route.fulfill(**refused))

    # A link opens it at its moment, stopped, in a frame that says so.
    open_page(f"/rewind/main/?at={(end - timedelta(seconds=870)):%Y-%m-%dT%H:%M:%SZ}&speed=60")
    stage, banner = page.frame_locator("#stage"), page.frame_locator("#stage").locator("ql-incident")
    expect(page.locator(".rewound header")).to_contain_text(
        f"Rewind {(end - timedelta(seconds=870)):%a %-d %b %Y, %H:%M:%S} paused", timeout=WITHIN_MS
    )
    expect(stage.locator("[data-kind=wait] .value").first).to_contain_text("2:11", timeout=WITHIN_MS)
    expect(stage.locator("[data-kind=agents]")).to_contain_text("Amara", timeout=WITHIN_MS)
    expect(stage.locator(".wall-view")).to_have_attribute("data-live", "yes", timeout=WITHIN_MS)
    expect(banner).to_be_hidden()
    expect(page.locator("#trouble")).to_contain_text("The marks cannot be had just now.", timeout=WITHIN_MS)
    page.unroute("**/past/marks?*")
    marks = page.locator("#happened li")
    expect(marks.nth(4)).to_be_visible(timeout=WITHIN_MS)  # and on a slow machine a sixth: nothing has come since the page was asked for
    expect(page.locator("#trouble")).to_be_hidden()
    expect(marks.nth(0)).to_contain_text("Opened Longest wait 3:20, at or above 3:00")
    expect(marks.nth(1)).to_contain_text("dana")

    # The next mark is the opening of the incident; twenty seconds later it is on the board, and the address knows.
    for key in ("]", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect(banner).to_contain_text("Longest wait", timeout=WITHIN_MS)
    expect(page).to_have_url(re.compile(f"at={(end - timedelta(seconds=840)):%Y-%m-%dT%H:%M:%SZ}&speed=60"), timeout=WITHIN_MS)

    # It runs at 60x over everything that happened, up to the hole, and stops when it is told to.
    page.keyboard.press("Space")
    expect(page.locator("#pace")).to_have_text("60×")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator("#happened li.is-gap").first).to_have_class(re.compile("is-reached"), timeout=WITHIN_MS)
    page.keyboard.press("Space")
    expect(page.locator("#pace")).to_have_text("paused")
    expect(banner).to_be_hidden(timeout=WITHIN_MS)

    # A gap is not live, as it was.
    page.locator("#happened li.is-gap button").first.click()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(stage.locator(".wall-view")).to_have_attribute("data-live", "no", timeout=WITHIN_MS)
    expect(stage.locator("ql-notice")).to_contain_text("NOT LIVE")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight + 60"), "the line is on the screen at 1366 x 768"

    # A moment that is typed in is found; what is before the history is its beginning; a phone has no sideways scrolling.
    page.get_by_label("Moment").first.fill(f"{(end - timedelta(seconds=700)):%Y-%m-%dT%H:%M:%S}")
    expect(stage.locator("[data-kind=wait] .value").first).to_contain_text("5:30", timeout=WITHIN_MS)
    expect(page.locator("#moment")).to_have_text(f"{(end - timedelta(seconds=700)):%a %-d %b %Y, %H:%M:%S}")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


FILM = """async () => {
  const { createFilm } = await import("/static/js/rewind/film.js");
  const asked = [];
  let fail = true, clock = 0;
  const day = 86400000, now = Date.parse("2026-11-22T12:00:00Z");
  const load = (from, to, step) => {
    asked.push([(now - from) / 1000, (now - to) / 1000, step]);
    if (fail) return Promise.reject(new Error("Not now."));
    const frames = [];
    for (let ms = from; ms <= to; ms += step * 1000) {
      const at = new Date(ms).toISOString();
      frames.push(frames.length ? { at, patch: { n: (now - ms) / 1000 } } : { at, frame: { n: (now - ms) / 1000, same: [1] } });
    }
    return Promise.resolve({ frames, notes: [] });
  };
  const film = createFilm({ load, now_ms: () => now, begin_ms: now - 9 * day, changed() {}, monotonic_ms: () => clock });
  const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
  const out = { asked };
  film.want(now - 1000000, false);
  await settled();
  out.trouble = film.trouble;
  film.want(now - 1000000, false);            // too soon after a failure: the server is not asked again at once
  clock = 5000, fail = false;
  film.want(now - 1000000, false);
  film.want(now - 1000000, false);            // on its way already
  film.want(now - 8000000, false);            // one at a time
  await settled();
  out.mended = film.trouble;
  out.stopped = film.at(now - 1000000).frame;
  film.setSpeed(60);
  film.want(now - 950000, true);              // finer frames than 60x needs are here: only what follows them is fetched
  await settled();
  out.follows = film.at(now - 920000).frame.n;
  film.setSpeed(1);
  out.coarse = film.at(now - 600000);         // too coarse for who stops there
  film.want(now - 5 * day, false);
  await settled();
  out.minutes = asked[asked.length - 1][2];
  return out;
}"""

TYPED = """async () => {
  const { typed, untyped } = await import("/static/js/rewind/moments.js");
  const zone = "Europe/Berlin";
  const back = (text) => { const ms = untyped(text, zone); return ms === null ? null : new Date(ms).toISOString().slice(0, 19); };
  const texts = ["2026-11-22T12:00:05", "2026-07-01T00:00", "2026-10-25T02:30:00", "2026-03-29T02:30:00", "nonsense"];
  return [texts.map(back), typed(Date.parse("2026-11-22T11:00:05Z"), zone)];
}"""


def test_film_asks_once_waits_after_a_failure_and_is_as_fine_as_the_speed_can_show(modules: Page) -> None:
    found = modules.evaluate(FILM)
    assert found["asked"] == [[1050, 930, 1], [1050, 930, 1], [930, 0.5, 15], [432_000 + 3000, 427_800, 60]]
    assert (found["trouble"], found["mended"]) == ("Not now.", None)
    assert found["stopped"] == {"n": 1000, "same": [1]}
    assert 915 < found["follows"] <= 930
    assert found["coarse"] is None
    assert found["minutes"] == 60


def test_moment_that_is_typed_is_the_zones_also_when_its_clocks_change(modules: Page) -> None:
    moments, typed = modules.evaluate(TYPED)
    assert moments == ["2026-11-22T11:00:05", "2026-06-30T22:00:00", "2026-10-25T00:30:00", "2026-03-29T01:30:00", None]
    assert typed == "2026-11-22T12:00:05"
