"""Of which conversations the metrics have come: what the numbers may be made of while everything is read for the first time.

In:  an account. Out: `Measured`, for the body and for pages. Asks nobody.

There is no list of Kayako's metrics: each conversation costs a request, which takes minutes where there are hundreds. The newest are asked
for first, so that the numbers of today are whole long before those of the week, and both before the open ones, which are in neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet

from dashboard.mirror import streams
from dashboard.mirror.cases_rows import DONE, TOLD_BY_LIST
from dashboard.models import KnownCase, Stream

# So many that moved are as good as a first reading: after a long absence, the numbers of what is known would be those of a part.
MANY = 60


@dataclass(frozen=True, slots=True)
class Measured:
    """`done_count` of `total_count` conversations that numbers need metrics of. `to_come_at`: the last move of the newest without; what was
    resolved after that is known whole. None: all is known whole. `is_unresolved_known`: whether the list alone tells who is unresolved."""

    done_count: int
    total_count: int
    to_come_at: datetime | None
    is_unresolved_known: bool = True


def measured(account: str) -> Measured:
    """As of what has been read. A few that moved since the last poll are no part that is missing: they come with the next."""
    needed = _needed(account)
    behind = needed.filter(is_behind=True)
    behind_count = behind.count()
    done_count = needed.filter(is_behind=False, metrics_at__isnull=False).count()
    if not behind_count or (behind_count <= MANY and not is_first(account)):
        return Measured(done_count, done_count + behind_count, None)
    to_come_at = behind.aggregate(Max("moved_at"))["moved_at__max"]
    return Measured(done_count, done_count + behind_count, to_come_at, not behind.exclude(status__in=DONE).exists())


def is_first(account: str) -> bool:
    """Whether metrics are still being read for the first time."""
    stream = streams.of(account, streams.METRICS)
    return stream is None or stream.caught_up_at is None


def settle(account: str, now: datetime) -> None:
    """Notes that the first reading is over, once nothing is missing."""
    stream = streams.begun(account, streams.METRICS, now)
    if stream.caught_up_at is None and not _needed(account).filter(is_behind=True).exists():
        Stream.objects.filter(pk=stream.pk).update(caught_up_at=now, read_at=now)


def _needed(account: str) -> QuerySet[KnownCase]:
    return KnownCase.objects.filter(account=account).exclude(status__in=TOLD_BY_LIST)
