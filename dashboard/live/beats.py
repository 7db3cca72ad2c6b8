"""What every socket is told though nothing was published: that we are here, which number is the newest, and which of our parts is gone.

In:  the seats, the pictures, signs of life. Out: beats on the outlets, at once when the cause changes. When else to beat the hub decides.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

from dashboard.live.messages import beat_message, stamp
from dashboard.live.pictures import Pictures
from dashboard.live.seats import Seats
from dashboard.live.signs import Cause, SignsOfLife


class Beats:
    """`rooms`: the seats of all kinds of sockets. `pictures`: what the boards that are watched here show."""

    def __init__(self, rooms: tuple[Seats, ...], pictures: Pictures) -> None:
        self._rooms = rooms
        self._pictures = pictures
        self._signs = SignsOfLife()
        self._told: Cause | None = None

    def redis_failed(self) -> None:
        self._signs.redis_failed()
        self._tell_a_change()

    def seen(self, signs: dict[str, float | None], *, unix_s: float) -> None:
        """Redis answered: the Unix times that the other parts left, None where there is no sign."""
        self._signs.seen(signs, steady_s=time.monotonic(), unix_s=unix_s)
        self._tell_a_change()

    def cause(self) -> Cause | None:
        """Which of our own parts is gone now; None: none of them."""
        return self._signs.cause(steady_s=time.monotonic())

    def beat(self) -> None:
        """To everybody."""
        self._told = self.cause()
        for board in {board for seats in self._rooms for board in seats.boards()}:
            text = self.text(board)
            for seats in self._rooms:
                for seat in seats.of_board(board):
                    seat.outlet.beat(text)

    def text(self, board: str) -> str:
        """The beat message for the sockets of a board; "" are the screens' own."""
        picture = self._pictures.get(board)
        return beat_message(picture.seq or 0 if picture else 0, stamp(datetime.now(UTC)), self.cause())

    def _tell_a_change(self) -> None:
        if self.cause() != self._told:
            self.beat()
