"""What flowed through a board's queue in the last quarter of an hour: arrivals, waits, callers waiting. One of the quality checks needs it.

In:  Redis, the board's feeds, the time. Out: a `Flow`, or None where it is not known. Kept in Redis for a quarter of a minute: frames are
composed every second, and this reads a thousand readings.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import cast

import redis as redis_py

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.quality import Flow
from dashboard.polling.feeds import base_interval_s
from dashboard.store import keys
from dashboard.store.series import Point, series_of

logger = logging.getLogger(__name__)

SPAN = timedelta(minutes=15)
LIFE_S = 15
# The readings that begin and end the span lie at most so far from its edges.
EDGE = timedelta(minutes=2)


def flow(redis: redis_py.Redis, feeds: Mapping[Endpoint, Feed], now: datetime) -> Flow | None:
    """The last 15 minutes of the board with these feeds. redis.RedisError when Redis does not answer."""
    place = keys.flow(feeds[Endpoint.QUEUE].id)
    kept = cast("list[bytes | None]", redis.mget([place]))[0]
    if kept is not None:
        try:
            content = json.loads(kept)
            if 0 <= now.timestamp() - float(content["at"]) < LIFE_S:
                return None if content["flow"] is None else Flow(**content["flow"])
        except (ValueError, KeyError, TypeError) as error:
            logger.warning("What flowed cannot be read (%s); it is worked out anew.", error)
    found = _measured(redis, feeds, now)
    redis.set(place, json.dumps({"at": now.timestamp(), "flow": asdict(found) if found else None}), ex=2 * LIFE_S)
    return found


def _measured(redis: redis_py.Redis, feeds: Mapping[Endpoint, Feed], now: datetime) -> Flow | None:
    account = series_of(feeds[Endpoint.ACCOUNT], base_interval_s(Endpoint.ACCOUNT)).read(redis, now - SPAN - EDGE, now)
    ring = series_of(feeds[Endpoint.QUEUE], base_interval_s(Endpoint.QUEUE))
    waiting = [value for _, _, value in ring.samples(redis, now - SPAN, now, "calls_waiting") if value is not None]
    longest = [value for _, _, value in ring.samples(redis, now - SPAN, now, "longest_wait_time") if value is not None]
    if not waiting or not account or account[0].at > now - SPAN + EDGE or account[-1].at < now - EDGE:
        return None
    first, last = account[0], account[-1]
    arrivals, abandoned = (_grown(first, last, name) for name in ("total_inbound_calls", "total_calls_abandoned_in_queue"))
    before, after = _answered(first), _answered(last)
    wait_before, wait_after = (point.values.get("average_queue_wait_time") for point in (first, last))
    if arrivals is None or abandoned is None or before is None or after is None or wait_before is None or wait_after is None:
        return None
    if after <= before:
        return None
    # Two averages since midnight make the average of what lies between; each was cut to a whole second, which is an error of many seconds
    # where few calls lie between.
    wait_s = (wait_after * after - wait_before * before) / (after - before)
    return Flow(
        waiting_mean=sum(waiting) / len(waiting),
        arrivals=arrivals,
        wait_s=max(0.0, wait_s),
        wait_error_s=(before + after) / (after - before),
        waiting_edge=max(waiting[0], waiting[-1]),
        longest_s=max(longest, default=0.0),
        abandoned=abandoned,
        span_s=(last.at - first.at).total_seconds(),
    )


def _answered(point: Point) -> float | None:
    """Calls that left the queue for an agent, nearly: the vendor does not say over how many its average is."""
    inbound, abandoned = point.values.get("total_inbound_calls"), point.values.get("total_calls_abandoned_in_queue")
    return None if inbound is None or abandoned is None else inbound - abandoned


def _grown(first: Point, last: Point, name: str) -> float | None:
    """None also where a midnight lies between: then the last is the smaller one."""
    before, after = first.values.get(name), last.values.get(name)
    return None if before is None or after is None or after < before else after - before
