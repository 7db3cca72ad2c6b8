"""The vendor's rate headers, in every spelling it has used.

In:  lower-case headers of an answer. Out: the account's limit a minute and what is left of it. Must not decide what to do about it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

# Newest first. All three are the account's own limit, counted per minute.
_SPELLINGS = (
    ("ratelimit-limit", "ratelimit-remaining"),
    ("x-rate-limit", "x-rate-limit-remaining"),
    ("rate-limit", "rate-limit-remaining"),
)
_PER_ENDPOINT = re.compile(r"zendesk-rate-?limit-[a-z0-9_.-]+")
_PART = re.compile(r"(total|remaining|resets)\s*=\s*(\d{1,9})\b")
_LEADING = re.compile(r"\s*(\d{1,9})\b")
_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Rates:
    """Requests a minute that the vendor grants, and how many are left of this minute. None: it did not say."""

    limit_per_minute: int | None = None
    remaining: int | None = None


def rates(headers: Mapping[str, str]) -> Rates:
    """The account's limit; where no header tells it, the tightest limit of the endpoint itself, if that is counted by the minute."""
    for limit_name, remaining_name in _SPELLINGS:
        limit = _whole(headers.get(limit_name, ""))
        if limit:
            return Rates(limit, _whole(headers.get(remaining_name, "")))
    tightest = Rates()
    for name, value in headers.items():
        if not _PER_ENDPOINT.fullmatch(name):
            continue
        parts = {key: int(digits) for key, digits in _PART.findall(value)}
        total = parts.get("total", 0)
        # A window longer than a minute (the queue's 2,500 in five) says nothing about a minute.
        if total and parts.get("resets", 0) <= _MINUTE_S and (tightest.limit_per_minute is None or total < tightest.limit_per_minute):
            tightest = Rates(total, parts.get("remaining"))
    return tightest


def _whole(text: str) -> int | None:
    found = _LEADING.match(text)
    return int(found[1]) if found else None
