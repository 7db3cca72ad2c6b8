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


class LeapingClock:
    """A monotonic clock of a machine of its own on which ten seconds pass between two looks, so that the budget always grants."""

    boot_id = "bench"

    def __init__(self) -> None:
        self._us = 0

    def now_us(self) -> int:
        self._us += 10_000_000
        return self._us


def median_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median time of one call, after ten that do not count."""
    for _ in range(10):
        work()
    times = []
    for _ in range(rounds):
        started_ns = time.perf_counter_ns()
        work()
        times.append((time.perf_counter_ns() - started_ns) / 1e6)
    return statistics.median(times)


def main() -> None:
    """Django is set up first: the rooms below read its settings when they are imported."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    print(json.dumps(_measure()), flush=True)  # noqa: T201 (the child's report)


def _measure() -> dict[str, Any]:
    import httpx

    from dashboard.domain.feeds import Endpoint, Feed
    from dashboard.live.publish import publish_boards
    from dashboard.models import Board
    from dashboard.polling import rounds
    from dashboard.polling.feeds import Plan
    from dashboard.polling.poller import poll
    from dashboard.sources import registry
    from dashboard.store import connection

    redis, source, clock = connection.client(), registry.source("main"), LeapingClock()
    feeds = {endpoint.value: Feed("main", endpoint) for endpoint in Endpoint}
    plan = Plan(1.0, watched=True)
    zendesk = source_env()

    def whole(feed: Feed) -> Callable[[], object]:
        def once() -> None:
            poll(feed, redis=redis, source=source, plan=plan, host_clock=clock)
            publish_boards(redis, datetime.now(UTC), {"main"})

        return once

    with httpx.Client(base_url=zendesk.url, auth=(f"{zendesk.email}/token", zendesk.api_token)) as bare:
        floor = {name: median_ms(lambda name=name: bare.get(f"/api/v2/channels/voice/stats/{name}").read()) for name in feeds}  # type: ignore[misc]
    many = [Board(slug=f"b{number}", title="b", line_ids=[number]) for number in range(50)]
    return {
        "floor_ms": floor,
        "poll_ms": {name: median_ms(whole(feed)) for name, feed in feeds.items()},
        "ping_ms": median_ms(redis.ping),
        "publish_unchanged_ms": median_ms(lambda: publish_boards(redis, datetime.now(UTC), {"main"})),
        "tick_ms": median_ms(lambda: rounds.take_due(redis, datetime.now(UTC))),
        "plan_50_boards_ms": median_ms(lambda: rounds.plans_now(redis, many, datetime.now(UTC))),
    }


def source_env() -> Any:
    """The stage's account: its address and the emulator's key."""
    from django.conf import settings

    return settings.ENV.zendesk


if __name__ == "__main__":
    main()
