"""Reads from Redis what a frame is composed from.

In:  a Redis client, a board, the time, the board's stored frame. Out: `Inputs`. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

import redis as redis_py
from django.conf import settings

from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.live.charts import wait_chart
from dashboard.live.incidents import open_incidents
from dashboard.live.inputs import BudgetUse, Inputs
from dashboard.live.patch import Json, Object, without_nulls
from dashboard.live.stored import StoredFrame
from dashboard.models import Board
from dashboard.polling.buckets import buckets, budget_for
from dashboard.polling.feeds import Plan, base_interval_s, board_feeds
from dashboard.store import keys, snapshots
from dashboard.store.series import series_of

CHART_METRIC = "longest_wait_time"
CHART_SPAN = timedelta(hours=2)
# A figure takes some tens of milliseconds to make and shows one point a minute.
CHART_LIFE_S = 15.0


def charts_due(stored: StoredFrame, now: datetime) -> bool:
    """Whether the stored frame's charts are old (or of a time to come: the clock was put back)."""
    return not 0 <= now.timestamp() - stored.charts_at < CHART_LIFE_S


def inputs(redis: redis_py.Redis, board: Board, plans: Mapping[Feed, Plan], now: datetime, *, charts: Mapping[str, Object]) -> Inputs:
    """The inputs of one board's frame, with these charts. `plans` must have the board's feeds.

    redis.RedisError or BudgetError when Redis does not answer.
    """
    feeds = board_feeds(board)
    return Inputs(
        plans={feed: plans[feed] for feed in feeds.values()},
        readings=snapshots.load_readings(redis, feeds.values()),
        outcomes=snapshots.load_outcomes(redis, feeds.values()),
        agents=snapshots.agents_in_state(redis, board.account),
        stop=snapshots.stopped(redis, board.account),
        pause=snapshots.paused(redis, board.account, now),
        budget=_budget(redis, board.account),
        charts=charts,
        incidents=open_incidents(cast("bytes | None", redis.get(keys.incidents(board.account)))),
        time_zone=settings.ACCOUNT_TIME_ZONE,
        emulated=settings.ENV.emulated,
    )


def charts_of(frame: Object) -> Mapping[str, Object]:
    """The charts of a frame that was composed before."""
    kept = frame.get("charts")
    return cast("dict[str, Object]", kept) if isinstance(kept, dict) else {}


def drawn_charts(redis: redis_py.Redis, board: Board, now: datetime) -> Mapping[str, Object]:
    """The charts of a board, drawn now from the series."""
    series = series_of(board_feeds(board)[Endpoint.QUEUE], base_interval_s(Endpoint.QUEUE))
    limits = CATALOGUE[CHART_METRIC].threshold
    figure = wait_chart(
        series.column(redis, now - CHART_SPAN, now, CHART_METRIC),
        now,
        warning=limits.warning_enter if limits else None,
        critical=limits.critical_enter if limits else None,
        time_zone=settings.ACCOUNT_TIME_ZONE,
        theme=board.theme,
    )
    return {CHART_METRIC: without_nulls(cast("Mapping[str, Json]", figure))}


def _budget(redis: redis_py.Redis, account: str) -> Mapping[str, BudgetUse]:
    return {
        name: BudgetUse(budget_for(redis, account, bucket).used(), bucket.cap, bucket.limit, bucket.window_s)
        for name, bucket in buckets(redis, account).items()
    }
