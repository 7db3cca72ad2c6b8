"""A board's first picture, for the page to be drawn before any socket.

In:  a board. Out: `{"seq", "at", "frame"}`, or None when Redis is gone: the page then opens as not live and asks on its own.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

import redis as redis_py
from django.utils import timezone

from dashboard.api.frame import current_frame
from dashboard.live.audience import frame_for_floor
from dashboard.models import Board
from dashboard.polling.budget import BudgetError
from dashboard.store.connection import client

logger = logging.getLogger(__name__)


def opening(board: Board, *, supervises: bool = False) -> Mapping[str, object] | None:
    """The board's picture as of now; with `supervises`, also what no wall is sent."""
    try:
        stored = current_frame(client(), board, timezone.now())
    except (redis_py.RedisError, BudgetError) as error:
        logger.warning("The page of board %s opens without numbers: Redis does not answer (%s).", board.slug, type(error).__name__)
        return None
    return (
        None
        if stored is None
        else {"seq": stored.seq, "at": stored.at, "frame": stored.frame if supervises else frame_for_floor(stored.frame)}
    )
