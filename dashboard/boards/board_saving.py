"""Changes boards: each change is one transaction and counts the revision up; screens have it as soon as it is certain.

In:  a board with new values, the revision they were made upon, who made them. Out: rows; frames composed anew.
Must not check what was typed: forms and `widgets.layout` have done that.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import redis as redis_py
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from dashboard.boards.board_form import LONGEST_TITLE, free_slug
from dashboard.boards.images import drop_unused
from dashboard.live.publish import PublishError, publish_boards, say_gone
from dashboard.models import Board, PlaylistItem, Screen
from dashboard.polling.budget import BudgetError
from dashboard.store import keys
from dashboard.store.connection import client

logger = logging.getLogger(__name__)

TRIES = 5
LAST_BOARD = "This is the last board. Make another one first: an installation without a board would have nothing to show."


class ChangedMeanwhileError(Exception):
    """Somebody else saved (`board` is how it is now) or deleted (None) the board since it was opened."""

    def __init__(self, board: Board | None) -> None:
        self.board = board
        who = (board.changed_by if board else "") or "Somebody"
        super().__init__(f"{who} has {'changed' if board else 'deleted'} this board since you opened it.")


class LastBoardError(Exception):
    """There must be a board."""


@dataclass(frozen=True, slots=True)
class Showing:
    """Which screens show a board, by itself or in a playlist, and which playlists have it; names, sorted."""

    screens: tuple[str, ...]
    playlists: tuple[str, ...]


def showing(board: Board) -> Showing:
    """Revoked screens do not count."""
    return showing_each([board])[board.pk]


def showing_each(boards: Sequence[Board]) -> Mapping[int, Showing]:
    """The same of each of these boards, by its id, in two queries."""
    lists: dict[int, dict[int, str]] = {board.pk: {} for board in boards}
    of_boards = PlaylistItem.objects.filter(board__in=boards)
    for board_id, playlist_id, name in of_boards.values_list("board_id", "playlist_id", "playlist__name"):
        lists[board_id][playlist_id] = name
    screens: dict[int, set[tuple[str, int]]] = {board.pk: set() for board in boards}
    shown = Screen.objects.filter(Q(playlist=None, board__in=boards) | Q(playlist__items__board__in=boards), revoked_at=None)
    for name, pk, playlist_id, board_id in shown.values_list("name", "pk", "playlist_id", "board_id"):
        for each, playlists in lists.items():
            if playlist_id in playlists or (playlist_id is None and board_id == each):
                screens[each].add((name, pk))
    return {
        board.pk: Showing(tuple(name for name, _ in sorted(screens[board.pk])), tuple(sorted(lists[board.pk].values()))) for board in boards
    }


def create(board: Board, *, by: str) -> Board:
    """A new row. Its slug must be free; IntegrityError when another was faster."""
    board.changed_by, board.revision = by[:254], 1
    with transaction.atomic():
        board.save(force_insert=True)
        transaction.on_commit(functools.partial(show, [board.slug]))
    logger.info("Board %s was made by %s.", board.slug, by)
    return board


def save(board: Board, fields: Mapping[str, Any], *, revision: int | None, by: str) -> Board:
    """Sets these fields if the board still has `revision` (None: any). ChangedMeanwhileError otherwise: nothing changes then."""
    with transaction.atomic():
        held = Board.objects.select_for_update().filter(pk=board.pk).first()
        if held is None or (revision is not None and held.revision != revision):
            raise ChangedMeanwhileError(held)
        old_slug = held.slug
        for name, value in fields.items():
            setattr(held, name, value)
        held.revision, held.changed_by = held.revision + 1, by[:254]
        held.save()
        if old_slug != held.slug:
            transaction.on_commit(functools.partial(forget, old_slug))
        transaction.on_commit(functools.partial(show, [held.slug]))
    if "widgets" in fields:
        drop_unused(timezone.now())
    return held


def copy(board: Board, *, by: str) -> Board:
    """A board like this one, with a name and an address of its own, on no screen."""
    title = f"{board.title[: LONGEST_TITLE - 5]} copy"
    values = {field.name: getattr(board, field.name) for field in Board._meta.concrete_fields if not field.primary_key}
    return create_anew(Board(**values | {"title": title}), title, by=by)


def create_anew(board: Board, wish: str, *, by: str) -> Board:
    """A new row with an address like `wish` that is free; the next one when another process took it in the same moment."""
    for _ in range(TRIES):
        board.slug = free_slug(wish)
        try:
            return create(board, by=by)
        except IntegrityError:
            continue
    return create(board, by=by)


def delete(board: Board, *, by: str) -> Showing:
    """The board is gone, from its playlists too; screens that showed it alone keep their pairing and wait for another.
    LastBoardError for the last one. Returns where it was shown."""
    with transaction.atomic():
        others = [each.pk for each in Board.objects.select_for_update().order_by("pk") if each.pk != board.pk]
        if not others:
            raise LastBoardError(LAST_BOARD)
        shown = showing(board)
        slug = board.slug
        board.delete()
        transaction.on_commit(functools.partial(forget, slug))
    drop_unused(timezone.now())
    logger.info("Board %s was deleted by %s.", slug, by)
    return shown


def show(slugs: Sequence[str], now: datetime | None = None) -> None:
    """Brings the frames of these boards up to date at once. Without Redis the tick does it as soon as it can: nothing is lost."""
    try:
        publish_boards(client(), now or timezone.now(), slugs)
    except (redis_py.RedisError, BudgetError, PublishError) as error:
        logger.warning("Boards %s are saved; screens get them later (%s).", ", ".join(slugs), type(error).__name__)


def forget(slug: str) -> None:
    """Takes away the frame of a slug that no board has any more: another board of that name must not begin with it. Whoever looks at the
    board is told that it is gone."""
    try:
        client().delete(keys.frame(slug))
        say_gone(client(), slug)
    except redis_py.RedisError as error:
        logger.warning("The frame of %s, which is gone, is kept for now (%s).", slug, type(error).__name__)
