"""What may stand in an address's query: moments and numbers.

In:  text. Out: values, or ApiError 400 with one sentence that names the parameter.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime

from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from dashboard.api.answers import ApiError

Given = QueryDict | Mapping[str, str]


def moment(given: Given, name: str, default: datetime) -> datetime:
    """Aware UTC of an ISO 8601 time with a zone, or of Unix seconds; `default` when it is not given. ApiError."""
    text = given.get(name)
    if not text:
        return default
    try:
        unix_s = number(text)
        found = parse_datetime(text) if unix_s is None else datetime.fromtimestamp(unix_s, UTC)
    except (ValueError, OverflowError, OSError):
        found = None
    if found is None or found.tzinfo is None or not 1970 < found.year < 9999:
        raise ApiError(400, "bad_parameter", f"{name} must be a time such as 2026-11-21T09:00:00Z, or Unix seconds.")
    return found.astimezone(UTC)


def number(text: str) -> float | None:
    """The number of a text; None when it is none, or not a finite one."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None
