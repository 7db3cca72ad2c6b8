"""Words in templates: the table that a page's scripts speak from.

In:  a language's code. Out: one `<script type="application/json" id="words">`, which words.js is given by the page's own script.
"""

from __future__ import annotations

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString

from dashboard.words.tables import table

register = template.Library()


@register.simple_tag
def words_json(language: str) -> SafeString:
    """The table of `language` for this page; the English one where there is no such language."""
    return json_script(table(language), "words")
