"""Reads an account of some size into a mirror of its own, then ticks; a child of `tickets`.

Run as `python -m dashboard.bench.mirror_load <tickets> <now, Unix seconds> [<dies after so many>]` with DATA_DIR set to an empty folder, or
to one where it has died. Prints one JSON line at its end.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

TICKS, MOVED_A_TICK = 40, 20


def main() -> None:
    """Django is set up first: the rooms below read its settings when they are imported."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    count, now = int(sys.argv[1]), datetime.fromtimestamp(int(sys.argv[2]), UTC)
    print(json.dumps(_measure(count, now, int(sys.argv[3]) if len(sys.argv) > 3 else None)), flush=True)  # noqa: T201 (the child's report)


def _measure(count: int, now: datetime, dies_at: int | None) -> dict[str, float]:
    from dashboard.bench.big_account import BigAccount, as_source
    from dashboard.domain.feeds import Endpoint, Feed
    from dashboard.mirror.pace import NotYet
    from dashboard.mirror.progress import progress

    account = BigAccount(count, now, dies_at=dies_at)
    source = as_source(account)
    feeds = [Feed("main", endpoint) for endpoint in (Endpoint.TICKETS, Endpoint.TICKET_METRICS, Endpoint.SLA)]
    began_at = progress("main")[0].done_count
    began_s = time.monotonic()
    longest_s = 0.0
    for feed in feeds:
        while True:
            poll_s = time.monotonic()
            try:
                source.read(feed)
                break
            except NotYet:
                longest_s = max(longest_s, time.monotonic() - poll_s)
    first_s, first_requests = time.monotonic() - began_s, account.requests
    for feed in feeds * 2:  # what the first reading left over
        source.read(feed)
    costs = [_cost(lambda: [source.read(feed) for feed in feeds], account, number) for number in range(TICKS)]
    return {
        "began_at": began_at,
        "first_s": first_s,
        "first_requests": first_requests,
        "longest_poll_s": longest_s,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        **{name: statistics.median(cost[name] for cost in costs) for name in costs[0]},
        **_kept(),
    }


def _cost(tick: Callable[[], object], account: Any, number: int) -> dict[str, float]:
    """One round of polls after some tickets have moved: CPU milliseconds, statements, rows written, requests."""
    from django.db import connection

    account.work(MOVED_A_TICK, number)
    statements: list[str] = []

    def counting(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        return execute(sql, params, many, context)

    written, asked, began_s = connection.connection.total_changes, account.requests, time.process_time()
    with connection.execute_wrapper(counting):
        tick()
    return {
        "tick_ms": (time.process_time() - began_s) * 1000,
        "statements": len(statements),
        "rows_written": connection.connection.total_changes - written,
        "requests": account.requests - asked,
    }


def _kept() -> dict[str, int]:
    from dashboard.models import KnownClock, KnownEvent, KnownTicket

    return {"tickets": KnownTicket.objects.count(), "events": KnownEvent.objects.count(), "clocks": KnownClock.objects.count()}


if __name__ == "__main__":
    main()
