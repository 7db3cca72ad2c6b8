"""The DOM-free modules behind the tiles: trends, bands, how wide a text is, which agents get a chip, when a text is shown."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

JS = "/static/js/"


def run(page: Page, module: str, body: str, arg: Any = None) -> Any:
    """What `body`, a function of the module and the argument, gives."""
    return page.evaluate(f"async ([path, arg]) => ({body})(await import(path), arg)", [JS + module, arg])


def test_trend_is_against_a_quarter_of_an_hour_or_the_same_weekday(modules: Page) -> None:
    found = run(
        modules,
        "live/trend.js",
        """({ trendOf }) => {
            const now = Date.parse("2026-11-21T10:00:00Z");
            const points = (values, then) => ({ at: "2026-11-21T09:59:30Z", step_s: 60, values, then });
            const flat = (n) => Array(60).fill(n);
            const gap = flat(4).map((n, i) => (i > 35 && i < 55 ? null : n));
            const of = (p, value, unit, weekday) => { const t = trendOf(p, value, unit, weekday, now);
                return t && [t.direction, t.before]; };
            return [
                ...[9, 1, 5].map((value) => of(points(flat(4), []), value, "count", false)),
                of(points(flat(100), []), 105, "count", false), of(points(flat(60), []), 80, "s", false),
                of(points(flat(.05), []), .055, "ratio", false),
                of(points(flat(9), flat(200)), 240, "count", true), of(points(flat(9), []), 240, "count", true),
                of(points(gap, []), 9, "count", false), of(undefined, 9, "count", false),
                of(points(flat(4), []), null, "count", false),
            ];
        }""",
    )
    assert found == [
        ["rising", 4],
        ["falling", 4],
        ["steady", 4],
        ["steady", 100],
        ["rising", 60],
        ["steady", 0.05],
        ["rising", 200],
        None,
        None,
        None,
        None,
    ]


def test_bands_stand_for_counts_of_people_waiting_only(modules: Page) -> None:
    body = "({ bandOf, isBanded }, names) => [[0, 1, 3, 4, 6, 7, 10, 11, 9999].map(bandOf), names.map(isBanded)]"
    bands, banded = run(modules, "live/bands.js", body, ["calls_waiting", "callbacks_waiting", "total_calls", "longest_wait_time"])
    words = ["none", "few", "few", "some", "some", "many", "many", "most", "most"]
    assert bands == [f"band.{word}" for word in words]
    assert banded == [True, True, False, False]


def test_widths_are_never_less_than_the_browsers(modules: Page) -> None:
    """Of Latin labels within a few percent, so that nothing is set smaller than it must be."""
    latin = ["Longest wait", "Callbacks waiting", "Abandoned today", "0:42", "12,345", "CRITICAL", "≤ 5 %", "most today 9"]
    latin += ["Łukasz Wójcik", "Đức Nguyễn", "Hélène Brontë", "Bjørn Şahin", "Karolína Dvořáková", "ılık süt"]
    texts = [*latin, "Średni czas", "等待中的来电"]
    found = modules.evaluate(
        """async ([path, texts]) => {
            const { textWidth } = await import(path + "wall/text_width.js");
            for (const part of ["vietnamese", "more", "latin"]) {
                const face = new FontFace("Inter", `url(/static/fonts/inter-${part}.woff2)`, { weight: "300 760" });
                document.fonts.add(await face.load());
            }
            const node = document.body.appendChild(document.createElement("span"));
            Object.assign(node.style, { font: "560 100px Inter", fontVariantNumeric: "tabular-nums", whiteSpace: "pre" });
            return texts.map((text) => { node.textContent = text; return [textWidth(text) * 100, node.getBoundingClientRect().width]; });
        }""",
        [JS, texts],
    )
    for text, (reckoned, real) in zip(texts, found, strict=True):
        assert real * 0.985 <= reckoned, (text, reckoned, real)
        assert text not in latin or reckoned <= real * 1.1, (text, reckoned, real)


def test_roster_gives_everybody_a_chip_while_it_can_and_then_those_who_can_act(modules: Page) -> None:
    found = run(
        modules,
        "wall/roster.js",
        """({ chipsFor }) => {
            const agent = (id) => ({ id, state: "online", call_status: id % 10 ? "on_call" : undefined });
            const who = (n) => Array.from({ length: n }, (_, id) => agent(id));
            const of = (n, w, h) => {
                const { chips, rest, layout } = chipsFor(who(n), { w, h, size: 2, times: true });
                return [chips.length, rest, layout.columns];
            };
            const named = (n, short, first) => {
                const { layout } = chipsFor(who(n), { w: 113, h: 12, size: 2, times: true, widest: { short, first } });
                return [layout.columns, layout.size, layout.name >= first * .75];
            };
            const names = [named(12, 5.6, 4.7), named(18, 5.6, 4.7), named(24, 5.6, 4.7)];
            return [...[0, 1, 18, 32, 33, 200].map((n) => of(n, 113, 12)), of(10, 10, 1), of(2000, 20, 9), names];
        }""",
    )
    assert [each[:2] for each in found[:6]] == [[0, 0], [1, 0], [18, 0], [32, 0], [4, 29], [20, 180]]
    assert found[2][2] == 6
    assert found[3][2] == 8
    assert found[6][:2] == [0, 10]  # no room for a single chip: all are counted
    assert sum(found[7][:2]) == 2000
    assert found[8] == [[5, 2, True], [6, 2, True], [6, 1.6, True]]  # room for whole names is taken where there is some


def test_text_is_shown_between_its_times_by_the_boards_clock(modules: Page) -> None:
    body = """({ isShown }, [now, zone]) => [
        {}, { since: "2026-11-21T10:00" }, { until: "2026-11-21T10:00" }, { since: "2026-11-21T10:01" }, { until: "2026-11-21T10:01" },
    ].map((options) => isShown(options, Date.parse(now), zone))"""
    assert run(modules, "widgets/text.js", body, ["2026-11-21T10:00:30Z", "UTC"]) == [True, True, False, False, True]
    assert run(modules, "widgets/text.js", body, ["2026-11-21T15:00:30Z", "America/New_York"]) == [True, True, False, False, True]
