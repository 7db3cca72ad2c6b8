"""One value of the vendor's JSON at a time: whole numbers, ids, moments, words, text, as our types or as a SourceError.

In:  a value as json gives it and the name of its place (`what`). Out: the value. An error names the place and never quotes the value.
Must not know an endpoint.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.redaction import redact

# The browser's numbers are doubles: beyond this an id is another id. The vendor's own ids stay below it.
LARGEST_ID = 2**53 - 1
# A column of 32 bits takes it; as minutes it is 4,000 years.
LARGEST_COUNT = 2**31 - 1
# Before and after them nothing of a help desk happens, and sums with them leave what a date can be.
FIRST_YEAR, LAST_YEAR = 1900, 4999
LONGEST_LINE = 200
LONGEST_TEXT = 20_000
MOST_LISTED = 1000

_Word = TypeVar("_Word", bound=StrEnum)


def invalid(what: str, why: str) -> SourceError:
    """The error for a value that is not what it must be."""
    return SourceError(ErrorKind.INVALID, f"The vendor's answer is wrong: {what} {why}.")


def mapping(value: object, what: str) -> dict[str, object]:
    """A JSON object."""
    if not isinstance(value, dict):
        raise invalid(what, "is missing" if value is None else "is not an object")
    return value


def listed(value: object, what: str) -> list[object]:
    """A JSON list."""
    if not isinstance(value, list):
        raise invalid(what, "is missing" if value is None else "is not a list")
    return value


def whole(value: object, what: str, largest: int = LARGEST_COUNT) -> int:
    """A whole number from 0 to `largest`, given as an integer, a float without fraction or digits in a string. Never a bool: JSON's `true`
    is Python's 1."""
    found = _integer(value, what)
    if found < 0:
        raise invalid(what, "is negative")
    if found > largest:
        raise invalid(what, "is too large to be true")
    return found


def count(value: object, what: str) -> int | None:
    """A whole number from 0 to LARGEST_COUNT; None for null."""
    return None if value is None else whole(value, what)


def identity(value: object, what: str, *, least: int = 0) -> int:
    """An id from `least` to LARGEST_ID, also as digits in a string. `least` 1: of what is asked for by its id, where 0 cannot stand."""
    if value is None:
        raise invalid(what, "is missing")
    found = whole(value, what, LARGEST_ID)
    if found < least:
        raise invalid(what, "is no id")
    return found


def reference(value: object, what: str) -> int | None:
    """The id of something else; None for null, and for the vendor's -1, which is the vendor itself."""
    return None if value is None or value == -1 else whole(value, what, LARGEST_ID)


def references(value: object, what: str) -> tuple[int, ...]:
    """Ids in the vendor's order; none for null."""
    if value is None:
        return ()
    found = [reference(entry, f"{what}[{place}]") for place, entry in enumerate(listed(value, what)[:MOST_LISTED])]
    return tuple(each for each in found if each is not None)


def moment(value: object, what: str) -> datetime:
    """An ISO 8601 time with its zone, as aware UTC."""
    if value is None:
        raise invalid(what, "is missing")
    if not isinstance(value, str):
        raise invalid(what, "is not a time")
    try:
        found = datetime.fromisoformat(value.strip()[:64])
        if found.tzinfo is not None and FIRST_YEAR <= (at := found.astimezone(UTC)).year <= LAST_YEAR:
            return at
    except (ValueError, OverflowError):
        pass
    raise invalid(what, "is not a time")


def moment_or_none(value: object, what: str) -> datetime | None:
    """As `moment`; None for null and for an empty text."""
    return None if value is None or value == "" else moment(value, what)


def flag(value: object, what: str, *, absent: bool) -> bool:
    """true or false; `absent` for null."""
    if value is None:
        return absent
    if not isinstance(value, bool):
        raise invalid(what, "is neither true nor false")
    return value


def word(value: object, words: type[_Word], what: str) -> _Word:
    """One of the words that we know."""
    found = word_or_none(value, words)
    if found is None:
        raise invalid(what, "is missing" if value is None else "is a word that is not known here")
    return found


def word_or_none(value: object, words: type[_Word]) -> _Word | None:
    """One of the words that we know; None for null and anything else."""
    try:
        return words(value.strip().lower()) if isinstance(value, str) else None
    except ValueError:
        return None


def line(value: object, what: str, longest: int = LONGEST_LINE) -> str:
    """Text as one harmless line; empty for null. A number is taken as its digits: ids of other systems come in both forms."""
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_ID:
        return str(value)
    if not isinstance(value, str):
        raise invalid(what, "is not text")
    return clean(value, longest)


def text(value: object, what: str, longest: int = LONGEST_TEXT) -> str:
    """Text of several lines without control characters; empty for null."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise invalid(what, "is not text")
    lines = value[:longest].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_harmless_characters(each).rstrip() for each in lines).strip()


def clean(given: str, longest: int = LONGEST_LINE) -> str:
    """Text as one line: no control characters, no lone surrogates (which nothing can encode), no direction overrides, `longest` at most."""
    # Cut before cleaning: a name of megabytes is not worth a walk over each character.
    kept = _harmless_characters(given[: longest * 4])
    return " ".join(kept.split())[:longest].strip()


_ADDRESS = re.compile(r"[^\s@<>()]{1,100}@[^\s@<>()]{1,100}")
_PHONE_NUMBER = re.compile(r"\+?\d(?:[\s().+/\-]{0,3}\d){8,}")


def harmless(given: str, longest: int = LONGEST_LINE) -> str:
    """One line of the vendor's prose without e-mail addresses, numbers of phones and secrets. Long ids look like numbers of phones: whoever
    shows the line knows which ticket it is about."""
    head = given[: longest * 8]
    if len(head) < len(given):
        # A secret that is cut in two would not be known for one any more; none holds a space.
        head = "".join(head.rpartition(" ")[:2])
    return _PHONE_NUMBER.sub("…", _ADDRESS.sub("…", redact(clean(head, len(head)))))[:longest].strip()


# Joiners are part of names in Persian, Indic scripts and of emoji; the overrides and isolates turn a line of the wall round.
_JOINERS = "\u200c\u200d"


def _harmless_characters(given: str) -> str:
    # Nearly all text is printable, which one pass in C tells; looking at each character takes a hundred times as long.
    return given if given.isprintable() else "".join(map(_shown, given))


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "" if category == "Cf" and character not in _JOINERS else character


def _integer(value: object, what: str) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise invalid(what, "is not a whole number")
    return value
