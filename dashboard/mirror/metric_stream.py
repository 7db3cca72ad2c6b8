"""The stream of ticket metrics: once the whole list, then those of tickets that moved, one by one, the longest behind first.

In:  the vendor's metrics, a pace. Out: columns beside the tickets, and how far was read. The list cannot be asked for changes.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from dashboard.domain.tickets import TicketMetrics
from dashboard.mirror import metrics, streams
from dashboard.mirror.pace import EndlessError, NotYet, Pace
from dashboard.models import KnownTicket, Stream
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.paging import Page
from dashboard.sources.zendesk_metrics import ZendeskMetrics

logger = logging.getLogger(__name__)

# Tickets whose metrics one poll asks for.
MOST_MOVED = 30
# With so many behind (after a long absence) the list, a hundred a page, is the shorter way.
MOST_BEHIND = 3000
# So many that cannot be read without one good answer are enough to ask for a witness; and of how many.
MOST_ODD, WITNESSES = 3, 3


def read(account: str, vendor: ZendeskMetrics, pace: Pace, now: datetime) -> None:
    """Reads the metrics of what has moved. NotYet while the list is being read, or while there are no tickets yet."""
    tickets = streams.of(account, streams.TICKETS)
    if tickets is None or tickets.caught_up_at is None:
        raise NotYet("tickets, before their metrics", tickets.done_count if tickets else 0, tickets.total_count if tickets else None)
    stream = streams.begun(account, streams.METRICS, now)
    behind = KnownTicket.objects.filter(account=account, is_behind=True).order_by("moved_at")
    if stream.caught_up_at is not None and not stream.cursor and behind[MOST_BEHIND:].exists():
        Stream.objects.filter(pk=stream.pk, cursor="").update(caught_up_at=None, done_count=0)
        stream.refresh_from_db()
    before = stream.caught_up_at
    if stream.caught_up_at is None:
        stream = _list(stream, vendor, pace, tickets)
    _moved(stream, vendor, pace, now)
    # Nothing says by itself that no metrics have changed: they are as new as the word on which tickets have moved, and, where more have
    # moved than one poll asks for, as the first move that is still to be asked about; never older than was known before (a ticket out of
    # the trash may have moved long ago).
    known_to, waiting = tickets.caught_up_at, behind.values_list("moved_at", flat=True).first()
    if waiting is not None:
        known_to = max(min(known_to, waiting), before or known_to)
    Stream.objects.filter(pk=stream.pk).update(read_at=now, caught_up_at=known_to)


def _list(stream: Stream, vendor: ZendeskMetrics, pace: Pace, tickets: Stream) -> Stream:
    while True:
        if not pace.may_go_on(gently=True):
            raise NotYet("metrics of tickets", stream.done_count, tickets.total_count, pace.heard)
        page = _page(stream, vendor, pace)
        at = pace.note(page.heard)
        if page.after is not None:
            _expect_news(stream, pace, page)
        with streams.page(stream, at) as row:
            metrics.keep_within(stream.account, page.items, asked=None, moved_to=tickets.high_at)
            row.cursor = page.after or ""
            row.done_count += len(page.items)
            row.total_count = tickets.total_count
            if page.after is None:
                row.caught_up_at = at
        stream = row
        if page.after is None:
            return stream


def _expect_news(stream: Stream, pace: Pace, page: Page[TicketMetrics]) -> None:
    try:
        pace.expect_news("metrics of tickets", (each.ticket_id for each in page.items))
    except EndlessError:
        Stream.objects.filter(pk=stream.pk, cursor=stream.cursor).update(cursor="", done_count=0)
        raise


def _page(stream: Stream, vendor: ZendeskMetrics, pace: Pace) -> Page[TicketMetrics]:
    try:
        return vendor.list_page(after=stream.cursor or None, before_request=pace.before_request)
    except SourceError as error:
        if error.kind is ErrorKind.INVALID and error.status == 400 and stream.cursor:  # too old a cursor: the list begins anew
            Stream.objects.filter(pk=stream.pk, cursor=stream.cursor).update(cursor="", done_count=0)
        raise


@dataclass(slots=True)
class _Answers:
    """What has come so far of single tickets. `lost`: in the trash by now, which the stream of tickets will say. `is_believed`: another
    ticket's metrics could be read, so that it is those of the `unreadable` themselves that are wrong."""

    found: list[TicketMetrics] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    is_believed: bool = False


def _moved(stream: Stream, vendor: ZendeskMetrics, pace: Pace, now: datetime) -> None:
    account = stream.account
    behind = KnownTicket.objects.filter(account=account, is_behind=True).order_by("moved_at")
    asked = dict(behind.values_list("ticket_id", "moved_at")[:MOST_MOVED])
    answers = _Answers()
    try:
        if asked:
            _ask(account, vendor, pace, asked, answers)
    finally:  # also when the budget ends the poll: what was answered is not asked for again
        # Of what cannot be read nothing is known; asked for again with each poll, the longest behind, it would keep the others waiting.
        over = [*answers.lost, *(answers.unreadable if answers.is_believed else ())]
        if answers.found or over:
            with streams.writing(account, now):
                if not Stream.objects.filter(pk=stream.pk).exists():  # the account became another site meanwhile, with tickets of these ids
                    raise streams.MovedOnError(stream.name)
                metrics.keep_within(account, answers.found, asked=asked, moved_to=None)
                KnownTicket.objects.filter(account=account, ticket_id__in=over).update(is_behind=False)


def _ask(account: str, vendor: ZendeskMetrics, pace: Pace, asked: Collection[int], into: _Answers) -> None:
    """Fills `into`, also when it ends with what the pace raises, or a SourceError: the vendor fails, or has good answers for nobody."""
    error: SourceError | None = None
    for ticket_id in asked:
        error = _one(vendor, pace, ticket_id, into) or error
        into.is_believed = bool(into.found)
        if len(into.unreadable) >= MOST_ODD and not into.found:
            break
    if error is None or into.is_believed:
        return
    others = KnownTicket.objects.filter(account=account, is_behind=False, is_gone=False).exclude(ticket_id__in=asked)
    for ticket_id in others.order_by("-ticket_id").values_list("ticket_id", flat=True)[:WITNESSES]:
        witness = _Answers()
        _one(vendor, pace, ticket_id, witness)
        if witness.found:
            into.is_believed = True
            return
    raise error


def _one(vendor: ZendeskMetrics, pace: Pace, ticket_id: int, into: _Answers) -> SourceError | None:
    """The error of metrics that cannot be read."""
    try:
        into.found.append(vendor.of_ticket(ticket_id, before_request=pace.before_request))
    except SourceError as error:
        if error.kind is ErrorKind.NOT_FOUND:
            into.lost.append(ticket_id)
            return None
        if error.kind is not ErrorKind.INVALID:
            raise
        logger.warning("The metrics of ticket %d cannot be read: %s", ticket_id, error.message)
        into.unreadable.append(ticket_id)
        return error
    return None
