"""Composes the frame of each board once per change, and hands one ready text to every web process.

In:  Redis, the time, boards, which without the database are those known last. Out: stored frames; a message per change on the push channel.
Many workers may call this at once: a frame replaces only the very frame that it was composed upon, and a patch is always the
difference to the frame whose number it names. Who was overtaken composes again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from datetime import datetime

import redis as redis_py

from dashboard.domain.feeds import Feed
from dashboard.live import gather, patch
from dashboard.live.frames import compose
from dashboard.live.messages import EVERYBODY, RELOAD, bye_message, encode, frame_message, patch_message, pushed, stamp
from dashboard.live.patch import Object
from dashboard.live.stored import StoredFrame, hold_frame, mark_drawn, swap_frame
from dashboard.models import Board
from dashboard.polling.boards import boards_now
from dashboard.polling.feeds import Plan
from dashboard.polling.rounds import plans_now
from dashboard.store import keys

logger = logging.getLogger(__name__)

# Each lost race means that another worker published meanwhile, so nobody starves for long; the bound only stops a fault from looping.
ATTEMPTS = 100


class PublishError(Exception):
    """A frame could not be stored though Redis answers: something else keeps writing it."""


def publish_boards(redis: redis_py.Redis, now: datetime, slugs: Iterable[str] | None = None) -> int:
    """Brings the frames of these boards (None: of all) up to date as of `now` (aware). Returns how many changed.

    A slug without a board is passed over. redis.RedisError or BudgetError when Redis does not answer; PublishError after ATTEMPTS
    lost races.
    """
    boards = boards_now(redis)
    plans = plans_now(redis, boards, now)
    wanted = None if slugs is None else set(slugs)
    chosen = [board for board in boards if wanted is None or board.slug in wanted]
    # The numbers of all boards go out before charts are drawn: a chart may come a moment later, they may not.
    published = [_advance(redis, board, plans, now, charts=None) for board in chosen]
    return sum(_draw(redis, board, plans, stored, now) or changed for board, (changed, stored) in zip(chosen, published, strict=True))


def say_reload(redis: redis_py.Redis) -> None:
    """Every page of every web process loads itself anew."""
    redis.publish(keys.PUSH, pushed(EVERYBODY, RELOAD))


def say_bye(redis: redis_py.Redis, viewer: str, reason: str = "revoked") -> None:
    """Ends the sockets of a viewer (`screen:7`, `person:1`, `token:3`), in every web process, now."""
    redis.publish(keys.PUSH, pushed(viewer, bye_message(reason)))


def say_gone(redis: redis_py.Redis, slug: str) -> None:
    """Ends every socket of a board that was deleted: its viewers read at once that it is gone. redis.RedisError."""
    redis.publish(keys.PUSH, pushed(slug, bye_message("gone")))


def _draw(redis: redis_py.Redis, board: Board, plans: Mapping[Feed, Plan], stored: StoredFrame, now: datetime) -> bool:
    """Draws the charts that are due; whether the board's frame changed by that."""
    if not gather.charts_due(stored, gather.wished_charts(board), now):
        return False
    return _advance(redis, board, plans, now, charts=gather.drawn_charts(redis, board, now))[0]


def _advance(
    redis: redis_py.Redis, board: Board, plans: Mapping[Feed, Plan], now: datetime, *, charts: Mapping[str, Object] | None
) -> tuple[bool, StoredFrame]:
    """One step from the stored frame to the one of `now`: whether there was a change, and what is stored then.

    `charts` None keeps those of the stored frame; where there is no frame yet, those that take no time are drawn. One that is wished and
    not among `charts` stays as it was.
    """
    wished = gather.wished_charts(board)
    for attempt in range(ATTEMPTS):
        # The frame is read before its inputs: in the other order, a worker that paused between the two could put an older picture
        # on top of a newer one, and the comparison would not notice.
        held = hold_frame(redis, board.slug)
        before = held.stored
        if before is None and charts is None:
            charts = gather.drawn_charts(redis, board, now, quick=True)
        shown = {**(gather.charts_of(before.frame) if before else {}), **(charts or {})}
        inputs = gather.inputs(redis, board, plans, now, charts={key: shown[key] for key in wished if key in shown})
        frame = compose(board, inputs, now, before.frame if before else None)
        if before is None:
            change, charts_at = frame, now.timestamp()
        else:
            change, charts_at = patch.diff(before.frame, frame), before.charts_at if charts is None else now.timestamp()
            if not change:
                if charts is not None:
                    mark_drawn(redis, board.slug, charts_at)
                return False, before
        new = _numbered(frame, before, now, charts_at)
        if swap_frame(redis, board.slug, held=held, new=new, message=_message(board.slug, new, before, change)):
            return True, new
        time.sleep(0.001 * min(attempt, 10))
    raise PublishError(f"The frame of board {board.slug} was replaced by others {ATTEMPTS} times in a row.")


def _numbered(frame: Object, before: StoredFrame | None, now: datetime, charts_at: float) -> StoredFrame:
    unix_ms = int(now.timestamp() * 1000)
    seq = unix_ms if before is None else max(before.seq + 1, unix_ms)
    return StoredFrame(seq, stamp(now), encode(frame), frame, charts_at)


def _message(board: str, new: StoredFrame, before: StoredFrame | None, change: Object) -> str:
    """The patch, or the frame where there is nothing to patch or the patch would be the longer one."""
    if before is not None and len(text := encode(change)) < len(new.text):
        return patch_message(new.seq, before.seq, new.at, text)
    return frame_message(board, new.seq, new.at, new.text)
