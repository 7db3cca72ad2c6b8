"""The JSON that programs get: answers and errors, never kept by a cache.

In:  plain values, or JSON text that is ready. Out: Django responses. An error is always `{"error": <word>, "message": <one sentence>}`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.http import HttpResponse

JSON = "application/json; charset=utf-8"


class ApiError(Exception):
    """Ends a view with an error. `error` is a word for programs, the text one sentence for people."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = error


def answer(data: Mapping[str, object] | str, status: int = 200) -> HttpResponse:
    """`data` as JSON; text is taken as JSON that was encoded before."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return HttpResponse(text.encode("utf-8", "surrogatepass"), status=status, content_type=JSON, headers={"Cache-Control": "no-store"})


def error(status: int, word: str, message: str) -> HttpResponse:
    """An error; 401 says how to be known (RFC 9110 wants it to)."""
    found = answer({"error": word, "message": message}, status)
    if status == 401:
        found["WWW-Authenticate"] = 'Bearer realm="Queuelight"'
    return found
