"""The words of the wall and the mails, by language: the folders of static/words.

In:  static/words/<language>/<area>.json, flat keys to sentences with `{name}` in them, or to plural forms ({"one": …, "other": …}).
Out: which languages there are, and one table for each. Read once: a release does not change while it runs.
Must not choose a language for anybody.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

Entry = str | dict[str, str]
Table = dict[str, Entry]

FOLDER = Path(__file__).resolve().parents[2] / "static" / "words"
BASE = "en"
# No page needs the sentences of letters: a wall's first picture must stay light.
OF_MAILS = frozenset({"mail"})


class WordsError(ValueError):
    """A file of words cannot be used; the message names the file and says what is wrong."""


def read(path: Path) -> Table:
    """One file's words. WordsError."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once)
    except (OSError, ValueError) as error:
        raise WordsError(f"{path.parent.name}/{path.name} cannot be read: {error}") from error
    if not isinstance(found, dict) or not all(isinstance(each, str) or _is_forms(each) for each in found.values()):
        raise WordsError(f"{path.parent.name}/{path.name} must be keys with sentences, or with plural forms that have “other”.")
    return cast("Table", found)


def _is_forms(entry: object) -> bool:
    return isinstance(entry, dict) and "other" in entry and all(isinstance(form, str) for form in entry.values())


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands in it twice")
    return found


@functools.cache
def whole(language: str) -> Mapping[str, Entry]:
    """Every word of `language`, those of the mails too; the English one where it has none. Of an unknown language: English. WordsError."""
    found = _own(BASE)
    return found if language not in LANGUAGES or language == BASE else {**found, **_own(language)}


@functools.cache
def _of_pages(language: str) -> Mapping[str, Entry]:
    mails = {key for area in OF_MAILS if (path := FOLDER / BASE / f"{area}.json").is_file() for key in read(path)}
    return {key: entry for key, entry in whole(language).items() if key not in mails}


def table(language: str) -> Table:
    """What a page of that language carries: every word but the mails'."""
    return dict(_of_pages(language))


def _own(language: str) -> Table:
    found: Table = {}
    for path in sorted((FOLDER / language).glob("*.json")):
        found.update(read(path))
    return found


def _languages() -> dict[str, str]:
    names = {path.parent.name: str(read(path).get("language.name", path.parent.name)) for path in FOLDER.glob("*/language.json")}
    return dict(sorted(names.items(), key=lambda each: (each[0] != BASE, each[1].casefold())))


# By code, each in its own language, English first: a folder with a language.json is a language.
LANGUAGES: dict[str, str] = _languages()
