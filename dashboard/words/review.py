"""Whether the words are complete: what the build asks before it passes.

In:  the folders of words, and the sources that speak them. Out: problems, one sentence each; none when all is well. Reads files alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from dashboard.words import plural
from dashboard.words.tables import BASE, Entry, Table, WordsError, read

_PLACE = re.compile(r"\{(\w+)\}")
_WORD = re.compile(r"[A-Za-z]{4,}")
_KEY = re.compile(r"[a-z][\w-]*(?:\.[\w-]+)+")
_CALL = re.compile(r"\b(?:say|has)\(")
_TAG = re.compile(r"""\{%\s*say\s+("[^"]+")""")
_LITERAL = re.compile(r"""f?"([^"\n]*)"|f?'([^'\n]*)'|`([^`\n]*)`""")
_KEY_START = re.compile(r"[a-z][\w-]*\.(?:[\w-]+\.?)*")

# Names of products, plans and pages; and, by language, words that are the same there.
NAMES = frozenset({"Queuelight", "Zendesk", "Kayako", "Talk", "Redis", "Professional", "Screens"})
SAME = {
    "de": frozenset({"Voicemails", "Code", "offline", "April", "August", "September", "November", "live", "Normal", "Tickets"}),
    "es": frozenset({"Normal", "Tickets"}),
    "fr": frozenset({"Incident", "Incidents", "Agents", "Code", "minute", "minutes", "Tickets"}),
}
NOT_LATIN = ("zh", "ar")
# Where words stand in tiles: a translation may be so much longer than the English, and no longer, or it would be cut.
OF_TILES = ("wall", "tiles", "states", "incidents", "metrics")
LONGEST_LABEL, STRETCH, SLACK = 40, 1.6, 5


def problems(words: Path, sources: Mapping[Path, str]) -> list[str]:
    """Everything that is wrong with the words in the folder `words`, as spoken by these sources (their texts by path)."""
    try:
        tables = {folder.name: _by_area(folder) for folder in sorted(words.iterdir()) if folder.is_dir()}
    except WordsError as error:
        return [str(error)]
    english = tables.pop(BASE, {})
    found = list(_twice(BASE, english))
    for language, areas in tables.items():
        found += _language(language, areas, english)
    return found + _spoken({key: entry for table in english.values() for key, entry in table.items()}, sources)


def _by_area(folder: Path) -> dict[str, Table]:
    return {path.stem: read(path) for path in sorted(folder.glob("*.json"))}


def _twice(language: str, areas: Mapping[str, Table]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for area, table in areas.items():
        for key in table:
            if key in seen:
                yield f"{language}: {key} stands in {seen[key]}.json and in {area}.json."
            seen[key] = area


def _language(language: str, areas: Mapping[str, Table], english: Mapping[str, Table]) -> Iterator[str]:
    if not plural.knows(language):
        yield f"{language}: its plural rule is missing in dashboard/words/plural.py."
    for area in sorted(english.keys() | areas.keys()):
        own, base = areas.get(area, {}), english.get(area, {})
        yield from (f"{language}/{area}.json: {key} is missing." for key in base if key not in own)
        yield from (f"{language}/{area}.json: {key} is in no English file." for key in own if key not in base)
        for key, entry in own.items():
            if key in base and area != "language":
                yield from (f"{language}/{area}.json: {key} {wrong}" for wrong in _entry(language, area, key, entry, base[key]))


def _entry(language: str, area: str, key: str, entry: Entry, english: Entry) -> Iterator[str]:
    if isinstance(entry, dict) and (set(plural.forms(language)) - entry.keys() or entry.keys() - plural.ALL):
        yield f"must have the plural forms {', '.join(plural.forms(language))}."
    wanted, given = _places(english), _places(entry)
    if wanted != given:
        yield f"must hold {', '.join(sorted(wanted)) or 'no place'}, and holds {', '.join(sorted(given)) or 'none'}."
    texts, originals = _texts(entry), _texts(english)
    for text in texts:
        if not text.strip():
            yield "is empty."
        bare = _PLACE.sub("", text)
        left = [word for word in _WORD.findall(bare) if word not in NAMES and word not in SAME.get(language, ())]
        if left and (text in originals or language.partition("-")[0] in NOT_LATIN):
            yield f"is English still: “{text}”."
    longest = max(_width(text) for text in originals)
    if area in OF_TILES and (area != "metrics" or key.endswith(".short")) and longest <= LONGEST_LABEL:
        room = round(longest * STRETCH) + SLACK
        yield from (f"is too long for a tile ({_width(text)} of {room}): “{text}”." for text in texts if _width(text) > room)


def _texts(entry: Entry) -> list[str]:
    return [entry] if isinstance(entry, str) else list(entry.values())


def _places(entry: Entry) -> set[str]:
    return {name for text in _texts(entry) for name in _PLACE.findall(text)}


def _width(text: str) -> int:
    """In the width of a Latin letter, without the places: a Chinese sign takes two."""
    return sum(2 if "\u2e80" <= sign <= "\uffef" else 1 for sign in _PLACE.sub("", text))


def _spoken(english: Mapping[str, Entry], sources: Mapping[Path, str]) -> list[str]:
    """Keys that are said and do not exist, and keys that nobody says. A literal that ends within a key ("state." + name) says all of
    those that begin so."""
    found, whole, begun = [], set[str](), set[str]()
    for path, text in sources.items():
        literals = {next(part for part in match if part is not None and part != "") for match in _LITERAL.findall(text) if any(match)}
        for literal in literals:
            before, brace, _ = literal.partition("{" if path.suffix == ".py" else "${")
            if brace and _KEY_START.fullmatch(before):
                begun.add(before)
            elif literal in english:
                whole.add(literal)
            elif literal.endswith(".") and _KEY_START.fullmatch(literal):
                begun.add(literal)
        said = [*(_first_argument(text, match.end()) for match in _CALL.finditer(text)), *_TAG.findall(text)]
        for key in (next(filter(None, parts), "") for argument in said for parts in _LITERAL.findall(argument)):
            whole.add(key)
            if _KEY.fullmatch(key) and key not in english:
                found.append(f"{path}: says {key}, which is in no English file.")
            elif _KEY_START.fullmatch(key) and key.endswith(".") and not any(each.startswith(key) for each in english):
                found.append(f"{path}: says {key}…, with which no key begins.")
    silent = [key for key in english if key not in whole and not key.startswith("language.") and not key.endswith(".short")]
    return found + [f"Nobody says {key}." for key in silent if not any(key.startswith(prefix) for prefix in begun)]


def _first_argument(text: str, begin: int) -> str:
    """The source of a call's first argument: up to its comma or its end, whatever stands in brackets and quotes before."""
    depth, quote = 0, ""
    for index in range(begin, min(len(text), begin + 400)):
        sign = text[index]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'`":
            quote = sign
        elif sign in "([{":
            depth += 1
        elif depth and sign in ")]}":
            depth -= 1
        elif not depth and sign in ",)":
            return text[begin:index]
    return ""
