"""The DOM-free modules, in a real browser, with clocks and sockets of our own: static/js/live."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from dashboard.live import patch
from tests.e2e.frames import CALM
from tests.e2e.wall_server import WallServer

VECTORS = Path(__file__).parent.parent / "vectors"
LIVE = "/static/js/live/"


@pytest.fixture(scope="module")
def server() -> Iterator[WallServer]:
    server = WallServer(CALM)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def modules(page: Page, server: WallServer) -> Page:
    server.policy = True
    page.goto(server.blank)
    return page


def test_freshness_each_vector_gives_its_state(modules: Page) -> None:
    cases: list[dict[str, Any]] = json.loads((VECTORS / "freshness.json").read_text())["cases"]
    found = modules.evaluate(
        """async ([base, cases]) => {
            const { judge } = await import(base + "freshness.js");
            const now_ms = Date.parse("2026-11-21T14:32:07.000Z");
            return cases.map((c) => judge({ at_ms: c.age_s === null ? null : now_ms - Math.round(c.age_s * 1000), interval_s: c.interval_s,
                failing: c.failing, stopped: c.stopped, now_ms }));
        }""",
        [LIVE, cases],
    )
    assert found == [case["state"] for case in cases]


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


CLOCK = """async ([base, steps]) => {
    const { createClock } = await import(base + "clock.js");
    let monotonic = 1000, wall = 5000000;
    const clock = createClock(() => monotonic, () => wall);
    const found = [];
    for (const [what, value, old] of steps) {
        if (what === "pass") { monotonic += value; wall += value; }
        else if (what === "sleep") { wall += value; found.push(clock.noticeSleep()); }
        else if (what === "set wall") { wall = value; clock.noticeSleep(); }
        else if (what === "learn") clock.learn(new Date(value).toISOString(), Boolean(old));
        else if (what === "sure") found.push(clock.sure());
        else found.push(clock.now_ms());
    }
    return found;
}"""
T = 1_795_000_000_000


def clock(modules: Page, *steps: tuple[Any, ...]) -> list[Any]:
    found: list[Any] = modules.evaluate(CLOCK, [LIVE, [list(step) for step in steps]])
    return found


def test_clock_before_any_message_is_unknown(modules: Page) -> None:
    assert clock(modules, ("now",), ("sure",)) == [None, False]


def test_clock_counts_on_from_the_server_whatever_the_machine_says(modules: Page) -> None:
    found = clock(modules, ("learn", T), ("pass", 3000), ("now",), ("set wall", 1), ("now",))
    assert found == [T + 3000, T + 3000]


def test_clock_takes_the_quickest_message_and_leans_towards_the_slow(modules: Page) -> None:
    found = clock(modules, ("learn", T), ("pass", 1000), ("learn", T + 1200), ("now",), ("pass", 1000), ("learn", T + 2000), ("now",))
    assert found == [T + 1200, T + 2195]


def test_clock_one_delayed_beat_does_not_turn_it_back_but_two_do(modules: Page) -> None:
    found = clock(modules, ("learn", T), ("learn", T - 60000), ("now",), ("learn", T - 60000), ("now",))
    assert found == [T, T - 60000]


def test_clock_an_old_frame_pushes_forward_only_and_makes_nothing_sure(modules: Page) -> None:
    found = clock(modules, ("learn", T - 600000, True), ("sure",), ("learn", T), ("learn", T - 600000, True), ("now",), ("sure",))
    assert found == [False, T, True]


def test_clock_after_sleep_adds_what_the_machine_slept(modules: Page) -> None:
    found = clock(modules, ("learn", T), ("sleep", 3_600_000), ("now",), ("sleep", 100), ("learn", T + 1000), ("now",))
    assert found[:3] == [3_600_000, T + 3_600_000, 0]
    assert found[3] == T + 1000


def test_format_numbers_times_and_ages(modules: Page) -> None:
    found = modules.evaluate(
        """async (base) => {
            const f = await import(base + "format.js");
            const t = Date.parse("2026-11-21T23:30:03.900Z");
            return {
                durations: [0, 5, 59.9, 60, 462, 3599, 3600, 3725, 36000, -3].map(f.duration),
                ages: [0, 59, 60, 124, 35999, 36000, 100000].map(f.age),
                counts: [0, 7, 999, 1234, 1234567, 2.25].map(f.count),
                percents: [0, 0.0004, 0.004, 0.021, 0.125, 0.9996, 1, 1.2].map(f.percent),
                berlin: f.timeOfDay(t, "Europe/Berlin"), seconds: f.timeOfDay(t, "UTC", true), midnight: f.timeOfDay(t + 1800000, "UTC"),
                unknown: f.timeOfDay(t, "Moon/Sea"),
                today: f.asOf(t, t + 60000, "UTC"), yesterday: f.asOf(t, t + 3600000, "UTC"),
                one: f.plural(1, "caller", "callers"), many: f.plural(1200, "caller", "callers"),
            };
        }""",
        LIVE,
    )
    assert found == {
        "durations": ["0:00", "0:05", "0:59", "1:00", "7:42", "59:59", "1:00:00", "1:02:05", "10:00:00", "0:00"],
        "ages": ["0 s", "59 s", "1:00", "2:04", "9:59:59", "10 h", "27 h"],
        "counts": ["0", "7", "999", "1,234", "1,234,567", "2.3"],
        "percents": ["0", "<0.1", "0.4", "2.1", "12.5", ">99.9", "100", "120"],
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


CAUSES = """async ([base, changes]) => {
    const { notLive } = await import(base + "causes.js");
    const now_ms = Date.parse("2026-11-21T14:32:07.000Z"), at = (age_s) => new Date(now_ms - age_s * 1000).toISOString();
    const frame = { board: { time_zone: "Europe/Berlin" }, source: { name: "Zendesk Talk", state: "live" }, metrics: {}, feeds: {
        "main:q": { endpoint: "current_queue_activity", interval_s: 1,
            failing: Boolean(changes.failing), stopped: Boolean(changes.stopped) } } };
    if (changes.age_s !== null) frame.feeds["main:q"].at = at(changes.age_s || 0);
    const retry = changes.retry_s ? { retry_at: at(-changes.retry_s) } : {};
    if (changes.problem) frame.source.problem = Object.assign({}, changes.problem, retry);
    const line = Object.assign({ open: true, started_at: 90000, closed_at: null, heard_at: 100000, refused: null }, changes.line);
    const found = notLive({ frame: changes.no_frame ? null : frame, line, line_now_ms: 100500 + (changes.silent_ms || 0),
        cause: changes.cause || null, failed: Boolean(changes.failed), now_ms: changes.no_clock ? null : now_ms });
    return found && [found.cause].concat(found.lines);
}"""
LAST = "These are the last values. "
WEB = ["web", "Queuelight's own server does not answer.", LAST + "Trying again every few seconds."]
OPENING = ["opening", "Waiting for the first picture.", "Connecting to Queuelight."]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"age_s": 4}, None),
        ({"problem": {"kind": "timeout", "message": "It stutters."}, "failing": True}, None),
        ({"silent_ms": 7000}, None),
        ({"silent_ms": 8000}, WEB),
        ({"line": {"open": False, "closed_at": 99500}}, None),
        (
            {"line": {"open": False, "closed_at": 98000}},
            WEB,
        ),
        (
            {"cause": "redis"},
            ["redis", "Queuelight's memory (Redis) does not answer.", LAST + "The board comes back by itself when it does."],
        ),
        (
            {"cause": "worker", "age_s": 60},
            [
                "worker",
                "Queuelight's worker has stopped: nobody asks Zendesk Talk.",
                LAST + "The board comes back by itself when it runs again.",
            ],
        ),
        (
            {"cause": "beat", "age_s": 60},
            [
                "beat",
                "Queuelight's scheduler has stopped: nobody asks Zendesk Talk.",
                LAST + "The board comes back by itself when it runs again.",
            ],
        ),
        ({"age_s": 6, "silent_ms": 4000}, ["source", "Zendesk Talk has not answered since 15:32:01.", LAST + "Trying again by itself."]),
        ({"age_s": 6, "silent_ms": 5000}, WEB),
        ({"line": {"heard_at": None, "started_at": 97000}}, OPENING),
        ({"line": {"heard_at": None, "started_at": 96000}}, WEB),
        ({"age_s": 60}, ["source", "Zendesk Talk has not answered since 15:31:07.", LAST + "Trying again by itself."]),
        (
            {"age_s": 60, "failing": True, "problem": {"kind": "timeout", "message": "Zendesk Talk has not answered since 15:31:08."}},
            ["source", "Zendesk Talk has not answered since 15:31:08.", LAST + "Trying again by itself."],
        ),
        (
            {"age_s": 60, "failing": True, "retry_s": 30, "problem": {"kind": "rate_limit", "message": "A pause."}},
            ["source", "A pause.", LAST + "Trying again at 15:32:37."],
        ),
        (
            {"stopped": True, "problem": {"kind": "auth", "message": "Refused (401). Polling has stopped until the settings change."}},
            ["source", "Refused (401). Polling has stopped until the settings change.", LAST],
        ),
        ({"age_s": None}, ["source", "Zendesk Talk has not answered yet.", "Trying again by itself."]),
        ({"no_frame": True}, OPENING),
        ({"no_clock": True}, OPENING),
        (
            {"line": {"refused": "revoked"}},
            ["refused", "This screen may not show this board any more.", "An administrator can give it a new address."],
        ),
        ({"failed": True, "cause": "redis"}, ["page", "This page has failed.", LAST + "It reloads itself in a moment."]),
    ],
)
def test_not_live_names_the_nearest_broken_part(modules: Page, changes: dict[str, Any], expected: list[str] | None) -> None:
    assert modules.evaluate(CAUSES, [LIVE, changes]) == expected


SOCKET = """async ([base, script]) => {
    const { connect } = await import(base + "socket.js");
    let now = 0, timers = [];
    const sockets = [], said = [], heard = [], delays = [];
    class Fake {
        constructor(url) { this.url = url; this.readyState = 0; sockets.push(this); }
        send(text) { said.push(JSON.parse(text)); }
        close() { this.readyState = 3; }
        opens() { this.readyState = 1; this.onopen(); }
        loses(code) { this.readyState = 3; this.onclose({ code }); }
        says(message) { this.onmessage({ data: typeof message === "string" ? message : JSON.stringify(message) }); }
    }
    const link = connect({ url: "ws://x/", seq: () => 7, version: "v9", WebSocket: Fake, now: () => now, random: () => 1,
        later: (run, ms) => { timers.push({ run, at: now + ms }); delays.push(ms); }, onMessage: (m) => heard.push(m.type) });
    const pass = (ms) => {
        const end = now + ms;
        for (;;) {
            const due = timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0];
            if (!due) break;
            timers.splice(timers.indexOf(due), 1);
            now = Math.max(now, due.at);
            due.run();
        }
        now = end;
    };
    return new Function("link", "sockets", "said", "heard", "delays", "pass", script)(link, sockets, said, heard, delays, pass);
}"""


def line(page: Page, script: str) -> Any:
    return page.evaluate(SOCKET, [LIVE, script])


@pytest.fixture
def free(page: Page, server: WallServer) -> Page:
    """A blank page without a policy: the scripts below are made with `new Function`, which the wall's policy forbids."""
    server.policy = False
    page.goto(server.blank)
    return page


