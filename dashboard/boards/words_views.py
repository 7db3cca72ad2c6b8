"""The words of one language, for a wall whose board speaks another one from now on.

In:  the language's code. Out: its table as JSON, kept by browsers for as long as it is the same (ETag). No secrets in it: no sign-in.
"""

from __future__ import annotations

import functools
import hashlib
import json

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

from dashboard.words.tables import LANGUAGES, table


@functools.cache
def _body(language: str) -> bytes:
    return json.dumps(table(language), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _etag(_: HttpRequest, language: str) -> str | None:
    return f'"{hashlib.sha256(_body(language)).hexdigest()[:32]}"' if language in LANGUAGES else None


@gzip_page
@require_safe
@condition(etag_func=_etag)
def words(_: HttpRequest, language: str) -> HttpResponse:
    """The table; 404 for a language that there is not."""
    if language not in LANGUAGES:
        raise Http404("Queuelight does not speak that language.")
    return HttpResponse(_body(language), content_type="application/json; charset=utf-8", headers={"Cache-Control": "no-cache"})
