"""A board's current frame as JSON, for programs, and for a page's first picture.

In:  Redis. Out: `{"seq", "at", "frame"}`. Looking at a board marks it watched, so that its feeds are asked at full speed.
"""

from __future__ import annotations

import logging
from datetime import datetime

import redis as redis_py
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from dashboard.accounts.access import Viewer
from dashboard.api.answers import ApiError, answer
from dashboard.api.guard import Allowed, api
from dashboard.live.audience import frame_for_floor
from dashboard.live.messages import encode
from dashboard.live.publish import PublishError, publish_boards
from dashboard.live.stored import StoredFrame, load_frame
from dashboard.models import Board
from dashboard.store import keys
from dashboard.store.connection import client

logger = logging.getLogger(__name__)


def current_frame(redis: redis_py.Redis, board: Board, now: datetime) -> StoredFrame | None:
    """The board's frame as of `now`; None when the board is gone. redis.RedisError or BudgetError when Redis does not answer.

    It is brought up to date first: where no worker runs any more, the stored frame would go on calling its numbers live.
    """
    redis.zadd(keys.WATCH, {board.slug: now.timestamp()})
    try:
        publish_boards(redis, now, [board.slug])
    except PublishError as error:  # others were always first, so what lies there is of just now
        logger.warning("%s", error)
    return load_frame(redis, board.slug)


def board_of(viewer: Viewer, slug: str) -> Board:
    """The board, if this viewer may see it. ApiError 403 or 404."""
    if not viewer.may_see(slug):
        raise ApiError(403, "forbidden", "This screen may show its own board only.")
    board = Board.objects.filter(slug=slug).first()
    if board is None:
        raise ApiError(404, "not_found", f"There is no board {slug!r}.")
    return board


@api(Allowed.EVERYBODY_KNOWN)
def frame(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    stored = current_frame(client(), board_of(viewer, slug), timezone.now())
    if stored is None:
        raise ApiError(503, "no_frame", "This board has no picture yet; try again in a moment.")
    text = stored.text if viewer.may_supervise else encode(frame_for_floor(stored.frame))
    return answer(f'{{"seq":{stored.seq},"at":"{stored.at}","frame":{text}}}')