def test_socket_on_opening_says_hello_with_what_it_holds(free: Page) -> None:
    found = line(free, "sockets[0].opens(); return [said, link.line.open];")
    assert found == [[{"type": "hello", "v": 1, "seq": 7, "version": "v9"}], True]


def test_socket_backs_off_to_five_seconds_and_starts_anew_after_a_message(free: Page) -> None:
    found = line(
        free,
        """
        delays.length = 0;
        for (let i = 0; i < 7; i++) { sockets[sockets.length - 1].loses(1006); pass(5000); }
        const grown = delays.filter((ms) => ms !== 1000);
        sockets[sockets.length - 1].opens(); sockets[sockets.length - 1].says({ type: "beat", seq: 7 });
        delays.length = 0; sockets[sockets.length - 1].loses(1006);
        return [grown, delays[0], sockets.length];
        """,
    )
    # 1000 is the watchdog's pulse as well as the third step, so the filter takes that step out too
    assert found == [[250, 500, 2000, 4000, 5000, 5000], 250, 8]


def test_socket_silent_for_eight_seconds_is_replaced(free: Page) -> None:
    found = line(
        free,
        """
        sockets[0].opens(); sockets[0].says({ type: "beat", seq: 7 });
        pass(7900); const before = sockets.length;
        pass(2000); const after = sockets.length;
        return [before, after, sockets[0].readyState];
        """,
    )
    assert found == [1, 2, 3]


