"""How far the account's tickets have been read, for pages and for the poller's word.

In:  an account. Out: a line per stream. Reads only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dashboard.mirror import streams
from dashboard.models import KnownTicket, Stream

SHOWN = (streams.TICKETS, streams.METRICS, streams.EVENTS)


@dataclass(frozen=True, slots=True)
class StreamProgress:
    """One stream: tickets, metrics or events. `is_first`: everything is being read for the first time. `total_count` None: nobody knows.

    `read_at`: when a page came last; `caught_up_at`: as of when all is known. None: never. `behind_count`: tickets whose metrics are still
    to be asked for (of the metrics alone, at most a thousand are counted).
    """

    name: str
    is_first: bool
    done_count: int
    total_count: int | None
    read_at: datetime | None
    caught_up_at: datetime | None
    behind_count: int = 0

    @property
    def share_ratio(self) -> float | None:
        """How much of the first reading is done, 0..1; None: cannot be said."""
        if not self.is_first:
            return 1.0
        return min(1.0, self.done_count / self.total_count) if self.total_count else None


def progress(account: str) -> list[StreamProgress]:
    """The streams in the order in which they are read."""
    known = {row.name: row for row in Stream.objects.filter(account=account)}
    clocks = known.get(streams.CLOCKS)
    clocks_are_known = clocks is not None and clocks.caught_up_at is not None
    return [_of(account, name, known.get(name), clocks_are_known=clocks_are_known) for name in SHOWN]


def _of(account: str, name: str, row: Stream | None, *, clocks_are_known: bool) -> StreamProgress:
    if row is None:
        return StreamProgress(name, True, 0, None, None, None)
    behind = 0
    if name == streams.EVENTS and not clocks_are_known:
        return StreamProgress(name, True, row.done_count, row.total_count, row.read_at, None)
    if name == streams.METRICS and row.caught_up_at is not None:
        behind = KnownTicket.objects.filter(account=account, is_behind=True)[:1000].count()
    return StreamProgress(name, row.caught_up_at is None, row.done_count, row.total_count, row.read_at, row.caught_up_at, behind)
