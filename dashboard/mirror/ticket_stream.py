"""The stream of tickets: once all of them by id, then again and again those that moved, the latest first, down to what is known.

In:  the vendor's tickets, a pace. Out: rows and how far was read, page by page. What moves while we read is on top of the next reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from dashboard.domain.tickets import Ticket
from dashboard.mirror import streams, tickets
from dashboard.mirror.pace import BESIDE, EndlessError, NotYet, Pace
from dashboard.models import Stream
from dashboard.sources import values
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.paging import LONGEST_CURSOR, Page
from dashboard.sources.zendesk_tickets import ZendeskTickets

# A ticket may be listed with a second or two of delay, and with a time from before: each reading goes so much further down than needed.
OVERLAP = timedelta(seconds=120)


def read(account: str, vendor: ZendeskTickets, pace: Pace, now: datetime) -> None:
    """Reads what has moved since the last time. NotYet: all of it is still being read for the first time, or again after a long absence.

    SourceError, and what the pace raises; what was read before is kept.
    """
    stream = streams.begun(account, streams.TICKETS, now)
    try:
        if stream.caught_up_at is None:
            stream = _first(stream, vendor, pace)
        _moved(stream, vendor, pace)
    except SourceError as error:
        # The vendor's cursors are good for a while; after a long stop the reading begins anew, and changes nothing twice.
        if isinstance(error, EndlessError) or (error.kind is ErrorKind.INVALID and error.status == 400):
            _begin_anew(account)
        raise


def _begin_anew(account: str) -> None:
    stream = streams.of(account, streams.TICKETS)
    if stream is not None and stream.cursor:
        done_count = stream.done_count if stream.caught_up_at else 0
        Stream.objects.filter(pk=stream.pk, cursor=stream.cursor).update(cursor="", done_count=done_count)


def _first(stream: Stream, vendor: ZendeskTickets, pace: Pace) -> Stream:
    if stream.high_at is None and not stream.cursor:
        stream = _mark(stream, vendor, pace)
    while True:
        if not pace.may_go_on(gently=True):
            raise NotYet("tickets", stream.done_count, stream.total_count, pace.heard)
        page = vendor.list_page(sort="id", after=stream.cursor or None, before_request=pace.before_request)
        at = pace.note(page.heard)
        if page.after is not None:
            pace.expect_news("tickets", (ticket.id for ticket in page.items))
        with streams.page(stream, at) as row:
            tickets.keep_within(stream.account, page.items, now=at, live=False)
            row.cursor = page.after or ""
            row.done_count += len(page.items)
            if page.after is None:
                row.caught_up_at = row.begun_at  # everything as of then: the tickets that have moved since are read at once
        stream = row
        if page.after is None:
            return stream


def _mark(stream: Stream, vendor: ZendeskTickets, pace: Pace) -> Stream:
    """Where the second reading will have to go down to, by the vendor's own clock; and how much there is."""
    newest = vendor.list_page(sort="-updated_at", size=1, before_request=pace.before_request)
    pace.note(newest.heard)
    try:
        total_count = vendor.count(before_request=pace.before_request).value
    except SourceError as error:
        if error.kind not in BESIDE and not error.is_endpoint_limit:
            raise
        total_count = None  # how much there is, is nice to know
    with streams.page(stream, newest.heard.at) as row:
        row.high_at = _latest(newest)
        row.total_count = total_count
    return row


def _latest(page: Page[Ticket]) -> datetime | None:
    """When the last of them moved; None: none did. A time to come is not believed: nothing that moves before it would be read any more."""
    latest = max((ticket.updated_at for ticket in page.items), default=None)
    return None if latest is None else min(latest, page.heard.vendor_at)


def _check_order(found: Sequence[Ticket]) -> None:
    """The reading ends where the tickets get older than what is known: in any other order it would end too soon."""
    for newer, older in pairwise(found):
        if older.updated_at > newer.updated_at + OVERLAP:
            raise values.invalid("tickets", "is not in the order that was asked for")


def _moved(stream: Stream, vendor: ZendeskTickets, pace: Pace) -> None:
    high_at, after = under_way(stream.cursor)
    floor = None if stream.high_at is None else stream.high_at - OVERLAP
    done_count = 0
    while True:
        if not pace.may_go_on(gently=False):
            raise NotYet("tickets that have moved", done_count, None, pace.heard)
        page = vendor.list_page(sort="-updated_at", after=after, before_request=pace.before_request)
        at = pace.note(page.heard)
        _check_order(page.items)
        if page.after is not None:
            pace.expect_news("tickets that have moved", (ticket.id for ticket in page.items))
        told = [ticket for ticket in page.items if floor is None or ticket.updated_at >= floor]
        if high_at is None:
            high_at = _latest(page) or stream.high_at
        is_last = page.after is None or len(told) < len(page.items)
        with streams.page(stream, at) as row:
            kept = tickets.keep_within(stream.account, told, now=at, live=True)
            row.done_count += len(kept.new)
            row.cursor = "" if is_last else place(high_at, page.after)
            if is_last:
                row.high_at = high_at if row.high_at is None or (high_at is not None and high_at > row.high_at) else row.high_at
                row.caught_up_at = at
        stream, after = row, page.after
        done_count += len(told)
        if is_last:
            return


def place(high_at: datetime | None, after: str | None) -> str:
    """Where a reading that is broken off goes on. One that the column cannot hold is left out: then it begins anew, and loses nothing."""
    text = f"{0 if high_at is None else int(high_at.timestamp())} {after}"
    return text if len(text) <= LONGEST_CURSOR else ""


def under_way(cursor: str) -> tuple[datetime | None, str | None]:
    """A reading that was broken off: the latest change that it began with, and where its next page begins."""
    if not cursor:
        return None, None
    high_s, _, after = cursor.partition(" ")
    return datetime.fromtimestamp(int(high_s), UTC) if high_s != "0" else None, after
