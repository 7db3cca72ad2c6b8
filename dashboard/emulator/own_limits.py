"""The limits that single endpoints of the vendor's have beside the account's own.

In:  an endpoint, who asks, for which ticket, which page; the steady clock. Out: granted, or seconds to wait; the headers that tell of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.emulator.limits import MINUTE_S, Spelling, Window

DEEP_FROM_PAGE = 101


@dataclass(frozen=True, slots=True)
class Own:
    """One limit. `of` is what it is counted for: everybody, each caller, or each ticket by each caller."""

    header: str
    limit: int
    of: str = "account"


# 400 deletions a minute, 10 and 5 lists of the trash are documented; the others are as headers of live accounts have told them. A change
# of a ticket is limited for each ticket and caller: 20 a minute for a whole account would let nobody work.
OWN: Mapping[str, tuple[Own, ...]] = {
    "tickets": (Own("tickets-index", 100),),
    "ticket_create": (Own("ticket-request-create-by-user-and-ip", 300, "caller"),),
    "ticket_update": (Own("tickets-update", 20, "ticket"),),
    "ticket_delete": (Own("tickets-destroy", 400),),
    "deleted_tickets": (Own("deleted-tickets-index", 10),),
    "deleted_ticket_destroy": (Own("deleted-tickets-destroy", 1000),),
}
DEEP_TRASH = Own("deleted-tickets-index-deep-pagination", 5)
_MOST_WINDOWS = 2_000


class OwnLimits:
    """The windows of these limits. `factor` multiplies all of them: for measurements that cannot wait."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, int, int], Window] = {}
        self.factor = 1

    def windows(self, endpoint: str, caller_id: int, ticket_id: int, page: int) -> list[tuple[Own, Window]]:
        """Those that a request falls in. `page`: of the numbered form, from 1."""
        owns: Sequence[Own] = OWN.get(endpoint, ())
        if endpoint == "deleted_tickets" and page >= DEEP_FROM_PAGE:
            owns = (*owns, DEEP_TRASH)
        return [(own, self._window(own, caller_id, ticket_id)) for own in owns]

    def _window(self, own: Own, caller_id: int, ticket_id: int) -> Window:
        key = (own.header, 0 if own.of == "account" else caller_id, ticket_id if own.of == "ticket" else 0)
        if len(self._windows) > _MOST_WINDOWS:
            # Whoever comes again after so many others begins with a fresh window: a bound on memory, not a rule of the vendor's.
            del self._windows[next(iter(self._windows))]
        window = self._windows.setdefault(key, Window(own.limit, MINUTE_S))
        window.limit = own.limit * self.factor
        return window

    @property
    def count(self) -> int:
        """How many windows are kept."""
        return len(self._windows)

    @staticmethod
    def wait_s(windows: Sequence[tuple[Own, Window]], now_s: float) -> float:
        """0.0: none of them is full. Otherwise seconds until all have room. Nothing is taken."""
        return max((window.take(now_s) for _, window in windows if window.remaining(now_s) == 0), default=0.0)

    @staticmethod
    def take(windows: Sequence[tuple[Own, Window]], now_s: float) -> None:
        """A request that is granted counts in all of them."""
        for _, window in windows:
            window.take(now_s)

    @staticmethod
    def headers(windows: Sequence[tuple[Own, Window]], spelling: Spelling, now_s: float) -> dict[str, str]:
        """As the vendor tells of them in an answer, in the spelling of the account."""
        if spelling not in {"2024", "2023"}:
            return {}
        prefix = "zendesk-ratelimit" if spelling == "2024" else "zendesk-rate-limit"
        return {
            f"{prefix}-{own.header}": f"total={window.limit}; remaining={window.remaining(now_s)}; resets={window.resets_s(now_s)}"
            for own, window in windows
        }

    def clear(self) -> None:
        """Forget all requests; the limits stay."""
        self._windows.clear()
