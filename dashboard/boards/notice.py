"""A page for a TV that can show nothing for now: it says so in big type, and goes on by itself, for there is no remote.

In:  which notice. Out: a page that tries another address after some seconds, again and again, until that address answers.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dashboard.boards.tv_language import language_of, plain, words_of


@dataclass(frozen=True, slots=True)
class Notice:
    """`word` names the notice in the words of `pair`; after `after_s` seconds the page goes to `to`."""

    word: str
    to: str
    after_s: int
    status: int


REMOVED = Notice("removed", "/pair/", 30, 403)
OTHER_BOARD = Notice("other_board", "/screen/", 10, 403)
NO_DATABASE = Notice("no_database", "/screen/", 5, 503)


def show(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Needs neither the database nor Redis."""
    language = language_of(request)
    words = words_of(language)
    said = plain(words)
    context = {
        "language": language,
        "words": words,
        "heading": said.get(f"{notice.word}.heading", ""),
        "text": said.get(f"{notice.word}.text", ""),
        "notice": notice,
        "is_rtl": words.get("language.direction") == "rtl",
        "tag": words.get("language.tag", language),
    }
    return render(request, "screens/notice.html", context, status=notice.status)
