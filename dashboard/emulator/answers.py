"""HTTP answers as values, and the vendor's error bodies, word for word.

In:  what went wrong. Out: `Answer`, and `Refused`, which carries one up to the edge.
Must not send anything.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field

JSON_TYPE = "application/json; charset=utf-8"
TEXT_TYPE = "text/plain; charset=utf-8"
HTML_TYPE = "text/html; charset=utf-8"
TOO_MANY_REQUESTS = "Number of allowed API requests per minute exceeded"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: status 200-599, the body's bytes, its type, and headers beside the usual ones."""

    status: int
    body: bytes
    content_type: str = JSON_TYPE
    headers: dict[str, str] = field(default_factory=dict)


class Refused(Exception):
    """The request ends here with `answer`."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def json_answer(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """`value` as the vendor writes JSON: UTF-8, no spaces."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, body, JSON_TYPE, headers or {})


def too_many_values() -> Answer:
    """More than 100 ids. The two spaces are the vendor's: it forgets the parameter's name."""
    body = {"error": "TooManyValues", "description": "Parameter  cannot specify more than 100 values", "max_count": 100}
    return json_answer(body, 400)


def invalid_attribute(parameter: str) -> Answer:
    """An id that is not a number; here `error` is an object."""
    message = f"You passed an invalid value for the {parameter} attribute. Invalid parameter: {parameter} must be an integer"
    return json_answer({"error": {"title": "Invalid attribute", "message": message}}, 400)


def invalid_pagination(description: str) -> Answer:
    """A page that is not a number, or out of the range that may be asked for."""
    return json_answer({"error": "InvalidPaginationParameter", "description": description}, 400)


def not_authenticated() -> Answer:
    """No credentials, wrong ones, or ones that have expired."""
    return json_answer({"error": "Couldn't authenticate you"}, 401, {"WWW-Authenticate": 'Basic realm="Web Password"'})


def forbidden() -> Answer:
    """Signed in, but not an agent; here `error` is an object."""
    message = "You do not have access to this page. Please contact the account owner of this help desk for further help."
    return json_answer({"error": {"title": "Forbidden", "message": message}}, 403)


def record_not_found() -> Answer:
    """A record that is not there."""
    return json_answer({"error": "RecordNotFound", "description": "Not found"}, 404)


def invalid_endpoint() -> Answer:
    """A path that is not there."""
    return json_answer({"error": "InvalidEndpoint", "description": "Not found"}, 404)


def method_not_allowed(allowed: str) -> Answer:
    """A path that is there, asked with another method; `allowed` is the Allow header."""
    return json_answer({"error": "MethodNotAllowed", "description": "Method not allowed"}, 405, {"Allow": allowed})


def rate_limited(wait_s: float) -> Answer:
    """Too many requests: plain text, with whole seconds to wait, at least 1."""
    return Answer(429, TOO_MANY_REQUESTS.encode(), TEXT_TYPE, {"Retry-After": str(max(1, math.ceil(wait_s)))})
