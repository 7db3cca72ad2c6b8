"""The words of one language, for a wall whose board speaks another one from now on; and what a wall must know of every metric.

In:  the language's code. Out: tables as JSON, kept by browsers for as long as they are the same (ETag). No secrets in them: no sign-in.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

from dashboard.boards.page import catalogue
from dashboard.words.tables import LANGUAGES, table


@functools.cache
def _body(language: str) -> bytes:
    return _json(table(language))


@functools.cache
def _metrics() -> bytes:
    return _json(catalogue())


def _json(found: Mapping[str, object]) -> bytes:
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _etag(_: HttpRequest, language: str) -> str | None:
    return _tag(_body(language)) if language in LANGUAGES else None


def _etag_of_metrics(_: HttpRequest) -> str:
    return _tag(_metrics())


@gzip_page
@require_safe
@condition(etag_func=_etag)
def words(_: HttpRequest, language: str) -> HttpResponse:
    """The table; 404 for a language that there is not."""
    if language not in LANGUAGES:
        raise Http404("Queuelight does not speak that language.")
    return _answer(_body(language))


@gzip_page
@require_safe
@condition(etag_func=_etag_of_metrics)
def metrics(_: HttpRequest) -> HttpResponse:
    """Every metric's unit, endpoint and formula, by name."""
    return _answer(_metrics())


def _answer(body: bytes) -> HttpResponse:
    return HttpResponse(body, content_type="application/json; charset=utf-8", headers={"Cache-Control": "no-cache"})
