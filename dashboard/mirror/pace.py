"""How much of the vendor one poll may take: each request is granted by the poller, and a first reading leaves half to others.

In:  the poller's permit. Out: `Pace`, which every stream asks through; what was heard of the vendor's limits on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from dashboard.sources.paging import Heard

MOST_PAGES = 20


class NotYet(Exception):
    """There is more to read than one poll takes, as in a first reading of everything: so much of `what` is done, and there are no numbers
    as of now. `total_count` None: the vendor has not said how much there is."""

    def __init__(self, what: str, done_count: int, total_count: int | None, heard: Heard | None = None) -> None:
        of = "" if total_count is None else f" of about {max(total_count, done_count):,}"
        super().__init__(f"Still reading {what}: {done_count:,}{of} so far.")
        self.done_count, self.total_count, self.heard = done_count, total_count, heard


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
