"""The list of boards as it is shown: each with its tiles as a small picture, where it is shown, and what is wrong on it now.

In:  Redis, the time, boards from the database. Out: rows for the template. Without Redis the rows have no numbers; the list stands.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import redis as redis_py

from dashboard.boards.board_choices import LANGUAGE_CHOICES, PROFILES
from dashboard.boards.board_saving import Showing, showing_each
from dashboard.domain.names import name_order
from dashboard.incidents.page import said
from dashboard.live.stored import load_frame
from dashboard.live.tiles import board_remarks, board_widgets
from dashboard.models import Board
from dashboard.widgets.kind import COLUMNS, ROWS
from dashboard.words.phrases import words

logger = logging.getLogger(__name__)

_LANGUAGES: Mapping[str, str] = dict(LANGUAGE_CHOICES)
_PROFILES: Mapping[str, str] = {str(value): label for value, label in PROFILES}
# The small picture's unit a half cell; a line of it between two tiles.
CELL, GAP = 10, 2


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of the small picture, in its units from the top left; `word` is its severity now, or unknown."""

    x: int
    y: int
    width: int
    height: int
    word: str


@dataclass(frozen=True, slots=True)
class Row:
    board: Board
    profile: str
    language: str
    shown: Showing
    tiles: tuple[Tile, ...]
    problems: tuple[str, ...]
    remarks: tuple[str, ...]
    incidents_count: int | None
    changed: str
    direction: str
    view: str = f"0 0 {COLUMNS * CELL} {ROWS * CELL}"


def rows(redis: redis_py.Redis, now: datetime) -> list[Row]:
    """Every board by its title. `incidents_count` None: Redis does not answer, or the board has no frame yet."""
    boards = sorted(Board.objects.all(), key=lambda each: (name_order(each.title), each.slug))
    frames, shown = _frames(redis, boards), showing_each(boards)
    return [_row(board, frames.get(board.slug, {}), shown[board.pk]) for board in boards]


def _frames(redis: redis_py.Redis, boards: Sequence[Board]) -> Mapping[str, Mapping[str, object]]:
    """By slug, as far as Redis answers: it is waited for once and not once a board, for a Redis that hangs takes seconds to give up."""
    found: dict[str, Mapping[str, object]] = {}
    try:
        for board in boards:
            stored = load_frame(redis, board.slug)
            if stored is not None:
                found[board.slug] = stored.frame
    except redis_py.RedisError as error:
        logger.warning("The list of boards lacks numbers: Redis does not answer (%s).", type(error).__name__)
    return found


def _row(board: Board, frame: Mapping[str, object], shown: Showing) -> Row:
    widgets, problems = board_widgets(board)
    parts = frame.get("widgets")
    incidents = frame.get("incidents")
    tiles = []
    for each in widgets:
        part = parts.get(each.id) if isinstance(parts, dict) else None
        word = str(part.get("severity", "plain")) if isinstance(part, dict) else "plain"
        place = each.place
        tiles.append(Tile(place.x * CELL + GAP, place.y * CELL + GAP, place.w * CELL - 2 * GAP, place.h * CELL - 2 * GAP, word))
    return Row(
        board=board,
        profile=_PROFILES.get(board.profile, board.profile),
        language=_LANGUAGES.get(board.language, board.language),
        shown=shown,
        tiles=tuple(tiles),
        problems=problems,
        remarks=board_remarks(board),
        incidents_count=len(incidents) if isinstance(incidents, list) else None,
        changed=said(board.changed_at),
        direction=words(board.language).direction,
    )
