"""Reads from Redis what a frame is composed from.

In:  a Redis client, a board, the time, the board's stored frame. Out: `Inputs`. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from dashboard.polling.budget import Budget
from dashboard.polling.feeds import WATCHED_FOR_S, Plan, base_interval_s, board_feeds, planned
from dashboard.store import keys, snapshots
from dashboard.store.series import series_of

CHART_METRIC = "longest_wait_time"
CHART_SPAN = timedelta(hours=2)
# A figure takes some ten milliseconds to make and shows one point a minute.
CHART_LIFE_S = 15.0

QUEUE_LIMIT, QUEUE_WINDOW_S = 2500, 300
OTHER_WINDOW_S = 60
DEFAULT_OTHER_LIMIT = 200  # a minute, on the smallest plan, until the vendor's own headers tell

Plans = Mapping[Feed, Plan]


def plans(redis: redis_py.Redis, boards: Iterable[Board], now: datetime) -> Plans:
    """What is asked how often, for all boards together: a feed that one of them has watched is watched for all."""
    since = now.timestamp() - WATCHED_FOR_S
    watched = cast("list[bytes]", redis.zrangebyscore(keys.WATCH, since, "+inf"))
    return planned(boards, {slug.decode() for slug in watched})


def inputs(redis: redis_py.Redis, board: Board, all_plans: Plans, now: datetime, stored: StoredFrame | None) -> tuple[Inputs, float]:
    """The inputs of one board's frame, and the Unix time when its charts were drawn. redis.RedisError when Redis does not answer."""
    feeds = board_feeds(board)
    charts, charts_at = _charts(redis, board, feeds[Endpoint.QUEUE], now, stored)
    gathered = Inputs(
        plans={feed: all_plans[feed] for feed in feeds.values()},
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
    learnt = redis.get(keys.limit(account))
    other_limit = int(learnt) if isinstance(learnt, bytes) and learnt.isdigit() else DEFAULT_OTHER_LIMIT
    uses = {}
    for bucket, limit, window_s in (("queue", QUEUE_LIMIT, QUEUE_WINDOW_S), ("other", other_limit, OTHER_WINDOW_S)):
        cap = int(settings.ENV.budget_share * limit)
        budget = Budget(redis, account=account, bucket=bucket, cap=cap, window_s=window_s)
        uses[bucket] = BudgetUse(budget.used(), cap, limit, window_s)
    return uses
