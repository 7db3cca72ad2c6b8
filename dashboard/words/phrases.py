"""Sentences of one language, from its table, for what the server writes: mails and the pages they lead to.

In:  a language's code; keys and what goes into their sentences. Out: text. Twin of static/js/live/words.js and numerals.js.
Must not choose a language for anybody.
"""

from __future__ import annotations

import functools
import logging
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from dashboard.words import plural, tables
from dashboard.words.tables import Entry

logger = logging.getLogger(__name__)

LONGEST_HEADER = 500
ISOLATE, END = "\u2068", "\u2069"
_PLACE = re.compile(r"\{(\w+)\}")
_GROUPS = re.compile(r"\B(?=(\d{3})+(?!\d))")


@dataclass(frozen=True, slots=True)
class Words:
    """One language. `table` has every key that English has."""

    language: str
    table: Mapping[str, Entry]

    @property
    def tag(self) -> str:
        """For `lang` attributes: "zh-Hans"."""
        return self._text("language.tag", self.language)

    @property
    def direction(self) -> str:
        """For `dir` attributes: "ltr" or "rtl"."""
        return self._text("language.direction", "ltr")

    def say(self, key: str, /, **values: str | float) -> str:
        """The sentence of a key; `n` chooses its plural form. Numbers are written as the language writes them. In a language that is
        written from right to left, text among the values is isolated: names and times keep their own direction. A key that is missing
        is said as it is, and in the log: a letter with a strange word beats none."""
        entry = self.table.get(key)
        if entry is None:
            logger.error("There are no words for %s in %s.", key, self.language)
            return key
        sentence = entry if isinstance(entry, str) else entry.get(plural.form(self.language, float(values.get("n", 0))), entry["other"])
        return _PLACE.sub(lambda found: self._written(values[found[1]]) if found[1] in values else found[0], sentence)

    def numeral(self, number: float) -> str:
        """1234.5 -> "1,234.5" or "1.234,5": whole, or with one decimal."""
        if number == int(number):
            return self.digits(str(int(number)))
        return self.digits(str(Decimal(number).quantize(Decimal("0.1"), ROUND_HALF_UP)))

    def digits(self, plain: str) -> str:
        """The digits of a plain decimal ("-1234.5") with the language's marks."""
        whole, _, rest = plain.partition(".")
        bare = whole.lstrip("-")
        grouped = bare
        if len(bare) >= int(self._text("number.grouped_from_digits", "4")):
            grouped = _GROUPS.sub(self._text("number.group", ","), bare)
        return ("−" if whole != bare else "") + grouped + (self._text("number.decimal", ".") + rest if rest else "")

    def metric(self, name: str, label: str) -> str:
        """A metric's name in this language; `label` where it has none."""
        return self._text(f"metric.{name}", label)

    def within(self, name: str) -> str:
        """A name as it stands within a sentence: some languages write it small, but no abbreviation."""
        if name[:2].isupper() or self._text("language.small_names", "no") != "yes":
            return name
        return name[:1].lower() + name[1:]

    def _written(self, value: str | float) -> str:
        if not isinstance(value, str):
            return self.numeral(value)
        return f"{ISOLATE}{value}{END}" if value and self.direction == "rtl" and not _begins_rtl(value) else value

    def _text(self, key: str, otherwise: str) -> str:
        found = self.table.get(key)
        return found if isinstance(found, str) else otherwise


@functools.cache
def words(language: str) -> Words:
    """The words of a language; English ones where there is no such language."""
    known = language if language in tables.LANGUAGES else tables.BASE
    return Words(known, tables.whole(known))


def _begins_rtl(text: str) -> bool:
    """Whether the first letter is one that is read from right to left. Such a text needs no isolation; and a text that is made of isolated
    parts alone would have no direction left if it were isolated itself, and its parts would stand reversed."""
    strong = next((kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL")), "L")
    return strong != "L"


def preferred(accept_language: str) -> str:
    """The first language there is of those that a browser asks for (its `Accept-Language`, "" when it sends none); else English."""
    for wanted in _asked_for(accept_language[:LONGEST_HEADER]):
        for code in tables.LANGUAGES:
            tag = words(code).tag.lower()
            if wanted in (code, tag) or wanted.split("-")[0] == tag.split("-")[0]:
                return code
    return tables.BASE


def _asked_for(header: str) -> list[str]:
    """The tags of the header, the most wanted first; one that is not wanted at all (q=0) is left out."""
    found: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, weight = part.strip().lower().partition(";q=")
        try:
            wanted = float(weight) if weight else 1.0
        except ValueError:
            continue
        if tag and wanted > 0:
            found.append((wanted, tag))
    return [tag for _, tag in sorted(found, key=lambda each: -each[0])]


ENGLISH = words(tables.BASE)
