"""Reads from Redis what a frame is composed from.

In:  a Redis client, a board, the time, the board's stored frame. Out: `Inputs`. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import cast

import redis as redis_py
from django.conf import settings

from dashboard.boards.charts import wait_chart
from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.live.inputs import BudgetUse, Inputs
from dashboard.live.patch import Json, Object, without_nulls
from dashboard.live.stored import StoredFrame
from dashboard.models import Board
from dashboard.polling.buckets import buckets, budget_for
from dashboard.polling.feeds import Plan, base_interval_s, board_feeds
from dashboard.store import snapshots
from dashboard.store.series import series_of

CHART_METRIC = "longest_wait_time"
CHART_SPAN = timedelta(hours=2)
# A figure takes some ten milliseconds to make and shows one point a minute.
CHART_LIFE_S = 15.0


def inputs(
    redis: redis_py.Redis, board: Board, plans: Mapping[Feed, Plan], now: datetime, stored: StoredFrame | None
) -> tuple[Inputs, float]:
    """The inputs of one board's frame, and the Unix time when its charts were drawn. `plans` must have the board's feeds.

    redis.RedisError or BudgetError when Redis does not answer.
    """
    feeds = board_feeds(board)
    charts, charts_at = _charts(redis, board, feeds[Endpoint.QUEUE], now, stored)
    gathered = Inputs(
        plans={feed: plans[feed] for feed in feeds.values()},
        readings=snapshots.load_readings(redis, feeds.values()),
        outcomes=snapshots.load_outcomes(redis, feeds.values()),
        agents=snapshots.agents_in_state(redis, board.account),
        stop=snapshots.stopped(redis, board.account),
        budget=_budget(redis, board.account),
        charts=charts,
        time_zone=settings.ACCOUNT_TIME_ZONE,
        emulated=settings.ENV.emulated,
    )
    return gathered, charts_at


def _charts(
    redis: redis_py.Redis, board: Board, queue: Feed, now: datetime, stored: StoredFrame | None
) -> tuple[Mapping[str, Object], float]:
    if stored is not None and 0 <= now.timestamp() - stored.charts_at < CHART_LIFE_S:
        kept = stored.frame.get("charts")
        if isinstance(kept, dict):
            return cast("dict[str, Object]", kept), stored.charts_at
    series = series_of(queue, base_interval_s(Endpoint.QUEUE))
    points = [(point.at, point.values.get(CHART_METRIC)) for point in series.read(redis, now - CHART_SPAN, now)]
    limits = CATALOGUE[CHART_METRIC].threshold
    figure = wait_chart(
        points,
        now,
        warning=limits.warning_enter if limits else None,
        critical=limits.critical_enter if limits else None,
        time_zone=settings.ACCOUNT_TIME_ZONE,
        theme=board.theme,
    )
    return {CHART_METRIC: without_nulls(cast("Mapping[str, Json]", figure))}, now.astimezone(UTC).timestamp()


def _budget(redis: redis_py.Redis, account: str) -> Mapping[str, BudgetUse]:
    return {
        name: BudgetUse(budget_for(redis, account, bucket).used(), bucket.cap, bucket.limit, bucket.window_s)
        for name, bucket in buckets(redis, account).items()
    }
