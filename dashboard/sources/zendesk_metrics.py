"""Zendesk's ticket metrics, and the events of tickets' clocks.

In:  ids, where a page begins. Out: typed pages, one HTTP request a call. Events overlap from page to page, since a page begins at a second
and takes all of it: whoever keeps them tells them apart by id. Must not keep where it stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Unpack

from dashboard.domain.tickets import MetricEvent, TicketMetrics
from dashboard.sources import metrics_decode as decode
from dashboard.sources import values
from dashboard.sources.errors import http_date
from dashboard.sources.http import VendorClient
from dashboard.sources.paging import (
    LARGEST_PAGE,
    Heard,
    Page,
    cursor_page,
    cursor_params,
    entries,
    heard,
    number_params,
    numbered_page,
    path_id,
)
from dashboard.sources.questions import Limits, Manner
from dashboard.sources.zendesk_door import API, Asking, ZendeskDoor

EVENTS_PATH = "incremental/ticket_metric_events"
# What the vendor puts at most on a page of the time form.
FULL_PAGE = 10_000
# The vendor begins no page later than this before its own clock.
TOO_RECENT_S = 60
# Ten thousand events are some 3 MB, with long descriptions of policies several times that, and the vendor takes its time for them.
EVENTS = Manner(
    limits=Limits(read_s=30.0, total_s=60.0, body_bytes=32_000_000),
    sentences={403: "Ticket metric events need an administrator's credentials; these may not see them (403)."},
    reads_detail=True,
    has_own_limit=True,
)


@dataclass(frozen=True, slots=True)
class Events:
    """A page of the time form. `end_s` (Unix seconds, never before where it began): where the next one begins; it may lie in the future, as
    announced breaches do. `count`: of events on it, those included that we have no name for. `is_last`: nothing more is there, or can be
    asked for, now."""

    events: tuple[MetricEvent, ...]
    end_s: int
    count: int
    is_last: bool
    heard: Heard


class ZendeskMetrics(ZendeskDoor):
    """One account's metrics. Events are for administrators: others get SourceError (forbidden)."""

    def __init__(self, client: VendorClient, *, full_page: int = FULL_PAGE) -> None:
        """`full_page`: how many events the vendor puts at most on a page of the time form."""
        super().__init__(client)
        self._full_page = full_page

    def list_page(self, *, after: str | None = None, **asking: Unpack[Asking]) -> Page[TicketMetrics]:
        """Metrics of all tickets by cursor, the newest ticket first; archived ones are not among them."""
        answer = self._get("ticket_metrics", cursor_params(LARGEST_PAGE, after), **asking)
        return cursor_page(answer, "ticket_metrics", decode.ticket_metrics, after)

    def list_numbered(self, *, page: int = 1, per_page: int = LARGEST_PAGE, **asking: Unpack[Asking]) -> Page[TicketMetrics]:
        """The same by page number, with the vendor's count."""
        answer = self._get("ticket_metrics", number_params(page, per_page), **asking)
        return numbered_page(answer, "ticket_metrics", decode.ticket_metrics, page)

    def show(self, metric_id: int, **asking: Unpack[Asking]) -> TicketMetrics:
        """By the metrics' own id, which is not the ticket's."""
        return decode.one(self._get(f"ticket_metrics/{path_id(metric_id)}", **asking).json)

    def of_ticket(self, ticket_id: int, **asking: Unpack[Asking]) -> TicketMetrics:
        """Of one ticket. SourceError invalid: they are another's, as of a cache in between that mixes answers up."""
        found = decode.one(self._get(f"tickets/{path_id(ticket_id)}/metrics", **asking).json)
        if found.ticket_id != ticket_id:
            raise values.invalid("ticket_metric.ticket_id", "is not that of the ticket that was asked for")
        return found

    def events_since(self, start_s: int, **asking: Unpack[Asking]) -> Events:
        """Events at or after that second, oldest first, some 10,000 of them. ValueError: a second before 1970.

        The vendor links to a next page for ever; that a page is the last is told by its not being full. A full page of one single second
        that does not lead to the next one would be asked for again and again: then the next second is where to go on. A page that ends
        within the last minute, or ahead, is the last as well: the vendor refuses to begin there; what is announced for later comes when it
        is near.
        """
        if start_s < 0:
            raise ValueError("events begin in 1970")
        answer = self._client.get_json(API + EVENTS_PATH, {"start_time": str(start_s)}, manner=EVENTS, **asking)
        body = values.mapping(answer.json, "the answer")
        on_page = len(values.listed(body.get("ticket_metric_events"), "ticket_metric_events"))
        events = entries(answer, "ticket_metric_events", decode.event)
        told = body.get("end_time")
        if told is None and on_page:
            raise values.invalid("end_time", "is missing")
        end_s = start_s if told is None else max(start_s, values.whole(told, "end_time", values.LARGEST_ID))
        is_full = on_page >= self._full_page
        if is_full and end_s == start_s:
            end_s += 1
        vendor_now = http_date(answer.headers.get("date", "")) or answer.at
        is_last = not is_full or end_s > vendor_now.timestamp() - TOO_RECENT_S
        return Events(events, end_s, on_page, is_last, heard(answer))

    def events_page(
        self,
        *,
        start_s: int | None = None,
        after: str | None = None,
        size: int = LARGEST_PAGE,
        **asking: Unpack[Asking],
    ) -> Page[MetricEvent]:
        """The same by cursor. ValueError: neither a second to begin with, nor a cursor."""
        if after is None and start_s is None:
            raise ValueError("a first page of events needs a second to begin with")
        params = cursor_params(size, after) | ({} if start_s is None else {"start_time": str(start_s)})
        answer = self._client.get_json(API + EVENTS_PATH, params, manner=EVENTS, **asking)
        return cursor_page(answer, "ticket_metric_events", decode.event, after)
