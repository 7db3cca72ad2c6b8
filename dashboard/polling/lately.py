"""Adds to an answer what happened in the minutes before it, from the feed's ring.

In:  an answer, the ring of its feed. Out: the same reading with the fields that are ours filled in. Asks nobody and stores nothing.
"""

from __future__ import annotations

import zoneinfo
from dataclasses import replace
from datetime import timedelta
from typing import Any

import redis as redis_py
from django.conf import settings

from dashboard.domain.feeds import Feed
from dashboard.domain.lately import LEAD, LONGEST, Sample, lately, needed
from dashboard.domain.readings import Reading
from dashboard.domain.totals import totals
from dashboard.polling.feeds import base_interval_s
from dashboard.store.series import series_of


def with_lately(redis: redis_py.Redis, feed: Feed, reading: Reading, *, live_s: float) -> Reading:
    """`live_s` is for how long the reading will count as live. redis.RedisError when Redis is away."""
    names = needed(feed.endpoint)
    if not names:
        return reading
    ring, start = series_of(feed, base_interval_s(feed.endpoint)), reading.at - LONGEST - LEAD
    columns = [ring.samples(redis, start, reading.at - timedelta(milliseconds=1), name) for name in names]
    past = [
        Sample(parts[0][0], parts[0][1], dict(zip(names, (value for _, _, value in parts), strict=True)))
        for parts in zip(*columns, strict=False)  # an append between two columns may make one of them longer, at the end
    ]
    newest = Sample(reading.at.timestamp(), live_s, totals(reading.body))
    found = lately(feed.endpoint, [*past, newest], reading.at, zoneinfo.ZoneInfo(settings.ACCOUNT_TIME_ZONE))
    body: Any = reading.body  # of whichever kind: the names are those of its own fields
    return replace(reading, body=replace(body, **found)) if found else reading
