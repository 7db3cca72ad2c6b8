"""The poller's source for Kayako: reads what is new into the mirror, and works out the feed's numbers from it.

In:  the feed of conversations, a permit for each request. Out: `Answered`, NotYet, or SourceError.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from dashboard.domain.feeds import Feed
from dashboard.domain.readings import Reading
from dashboard.mirror import cases_body, cases_measured, cases_stream, origin, streams
from dashboard.mirror.pace import NotYet, Pace
from dashboard.mirror.progress import StreamProgress
from dashboard.sources import registry
from dashboard.sources.kayako import Kayako
from dashboard.sources.zendesk_talk import Answered

logger = logging.getLogger(__name__)


def _nothing() -> None:
    return None


def _now() -> datetime:
    return datetime.now(UTC)


class CasesSource:
    """Kayako's conversations. Thread-safe."""

    def __init__(
        self,
        account: str = registry.KAYAKO,
        *,
        kayako: Callable[[], Kayako] = registry.kayako,
        site: Callable[[str], str] = registry.site,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._account, self._kayako, self._site, self._clock = account, kayako, site, clock

    def read(self, feed: Feed, *, before_request: Callable[[], None] = _nothing) -> Answered:
        """Brings the stream up to date and gives the numbers, as of when that was: while metrics are read for the first time those that are
        whole already, and how far it is. NotYet while the list is read for the first time, or a round takes longer than one poll.
        SourceError when Kayako does not answer; what had come by then is kept."""
        pace = Pace(before_request)
        origin.settle(self._account, self._site(self._account), self._clock())
        try:
            cases_stream.read(self._account, self._kayako(), pace, self._clock())
        except streams.MovedOnError:
            logger.info("Another poll of %s has read the same page; its word holds.", self._account)
        stream = streams.of(self._account, cases_stream.CASES)
        if stream is None or stream.caught_up_at is None:
            raise NotYet("conversations", stream.done_count if stream else 0, stream.total_count if stream else None)
        heard = pace.heard
        known = cases_measured.measured(self._account)
        reading = Reading(cases_body.body(self._account, stream.caught_up_at, known), stream.caught_up_at)
        limit, remaining = (heard.limit_per_minute, heard.remaining) if heard else (None, None)
        answered = Answered(reading, limit, remaining, None, heard.requests if heard else 0)
        if known.to_come_at is None:
            return answered
        return replace(answered, done_count=known.done_count, total_count=known.total_count)


def progress(account: str = registry.KAYAKO) -> list[StreamProgress]:
    """How far the conversations and their metrics have been read, for pages; in the order in which they are."""
    row = streams.of(account, cases_stream.CASES)
    if row is None:
        return [StreamProgress(name, True, 0, None, None, None) for name in (cases_stream.CASES, streams.METRICS)]
    known, is_listed = cases_measured.measured(account), row.caught_up_at is not None
    is_first = not is_listed or (known.to_come_at is not None and cases_measured.is_first(account))
    behind_count = known.total_count - known.done_count
    return [
        StreamProgress(row.name, not is_listed, row.done_count, row.total_count, row.read_at, row.caught_up_at),
        StreamProgress(streams.METRICS, is_first, known.done_count, known.total_count, row.read_at, row.caught_up_at, behind_count),
    ]
