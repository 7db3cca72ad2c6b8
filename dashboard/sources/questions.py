"""What a request is before it is signed and sent: the question, its limits, and how its refusal is to be told.

In:  what a source wants. Out: values that http.py sends. Must not send, nor know credentials.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from dashboard.sources.errors import SourceError

# What a vendor says in the body of an answer, whatever its status: (status, JSON, lower-case headers, now). None: nothing is wrong.
Envelope = Callable[[int, object, Mapping[str, str], datetime], SourceError | None]

# What a change is answered with when it was made, or begun.
CHANGED = frozenset({200, 201, 204})


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much. `total_s` bounds one request from looking up the name to the last byte; `body_bytes` the unpacked body."""

    connect_s: float = 3.0
    read_s: float = 5.0
    total_s: float = 10.0
    body_bytes: int = 5_000_000


@dataclass(frozen=True, slots=True)
class Manner:
    """How one kind of question is asked: its own limits (None: the client's), its own words for some statuses, and whether the vendor's
    sentence is read from the body of a refusal (`SourceError.detail`).

    `has_own_limit`: the vendor's documents give this kind of question a limit beside the account's, so a 429 that tells nothing is of that.
    `envelope`: for a vendor whose body says more than the status, or something else: asked of good answers and of refusals."""

    limits: Limits | None = None
    sentences: Mapping[int, str] = field(default_factory=dict)
    reads_detail: bool = False
    envelope: Envelope | None = None
    has_own_limit: bool = False


class Form(dict[str, object]):
    """The body of a change, whose values no repr shows: not even a traceback with local variables tells what somebody wrote."""

    def __repr__(self) -> str:
        return f"Form({', '.join(self)})"


@dataclass(frozen=True, slots=True)
class Question:
    """One request before it is signed. `body` is JSON, in no repr: it may be what somebody wrote to a customer. `asks_only`: a POST that
    may be repeated, since it changes nothing of the account's."""

    method: str
    url: httpx.URL
    params: Mapping[str, str] | None
    manner: Manner
    body: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] | None = None
    asks_only: bool = False

    @property
    def changes(self) -> bool:
        return self.method != "GET" and not self.asks_only
