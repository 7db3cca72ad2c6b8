"""What the mirror forgets: tickets that can change no more and are in no number any longer, with their clocks and events.

In:  the time. Out: fewer rows. A bounded number at a time, so that forgetting never holds up a poll.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from dashboard.domain.tickets import Status
from dashboard.mirror import streams, tally
from dashboard.mirror.tickets import KEPT_FOR
from dashboard.models import KnownClock, KnownEvent, KnownTicket

EVERY = timedelta(hours=1)
MOST_AT_ONCE = 500


def forget_sometimes(account: str, now: datetime) -> int:
    """Once an hour, or at once again while there is more to forget: closed tickets, and those in the trash, that have not moved for
    40 days. Returns how many tickets went."""
    stream = streams.begun(account, streams.RETENTION, now)
    if stream.read_at is not None and not stream.cursor and timedelta() <= now - stream.read_at < EVERY:
        return 0
    over = KnownTicket.objects.filter(Q(status=Status.CLOSED) | Q(is_gone=True), account=account, moved_at__lt=now - KEPT_FOR)
    with streams.page(stream, now) as row:
        rows = list(over[:MOST_AT_ONCE])
        ids = [each.ticket_id for each in rows]
        if rows:
            tally.move(account, [(tally.place_of(each), None) for each in rows])
            for model in (KnownClock, KnownEvent, KnownTicket):
                model.objects.filter(account=account, ticket_id__in=ids).delete()
        row.cursor = "more" if len(rows) == MOST_AT_ONCE else ""
        row.done_count += len(rows)
    return len(rows)