def test_socket_that_never_connects_is_replaced(free: Page) -> None:
    assert line(free, "pass(10000); return [sockets.length, sockets[0].readyState];") == [2, 3]


def test_socket_resync_asks_for_a_whole_frame_at_most_twice_a_second(free: Page) -> None:
    found = line(
        free,
        """
        sockets[0].opens(); pass(10); said.length = 0;
        for (let i = 0; i < 18; i++) { link.resync(); pass(50); }
        return said;
        """,
    )
    assert found == [{"type": "hello", "v": 1, "seq": None, "version": "v9"}] * 2


def test_socket_painted_is_said_every_ten_seconds(free: Page) -> None:
    found = line(
        free,
        """
        sockets[0].opens(); said.length = 0;
        for (let i = 0; i < 210; i++) { sockets[0].says({ type: "beat", seq: 7 }); link.painted(100 + i); pass(100); }
        return said.map((m) => [m.type, m.seq]);
        """,
    )
    assert found == [["painted", 100], ["painted", 200], ["painted", 300]]


def test_socket_garbage_is_passed_over(free: Page) -> None:
    assert line(free, "sockets[0].opens(); sockets[0].says('{'); sockets[0].says({ type: 'beat', seq: 7 }); return heard;") == ["beat"]


@pytest.mark.parametrize("end", ["sockets[0].says({ type: 'bye', reason: 'revoked' }); sockets[0].loses(1000);", "sockets[0].loses(4403);"])
def test_socket_refused_tries_again_slowly_and_forgets_it_when_let_in(free: Page, end: str) -> None:
    found = line(
        free,
        f"""
        sockets[0].opens(); {end}
        const refused = link.line.refused; pass(29000); const still = sockets.length; pass(1500);
        sockets[1].opens(); sockets[1].says({{ type: "frame", seq: 1 }});
        return [refused !== null, still, sockets.length, link.line.refused];
        """,
    )
    assert found == [True, 1, 2, None]
