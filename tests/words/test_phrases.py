"""Sentences, numbers and days in each language, by the vectors that the browser's twin is held to as well."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dashboard.domain.catalogue import CATALOGUE, Unit
from dashboard.words import plural, tables
from dashboard.words.amounts import amount, day_month, long_date, short_date, span
from dashboard.words.phrases import END, ISOLATE, Words, preferred, words

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent.parent / "vectors" / "words.json").read_text(encoding="utf-8"))
AT, ZONE = datetime.fromisoformat(VECTORS["at"]), ZoneInfo(VECTORS["zone"])


def bare(text: str) -> str:
    return text.replace(ISOLATE, "").replace(END, "")


@pytest.mark.parametrize("language", tables.LANGUAGES)
def test_numbers_shares_and_days_are_those_of_the_vectors(language: str) -> None:
    spoken, expected = words(language), VECTORS["languages"][language]
    assert [spoken.digits(number) for number in VECTORS["numbers"]] == expected["numbers"]
    assert bare(amount(0.045, Unit.RATIO, spoken)) == expected["percent"]
    for write in (long_date, short_date, day_month):
        assert bare(write(AT, spoken, ZONE)) == expected[write.__name__]
    assert [spoken.say("span.days", n=n) for n in (0, 1, 2, 11)] == expected["days"]


def test_every_language_has_its_vectors() -> None:
    assert list(VECTORS["languages"]) == ["en", "es", "de", "fr", "zh-hans", "ar"]
    assert set(VECTORS["languages"]) == set(tables.LANGUAGES)
    assert next(iter(tables.LANGUAGES)) == "en"


@pytest.mark.parametrize(
    ("seconds", "said"), [(45, "45 s"), (119, "119 s"), (720, "12 min"), (12_000, "3 Std. 20 min"), (7200, "2 Std."), (432_000, "5 Tage")]
)
def test_spans_are_said_in_words(seconds: int, said: str) -> None:
    assert span(seconds, words("de")) == said


def test_amounts_are_written_as_people_write_limits() -> None:
    german = words("de")
    assert [amount(*each, german) for each in ((180.0, Unit.SECONDS), (1234.0, Unit.COUNT), (0.0625, Unit.RATIO))] == [
        "3:00",
        "1.234",
        "6,25\u00a0%",
    ]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(86_399, "23:59:59"), (86_400, "1 T."), (187_200, "2 T. 4 Std."), (189_000, "2 T. 4 Std. 30 min"), (-90_000, "−1 T. 1 Std.")],
)
def test_times_of_days_are_said_in_days_and_hours(seconds: float, said: str) -> None:
    assert amount(seconds, Unit.SECONDS, words("de")) == said


def test_text_within_a_sentence_from_right_to_left_is_isolated_and_a_number_is_not() -> None:
    assert words("ar").say("incident.taken_by", who="dana") == f"تولّاها {ISOLATE}dana{END}"
    assert words("ar").say("mail.zone", zone="12:30") == f"الأوقات بتوقيت {ISOLATE}12:30{END}."
    # What is in the language already keeps its place: isolated, a date of isolated parts would be read from its end.
    assert long_date(AT, words("ar"), ZONE) == "الاثنين 2 مارس"
    assert words("ar").say("digest.more", n=1234) == "و1,234 غيرها."
    assert words("de").say("incident.taken_by", who="dana") == "übernommen von dana"


def test_what_is_missing_is_said_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    odd = Words("de", {"a.b": "Guten Morgen {name}"})
    assert odd.say("a.b") == "Guten Morgen {name}"
    assert odd.say("a.c") == "a.c"
    assert "There are no words for a.c in de." in caplog.text


def test_unknown_language_speaks_english() -> None:
    assert words("tlh").language == "en"
    assert tables.table("tlh") == tables.table("en")
    assert "mail.why" not in tables.table("en")
    assert "mail.why" in tables.whole("en")


def test_every_metric_has_its_label_and_english_has_the_catalogues() -> None:
    english = tables.whole("en")
    assert {name: english.get(f"metric.{name}") for name in CATALOGUE} == {name: metric.label for name, metric in CATALOGUE.items()}
    assert [name for name in CATALOGUE if f"metric.{name}.short" not in english] == []
    spoken = {key.removeprefix("metric.").removesuffix(".short") for key in english if key.startswith("metric.")}
    assert spoken - set(CATALOGUE) == set()


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("pl,fr;q=0.5", "fr"),
        ("zh-CN", "zh-hans"),
        ("ar-EG;q=0.3, es;q=0.4", "es"),
        ("de;q=0, en", "en"),
        ("*;q=x,;,fr-", "fr"),
    ],
)
def test_browsers_wish_is_met_where_it_can_be(header: str, language: str) -> None:
    assert preferred(header) == language


def test_plural_rule_that_is_not_known_is_english() -> None:
    assert plural.form("pl", 1) == "one"
    assert not plural.knows("pl")
