"""How much of the vendor one poll may take: each request is granted by the poller, and a first reading leaves half to others.

In:  the poller's permit. Out: `Pace`, which every stream asks through; what was heard of the vendor's limits on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.paging import Heard

MOST_PAGES = 20
# So many pages in a row that bring nothing new, though each promises another: such a list has no end.
MOST_IDLE = 3
# What goes wrong with what is asked beside the tickets must not hide them, such as a count that takes the vendor too long; anything else is
# the account's trouble, and the poll's.
BESIDE = frozenset({ErrorKind.FORBIDDEN, ErrorKind.NOT_FOUND, ErrorKind.INVALID, ErrorKind.TOO_LARGE, ErrorKind.SERVER, ErrorKind.TIMEOUT})


class NotYet(Exception):
    """There is more to read than one poll takes, as in a first reading of everything: so much of `what` is done, and there are no numbers
    as of now. `total_count` None: the vendor has not said how much there is."""

    def __init__(self, what: str, done_count: int, total_count: int | None, heard: Heard | None = None) -> None:
        of = "" if total_count is None else f" of about {max(total_count, done_count):,}"
        super().__init__(f"Still reading {what}: {done_count:,}{of} so far.")
        self.done_count, self.total_count, self.heard = done_count, total_count, heard


class EndlessError(SourceError):
    """The vendor's list goes on and on without anything new."""

    def __init__(self, what: str) -> None:
        super().__init__(ErrorKind.INVALID, f"The vendor's list of {what} repeats itself without an end, so it was not read any further.")


@runtime_checkable
class Sparing(Protocol):
    """A permit that knows how much of the budget is left."""

    def has_half_left(self) -> bool: ...


@dataclass(slots=True)
class Pace:
    """The requests of one poll."""

    before_request: Callable[[], None]
    pages_left: int = MOST_PAGES
    heard: Heard | None = None
    seen: dict[str, set[int]] = field(default_factory=dict)
    idle_count: int = 0

    def may_go_on(self, *, gently: bool) -> bool:
        """Whether another page may be read in this poll. `gently`: only while half of the account's budget is unused."""
        if self.pages_left <= 0:
            return False
        permit = self.before_request
        return not gently or not isinstance(permit, Sparing) or permit.has_half_left()

    def note(self, heard: Heard) -> datetime:
        """A page was read; returns when it came."""
        self.pages_left -= 1
        self.heard = heard
        return heard.at

    def expect_news(self, what: str, ids: Iterable[int]) -> None:
        """A page of `what` brought these, and promises another. EndlessError when it is one of several that brought nothing new."""
        seen = self.seen.setdefault(what, set())
        known_count = len(seen)
        seen.update(ids)
        self.idle_count = 0 if len(seen) > known_count else self.idle_count + 1
        if self.idle_count >= MOST_IDLE:
            raise EndlessError(what)
