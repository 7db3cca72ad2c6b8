"""The DOM-free modules that judge and keep: freshness, patches, store, formats, tiles. In a real browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from dashboard.live import patch
from dashboard.words.tables import table
from tests.e2e.conftest import LIVE

VECTORS = Path(__file__).parent.parent / "vectors"


def test_freshness_each_vector_gives_its_state(modules: Page) -> None:
    cases: list[dict[str, Any]] = json.loads((VECTORS / "freshness.json").read_text())["cases"]
    found = modules.evaluate(
        """async ([base, cases]) => {
            const { judge } = await import(base + "freshness.js");
            const now_ms = Date.parse("2026-11-21T14:32:07.000Z");
            return cases.map((c) => judge({ at_ms: c.age_s === null ? null : now_ms - Math.round(c.age_s * 1000), interval_s: c.interval_s,
                failing: c.failing, failing_since_ms: c.failing_s === undefined ? undefined : now_ms - c.failing_s * 1000,
                stopped: c.stopped, now_ms }));
        }""",
        [LIVE, cases],
    )
    assert found == [case["state"] for case in cases]


def test_tile_says_who_is_missing_where_nobody_could_have_answered(modules: Page) -> None:
    said = modules.evaluate(
        """async ([base, words]) => {
            const { setWords } = await import(base + "words.js");
            const { tile } = await import(base + "tiles.js");
            const { reasonOf } = await import(base + "../wall/verdict.js");
            setWords("en", words);
            const at = "2026-11-21T14:32:06.000Z";
            const now_ms = Date.parse("2026-11-21T14:32:07.000Z");
            const feed = { endpoint: "agents_activity", interval_s: 5, failing: false, stopped: false, at };
            const frame = { feeds: { "main:agents_activity": feed }, metrics: {} };
            frame.metrics.occupancy_ratio = { state: "unknown", severity: "ok", at, no_agents: true };
            frame.metrics.average_handle_time = { state: "unknown", severity: "ok", at };
            const asked = { feeds: { "kayako:kayako_cases": { endpoint: "kayako_cases", interval_s: 60 } } };
            const why = (frame, name, endpoint) => reasonOf(tile(frame, name, endpoint, now_ms), "Zendesk Talk");
            return [
                why(frame, "occupancy_ratio", "agents_activity"), why(frame, "average_handle_time", "agents_activity"),
                why(frame, "cases_unresolved", "kayako_cases"), why(asked, "cases_unresolved", "kayako_cases"),
                why(frame, "tickets_new", "tickets"),
            ];
        }""",
        [LIVE, table("en")],
    )
    assert said == ["no agents", "not sent by Zendesk", "Kayako is not set up", "no answer yet", "no answer yet"]


# The test cases of RFC 7386, appendix A, and what frames add to them.
PATCHES: list[tuple[Any, Any]] = [
    ({"a": "b"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}),
    ({"a": "b"}, {"a": None}),
    ({"a": "b", "b": "c"}, {"a": None}),
    ({"a": ["b"]}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}),
    (["a", "b"], ["c", "d"]),
    ({"a": "b"}, ["c"]),
    ({"a": "foo"}, None),
    ({"a": "foo"}, "bar"),
    ({"e": None}, {"a": 1}),
    ([1, 2], {"a": "b", "c": None}),
    ({}, {"a": {"bb": {"ccc": None}}}),
    ({"chart": {"y": [1, None]}}, {"chart": {"y": [None, 2]}}),
    ({}, {"__proto__": {"polluted": True}, "constructor": 1}),
]


def test_patch_agrees_with_the_server(modules: Page) -> None:
    texts = [[json.dumps(target), json.dumps(change)] for target, change in PATCHES]
    found = modules.evaluate(
        """async ([base, texts]) => {
            const { applyPatch } = await import(base + "patch.js");
            return texts.map(([target, change]) => {
                const kept = JSON.parse(target);
                const result = JSON.stringify(applyPatch(kept, JSON.parse(change)));
                return [result, JSON.stringify(kept) === JSON.stringify(JSON.parse(target)), ({}).polluted === undefined];
            });
        }""",
        [LIVE, texts],
    )
    for (target, change), (text, untouched, clean) in zip(PATCHES, found, strict=True):
        assert json.loads(text) == patch.apply(target, change)
        assert untouched
        assert clean


def test_store_follows_patches_and_asks_again_on_a_gap(modules: Page) -> None:
    found = modules.evaluate(
        """async (base) => {
            const { createStore } = await import(base + "store.js");
            const store = createStore();
            const said = [], held = [];
            store.subscribe((s) => held.push(s.seq));
            const take = (message) => { said.push(store.receive(message)); };
            take({ type: "patch", seq: 5, prev: 4, at: "a", patch: {} });                       // nothing held yet
            take({ type: "frame", seq: 10, at: "a", frame: { n: 1, m: 1 } });
            take({ type: "patch", seq: 11, prev: 10, at: "b", patch: { n: 2 } });
            take({ type: "patch", seq: 11, prev: 10, at: "b", patch: { n: 9 } });               // again: overtaken
            take({ type: "patch", seq: 14, prev: 13, at: "c", patch: { n: 3 } });               // a gap
            take({ type: "beat", seq: 11, at: "d" });
            take({ type: "beat", seq: 14, at: "d" });                                           // the server is further
            take({ type: "beat", seq: 0, at: "d" });                                            // no frame there now
            take({ type: "frame", seq: 3, at: "e", frame: { n: 7 } });                          // numbers began anew
            take({ type: "patch", seq: 4, prev: 3, at: "f", patch: { n: null } });
            take({ type: "something new" });
            return { said, held, seq: store.seq, frame: JSON.stringify(store.frame) };
        }""",
        LIVE,
    )
    assert found["said"] == ["resync", "frame", "patch", "ignored", "resync", "beat", "resync", "beat", "frame", "patch", "ignored"]
    assert found["held"] == [10, 11, 3, 4]
    assert (found["seq"], found["frame"]) == (4, "{}")


def test_store_unchanged_parts_stay_the_same_object(modules: Page) -> None:
    assert modules.evaluate(
        """async (base) => {
            const { createStore } = await import(base + "store.js");
            const store = createStore();
            store.receive({ type: "frame", seq: 1, at: "a", frame: { charts: { c: {} }, metrics: { n: { value: 1 } } } });
            const charts = store.frame.charts;
            store.receive({ type: "patch", seq: 2, prev: 1, at: "b", patch: { metrics: { n: { value: 2 } } } });
            return store.frame.charts === charts && store.frame.metrics.n.value === 2;
        }""",
        LIVE,
    )


def test_format_numbers_times_and_ages(modules: Page) -> None:
    found = modules.evaluate(
        """async (base) => {
            const f = await import(base + "format.js");
            const t = Date.parse("2026-11-21T23:30:03.900Z");
            return {
                durations: [0, 5, 59.9, 60, 462, 3599, 3600, 3725, 36000, -3, 86399.9, 86400, 187200, 1e12].map(f.duration),
                ages: [0, 59, 60, 124, 35999, 36000, 100000, 360000, 8640000].map(f.age),
                counts: [0, 7, 999, 1234, 999999, 999999.5, 9999999999, 2.25, -1234].map(f.count),
                percents: [0, 0.0004, 0.004, 0.021, 0.125, 0.9996, 1, 1.2, 12345].map(f.percent),
                berlin: f.timeOfDay(t, "Europe/Berlin"), seconds: f.timeOfDay(t, "UTC", true), midnight: f.timeOfDay(t + 1800000, "UTC"),
                unknown: f.timeOfDay(t, "Moon/Sea"),
                today: f.asOf(t, t + 60000, "UTC"), yesterday: f.asOf(t, t + 3600000, "UTC"),
                one: f.plural(1, "caller", "callers"), many: f.plural(1200, "caller", "callers"),
            };
        }""",
        LIVE,
    )
    assert found == {
        "durations": [
            "0:00",
            "0:05",
            "0:59",
            "1:00",
            "7:42",
            "59:59",
            "1:00:00",
            "1:02:05",
            "10:00:00",
            "0:00",
            "23:59:59",
            "1 d",
            "2 d 4 h",
            "> 999 d",
        ],
        "ages": ["0 s", "59 s", "1:00", "2:04", "9:59:59", "10 h", "27 h", "4 d", "> 99 d"],
        "counts": ["0", "7", "999", "1,234", "999,999", "> 999,999", "> 999,999", "2.3", "−1,234"],
        "percents": ["0", "<0.1", "0.4", "2.1", "12.5", ">99.9", "100", "120", "> 999"],
        "berlin": "00:30",
        "seconds": "23:30:03",
        "midnight": "00:00",
        "unknown": "23:30 UTC",
        "today": "as of 23:30",
        "yesterday": "as of 21 Nov 23:30",
        "one": "1 caller",
        "many": "1,200 callers",
    }


def test_format_short_names_tell_people_apart(modules: Page) -> None:
    names = [
        "Amara Okafor",
        "Amara Osei",
        "Support",
        "  Li  Wei ",
        "Zoë 😀Emoji",
        "محمد الأحمد",
        "Jan van der Berg",
        "Jan van der Beek",
        "",
    ]
    found = modules.evaluate("async ([base, names]) => (await import(base + 'format.js')).shortNames(names)", [LIVE, names])
    assert found == ["Amara Ok", "Amara Os", "Support", "Li W", "Zoë 😀", "محمد ا", "Jan Ber", "Jan Bee", ""]


TILE = """async ([base, metric, feed, age_s]) => {
    const { tile } = await import(base + "tiles.js");
    const now = Date.parse("2026-11-21T14:00:00.000Z");
    const at = new Date(now - age_s * 1000).toISOString();
    const frame = { metrics: { m: Object.assign({ at }, metric) }, feeds: {
        "main:q": Object.assign({ endpoint: "q", interval_s: 1, at }, feed) } };
    const v = tile(frame, "m", "q", now);
    return [v.state, v.freshness, v.value, v.severity, v.have, v.needs];
}"""


@pytest.mark.parametrize(
    ("metric", "feed", "age_s", "expected"),
    [
        ({"state": "live", "value": 0, "severity": "ok"}, {}, 0, ["value", "live", 0, "ok", None, None]),
        ({"state": "live", "value": 9, "severity": "critical"}, {}, 4, ["value", "late", 9, "critical", None, None]),
        ({"state": "live", "value": 9, "severity": "critical"}, {}, 60, ["value", "stale", 9, "ok", None, None]),
        ({"state": "live", "value": 9, "severity": "warning"}, {"failing": True}, 60, ["value", "down", 9, "ok", None, None]),
        ({"state": "live", "value": 9, "severity": "warning"}, {"stopped": True}, 0, ["value", "down", 9, "ok", None, None]),
        ({"state": "not_on_plan"}, {}, 0, ["not_on_plan", "live", None, "ok", None, None]),
        ({"state": "not_on_plan"}, {}, 60, ["not_on_plan", "stale", None, "ok", None, None]),
        ({"state": "too_few", "have": 6, "needs": 10}, {}, 0, ["too_few", "live", None, "ok", 6, 10]),
        ({"state": "stale", "have": 6, "needs": 10}, {}, 60, ["too_few", "stale", None, "ok", 6, 10]),
        ({"state": "unknown"}, {}, 0, ["unknown", "live", None, "ok", None, None]),
    ],
)
def test_tile_says_what_there_is_and_how_old(
    modules: Page, metric: dict[str, Any], feed: dict[str, Any], age_s: float, expected: list[Any]
) -> None:
    assert modules.evaluate(TILE, [LIVE, metric, feed, age_s]) == expected


def test_ticking_wait_never_steps_back_for_rounding_and_freezes_when_stale(modules: Page) -> None:
    found = modules.evaluate(
        """async (base) => {
            const { tickingWait } = await import(base + "tiles.js");
            const memory = {}, t = 1000000000000;
            const view = (value, at, freshness) => ({ state: "value", value, at_ms: at, freshness: freshness || "live" });
            return [
                tickingWait(view(44, t), t + 1100, memory),             // 45
                tickingWait(view(44, t + 1000), t + 1100, memory),      // the vendor cut 44.9 to 44: still 45
                tickingWait(view(46, t + 2000), t + 2000, memory),
                tickingWait(view(3, t + 3000), t + 3500, memory),       // that caller was taken
                tickingWait(view(3, t + 3000, "late"), t + 6000, memory),
                tickingWait(view(3, t + 3000, "stale"), t + 60000, memory),
                tickingWait(view(0, t + 61000), t + 62500, memory),     // nobody waits: nothing ticks
            ];
        }""",
        LIVE,
    )
    assert found == [45, 45, 46, 3, 6, 3, 0]
