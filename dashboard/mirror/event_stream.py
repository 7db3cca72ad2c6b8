"""The stream of metric events: by time from where we stopped, page by page; at the end of the first reading all clocks are folded.

In:  the vendor's metric events, a pace. Out: rows and how far was read. For administrators: others get SourceError (forbidden).
A breach is written in advance, so the list reaches into the future: where we go on is told by the latest event of another kind, and
announced breaches come again with each reading, as they may be taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dashboard.domain.tickets import EventType, MetricEvent
from dashboard.mirror import clocks, events, streams
from dashboard.mirror.pace import NotYet, Pace
from dashboard.mirror.ticket_stream import OVERLAP
from dashboard.models import KnownTicket
from dashboard.sources.zendesk_metrics import ZendeskMetrics

# How far behind the latest event each reading begins: events of one moment may be listed one after the other.
BEHIND_S = 300
YOUNGEST_S = 60
# Tickets of one transaction, and transactions of one poll: some seconds of work, in which no request keeps the poll's claim alive.
FOLDED_AT_ONCE, MOST_FOLDS = 500, 4


def read(account: str, vendor: ZendeskMetrics, pace: Pace, now: datetime) -> None:
    """Reads what has happened since the last time. NotYet while the first reading is under way, or while there are no tickets yet."""
    tickets = streams.of(account, streams.TICKETS)
    if tickets is None or tickets.caught_up_at is None:
        raise NotYet("tickets, before their metric events", tickets.done_count if tickets else 0, tickets.total_count if tickets else None)
    stream = streams.begun(account, streams.EVENTS, now)
    start_s, is_first = int(stream.cursor or 0), stream.caught_up_at is None
    while True:
        if not pace.may_go_on(gently=is_first):
            raise NotYet("metric events", stream.done_count, None, pace.heard)
        page = vendor.events_since(start_s, before_request=pace.before_request)
        at, vendor_at = pace.note(page.heard), page.heard.vendor_at
        with streams.page(stream, at) as row:
            touched = events.keep_within(account, _wanted(account, page.events, tickets.high_at))
            clocks.refold(account, touched)
            row.high_at = _high_at(row.high_at, page.events, vendor_at)
            next_s = _next_s(page.end_s, row.high_at, vendor_at)
            is_last = page.is_last or next_s <= start_s
            row.cursor = str(_again_s(start_s, page.end_s, row.high_at) if is_last else next_s)
            row.done_count += page.count if is_first else len(touched)
            if is_last:
                row.caught_up_at = at
        stream, start_s = row, next_s
        if is_last:
            break
    _fold_all(account, at)


def _wanted(account: str, found: Sequence[MetricEvent], known_to: datetime | None) -> list[MetricEvent]:
    """Those of tickets that are known, or too new to be; a ticket that was closed long ago is kept no more, nor are its events."""
    ids = sorted({event.ticket_id for event in found})
    known: set[int] = set()
    for some in events.chunks(ids):
        known |= set(KnownTicket.objects.filter(account=account, ticket_id__in=some).values_list("ticket_id", flat=True))
    since = None if known_to is None else known_to - OVERLAP
    return [event for event in found if event.ticket_id in known or since is None or event.at >= since]


def _high_at(before: datetime | None, found: Sequence[MetricEvent], vendor_at: datetime) -> datetime | None:
    """Nothing has happened in time to come, whatever is told of it: the vendor refuses a reading that begins there."""
    happened = [event.at for event in found if event.type is not EventType.BREACH and event.at <= vendor_at]
    return max([*happened, *([before] if before else [])], default=None)


def _next_s(end_s: int, high_at: datetime | None, now: datetime) -> int:
    """Where the next page of a full one begins. Beyond what has happened there are announced breaches alone, and the vendor refuses a
    beginning that is younger than a minute."""
    happened_s = end_s if high_at is None else int(high_at.timestamp()) + 1
    return min(end_s, happened_s, int(now.timestamp()) - YOUNGEST_S)


def _again_s(start_s: int, end_s: int, high_at: datetime | None) -> int:
    """Where the next reading begins, after one that has come to its end: by the vendor's own clock, not ours."""
    return min(start_s, end_s) if high_at is None else max(0, min(end_s, int(high_at.timestamp()) - BEHIND_S))


def _fold_all(account: str, now: datetime) -> None:
    """Once, after the first reading: all clocks, going on where the last poll or a crash left it. NotYet when more is left than one poll
    does."""
    stream = streams.begun(account, streams.CLOCKS, now)
    for _ in range(MOST_FOLDS):
        if stream.caught_up_at is not None:
            return
        after = int(stream.cursor or 0)
        found = KnownTicket.objects.filter(account=account, ticket_id__gt=after).order_by("ticket_id").values_list("ticket_id", flat=True)
        ids = list(found[:FOLDED_AT_ONCE])
        with streams.page(stream, now) as row:
            clocks.fold(account, ids)
            row.done_count += len(ids)
            if ids:
                row.cursor = str(ids[-1])
            else:
                row.caught_up_at = now
        stream = row
    if stream.caught_up_at is None:
        raise NotYet("service level clocks of tickets", stream.done_count, KnownTicket.objects.filter(account=account).count())
