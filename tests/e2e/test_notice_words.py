"""The NOT LIVE band's words: every sentence the server or the page can say is seen whole, at every size of wall and desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from dashboard.live.status import SENTENCES, sentence
from dashboard.sources.errors import ErrorKind
from dashboard.words.tables import LANGUAGES, table
from tests.e2e.frames import CALM, FEEDS
from tests.e2e.supervisor_server import SupervisorServer
from tests.e2e.wall_server import WallServer

WALLS = [(1920, 1080), (3840, 2160), (1366, 768), (1280, 720), (1080, 1920), (2160, 3840), (2560, 1080), (1024, 768), (1280, 1024)]
DESKS = [(1440, 900), (1024, 768), (640, 900), (390, 844), (360, 740)]
DOWN = CALM.but(ages_s=dict.fromkeys(FEEDS, 124.0), failing=frozenset(FEEDS))
# The longest month's name, and a day of two digits: the longest that `since` can be.
SINCE = datetime(2026, 9, 22, 14, 30, 3, tzinfo=UTC)
NOW = datetime(2026, 11, 21, 14, 32, 7, tzinfo=UTC)

# Only these stop an account; after any other kind the next attempt has a time.
STOPPING = {ErrorKind.AUTH.value, ErrorKind.REFUSED_CONFIG.value}

# Each problem in the page's own words (causes.js says what now), written and measured in one task, before the next drawing takes it away.
MEASURE = """async ([problems, language, table]) => {
    const { notLive } = await import("/static/js/live/causes.js");
    const { say, setWords } = await import("/static/js/live/words.js");
    for (let frames = 0; frames < 4; frames += 1) await new Promise(requestAnimationFrame);   // the view takes its unit from its new size
    if (table !== null) setWords(language, table);
    const now_ms = Date.parse("2026-11-21T14:32:07.000Z"), retry_at = "2026-11-21T14:33:07.000Z", at = "2026-09-22T14:30:03.000Z";
    const line = { open: true, started_at: 0, closed_at: null, heard_at: 1000, refused: null };
    const frame = (stopped, problem) => ({
        board: { time_zone: "UTC" }, source: { name: "Zendesk Talk", state: "down", problem }, metrics: {},
        feeds: { q: { endpoint: "current_queue_activity", interval_s: 1, failing: true, stopped, at } } });
    const usual = { frame: frame(false), line, line_now_ms: 1500, cause: null, failed: false, now_ms };
    const ask = (changes) => notLive(Object.assign({}, usual, changes)).lines;
    const refused = Object.assign({}, line, { refused: "revoked" });
    const said = [ask({ failed: true }), ask({ line: refused }), ask({ line_now_ms: 99000 }), ask({})];
    for (const cause of ["redis", "worker", "beat"]) said.push(ask({ cause }));
    for (const { stops, ...problem } of problems) said.push(ask({ frame: frame(stops, stops ? problem : { ...problem, retry_at }) }));
    const band = document.querySelector("ql-notice"), words = band.querySelector("p"), bad = [];
    if (table !== null) band.querySelector("strong").textContent = say("strip.not_live");
    for (const [why, next] of said) {
        band.querySelector(".why").textContent = why;
        band.querySelector(".next").textContent = next;
        band.querySelector("time").textContent = "9:59:59";
        const box = band.getBoundingClientRect();
        const parts = Array.from(band.querySelectorAll("strong, p, time"), (node) => {
            const range = document.createRange();
            range.selectNodeContents(node);
            return range.getBoundingClientRect();
        });
        const outside = (x) => x.right > box.right + 1 || x.bottom > box.bottom + 1 || x.left < box.left - 1;
        const over = (a, b) => a.right > b.left + 1 && b.right > a.left + 1 && a.bottom > b.top + 4 && b.bottom > a.top + 4;
        if (words.scrollHeight > words.clientHeight + 1) bad.push("cut: " + why + " " + next);
        if (parts.some(outside)) bad.push("leaves the band: " + why);
        if (box.right > innerWidth + 1 || box.bottom > innerHeight + 1) bad.push("off the screen: " + why);
        if (parts.some((a, i) => parts.slice(i + 1).some((b) => over(a, b)))) bad.push("words over words: " + why);
        if (/[{}]|undefined|null|NaN/.test(why + next)) bad.push("not a sentence: " + why + " " + next);
    }
    return { count: said.length, bad };
}"""


@pytest.fixture
def desk() -> Iterator[SupervisorServer]:
    server = SupervisorServer(DOWN)
    server.start()
    yield server
    server.stop()


def problems() -> list[dict[str, str | bool]]:
    """Each kind of problem as the frame says it, and whether it stops the polling. "new" is a kind that this version does not know."""
    return [
        {
            "kind": kind,
            "since": "2026-09-22T14:30:03.000Z",
            "message": sentence(kind, name="Zendesk Talk", since=SINCE, now=NOW, time_zone="UTC"),
            "stops": kind in STOPPING,
        }
        for kind in [*SENTENCES, "new"]
    ]


def faults(page: Page, sizes: list[tuple[int, int]], language: str | None = None) -> list[str]:
    found: list[str] = []
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        measured = page.evaluate(MEASURE, [problems(), language, None if language is None else table(language)])
        assert measured["count"] == 7 + len(problems())
        found += [f"{language or 'en'} {width}x{height}: {what}" for what in measured["bad"]]
    return found


def opened(page: Page, server: WallServer) -> None:
    page.goto(server.address)
    expect(page.locator("ql-notice .why")).to_contain_text("Zendesk Talk")
    page.evaluate("document.fonts.ready.then(() => true)")


@pytest.mark.parametrize("distance_m", [3, 5, 8])
def test_notice_on_the_wall_shows_every_sentence_whole(page: Page, wall: WallServer, distance_m: int) -> None:
    wall.scene = DOWN.but(distance_m=distance_m)
    opened(page, wall)
    found = faults(page, WALLS)
    assert not found, "\n".join(found)


def test_notice_on_the_wall_shows_every_sentence_whole_in_every_language(page: Page, wall: WallServer) -> None:
    wall.scene = DOWN.but(distance_m=8)
    opened(page, wall)
    found = [fault for language in LANGUAGES for fault in faults(page, [(1920, 1080), (1024, 768), (1080, 1920)], language)]
    assert not found, "\n".join(found)


def test_notice_at_the_desk_shows_every_sentence_whole(page: Page, desk: SupervisorServer) -> None:
    opened(page, desk)
    found = faults(page, DESKS)
    assert not found, "\n".join(found)
