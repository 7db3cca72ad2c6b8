"""Gives an installation a past: today and the same weekday a week ago, from the simulated call centre that it shows.

In:  the emulator's seed, zone and size. Out: readings in the rings of today, minutes in the database of a week ago.
"""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta
from typing import Any

TODAY_STEP = timedelta(seconds=10)
MINUTE = timedelta(minutes=1)
WEEK = timedelta(weeks=1)


def give_past(told: dict[str, Any]) -> None:
    """`told` is what the emulator says of itself. After `Installation` has joined."""
    from dashboard.domain.feeds import Endpoint, Feed
    from dashboard.domain.freshness import live_for_s
    from dashboard.polling.feeds import base_interval_s
    from dashboard.store import connection
    from dashboard.store.series import series_of

    now = datetime.now(UTC)
    midnight = now.astimezone(zoneinfo.ZoneInfo(told["time_zone"])).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    rings = {endpoint: series_of(Feed("main", endpoint), base_interval_s(endpoint)) for endpoint in (Endpoint.QUEUE, Endpoint.ACCOUNT)}
    redis = connection.client()
    for at, found in _simulated(told, midnight, now - TODAY_STEP, TODAY_STEP):
        for endpoint, values in found.items():
            rings[endpoint].append(redis, at, values, live_s=live_for_s(TODAY_STEP.total_seconds()))
    _write_week_ago(told, midnight - WEEK)


def _simulated(told: dict[str, Any], start: datetime, end: datetime, step: timedelta) -> Any:
    from dashboard.domain.feeds import Endpoint
    from dashboard.domain.readings import AccountOverview, QueueActivity
    from dashboard.domain.totals import totals
    from dashboard.emulator import stats
    from dashboard.emulator.stage import WorldConfig
    from dashboard.emulator.world import World

    world = World(WorldConfig(seed=told["seed"], time_zone=told["time_zone"], agents_count=told["agents_count"]), start)
    at = start
    while at < end:
        world.advance(at)
        queue, account = stats.current_queue_activity(world, None), stats.account_overview(world, None)
        yield at, {Endpoint.QUEUE: totals(QueueActivity(**queue)), Endpoint.ACCOUNT: totals(AccountOverview(**account))}
        at += step


def _write_week_ago(told: dict[str, Any], midnight: datetime) -> None:
    from dashboard.domain.catalogue import CATALOGUE
    from dashboard.domain.feeds import Feed
    from dashboard.domain.minutes import Folded
    from dashboard.domain.totals import value_of
    from dashboard.history import layouts
    from dashboard.history.feeds import stored_name
    from dashboard.history.packing import packed
    from dashboard.models import HistoryFeed, Minute

    rows: list[Minute] = []
    kept: dict[Any, tuple[Any, Any, list[Any]]] = {}
    for at, found in _simulated(told, midnight, midnight + timedelta(days=1), MINUTE):
        for endpoint, values in found.items():
            if endpoint not in kept:
                names = layouts.columns(endpoint)
                feed, _ = HistoryFeed.objects.get_or_create(feed=stored_name(Feed("main", endpoint)))
                kept[endpoint] = (feed, layouts.layout(names), [value_of(CATALOGUE[name]) for name in names])
            feed, layout, readers = kept[endpoint]
            columns = [None if (value := read(values)) is None else Folded(value, value, value, value) for read in readers]
            minute = int(at.timestamp()) // 60
            rows.append(Minute(feed=feed, layout=layout, minute=minute, live_ratio=1.0, packed=packed(columns)))
    Minute.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
