"""What the build asks of the words: complete, true to their places and forms, short enough for tiles, said by somebody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dashboard.words import review
from scripts.lint import words_are_complete

ENGLISH: dict[str, Any] = {
    "a.hello": "Good morning {name}",
    "a.calls": {"one": "{n} call", "other": "{n} calls"},
    "a.state.free": "free",
}
GERMAN: dict[str, Any] = {
    "a.hello": "Guten Morgen {name}",
    "a.calls": {"one": "{n} Anruf", "other": "{n} Anrufe"},
    "a.state.free": "frei",
}
SAYS = {Path("x.js"): 'say("a.hello", { name }) + say("a.calls", { n }) + say("a.state." + state)'}


def found(
    folder: Path, german: dict[str, Any], english: dict[str, Any] = ENGLISH, says: dict[Path, str] = SAYS, language: str = "de"
) -> str:
    for code, table in (("en", english), (language, german)):
        (folder / code).mkdir()
        (folder / code / "wall.json").write_text(json.dumps(table))
    return " ".join(review.problems(folder, says))


def without(table: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: entry for name, entry in table.items() if name != key}


def test_words_that_are_complete_have_no_problem(tmp_path: Path) -> None:
    assert found(tmp_path, GERMAN) == ""


@pytest.mark.parametrize(
    ("german", "problem"),
    [
        (without(GERMAN, "a.hello"), "de/wall.json: a.hello is missing."),
        (GERMAN | {"a.more": "mehr"}, "de/wall.json: a.more is in no English file."),
        (GERMAN | {"a.hello": "Guten Morgen {nahme}"}, "a.hello must hold name, and holds nahme."),
        (GERMAN | {"a.calls": {"other": "{n} Anrufe"}}, "a.calls must have the plural forms one, other."),
        (GERMAN | {"a.hello": "Good morning {name}"}, "a.hello is English still"),
        (GERMAN | {"a.hello": " "}, "a.hello is empty."),
        (GERMAN | {"a.state.free": "unbeschäftigt und bereit"}, "a.state.free is too long for a tile (24 of 11)"),
        (GERMAN | {"a.state.free": ["frei"]}, "de/wall.json must be keys with sentences"),
    ],
)
def test_words_of_a_language_that_are_wrong_are_named(tmp_path: Path, german: dict[str, Any], problem: str) -> None:
    assert problem in found(tmp_path, german)


def test_word_of_another_script_must_not_be_english(tmp_path: Path) -> None:
    chinese = {"a.hello": "Hello，{name}", "a.calls": "{n} 通电话", "a.state.free": "空闲"}
    assert "zh-hans/wall.json: a.hello is English still" in found(tmp_path, chinese, language="zh-hans")


def test_language_without_a_plural_rule_is_named(tmp_path: Path) -> None:
    assert "pl: its plural rule is missing" in found(tmp_path, GERMAN, language="pl")


@pytest.mark.parametrize(
    ("path", "said", "problem"),
    [
        ("y.js", 'say(late ? "a.hello" : "a.goodbye")', "y.js: says a.goodbye, which is in no English file."),
        ("y.js", 'say("b.state." + name)', "y.js: says b.state.…, with which no key begins."),
        ("y.py", 'words.say("a.goodbye", n=1)', "y.py: says a.goodbye, which is in no English file."),
        ("y.html", '{% say "a.goodbye" %}', "y.html: says a.goodbye, which is in no English file."),
    ],
)
def test_word_that_is_said_and_does_not_exist_is_named(tmp_path: Path, path: str, said: str, problem: str) -> None:
    assert problem in found(tmp_path, GERMAN, says=SAYS | {Path(path): said})


def test_word_that_nobody_says_is_named(tmp_path: Path) -> None:
    assert found(tmp_path, GERMAN, says={Path("x.py"): 'say("a.hello") + words.say(f"a.state.{state}")'}) == "Nobody says a.calls."


def test_words_of_this_version_are_complete() -> None:
    assert words_are_complete() == ""
