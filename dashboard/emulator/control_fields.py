"""The fields of a control's body: read, and checked one by one.

In:  a request's JSON. Out: values of the right kind; `Wrong` with one sentence for anything else.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

from starlette.requests import Request

MAX_BODY_BYTES = 65_536
Fields = Mapping[str, object]


class Wrong(Exception):
    """The body or query is wrong; the text says how."""


async def read_fields(request: Request, allowed: tuple[str, ...]) -> Fields:
    """The body's fields; none for an empty body. `Wrong` for what is no object, or has others."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise Wrong(f"The body must not be larger than {MAX_BODY_BYTES} bytes.")
    try:
        found = json.loads(body) if body.strip() else {}
    except (ValueError, RecursionError):
        raise Wrong("The body is not JSON.") from None
    if not isinstance(found, dict):
        raise Wrong("The body must be a JSON object.")
    if unknown := sorted(set(found) - set(allowed)):
        known = f"known are {', '.join(allowed)}" if allowed else "none is expected"
        raise Wrong(f"Unknown field {unknown[0]!r}; {known}.")
    return found


def text(fields: Fields, name: str) -> str:
    """The text of that name."""
    value = fields.get(name)
    if not isinstance(value, str):
        raise Wrong(f"{name} must be a text.")
    return value


def number(fields: Fields, name: str, default: float, low: float = 0.0, high: float = 1e9) -> float:
    """The number of that name, from `low` to `high`; the default where it is not given."""
    value = fields.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or not low <= value <= high:
        raise Wrong(f"{name} must be a number from {low:g} to {high:g}.")
    return value


def whole(fields: Fields, name: str, low: int, high: int) -> int:
    """The whole number of that name; it must be given."""
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Wrong(f"{name} must be a whole number from {low} to {high}.")
    return value


def mapping(fields: Fields, name: str) -> dict[str, object]:
    """The object of that name."""
    value = fields.get(name)
    if not isinstance(value, dict):
        raise Wrong(f"{name} must be a JSON object.")
    return value


def one_of(name: str, value: object, known: tuple[str, ...]) -> str:
    """The value itself, if it is one of these."""
    if not isinstance(value, str) or value not in known:
        raise Wrong(f"{name} must be one of {', '.join(known)}.")
    return value
