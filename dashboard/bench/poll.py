"""What one poll and one tick cost, beside the floors they stand on: a bare request, a bare round trip to Redis.

Run as a child, `python -m dashboard.bench.poll`, in the environment of a running stage; prints one JSON line of medians in ms.
The poll is the whole of it: budget, request, decoding, storing, composing and publishing the board's frame.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

ROUNDS = 300
STATS = "/api/v2/channels/voice/stats"


class LeapingClock:
    """A monotonic clock of a machine of its own on which ten seconds pass between two looks, so that the budget always grants."""

    boot_id = "bench"

    def __init__(self) -> None:
        self._us = 0

    def now_us(self) -> int:
        self._us += 10_000_000
        return self._us


def medians_ms(*works: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """The median time of one call of each, taken in turn, so that a change of speed meets all alike; ten do not count."""
    times: list[list[float]] = [[] for _ in works]
    for number in range(rounds + 10):
        for work, taken in zip(works, times, strict=True):
            started_ns = time.perf_counter_ns()
            work()
            if number >= 10:
                taken.append((time.perf_counter_ns() - started_ns) / 1e6)
    return [statistics.median(taken) for taken in times]


def main() -> None:
    """Django is set up first: the rooms below read its settings when they are imported."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    print(json.dumps(_measure()), flush=True)  # noqa: T201 (the child's report)


def _measure() -> dict[str, Any]:
    import httpx

    from dashboard.domain.feeds import TALK, Feed
    from dashboard.live.publish import publish_boards
    from dashboard.polling import rounds
    from dashboard.polling.feeds import Plan
    from dashboard.polling.poller import poll
    from dashboard.sources import registry
    from dashboard.store import connection

    redis, source, clock = connection.client(), registry.source("main"), LeapingClock()
    feeds = {endpoint.value: Feed("main", endpoint) for endpoint in TALK}
    plan = Plan(1.0, watched=True)
    zendesk = source_env()

    def whole(feed: Feed) -> Callable[[], object]:
        def once() -> None:
            poll(feed, redis=redis, source=source, plan=plan, host_clock=clock)
            publish_boards(redis, datetime.now(UTC), {"main"})

        return once

    floor_ms: dict[str, float] = {}
    poll_ms: dict[str, float] = {}
    with httpx.Client(base_url=zendesk.url, auth=(f"{zendesk.email}/token", zendesk.api_token)) as bare:
        for name, feed in feeds.items():
            floor_ms[name], poll_ms[name] = medians_ms(lambda name=name: bare.get(f"{STATS}/{name}").read(), whole(feed))  # type: ignore[misc]
    ping_ms, tick_ms, unchanged_ms = medians_ms(
        redis.ping,
        lambda: rounds.take_due(redis, datetime.now(UTC)),
        lambda: publish_boards(redis, datetime.now(UTC), {"main"}),
    )
    return {"floor_ms": floor_ms, "poll_ms": poll_ms, "ping_ms": ping_ms, "tick_ms": tick_ms, "unchanged_ms": unchanged_ms}


def source_env() -> Any:
    """The stage's account: its address and the emulator's key."""
    from django.conf import settings

    return settings.ENV.zendesk


if __name__ == "__main__":
    main()
