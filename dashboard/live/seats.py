"""Who watches what in this web process: one seat per socket.

In:  sockets that come and go. Out: the seats of a board, of a viewer, all of them. Holds nothing that Redis should hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.live.outlet import Outlet

DEFAULT_CAPACITY = 10_000


@dataclass(slots=True, eq=False)
class Seat:
    """One socket. `viewer` is `screen:7`, `person:1` or `token:3`; `scope` its handshake, for asking again who it is.

    `ready`: it said hello, so it gets what is pushed. `painted_at_s` is the monotonic time of its last recorded `painted`.
    `supervises`: it is sent what is for supervisors alone. `version`: the release that its hello named.
    `abort` ends the connection's own task, for a socket that takes not even a close frame.
    A seat at the socket of screens has no board; `told` is the assignment that it was told last.
    """

    board: str
    viewer: str
    scope: Mapping[str, Any]
    outlet: Outlet
    abort: Callable[[], None]
    supervises: bool = False
    ready: bool = False
    painted_at_s: float = float("-inf")
    version: str | None = None
    told: str | None = None

    @property
    def screen_id(self) -> int | None:
        """None for everybody who is no screen."""
        kind, _, number = self.viewer.partition(":")
        return int(number) if kind == "screen" else None


class Seats:
    """At most `capacity` seats."""

    def __init__(self, capacity: int = DEFAULT_CAPACITY) -> None:
        self.capacity = capacity
        self._by_board: dict[str, set[Seat]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Seat]:
        """A copy: seats may leave while somebody walks through them."""
        return iter([seat for seats in self._by_board.values() for seat in seats])

    def __contains__(self, seat: Seat) -> bool:
        return seat in self._by_board.get(seat.board, ())

    def take(self, seat: Seat) -> bool:
        """False when all seats are taken."""
        if self._count >= self.capacity:
            return False
        self._by_board.setdefault(seat.board, set()).add(seat)
        self._count += 1
        return True

    def leave(self, seat: Seat) -> None:
        """Leaving twice is no error."""
        seats = self._by_board.get(seat.board)
        if seats is None or seat not in seats:
            return
        seats.discard(seat)
        self._count -= 1
        if not seats:
            del self._by_board[seat.board]

    def boards(self) -> list[str]:
        """The boards that somebody watches here."""
        return sorted(self._by_board)

    def of_board(self, board: str) -> list[Seat]:
        """Those who get what is pushed for a board."""
        return [seat for seat in self._by_board.get(board, ()) if seat.ready]
