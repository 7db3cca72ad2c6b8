"""What the list of tickets does not say: which of them are in the trash, and which are not there any more at all.

In:  the vendor's trash, and now and then a hundred unsolved tickets by their ids. Out: rows marked as gone, or brought up to date.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from dashboard.mirror import streams, tickets
from dashboard.mirror.pace import Pace
from dashboard.models import KnownTicket
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.zendesk_tickets import ZendeskTickets

# The vendor allows ten of these lists a minute, for everybody together.
EVERY = timedelta(minutes=5)
MOST_PAGES = 4
OVERLAP = timedelta(minutes=10)
CHECKED = "checked"
CHECKED_AT_ONCE = 100
# An answer that leaves tickets out is not believed by itself: of so many it is asked one by one.
MOST_DOUBTED = 10


def read(account: str, vendor: ZendeskTickets, pace: Pace, now: datetime) -> None:
    """What was deleted since the last time. A first reading goes back to when the tickets were first read: what was in the trash before is
    in no list."""
    stream = streams.begun(account, streams.TRASH, now)
    since = (stream.high_at or stream.begun_at - timedelta(hours=1)) - OVERLAP
    after: str | None = None
    gone: list[int] = []
    high_at = stream.high_at
    for _ in range(MOST_PAGES):
        page = vendor.deleted_page(after=after, before_request=pace.before_request)
        pace.heard = page.heard
        new = [ticket for ticket in page.items if ticket.deleted_at >= since]
        gone += [ticket.id for ticket in new]
        believed = [ticket.deleted_at for ticket in new if ticket.deleted_at <= page.heard.vendor_at]
        high_at = max(believed + ([high_at] if high_at else []), default=None)
        after = page.after
        if after is None or len(new) < len(page.items):
            break
    with streams.page(stream, page.heard.at) as row:
        tickets.lose_within(account, gone)
        row.high_at = high_at
        row.caught_up_at = page.heard.at


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
