"""What a stage decides, without a page: whose turn it is, when it may reload, what is announced, how the picture drifts."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from playwright.sync_api import Page

from tests.e2e.conftest import LIVE

TV = "/static/js/tv/"
LIVE_BOARD: dict[str, Any] = {"state": "live", "calls": []}
STALE: dict[str, Any] = {"state": "stale", "calls": []}
GONE: dict[str, Any] = {"state": "gone", "calls": []}
THREE = [{"slug": "a", "seconds": 10}, {"slug": "b", "seconds": 20}, {"slug": "c", "seconds": 30}]


def calling(*calls: tuple[int, int]) -> dict[str, Any]:
    return {"state": "live", "calls": [{"id": number, "since_ms": since_ms} for number, since_ms in calls]}


def turns(page: Page, items: list[dict[str, Any]], moments: list[tuple[float, dict[str, Any]]], *, preempts: bool = True) -> str:
    """The boards that stand on the screen at these moments (seconds), each with what changed of what is known of boards."""
    found: list[str] = page.evaluate(
        """async ([base, items, moments, preempts]) => {
            const { createRotation } = await import(base + "rotation.js");
            const rotation = createRotation();
            const known = {};
            for (const item of items) known[item.slug] = { state: "live", calls: [] };
            rotation.set(items, { preempts, now_ms: 0 });
            return moments.map(([at_s, change]) => {
                if (change.items) rotation.set(change.items, { preempts, now_ms: at_s * 1000 });
                else Object.assign(known, change);
                const index = rotation.standing(at_s * 1000, known);
                return index < 0 ? "-" : rotation.items()[index].slug;
            });
        }""",
        [LIVE, items, moments, preempts],
    )
    return "".join(found)


def test_rotation_gives_each_board_its_seconds_and_none_to_a_dark_one(modules: Page) -> None:
    seconds = [(at_s, {}) for at_s in (0, 9, 10, 29, 30, 59, 60, 69)]
    assert turns(modules, THREE, seconds) == "aabbccaa"
    # b goes dark while it stands there, and comes back; a list of dark ones turns as if all were well, but for those that are gone
    dark: list[tuple[float, dict[str, Any]]] = [
        (11, {}),
        (12, {"b": STALE}),
        (41, {}),
        (42, {}),
        (51, {}),
        (52, {"b": LIVE_BOARD}),
        (60, {}),
    ]
    assert turns(modules, THREE, dark) == "bccaabb"
    all_dark: list[tuple[float, dict[str, Any]]] = [
        (0, {"a": STALE, "b": GONE, "c": STALE}),
        (10, {}),
        (39, {}),
        (40, {}),
        (41, {"a": GONE, "c": GONE}),
    ]
    assert turns(modules, THREE, all_dark) == "accaa"
    assert turns(modules, [], [(0, {})]) == "-"
    assert turns(modules, THREE[:1], [(0, {}), (1000, {}), (1001, {"a": STALE})]) == "aaa"


def test_rotation_reckons_late_timers_from_the_clock(modules: Page) -> None:
    assert turns(modules, THREE, [(0, {}), (65, {}), (71, {}), (60 * 60 * 24 + 31, {})]) == "aabc"
    # the same board twice is two items
    twice = [{"slug": "a", "seconds": 10}, {"slug": "b", "seconds": 10}, {"slug": "a", "seconds": 30}]
    assert turns(modules, twice, [(0, {}), (10, {}), (20, {}), (49, {}), (50, {}), (60, {})]) == "abaaab"


def test_rotation_a_board_that_calls_holds_the_screen(modules: Page) -> None:
    one: list[tuple[float, dict[str, Any]]] = [
        (1, {}),
        (2, {"c": calling((7, 0))}),
        (300, {}),
        (301, {"c": LIVE_BOARD}),
        (310, {}),
        (311.5, {}),
    ]
    assert turns(modules, THREE, one) == "acccca"
    assert turns(modules, THREE, one[:3], preempts=False) == "aaa"
    # two: the older first, ten seconds each; a third that opens comes next; one that is taken leaves at once
    several: list[tuple[float, dict[str, Any]]] = [
        (1, {"b": calling((2, 500)), "c": calling((1, 100))}),
        (10, {}),
        (11, {}),
        (20, {}),
        (21, {}),
        (22, {"a": calling((3, 900))}),
        (31, {}),
        (41, {}),
        (42, {"c": LIVE_BOARD}),
        (43, {"b": STALE}),
    ]
    assert turns(modules, THREE, several) == "ccbbccacba"
    # one incident on all boards moves nothing
    shared: list[tuple[float, dict[str, Any]]] = [(12, {}), (13, {each["slug"]: calling((5, 0)) for each in THREE}), (25, {}), (99, {})]
    assert turns(modules, THREE, shared) == "bbbb"


def test_rotation_a_new_list_keeps_the_board_that_stands_there(modules: Page) -> None:
    moved: list[tuple[float, dict[str, Any]]] = [
        (15, {}),
        (16, {"items": [THREE[2], THREE[1]]}),
        (29, {}),
        (31, {}),
        (32, {"items": [{"slug": "d", "seconds": 5}]}),
        (99, {}),
        (100, {"items": []}),
    ]
    assert turns(modules, THREE, moved) == "bbbcdd-"


def test_layers_let_go_of_a_board_that_was_wanted_and_never_seen(modules: Page) -> None:
    """An alert came first, and then the board left the list: what was made ready for it must not stay for months."""
    found = modules.evaluate(
        """async () => {
            const { createLayers } = await import("/static/js/tv/layers.js");
            const { pictureOf } = await import("/static/js/wall/picture.js");
            const place = document.createElement("main");
            place.innerHTML = "<div class='wall-view'></div>";
            document.body.append(place);
            let now_ms = 0;
            const layers = createLayers({ place, files: {}, now: () => now_ms });
            const nothing = pictureOf(null, 0, { live: false, clock_ms: null });
            const out = [layers.show("calm", nothing), layers.show("slow", nothing), layers.show("calm", nothing)];
            layers.tidy(["calm"]);
            out.push(place.children.length);
            layers.show("slow", nothing);
            now_ms = 10000;                      // anew: what it waited for the first time does not count
            layers.show("calm", nothing);
            out.push(layers.show("slow", nothing), layers.shown());
            place.remove();
            return out;
        }"""
    )
    assert found == [True, False, True, 1, False, "calm"]


def test_quiet_a_reload_waits_for_calm_but_not_for_ever(modules: Page) -> None:
    found = modules.evaluate(
        """async (base) => {
            const { createQuiet } = await import(base + "quiet.js");
            const when = (script) => {
                const quiet = createQuiet(0);
                for (let at = 0; at < 2000000; at += 1000) {
                    quiet.note(script.critical.some(([from, to]) => at >= from && at < to), at);
                    if (at === script.ask) quiet.ask(at, script.order === true);
                    if (quiet.due(at)) return at;
                }
                return null;
            };
            return [
                when({ ask: 1000, critical: [] }), when({ ask: 60000, critical: [] }), when({ ask: 60000, critical: [[0, 50000]] }),
                when({ ask: 60000, critical: [[0, 100000], [110000, 120000]] }), when({ ask: 60000, critical: [[0, 9e9]] }),
                when({ ask: 60000, critical: [[0, 9e9]], order: true }), when({ ask: -1, critical: [] }),
            ];
        }""",
        LIVE,
    )
    assert found == [10_000, 60_000, 79_000, 149_000, 660_000, 60_000, None]


def test_announce_each_incident_as_it_opens_and_once_a_minute(modules: Page) -> None:
    found = modules.evaluate(
        """async (base) => {
            const { createAnnouncer, sentence, voiceFor } = await import(base + "announce.js");
            const { setWords } = await import(base + "words.js");
            const table = await (await fetch("/static/words/en/stage.json")).json();
            setWords("en", table);
            const announcer = createAnnouncer();
            const heard = [];
            for (let at_s = 0; at_s < 200; at_s += 1) {
                const rings = { 1: at_s < 130, 2: at_s >= 70 && (at_s < 80 || at_s >= 90) };
                const ringing = [{ id: 1 }, { id: 1 }, { id: 2 }].filter((each) => rings[each.id]);
                for (const each of announcer.due(ringing, at_s * 1000)) heard.push([at_s, each.id]);
            }
            const storm = [1, 2, 3, 4, 5].map((id) => ({ id }));
            const fresh = createAnnouncer();
            const waves = [0, 1000, 2000].map((at) => fresh.due(storm, at).map((each) => each.id));
            const since = "2026-11-21T10:00:00.000Z";
            const now = Date.parse(since) + 125000;
            const says = [
                sentence({ unit: "s", since }, "Longest wait above 3:00", "Support line", now),
                sentence({ unit: "s", since }, "Longest wait above 1:02:05", "Billing", now - 65000),
                sentence({ unit: "count", since }, "Calls waiting above 12", "Billing", now),
                sentence({ since }, "The source fails since 14:30", "Billing", now - 100000),
                sentence({ since }, "The source fails since 14:30", "Billing", now + 171 * 60000),
            ];
            const voices = [
                { name: "d", lang: "de-DE", localService: false }, { name: "e", lang: "en_GB", localService: true },
                { name: "u", lang: "en-US", localService: false },
                { name: "z", lang: "zh-CN", localService: true }, { name: "t", lang: "zh-TW", localService: true },
                { name: "b", lang: "fr-BE", localService: true }, { name: "f+croak", lang: "fr-FR", localService: true },
                { name: "f", lang: "fr-FR", localService: true },
            ];
            const nameFor = (tag) => { const voice = voiceFor(voices, tag); return voice && voice.name; };
            const chosen = ["en", "en-US", "de", "zh-Hans", "ar", "fr"].map(nameFor);
            return { heard, waves, says, chosen };
        }""",
        LIVE,
    )
    assert found["heard"] == [[0, 1], [60, 1], [70, 2], [90, 2], [120, 1], [150, 2]]
    assert found["waves"] == [[1, 2, 3], [4, 5], []]
    assert found["says"] == [
        "Attention. Support line: Longest wait above 3 minutes. For 2 minutes. Nobody has taken it yet.",
        "Attention. Billing: Longest wait above 1 hour 2 minutes 5 seconds. For 1 minute. Nobody has taken it yet.",
        "Attention. Billing: Calls waiting above 12. For 2 minutes. Nobody has taken it yet.",
        "Attention. Billing: The source fails since 14:30. Nobody has taken it yet.",
        "Attention. Billing: The source fails since 14:30. For 2 hours 53 minutes. Nobody has taken it yet.",
    ]
    assert found["chosen"] == ["e", "u", "d", "z", None, "f"]


def test_drift_steps_slowly_within_the_margin_and_comes_round(modules: Page) -> None:
    found = modules.evaluate(
        """async (base) => {
            const { offset, STEP_MS } = await import(base + "drift.js");
            return [offset(-5, 2), ...Array.from({ length: 61 }, (_, i) => offset(i * STEP_MS, 2))];
        }""",
        TV,
    )
    assert found.pop(0) == {"x": 0, "y": 0}, "a clock that was put back"
    assert found[0] == found[30] == found[60] == {"x": 0, "y": 0}
    assert all(abs(each["x"]) <= 6 and abs(each["y"]) <= 6 for each in found)
    assert all(abs(a["x"] - b["x"]) + abs(a["y"] - b["y"]) == 2 for a, b in pairwise(found))
    assert len({(each["x"], each["y"]) for each in found}) >= 25
