"""What a screen shows: the boards of its playlist in turn, or its one board, or nothing for now.

In:  a screen. Out: its assignment, as plain values. Must not decide who may be let in.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.models import Screen


@dataclass(frozen=True, slots=True)
class Item:
    """One board for `seconds` (at least 5); with one item alone they mean nothing."""

    slug: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """`preempts`: a critical incident that nobody has taken holds its board. No items: the screen waits for somebody to give it a board."""

    items: tuple[Item, ...]
    preempts: bool = True


def assignment_of(screen: Screen) -> Assignment:
    """The playlist wins over the board; an empty playlist is as good as none."""
    if screen.playlist is not None:
        items = tuple(Item(item.board.slug, max(5, item.seconds)) for item in screen.playlist.items.select_related("board"))
        if items:
            return Assignment(items, screen.playlist.preempts)
    return Assignment((Item(screen.board.slug, 30),) if screen.board is not None else ())
