"""What a screen can be given: a board or a playlist, as one choice of a form.

In:  boards and playlists of the database. Out: choices, and what was chosen.
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.models import Board, Playlist, Screen

NOTHING = ""


def choices() -> Sequence[tuple[str, object]]:
    """For a select: nothing, then boards and playlists in groups, by name."""
    boards = [(f"board:{board.pk}", board.title) for board in Board.objects.order_by("title", "pk")]
    playlists = [(f"playlist:{playlist.pk}", playlist.name) for playlist in Playlist.objects.order_by("name", "pk")]
    groups: list[tuple[str, object]] = [(NOTHING, "nothing yet"), ("Boards", boards)]
    return [*groups, ("Playlists", playlists)] if playlists else groups


def value_of(screen: Screen) -> str:
    """The choice that a screen has now."""
    if screen.playlist_id is not None:
        return f"playlist:{screen.playlist_id}"
    return NOTHING if screen.board_id is None else f"board:{screen.board_id}"


def give(screen: Screen, value: str) -> bool:
    """Sets what was chosen, unsaved. False: it was deleted meanwhile, or is none of the choices."""
    kind, _, number = value.partition(":")
    pk = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    if value == NOTHING:
        screen.board, screen.playlist = None, None
        return True
    if kind == "board" and (board := Board.objects.filter(pk=pk).first()) is not None:
        screen.board, screen.playlist = board, None
        return True
    if kind == "playlist" and (playlist := Playlist.objects.filter(pk=pk).first()) is not None:
        screen.board, screen.playlist = None, playlist
        return True
    return False


def in_words(screen: Screen) -> str:
    """The board's title or the playlist's name; "nothing yet" for neither."""
    if screen.playlist is not None:
        return screen.playlist.name
    return screen.board.title if screen.board is not None else "nothing yet"
