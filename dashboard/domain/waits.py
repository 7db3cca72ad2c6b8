"""What the longest wait says of the past: while one caller stays at the head, it grows by one second a second.

In:  a wait and a line that it has passed. Out: since when it is above. Pure.
"""

from __future__ import annotations

from datetime import datetime, timedelta

GROWING = "longest_wait_time"


def above_since(metric: str, *, value: float | None, limit: float | None, since: datetime, at: datetime) -> datetime:
    """When the metric passed `limit`, given its `value` (seconds) as of `at`, and `since` when our own readings say so.

    A caller who waits 7:42 has been above 3:00 for 4:42, however late we began to look (a gap, a jump between two polls); with other
    callers at the head since, it may have been longer. Other metrics tell nothing: `since` as it is.
    """
    if metric != GROWING or value is None or limit is None or value <= limit:
        return since
    return min(since, at - timedelta(seconds=value - limit))
