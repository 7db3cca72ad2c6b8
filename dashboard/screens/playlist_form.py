"""The form of a playlist: a name, boards in order with their seconds, and whether a critical incident holds its board.

In:  what was typed; the rows come as lists, in their order. Out: values for `playlist_views`, or one sentence beside what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from dashboard.models import Board, Playlist
from dashboard.screens.naming import quoted
from dashboard.screens.screen_form import NameField

LEAST_S, MOST_S = 5, 3600
MOST_ITEMS = 20
USUAL_S = 30


@dataclass(slots=True)
class Line:
    """One board of the list as it was typed. `problem`: what is wrong with it, one sentence; empty: nothing."""

    board: str = ""
    seconds: str = str(USUAL_S)
    problem: str = ""


class PlaylistForm(forms.Form):
    """`lines` are the rows; the form is valid only if they are."""

    name = NameField(label="Name", what="playlist", help_text="Such as Morning.")
    preempts = forms.BooleanField(
        label="A critical incident that nobody has taken shows its board at once, and holds it", required=False, initial=True
    )

    def __init__(self, *args: Any, playlist: Playlist, lines: Sequence[Line], **options: Any) -> None:
        self.playlist = playlist
        self.lines = list(lines)
        self.boards: Mapping[str, Board] = {str(board.pk): board for board in Board.objects.order_by("title", "pk")}
        super().__init__(*args, **options)
        self.fields["name"].widget.attrs["dir"] = "auto"

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if Playlist.objects.filter(name__iexact=name).exclude(pk=self.playlist.pk).exists():
            raise ValidationError(f"There is a playlist {quoted(name)} already.")
        return name

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        self.lines = [line for line in self.lines if line.board]
        for line in self.lines:
            line.problem = self._problem(line)
        if not self.lines:
            self.add_error(None, "Choose at least one board.")
        elif len(self.lines) > MOST_ITEMS:
            self.add_error(None, f"A playlist has at most {MOST_ITEMS} boards; this one has {len(self.lines)}.")
        elif any(line.problem for line in self.lines):
            self.add_error(None, next(line.problem for line in self.lines if line.problem))
        return found

    @property
    def items(self) -> Sequence[tuple[Board, int]]:
        """Boards and seconds in order; only of a valid form."""
        return [(self.boards[line.board], int(line.seconds)) for line in self.lines]

    def _problem(self, line: Line) -> str:
        board = self.boards.get(line.board)
        if board is None:
            return "A board of this list was deleted meanwhile; choose another one."
        seconds = int(line.seconds) if line.seconds.isascii() and line.seconds.isdigit() and len(line.seconds) < 9 else None
        if seconds is None or not LEAST_S <= seconds <= MOST_S:
            return f"{quoted(board.title)} is shown for whole seconds between {LEAST_S} and {MOST_S}, not “{line.seconds[:20]}”."
        return ""


def lines_of(playlist: Playlist) -> list[Line]:
    """The rows of a playlist as it is."""
    if playlist.pk is None:
        return []
    return [Line(str(item.board_id), str(item.seconds)) for item in playlist.items.all()]


def typed_lines(data: QueryDict) -> list[Line]:
    """The rows of a request, in their order."""
    boards, seconds = data.getlist("board"), data.getlist("seconds")
    return [Line(board, wait.strip()) for board, wait in zip(boards, [*seconds, *[""] * len(boards)], strict=False)][: MOST_ITEMS + 5]


def moved(lines: list[Line], order: str) -> list[Line]:
    """The rows after a button was pressed: `add`, `up-2`, `down-0`, `remove-1`. Anything else leaves them as they are."""
    what, _, number = order.partition("-")
    if what == "add":
        return [*lines, Line()]
    at = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else -1
    if not 0 <= at < len(lines):
        return lines
    rest = [*lines[:at], *lines[at + 1 :]]
    if what == "remove":
        return rest
    to = {"up": at - 1, "down": at + 1}.get(what, at)
    to = min(max(to, 0), len(rest))
    return [*rest[:to], lines[at], *rest[to:]]
