"""What a screen shows: the boards of its playlist in turn, or its one board, or nothing for now.

In:  a screen. Out: its assignment, as plain values. Must not decide who may be let in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from dashboard.models import PlaylistItem, Screen


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
        items = tuple(Item(item.board.slug, max(5, item.seconds)) for item in screen.playlist.items.all())
        if items:
            return Assignment(items, screen.playlist.preempts)
    return Assignment((Item(screen.board.slug, 30),) if screen.board is not None else ())


def assignments_of(screen_ids: Collection[int]) -> Mapping[int, tuple[str, Assignment]]:
    """Name and assignment of each of these screens that may show anything: neither deleted nor revoked."""
    return {screen.pk: (screen.name, assignment_of(screen)) for screen in with_boards().filter(pk__in=screen_ids)}


def with_boards() -> QuerySet[Screen]:
    """The screens in use, with all that `assignment_of` reads, in three queries."""
    items = Prefetch("playlist__items", PlaylistItem.objects.select_related("board"))
    return Screen.objects.filter(revoked_at=None).select_related("board", "playlist").prefetch_related(items)
