"""A polled floor and somebody to look at it."""

from __future__ import annotations

from tests.polled_floor import board, log_in, polled

__all__ = ["board", "log_in", "polled"]
