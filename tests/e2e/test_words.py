"""The words in a real browser: its plurals, numbers and days are the server's, incidents read alike, and a wall changes its language."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboard.alerts import shown
from dashboard.words import plural
from dashboard.words.phrases import END, ISOLATE, words
from dashboard.words.tables import LANGUAGES
from tests.alerts.long_wait import long_wait
from tests.e2e.conftest import LIVE, speak
from tests.e2e.frames import CRITICAL, Frame
from tests.e2e.wall_server import WallServer

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent.parent / "vectors" / "words.json").read_text(encoding="utf-8"))
WITHIN_MS = 10_000

SAID = """async ([base, given, language]) => {
    const { digits, say, tag, isRtl, language: spoken } = await import(base + "words.js");
    const f = await import(base + "format.js");
    const at = Date.parse(given.at);
    return {
        numbers: given.numbers.map(digits), percent: f.share(0.045), long_date: f.longDate(at, given.zone),
        day_month: f.moment(at, at + 9e7, given.zone).day,
        days: [0, 1, 2, 11].map((n) => say("span.days", { n })),
        forms: given.plurals.map((n) => new Intl.PluralRules(tag()).select(n)), spoken: spoken(), rtl: isRtl(),
    };
}"""
HEIGHTS = """async (base) => {
    const { heightTexts } = await import(base + "heights.js");
    return [
        heightTexts([43200, 86400, 129600], "s"), heightTexts([172800, 345600], "s"), heightTexts([1800, 5400, 187200], "s"),
        heightTexts([-50, 0, 50, 1500000], "count", true), heightTexts([500, 1000], "count"), heightTexts([0.005, 0.2], "ratio"),
    ];
}"""
TOLD = """async ([base, incidents]) => {
    const { about, sentence } = await import(base + "told.js");
    return incidents.map((each) => [sentence(each), about(each)]);
}"""
INCIDENTS: list[dict[str, Any]] = [
    {},
    {"scope_name": ""},
    {"value": None},
    {"limit": None},
    {"value": 180.0},
    {"value": 60.0},
    {"metric": "abandon_ratio", "limit": 0.05, "value": 0.062},
    {"metric": "tickets_net_flow_today", "limit": 40.0, "value": 99.0},
    {"metric": "tickets_net_flow_today", "limit": 0.0, "value": -40.0, "direction": "below"},
    {"metric": "calls_waiting", "limit": 7.0, "value": 1234.0},
    {"metric": "agents_online", "limit": 0.0, "value": 7.0, "direction": "below"},
    {"metric": "agents_online", "limit": 5.0, "value": 2.0, "direction": "below"},
    {"kind": "lost", "metric": "", "value": 95.0},
    {"kind": "source", "metric": "", "value": None},
    {"kind": "source", "metric": "", "value": 95.0, "scope": "rule:7", "rule_name": "My rule"},
    {"kind": "screen", "metric": "", "value": 130.0, "scope_name": "Hall"},
]


def bare(text: str) -> str:
    return text.replace(ISOLATE, "").replace(END, "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_browser_writes_as_the_server_does(modules: Page, language: str) -> None:
    speak(modules, language)
    found = modules.evaluate(SAID, [LIVE, VECTORS, language])
    expected = {name: value for name, value in VECTORS["languages"][language].items() if name != "short_date"}  # mails alone write it
    assert {
        name: [bare(each) for each in value] if isinstance(value, list) else bare(value)
        for name, value in found.items()
        if name in expected
    } == expected
    # From a million on, some languages have one more form, which no text says.
    assert found["forms"] == [plural.form(language, n) for n in VECTORS["plurals"]]
    assert (found["spoken"], found["rtl"]) == (language, language == "ar")

    incidents = [long_wait(**columns) for columns in INCIDENTS]
    told = modules.evaluate(TOLD, [LIVE, [shown.entry(each) for each in incidents]])
    assert [bare(sentence) for sentence, _ in told] == [bare(shown.sentence(each, words(language))) for each in incidents]
    assert all(about and "." not in re.sub(r"max\.|\d\.\d", "", about) for _, about in told)


def test_heights_of_a_chart_are_in_one_form_and_in_the_language(modules: Page) -> None:
    said = {}
    for language in ("en", "de", "ar"):
        speak(modules, language)
        said[language] = [[bare(text) for text in texts] for texts in modules.evaluate(HEIGHTS, LIVE)]
    assert said["en"] == [
        ["12 h", "24 h", "36 h"],
        ["2 d", "4 d"],
        ["30:00", "1:30:00", "2 d 4 h"],
        ["−50", "0", "+50", "+1,500,000"],
        ["500", "1,000"],
        ["0.5 %", "20 %"],
    ]
    assert said["de"][:2] == [["12 Std.", "24 Std.", "36 Std."], ["2 T.", "4 T."]]
    assert said["de"][3][3] == "+1.500.000"
    assert said["ar"][0] == ["12 س", "24 س", "36 س"]


def test_missing_word_is_shown_and_said_once(modules: Page) -> None:
    heard: list[str] = []
    modules.on("console", lambda message: heard.append(message.text))
    said = modules.evaluate(
        """async (base) => {
            const { say, setWords } = await import(base + "words.js");
            setWords("de", { "a.b": "{who} und {wen}", "a.c": { one: "{n} Anruf", other: "{n} Anrufe" } });
            return [say("no.such"), say("no.such"), say("a.b", { who: "מרים" }), say("a.c", { n: 1 }), say("a.c", { n: 1234 })];
        }""",
        LIVE,
    )
    assert said == ["no.such", "no.such", f"{ISOLATE}מרים{END} und {{wen}}", "1 Anruf", "1,234 Anrufe"]
    assert heard == ["Queuelight has no words for no.such in de."]


def incident() -> Frame:
    entry = shown.entry(long_wait())
    return {name: value for name, value in entry.items() if name not in ("since", "line_ids", "group_ids", "id")} | {
        "id": 7,
        "since_s": 282,
    }


def test_board_changes_its_language_while_it_is_shown(page: Page, wall: WallServer) -> None:
    strange: list[str] = []
    page.on("console", lambda message: strange.append(message.text) if "no words" in message.text else None)
    wall.scene = CRITICAL.but(incidents=(incident(),))
    page.goto(wall.address)
    view, label = page.locator(".wall-view"), page.locator(".tile h2").first
    expect(view).to_have_attribute("data-live", "yes", timeout=WITHIN_MS)
    page.evaluate("window.thisPage = true")
    expect(label).to_contain_text("Longest wait")

    wall.show(wall.scene.but(language="ar"))
    expect(view).to_have_attribute("dir", "rtl", timeout=WITHIN_MS)
    expect(view).to_have_attribute("lang", "ar")
    expect(label).to_contain_text("أطول انتظار")
    expect(page.locator("ql-incident .about")).to_contain_text("أطول انتظار")
    assert english(page) == []
    boxes = page.evaluate("['.strip h1', 'ql-clock'].map((name) => document.querySelector(name).getBoundingClientRect().left)")
    assert boxes[0] > boxes[1]

    wall.show(wall.scene.but(language="zh-hans"))
    expect(view).to_have_attribute("lang", "zh-Hans", timeout=WITHIN_MS)
    expect(view).to_have_attribute("dir", "ltr")
    expect(label).to_contain_text("最长等待")
    assert english(page) == []

    wall.show(wall.scene.but(language="en"))
    expect(label).to_contain_text("Longest wait", timeout=WITHIN_MS)
    assert page.evaluate("window.thisPage") is True
    assert wall.page_loads == 1
    assert strange == []


def english(page: Page) -> list[str]:
    """English words that the view still shows, names aside."""
    text: str = page.evaluate("document.querySelector('.wall-view').innerText")
    names = {"Support", "line", "Queuelight", "Zendesk", "Talk"}
    people = set(re.findall(r"\w+", " ".join(CRITICAL.names)))
    return [word for word in re.findall(r"[A-Za-zÀ-ž]{3,}", text) if word not in names | people]
