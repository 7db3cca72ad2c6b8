"""History to test against: minutes written as the writer writes them, without having to wait for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dashboard.domain.feeds import Feed
from dashboard.domain.minutes import Folded
from dashboard.history import layouts
from dashboard.history.feeds import stored_name
from dashboard.history.packing import packed
from dashboard.models import HistoryFeed, Minute

# A number: the metric did not change in that minute. Folded: it did, or has a mark. None: it had no value.
Value = float | Folded | None


def fill(feed: Feed, values: Mapping[str, Sequence[Value]], start: datetime, *, live_ratio: float = 1.0) -> int:
    """Writes one row a minute from `start` (aware; its seconds do not count) on, each with the metrics of `values`, by name.

    A minute in which no metric has a value gets no row: it is a gap. Minutes that are there already stay. Returns how many were given.
    `fill(QUEUE, {"longest_wait_time": [12, 15.0, None, Folded(3, 20.5, 90, 14)]}, start)`
    """
    names = layouts.columns(feed.endpoint)
    if unknown := set(values) - set(names):
        raise ValueError(f"{feed.endpoint.value} has no {', '.join(sorted(unknown))}")
    row, _ = HistoryFeed.objects.get_or_create(feed=stored_name(feed))
    layout = layouts.layout(names)
    first = int(start.timestamp()) // 60
    rows = []
    for number in range(max(map(len, values.values()))):
        found = [_folded(values[name][number]) if name in values and number < len(values[name]) else None for name in names]
        if any(found):
            rows.append(Minute(feed=row, layout=layout, minute=first + number, live_ratio=live_ratio, packed=packed(found)))
    Minute.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return len(rows)


def _folded(value: Value) -> Folded | None:
    return value if value is None or isinstance(value, Folded) else Folded(value, value, value, value)
