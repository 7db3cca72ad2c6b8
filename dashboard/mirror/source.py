"""The poller's source for tickets: reads what is new at the vendor into the mirror, and works out the feed's numbers from it.

In:  a feed of tickets, a permit for each request. Out: `Answered`, NotYet, or SourceError. A feed of some groups asks the vendor for
nothing: its numbers are as old as the account's own feed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings import Body, Reading
from dashboard.mirror import backlog, event_stream, metric_stream, names, origin, retention, sla_state, streams, ticket_stream, times, trash
from dashboard.mirror.pace import BESIDE, NotYet, Pace
from dashboard.sources import registry
from dashboard.sources.errors import SourceError
from dashboard.sources.zendesk_metrics import ZendeskMetrics
from dashboard.sources.zendesk_talk import Answered
from dashboard.sources.zendesk_tickets import ZendeskTickets

logger = logging.getLogger(__name__)

STREAM_OF: Mapping[Endpoint, str] = {
    Endpoint.TICKETS: streams.TICKETS,
    Endpoint.TICKET_METRICS: streams.METRICS,
    Endpoint.SLA: streams.EVENTS,
}
_BODIES: Mapping[Endpoint, Callable[[str, tuple[int, ...], datetime], Body]] = {
    Endpoint.TICKETS: backlog.body,
    Endpoint.TICKET_METRICS: times.body,
    Endpoint.SLA: sla_state.body,
}
COUNTED_EVERY = timedelta(minutes=1)


def _nothing() -> None:
    return None


def _now() -> datetime:
    return datetime.now(UTC)


class MirrorSource:
    """One account's tickets. Thread-safe."""

    def __init__(
        self,
        account: str,
        *,
        tickets: Callable[[str], ZendeskTickets] = registry.tickets,
        metrics: Callable[[str], ZendeskMetrics] = registry.metrics,
        site: Callable[[str], str] = registry.site,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._account, self._tickets, self._metrics, self._site, self._clock = account, tickets, metrics, site, clock

    def read(self, feed: Feed, *, before_request: Callable[[], None] = _nothing) -> Answered:
        """Brings the feed's stream up to date and gives its numbers, as of when that was. NotYet while everything is read for the first
        time. SourceError when the vendor does not answer; what had come by then is kept."""
        pace = Pace(before_request)
        origin.settle(self._account, self._site(self._account), self._clock())
        if not feed.filter_ids:
            self._read(feed.endpoint, pace)
        at = self._known_to(STREAM_OF[feed.endpoint])
        if feed.endpoint is Endpoint.SLA:
            self._known_to(streams.CLOCKS)
        body = _BODIES[feed.endpoint](self._account, feed.filter_ids, at)
        heard = pace.heard
        limit = heard.limit_per_minute if heard else None
        remaining = heard.remaining if heard else None
        return Answered(Reading(body, at), limit, remaining, None, heard.requests if heard else 0)

    def _known_to(self, name: str) -> datetime:
        """As of when the stream is known to its end. NotYet: it never was."""
        stream = streams.of(self._account, name)
        if stream is None or stream.caught_up_at is None:
            raise NotYet(name, stream.done_count if stream else 0, stream.total_count if stream else None)
        return stream.caught_up_at

    def _read(self, endpoint: Endpoint, pace: Pace) -> None:
        now = self._clock()
        try:
            if endpoint is Endpoint.TICKETS:
                vendor = self._tickets(self._account)
                ticket_stream.read(self._account, vendor, pace, now)
                self._beside(vendor, pace, now)
            elif endpoint is Endpoint.TICKET_METRICS:
                metric_stream.read(self._account, self._metrics(self._account), pace, now)
            else:
                event_stream.read(self._account, self._metrics(self._account), pace, now)
        except streams.MovedOnError:
            logger.info("Another poll of %s has read the same page; its word holds.", self._account)

    def _beside(self, vendor: ZendeskTickets, pace: Pace, now: datetime) -> None:
        """What is asked rarely, each when its time has come."""
        for name, every, read in (
            (streams.COUNT, COUNTED_EVERY, _count),
            (streams.GROUPS, names.EVERY, names.read_groups),
            (streams.TRASH, trash.EVERY, trash.read),
            (trash.CHECKED, trash.EVERY, trash.check),
        ):
            stream = streams.begun(self._account, name, now)
            wait = trash.every(stream) if name == streams.TRASH else every
            if stream.read_at is not None and timedelta() <= now - stream.read_at < wait:
                continue
            try:
                read(self._account, vendor, pace, now)
            except SourceError as error:
                if error.kind not in BESIDE and not error.is_endpoint_limit:
                    raise
                logger.warning("%s: no answer to the question for the %s: %s", self._account, name, error.message)
                with streams.page(streams.begun(self._account, name, now), now):
                    pass  # asked again when the time has come once more
        retention.forget_sometimes(self._account, now)


def _count(account: str, vendor: ZendeskTickets, pace: Pace, now: datetime) -> None:
    counted = vendor.count(before_request=pace.before_request)
    with streams.page(streams.begun(account, streams.COUNT, now), now) as row:
        row.total_count, row.caught_up_at = counted.value, counted.refreshed_at
