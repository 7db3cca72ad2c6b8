"""The field for the lines or groups of a rule, or of a board: written by name where there is one, by number where there is none.

In:  what somebody typed or chose: "Support, group 360001, 12". Out: sorted numbers, or one sentence that names what is wrong. What stands
in the field is read back to the same numbers, whatever a name looks like. Must not read anything: what is known is an argument.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dashboard.incidents.fields import LARGEST_ID, MOST_IDS

LONGEST = 12_000  # fifty names of the vendor's longest
_NUMBERED = re.compile(r"(?:group|line)?\s*(\d+)|.*\((\d+)\)", re.IGNORECASE | re.DOTALL)


class ScopeField(forms.CharField):
    """`word` ("group" or "line") and `names` are set by the form once it knows what it is about. Empty: an empty list, which means all.
    `refusal`: why nothing may stand here; empty: it may."""

    def __init__(self, **options: Any) -> None:
        self.refusal = ""
        self.word = "line"
        self.names: Mapping[int, str] = {}
        widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "auto"})
        super().__init__(required=False, max_length=LONGEST, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        parts = _parts(str(super().clean(value) or ""))
        if parts and self.refusal:
            raise ValidationError(self.refusal)
        found = sorted({each for part in parts for each in self._numbers(part)})
        if len(found) > MOST_IDS:
            raise ValidationError(f"At most {MOST_IDS} lines or groups; make two of it.")
        return found

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(written(each, self.names, self.word) for each in value) if isinstance(value, list | tuple) else value

    def _numbers(self, part: str) -> Iterator[int]:
        named = [number for number, name in self.names.items() if _same(name, part)]
        if len(named) > 1:
            ways = " or ".join(written(number, self.names, self.word) for number in sorted(named)[:3])
            raise ValidationError(f"“{part[:40]}” is the name of {len(named)} {self.word}s; write {ways}.")
        if named:
            yield named[0]
            return
        if all(word.isascii() and word.isdigit() for word in part.split()):  # "12 34", as a list is often copied
            yield from (self._allowed(word, part) for word in part.split())
            return
        found = _NUMBERED.fullmatch(part)
        if found is None:
            instead = "choose one from the list, or write its number" if self.names else "write its number, such as 12"
            raise ValidationError(f"“{part[:40]}” is no {self.word} that is known by name; {instead}.")
        yield self._allowed(found[1] or found[2], part)

    def _allowed(self, digits: str, part: str) -> int:
        if not (digits.isascii() and len(digits) <= len(str(LARGEST_ID)) and 0 < int(digits) <= LARGEST_ID):
            raise ValidationError(f"“{part[:40]}” is not the number of a {self.word}; write numbers such as 12, 34.")
        return int(digits)


def written(number: int, names: Mapping[int, str], word: str) -> str:
    """How the field writes one: its name, "Support (12)" where the name alone would be read as something else, "group 12" without any."""
    name = _tidy(names.get(number, ""))
    if not name:
        return f"{word} {number}"
    shared = sum(_same(other, name) for other in names.values()) != 1
    return f"{name} ({number})" if shared or _NUMBERED.fullmatch(name) or name.replace(" ", "").isdigit() else name


def offered(names: Mapping[int, str], word: str) -> list[dict[str, str]]:
    """What a page can offer for the field: `id` and `text` of each as the field writes it, by their names."""
    by_name = sorted(names, key=lambda number: (names[number].casefold(), number))
    return [{"id": str(number), "text": written(number, names, word)} for number in by_name]


def _parts(text: str) -> list[str]:
    return [part for part in map(_tidy, text.split(",")) if part]


def _tidy(text: str) -> str:
    """On one line, without commas, which end a name in the field, and without what no form may hold."""
    return " ".join(text.replace(",", " ").replace("\0", " ").split())


def _same(name: str, other: str) -> bool:
    return _tidy(name).casefold() == _tidy(other).casefold()
