"""The vendor's rate headers, in every spelling it has used.

In:  lower-case headers of an answer. Out: the account's limit a minute and what is left of it; the limit of the endpoint that was asked.
Must not decide what to do about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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


@dataclass(frozen=True, slots=True)
class EndpointRates:
    """A limit that counts for one endpoint alone: requests in its window, how many are left, and in how many seconds it begins anew. None:
    not said."""

    limit: int
    remaining: int | None = None
    resets_s: int | None = None


def account_rates(headers: Mapping[str, str]) -> Rates:
    """The account's limit, where a header tells it."""
    for limit_name, remaining_name in _SPELLINGS:
        limit = _whole(headers.get(limit_name, ""))
        if limit:
            return Rates(limit, _whole(headers.get(remaining_name, "")))
    return Rates()


def rates(headers: Mapping[str, str]) -> Rates:
    """The account's limit; where no header tells it, the tightest limit of the endpoint itself, if that is counted by the minute."""
    tightest = account_rates(headers)
    if tightest.limit_per_minute is not None:
        return tightest
    for own in _per_endpoint(headers):
        # A window longer than a minute (the queue's 2,500 in five) says nothing about a minute.
        if (own.resets_s or 0) <= _MINUTE_S and (tightest.limit_per_minute is None or own.limit < tightest.limit_per_minute):
            tightest = Rates(own.limit, own.remaining)
    return tightest


def endpoint_rates(headers: Mapping[str, str]) -> EndpointRates | None:
    """The endpoint's own limit, of several the one with the least left; None: it has none, or does not tell."""
    return min(_per_endpoint(headers), key=lambda own: own.limit if own.remaining is None else own.remaining, default=None)


def _per_endpoint(headers: Mapping[str, str]) -> Iterator[EndpointRates]:
    for name, value in headers.items():
        if _PER_ENDPOINT.fullmatch(name):
            parts = {key: int(digits) for key, digits in _PART.findall(value)}
            if parts.get("total"):
                yield EndpointRates(parts["total"], parts.get("remaining"), parts.get("resets"))


def _whole(text: str) -> int | None:
    found = _LEADING.match(text)
    return int(found[1]) if found else None
