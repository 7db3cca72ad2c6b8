"""What Kayako says about an answer inside the answer: its envelope has a status and errors of its own, also where HTTP says 200.

In:  HTTP status, JSON, headers. Out: the SourceError, or None where all is well. Must not look at the data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from dashboard.sources.bodies import LONGEST_DETAIL
from dashboard.sources.errors import ErrorKind, SourceError, from_status, retry_after_s
from dashboard.sources.values import harmless

SESSION_NOT_FOUND = 454
# Kayako does not say how long a login stays locked; asking on would keep it locked.
LOCKED_PAUSE_S = 300.0
_MOST_ERRORS = 10
_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,60}", re.ASCII)

SENTENCES: Mapping[int, str] = {
    401: "Kayako refused the credentials (401).",
    403: "The credentials are good, but Kayako does not let them see conversations (403); an OAuth token needs the scope `conversations`.",
    404: "Kayako knows nothing at this address (404).",
    429: "Kayako's request limit is used up (429).",
}
_BY_CODE: Mapping[str, tuple[ErrorKind, str]] = {
    "AUTHENTICATION_FAILED": (ErrorKind.AUTH, "Kayako refused the credentials (AUTHENTICATION_FAILED)."),
    "OTP_EXPECTED": (
        ErrorKind.AUTH,
        "Kayako asks this login for a one-time password, which nobody here types (OTP_EXPECTED); use a login without, or an OAuth token.",
    ),
    "RATE_LIMIT_REACHED": (ErrorKind.RATE_LIMIT, "Kayako's request limit is used up (RATE_LIMIT_REACHED)."),
    "AUTHENTICATION_LOCKED": (
        ErrorKind.RATE_LIMIT,
        "Kayako has locked this login for a while after too many failed attempts (AUTHENTICATION_LOCKED).",
    ),
}


def envelope(status: int, body: object, headers: Mapping[str, str], now: datetime) -> SourceError | None:
    """The error that an answer of any HTTP status is; None: none that the envelope knows of. `now`: aware."""
    if not isinstance(body, dict):
        return None  # not Kayako's own: a proxy's, which the status alone must explain, or data that the decoder will refuse
    errors = _errors(body)
    told = body.get("status")
    said = told if isinstance(told, int) and not isinstance(told, bool) and 100 <= told <= 599 else status
    if status < 400 and said < 400 and not errors:
        return None
    effective = said if status < 400 else status
    code = next((found for each in errors if (found := _code(each))), "")
    detail = harmless("; ".join(_message(each) for each in errors), LONGEST_DETAIL)
    pause_s = retry_after_s(headers, now)
    if code in _BY_CODE:
        kind, sentence = _BY_CODE[code]
        if code == "AUTHENTICATION_LOCKED" and pause_s is None:
            pause_s = LOCKED_PAUSE_S
        return SourceError(kind, sentence, retry_after_s=pause_s, status=effective, detail=detail)
    if effective == SESSION_NOT_FOUND:
        return SourceError(ErrorKind.AUTH, "Kayako does not know this session any more (454).", status=effective, detail=detail)
    if effective < 400:
        named = f" ({code})" if code else ""
        return SourceError(ErrorKind.INVALID, f"Kayako's answer holds an error{named} where it should hold numbers.", detail=detail)
    return from_status(effective, headers, now, sentences=SENTENCES, detail=detail)


def _errors(body: Mapping[str, object]) -> list[Mapping[str, object]]:
    """`errors`, and nothing of the rest: an answer of OTP_EXPECTED holds a token beside them."""
    found = body.get("errors")
    return [each for each in found[:_MOST_ERRORS] if isinstance(each, dict)] if isinstance(found, list) else []


def _code(error: Mapping[str, object]) -> str:
    found = error.get("code")
    return found if isinstance(found, str) and _CODE.fullmatch(found) else ""


def _message(error: Mapping[str, object]) -> str:
    found = error.get("message")
    return found if isinstance(found, str) and found.strip() else _code(error)
