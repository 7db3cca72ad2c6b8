"""Words in templates: a sentence in the language of the mail or page, and the table that a page's scripts speak from.

In:  `words` of the template's context; a table of words. Out: text, escaped as the template escapes; one `<script
type="application/json" id="words">`, which words.js is given by the page's own script.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import json_script
from django.utils.safestring import SafeString

from dashboard.words.phrases import ENGLISH, Words
from dashboard.words.tables import Entry

register = template.Library()


class _Letters(DjangoJSONEncoder):
    """Letters as they are: written as \\u0645, a table of Arabic words is twice as large, and a TV waits for it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "ensure_ascii": False, "separators": (",", ":")})


@register.filter
def words_script(words: Mapping[str, Entry]) -> SafeString:
    """These words for this page. Only for words of ours: a name that a vendor sent may hold what no page can be written with."""
    return json_script(words, "words", _Letters)


@register.simple_tag(takes_context=True)
def say(context: Any, key: str, **values: str | float) -> str:
    """The sentence of a key in the language of the context's `words`; English without one."""
    found = context.get("words")
    return (found if isinstance(found, Words) else ENGLISH).say(key, **values)
