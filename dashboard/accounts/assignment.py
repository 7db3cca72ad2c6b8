"""What a screen shows: the boards of its playlist in turn, or its one board, or nothing for now.

In:  a screen. Out: its assignment, as plain values. Must not decide who may be let in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
    """Of a screen that was read with its boards (`with_boards`)."""
    playlist = screen.playlist
    items = [] if playlist is None else [Item(item.board.slug, max(5, item.seconds)) for item in playlist.items.all()]
    return _assignment(items, None if screen.board is None else screen.board.slug, preempts=playlist is None or playlist.preempts)


def assignments_of(screen_ids: Collection[int]) -> Mapping[int, tuple[str, Assignment]]:
    """Name and assignment of each of these screens that may show anything: neither deleted nor revoked.

    Read in one statement. In several, a board that is deleted in between leaves a playlist without items beside a screen with its
    old board, and the TV would be told to show that.
    """
    names: dict[int, str] = {}
    boards: dict[int, str | None] = {}
    preempts: dict[int, bool] = {}
    items: dict[int, list[Item]] = {}
    rows = Screen.objects.filter(revoked_at=None, pk__in=screen_ids).order_by("pk", "playlist__items__position", "playlist__items__pk")
    for pk, name, board, holds, slug, seconds in rows.values_list(
        "pk", "name", "board__slug", "playlist__preempts", "playlist__items__board__slug", "playlist__items__seconds"
    ):
        names[pk], boards[pk], preempts[pk] = name, board, holds is not False
        if slug is not None:
            items.setdefault(pk, []).append(Item(slug, max(5, seconds)))
    return {pk: (name, _assignment(items.get(pk, ()), boards[pk], preempts=preempts[pk])) for pk, name in names.items()}


def _assignment(items: Sequence[Item], board: str | None, *, preempts: bool) -> Assignment:
    """The playlist wins over the board; an empty playlist is as good as none."""
    if items:
        return Assignment(tuple(items), preempts)
    return Assignment((Item(board, 30),) if board is not None else ())


def with_boards() -> QuerySet[Screen]:
    """The screens in use, with all that `assignment_of` reads, in three queries."""
    items = Prefetch("playlist__items", PlaylistItem.objects.select_related("board"))
    return Screen.objects.filter(revoked_at=None).select_related("board", "playlist").prefetch_related(items)
