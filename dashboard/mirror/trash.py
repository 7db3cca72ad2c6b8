"""What the list of tickets does not say: which of them are in the trash, and which are not there any more at all.

In:  the vendor's trash, and now and then a hundred unsolved tickets by their ids. Out: rows marked as gone, or brought up to date.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from dashboard.domain.tickets import DeletedTicket
from dashboard.mirror import streams, tickets
from dashboard.mirror.pace import Pace
from dashboard.mirror.ticket_stream import place, under_way
from dashboard.models import KnownTicket, Stream
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.paging import Page
from dashboard.sources.zendesk_tickets import ZendeskTickets

# The vendor allows ten of these lists a minute, for everybody together.
EVERY, SOON = timedelta(minutes=5), timedelta(minutes=1)
MOST_PAGES = 4
# Of one way down the list, poll after poll: a list that goes round would else be read for ever.
MOST_LISTED = 50_000
OVERLAP = timedelta(minutes=10)
CHECKED = "checked"
CHECKED_AT_ONCE = 100
# An answer that leaves tickets out is not believed by itself: of so many it is asked one by one.
MOST_DOUBTED = 10


def read(account: str, vendor: ZendeskTickets, pace: Pace, now: datetime) -> None:
    """What was deleted since the last time; where that is more than MOST_PAGES hold, the next one goes on with the rest. A first reading
    goes back to when the tickets were first read: what was in the trash before is in no list."""
    stream = streams.begun(account, streams.TRASH, now)
    since = (stream.high_at or stream.begun_at - timedelta(hours=1)) - OVERLAP
    high_at, after = under_way(stream.cursor)
    gone: list[int] = []
    for _ in range(MOST_PAGES):
        page = _page(stream, vendor, pace, after, now)
        new = [ticket for ticket in page.items if ticket.deleted_at >= since]
        gone += [ticket.id for ticket in new]
        believed = [ticket.deleted_at for ticket in new if ticket.deleted_at <= page.heard.vendor_at]
        high_at = max(believed + ([high_at] if high_at else []), default=None)
        after = page.after if len(new) == len(page.items) else None
        if after is None:
            break
    with streams.page(stream, page.heard.at) as row:
        tickets.lose_within(account, gone)
        row.done_count += len(gone)
        is_over = after is None or row.done_count >= MOST_LISTED
        row.cursor = "" if is_over else place(high_at, after)
        if is_over:
            row.high_at = max((each for each in (row.high_at, high_at) if each), default=None)
            row.caught_up_at, row.done_count = page.heard.at, 0


def every(stream: Stream) -> timedelta:
    """How long after a reading the next one is: one that was broken off goes on soon."""
    return SOON if stream.cursor else EVERY


def _page(stream: Stream, vendor: ZendeskTickets, pace: Pace, after: str | None, now: datetime) -> Page[DeletedTicket]:
    try:
        page = vendor.deleted_page(after=after, before_request=pace.before_request)
    except SourceError as error:
        if stream.cursor and error.kind is ErrorKind.INVALID and error.status == 400:  # too old a cursor: the list begins anew
            with streams.page(stream, now) as row:
                row.cursor, row.done_count = "", 0
        raise
    pace.heard = page.heard
    return page


def check(account: str, vendor: ZendeskTickets, pace: Pace, now: datetime) -> None:
    """A hundred unsolved tickets, in turn: those that the vendor knows nothing of any more are gone, however that came about; one that
    differs from what is known is brought up to date."""
    stream = streams.begun(account, CHECKED, now)
    unsolved = KnownTicket.objects.filter(tickets.unsolved_of(account, ())).order_by("ticket_id")
    ids = list(unsolved.filter(ticket_id__gt=int(stream.cursor or 0)).values_list("ticket_id", flat=True)[:CHECKED_AT_ONCE])
    shown = vendor.show_many(ids, before_request=pace.before_request) if ids else ()
    left_out = sorted(set(ids) - {ticket.id for ticket in shown})[:MOST_DOUBTED]
    gone = [each for each in left_out if _is_gone(each, vendor, pace)]
    with streams.page(stream, now) as row:
        tickets.keep_within(account, shown, now=now, live=True)
        tickets.lose_within(account, gone)
        row.cursor = str(ids[-1]) if len(ids) == CHECKED_AT_ONCE else ""
        row.caught_up_at = now


def _is_gone(ticket_id: int, vendor: ZendeskTickets, pace: Pace) -> bool:
    try:
        vendor.show(ticket_id, before_request=pace.before_request)
    except SourceError as error:
        if error.kind is not ErrorKind.NOT_FOUND:
            raise
        return True
    return False
