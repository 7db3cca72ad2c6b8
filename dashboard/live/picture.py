"""One web process's copy of a board's frame, kept by the very messages that go to the viewers.

In:  pushed messages, stored frames. Out: the newest complete frame message, made when first asked for and then reused.
Must not do I/O: `hub` reads Redis and tells this.
"""

from __future__ import annotations

from enum import Enum
from typing import cast

from dashboard.live import patch
from dashboard.live.audience import frame_for_floor
from dashboard.live.messages import encode, frame_message
from dashboard.live.patch import Object
from dashboard.live.stored import StoredFrame


class Step(Enum):
    """What a pushed message did to the copy."""

    NEXT = "next"  # it follows what we hold: the same text goes to the viewers
    KNOWN = "known"  # we have it already, from Redis
    GAP = "gap"  # something is missing between: read Redis


class Picture:
    """`seq` None: no frame is known yet."""

    __slots__ = ("_at", "_floor_text", "_frame", "_text", "board", "seq")

    def __init__(self, board: str) -> None:
        self.board = board
        self.seq: int | None = None
        self._at = ""
        self._frame: Object = {}
        self._text: str | None = None
        self._floor_text: str | None = None

    def take(self, message: Object) -> Step:
        """A pushed frame or patch. KeyError or TypeError when it is neither."""
        seq, at = cast("int", message["seq"]), cast("str", message["at"])
        if self.seq is not None and seq <= self.seq:
            return Step.KNOWN
        if message["type"] == "frame":
            self._hold(seq, at, cast("Object", message["frame"]))
            return Step.NEXT
        if message["prev"] != self.seq:
            return Step.GAP
        self._hold(seq, at, cast("Object", patch.apply(self._frame, message["patch"])))
        return Step.NEXT

    def replace(self, stored: StoredFrame) -> None:
        """What lies in Redis, whatever we held."""
        self._hold(stored.seq, stored.at, stored.frame)

    def message(self, *, supervises: bool) -> str | None:
        """The newest complete frame message, for supervisors or for everybody else; None when no frame is known."""
        if self.seq is None:
            return None
        if not supervises and (floor := frame_for_floor(self._frame)) is not self._frame:
            if self._floor_text is None:
                self._floor_text = frame_message(self.board, self.seq, self._at, encode(floor))
            return self._floor_text
        if self._text is None:
            self._text = frame_message(self.board, self.seq, self._at, encode(self._frame))
        return self._text

    def _hold(self, seq: int, at: str, frame: Object) -> None:
        self.seq, self._at, self._frame, self._text, self._floor_text = seq, at, frame, None, None
