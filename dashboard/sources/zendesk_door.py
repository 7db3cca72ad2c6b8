"""How everything about tickets is asked of one account: limits, words for refusals, what becomes of an answer that cannot be read.

In:  a path below /api/v2/, a query, a body. Out: the answer or one SourceError. Must not know an endpoint, keep anything, or log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypedDict, TypeVar, Unpack

from dashboard.sources import values
from dashboard.sources.errors import SourceError
from dashboard.sources.http import Answer, VendorClient
from dashboard.sources.questions import Limits, Manner

API = "/api/v2/"
# A hundred tickets with long descriptions are larger and slower than a day's numbers.
TICKETS = Manner(
    limits=Limits(read_s=10.0, total_s=20.0, body_bytes=16_000_000),
    sentences={
        403: "The credentials are good, but may not see this (403).",
        404: "The vendor knows nothing of this number (404); it may have been deleted.",
    },
    reads_detail=True,
)
_CHANGES = Manner(limits=TICKETS.limits, reads_detail=True)
_LIMITED_CHANGES = replace(_CHANGES, has_own_limit=True)

T = TypeVar("T")


class Asking(TypedDict, total=False):
    """What every method takes besides its own: `before_request` is called before each HTTP request and may wait, or raise to prevent it;
    `deadline` (time.monotonic()) ends everything, None: only the time per request counts."""

    before_request: Callable[[], None]
    deadline: float | None


class ZendeskDoor:
    """One account's door to tickets. Thread-safe, since the client is."""

    def __init__(self, client: VendorClient, *, manner: Manner = TICKETS) -> None:
        self._client = client
        self._manner = manner

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._client!r})"

    def _get(self, path: str, params: Mapping[str, str] | None = None, *, has_own_limit: bool = False, **asking: Unpack[Asking]) -> Answer:
        manner = replace(self._manner, has_own_limit=True) if has_own_limit else self._manner
        return self._client.get_json(API + path, params, manner=manner, **asking)

    def _ask(self, path: str, body: Mapping[str, object], **asking: Unpack[Asking]) -> Answer:
        """A question that the vendor takes by POST alone."""
        return self._client.send_json("POST", API + path, body, manner=self._manner, asks_only=True, **asking)

    def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        has_own_limit: bool = False,
        **asking: Unpack[Asking],
    ) -> Answer:
        manner = _LIMITED_CHANGES if has_own_limit else _CHANGES
        return self._client.send_json(method, API + path, body, params=params, headers=headers, manner=manner, **asking)


def member(answer: Answer, name: str) -> object:
    """The member of that name; None: the answer is an object without it. SourceError: it is no object."""
    return values.mapping(answer.json, "the answer").get(name)


def done(answer: Answer, read: Callable[[Answer], T]) -> T:
    """What a change was answered with. An answer that cannot be read leaves unsure what was done, not whether something was."""
    try:
        return read(answer)
    except SourceError as error:
        error.is_unsure = True
        raise
