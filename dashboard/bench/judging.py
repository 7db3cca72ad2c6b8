"""What judging costs: 500 rules on 50 feeds, one reading per feed and second, as the share of one core that it takes.

Run as a child, `python -m dashboard.bench.judging`, in the environment of a running stage; prints one JSON line. The rules are of an
account that has no settings, so that the stage itself asks nothing of it. Measured is the CPU time of `judge_feed` alone, in real time,
with whatever it does in Redis and the database: the rules are loaded, held and written as in a worker.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from config.env import BASE_DIR
from dashboard.bench.figures import Figure, percentile
from dashboard.bench.push import QUIET
from dashboard.bench.stage import running

ACCOUNT = "bench"
FEEDS_COUNT, RULES_PER_FEED, SPIKES_PER_FEED = 50, 10, 2
# In the busy part every feed's waits rise past all its limits and fall again once in so many seconds, one feed after the other.
WAVE_S, ABOVE_S = 100, 20
CALM_S, BUSY_S = 15, 45


def measure() -> list[Figure]:
    """subprocess.CalledProcessError when the measuring child failed."""
    with running(**QUIET) as stage:
        child = subprocess.run(
            [sys.executable, "-m", "dashboard.bench.judging"],
            cwd=BASE_DIR,
            env={**os.environ, **stage.environment},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    found = json.loads(child.stdout.strip().splitlines()[-1])
    rules_count = FEEDS_COUNT * RULES_PER_FEED
    return [
        Figure(
            f"{rules_count} rules on {FEEDS_COUNT} feeds, nothing happens",
            f"{found['calm_ratio']:.1%} of a core",
            f"a reading per feed and second; p99 {found['calm_p99_ms']:.1f} ms a reading; promised: under 15 %",
        ),
        Figure(
            "the same, while incidents open and end",
            f"{found['busy_ratio']:.1%} of a core",
            f"{found['events_per_s']:.0f} events a second; p99 {found['busy_p99_ms']:.1f} ms a reading",
        ),
    ]


def main() -> None:
    """Django is set up first: the rooms below read its settings when they are imported."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    print(json.dumps(_measure()), flush=True)  # noqa: T201 (the child's report)


def _measure() -> dict[str, Any]:
    from dashboard.alerts import rules
    from dashboard.models import Transition
    from dashboard.store import connection

    redis = connection.client()
    _make_rules()
    _make_past(redis)
    rules.changed(redis)
    _run(redis, 3, lambda feed, second: 20)  # loads the rules, and what Python loads only once
    calm_ratio, calm_ms = _run(redis, CALM_S, lambda feed, second: 20 + (feed + second) % 7)
    before = Transition.objects.count()
    busy_ratio, busy_ms = _run(redis, BUSY_S, lambda feed, second: 900 if (second + 2 * feed) % WAVE_S < ABOVE_S else 20)
    return {
        "calm_ratio": calm_ratio,
        "calm_p99_ms": percentile(calm_ms, 0.99),
        "busy_ratio": busy_ratio,
        "busy_p99_ms": percentile(busy_ms, 0.99),
        "events_per_s": (Transition.objects.count() - before) / BUSY_S,
    }


def _make_rules() -> None:
    """Of each feed: thresholds of four metrics at several heights, and spikes."""
    from dashboard.models import Kind, Rule

    metrics = ("longest_wait_time", "average_wait_time", "calls_waiting", "longest_wait_time")
    made = []
    for feed in range(FEEDS_COUNT):
        for number in range(RULES_PER_FEED):
            given: dict[str, Any] = {"name": f"{feed}.{number}", "account": ACCOUNT, "line_ids": [feed + 1], "keep_s": 3}
            if number < SPIKES_PER_FEED:
                given |= {"kind": Kind.SPIKE, "metric": "longest_wait_time", "spike_floor": 60, "spike_rise": 60, "spike_times": 6}
                given["warning_for_s"] = 3 + number
            else:
                enter = 120 + 30 * number
                given |= {"metric": metrics[number % len(metrics)], "warning_enter": enter, "warning_leave": enter - 15, "warning_for_s": 5}
            made.append(Rule(**given))
    Rule.objects.bulk_create(made)


def _make_past(redis: Any) -> None:
    """A quarter of an hour of each feed, a reading a minute: enough for the spikes to know what is usual."""
    from dashboard.domain.feeds import Endpoint, Feed
    from dashboard.polling.feeds import base_interval_s
    from dashboard.store.series import series_of

    now = datetime.now(UTC)
    for number in range(FEEDS_COUNT):
        series = series_of(Feed(ACCOUNT, Endpoint.QUEUE, (number + 1,)), base_interval_s(Endpoint.QUEUE))
        for minute in range(1, 15):
            series.append(redis, now - timedelta(minutes=minute), {"longest_wait_time": 20}, live_s=60)


def _run(redis: Any, seconds: int, wait_s: Callable[[int, int], int]) -> tuple[float, list[float]]:
    """The CPU time of judging as a share of the wall time, and of each judging in milliseconds. A second that is too short for its
    readings makes the share what it is: more than one core."""
    from dashboard.alerts.judge import judge_feed
    from dashboard.domain.feeds import Endpoint, Feed
    from dashboard.domain.readings import QueueActivity, Reading
    from dashboard.store import snapshots

    feeds = [Feed(ACCOUNT, Endpoint.QUEUE, (number + 1,)) for number in range(FEEDS_COUNT)]
    taken_ms: list[float] = []
    begun_s = time.monotonic()
    for second in range(seconds):
        for number, feed in enumerate(feeds):
            wait = wait_s(number, second)
            body = QueueActivity(5, wait // 2, wait, wait // 3, 0, 0)
            snapshots.save_reading(redis, feed, Reading(body, datetime.now(UTC)))
            before_s = time.process_time()
            judge_feed(redis, feed, datetime.now(UTC))
            taken_ms.append((time.process_time() - before_s) * 1000)
        time.sleep(max(0.0, begun_s + second + 1 - time.monotonic()))
    return sum(taken_ms) / 1000 / (time.monotonic() - begun_s), taken_ms


if __name__ == "__main__":
    main()
