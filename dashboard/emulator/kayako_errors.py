"""Kayako's envelope, and its refusals word for word.

In:  data, or what went wrong. Out: `Answer`s. Must not send anything.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping

from dashboard.emulator.answers import Answer, json_answer

VERSION = {"X-API-Version": "1"}
_WORDS: Mapping[str, tuple[int, str]] = {
    "APP_NOT_FOUND": (400, "No app was found for this address"),
    "FIELD_INVALID": (400, "The value of the argument is invalid"),
    "AUTHENTICATION_FAILED": (401, "Used authentication credentials are invalid or signature verification failed"),
    "OTP_EXPECTED": (403, "To continue a one-time password is expected"),
    "PERMISSIONS_DENIED": (403, "The credentials do not cover this action"),
    "RESOURCE_NOT_FOUND": (404, "Resource does not exist or has been removed"),
    "METHOD_NOT_SUPPORTED": (405, "The method is not supported by this resource"),
    "RATE_LIMIT_REACHED": (429, "The rate limit for this action was reached"),
    "AUTHENTICATION_LOCKED": (429, "Too many failed attempts: signing in is locked for a while"),
    "SESSION_NOT_FOUND": (454, "Session does not exist or has expired"),
    "INTERNAL_ERROR": (500, "Something went wrong on our side"),
}

# Of what kind a refusal is that is only known by its status, such as a fault.
STATUSES: Mapping[str, str] = {
    "401": "AUTHENTICATION_FAILED",
    "403": "PERMISSIONS_DENIED",
    "404": "RESOURCE_NOT_FOUND",
    "429": "RATE_LIMIT_REACHED",
    "500": "INTERNAL_ERROR",
}


def kayako_error(code: str, *, parameter: str = "", wait_s: float | None = None, more: Mapping[str, object] | None = None) -> Answer:
    """The refusal of this code; `wait_s` becomes Retry-After, whole seconds from 1 on; `more` stands beside the errors. KeyError for a code
    that is not there."""
    status, message = _WORDS[code]
    error = {"code": code, "message": message, "more_info": f"https://kayako.example/api/v1/reference/errors/{code}"}
    body: dict[str, object] = {"status": status, "errors": [error | ({"parameter": parameter} if parameter else {})], **(more or {})}
    return json_answer(body, status, VERSION | ({} if wait_s is None else {"Retry-After": str(max(1, math.ceil(wait_s)))}))


def of_status(status: int, wait_s: float) -> Answer:
    """The refusal of an HTTP status of STATUSES, for faults. `wait_s` 0: without Retry-After."""
    return kayako_error(STATUSES[str(status)], wait_s=wait_s if status == 429 and wait_s > 0 else None)


def inside_200(answer: Answer) -> Answer:
    """A refusal as it comes through a proxy that makes everything a 200."""
    return Answer(200, answer.body, answer.content_type, answer.headers) if answer.status >= 400 else answer


def enveloped(data: object, kind: str, session_id: str | None, if_none_match: str | None, **more: object) -> Answer:
    """A good answer, with its ETag; 304 without a body when the client has just that. A session's id comes with the answer that opened
    it."""
    body = {"status": 200, "data": data, "resource": kind, **more}
    tag = f'"{hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:32]}"'
    headers = VERSION | {"ETag": tag}
    if if_none_match == tag and session_id is None:
        return Answer(304, b"", headers=headers)
    return json_answer(body | ({} if session_id is None else {"session_id": session_id}), headers=headers)
