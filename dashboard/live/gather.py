"""Reads from Redis what a frame is composed from.

In:  a Redis client, a board, the time, the board's stored frame. Out: `Inputs`. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import cast

import redis as redis_py
from django.conf import settings

from dashboard.domain.feeds import Feed
from dashboard.live.flow import flow
from dashboard.live.incidents import open_incidents
from dashboard.live.inputs import BudgetUse, Inputs
from dashboard.live.past import EVERY_S, drawn, is_quick
from dashboard.live.patch import Object
from dashboard.live.stored import StoredFrame
from dashboard.live.tiles import board_widgets, wishes
from dashboard.models import Board
from dashboard.polling.buckets import buckets, budget_for
from dashboard.polling.feeds import Plan, board_feeds
from dashboard.store import keys, snapshots
from dashboard.widgets.kind import Wish


def charts_due(stored: StoredFrame, wished: Collection[str], now: datetime) -> bool:
    """Whether the stored frame's charts are old (or of a time to come: the clock was put back), or one of those wished is not there."""
    return not 0 <= now.timestamp() - stored.charts_at < EVERY_S or not set(charts_of(stored.frame)).issuperset(wished)


def wished_charts(board: Board) -> Mapping[str, Wish]:
    """What of the past the board's widgets want to show, by its key in `frame.charts`."""
    return wishes(board_widgets(board)[0])


def inputs(redis: redis_py.Redis, board: Board, plans: Mapping[Feed, Plan], now: datetime, *, charts: Mapping[str, Object]) -> Inputs:
    """The inputs of one board's frame, with these charts. Of the board's feeds, those that are in `plans` are asked.

    redis.RedisError or BudgetError when Redis does not answer.
    """
    feeds = board_feeds(board)
    others = sorted({feed.account for feed in feeds.values()} - {board.account})
    return Inputs(
        plans={feed: plans[feed] for feed in feeds.values() if feed in plans},
        readings=snapshots.load_readings(redis, feeds.values()),
        outcomes=snapshots.load_outcomes(redis, feeds.values()),
        agents=snapshots.agents_in_state(redis, board.account),
        stop=snapshots.stopped(redis, board.account),
        pause=snapshots.paused(redis, board.account, now),
        elsewhere={name: snapshots.stopped(redis, name) for name in others},
        budget=_budget(redis, board.account),
        charts=charts,
        flow=flow(redis, feeds, now),
        incidents=_open_incidents(redis, [board.account, *others]),
        time_zone=settings.ACCOUNT_TIME_ZONE,
        emulated=settings.ENV.emulated,
    )


def _open_incidents(redis: redis_py.Redis, accounts: Sequence[str]) -> Sequence[Object]:
    """Those of the board's account, and of the other accounts whose numbers it shows; the worst first, whichever account it is of."""
    found = cast("list[bytes | None]", redis.mget([keys.incidents(account) for account in accounts]))
    each = [incident for kept in found for incident in open_incidents(kept)]
    return each if len(accounts) == 1 else sorted(each, key=lambda incident: incident.get("severity") != "critical")


def charts_of(frame: Object) -> Mapping[str, Object]:
    """The charts of a frame that was composed before."""
    kept = frame.get("charts")
    return cast("dict[str, Object]", kept) if isinstance(kept, dict) else {}


def drawn_charts(redis: redis_py.Redis, board: Board, now: datetime, *, quick: bool = False) -> Mapping[str, Object]:
    """The charts of a board as of now; `quick`: only those that are drawn in no time. Those that cannot be shown now are left out."""
    wished = {key: wish for key, wish in wished_charts(board).items() if is_quick(wish) or not quick}
    return drawn(redis, board, wished, now)


def _budget(redis: redis_py.Redis, account: str) -> Mapping[str, BudgetUse]:
    return {
        name: BudgetUse(budget_for(redis, account, bucket).used(), bucket.cap, bucket.limit, bucket.window_s)
        for name, bucket in buckets(redis, account).items()
    }
