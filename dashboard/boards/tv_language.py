"""In which language a TV is spoken to before it has a board: by `?lang=`, else by what its browser asks for, else English.

In:  a request. Out: a language of static/words, and the words of one area of it for a template.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from dashboard.words.tables import BASE, LANGUAGES, Table, table

AREA = "pair."


def language_of(request: HttpRequest) -> str:
    """The first that is spoken; `zh-CN` and `zh` are served by Simplified Chinese, `de-AT` by German."""
    asked = [request.GET.get("lang", "").lower()]
    asked += [code for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())]
    for code in asked:
        primary = code.partition("-")[0]
        found = code if code in LANGUAGES else next((each for each in LANGUAGES if each.partition("-")[0] == primary), None)
        if found:
            return found
    return BASE


def words_of(language: str) -> Table:
    """The words of `pair` and of the language itself, all that the pages of pairing need."""
    return {key: entry for key, entry in table(language).items() if key.startswith((AREA, "language."))}


def plain(words: Table) -> dict[str, str]:
    """The sentences of `pair` for a template, by their names without the area."""
    return {key.removeprefix(AREA): entry for key, entry in words.items() if isinstance(entry, str) and key.startswith(AREA)}
