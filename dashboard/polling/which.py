"""Which source answers which feed.

In:  a feed. Out: its source; SourceError (refused_config) when the account is not set up.
"""

from __future__ import annotations

from dashboard.domain.feeds import TICKET_ENDPOINTS, Endpoint, Feed
from dashboard.mirror.cases import CasesSource
from dashboard.mirror.source import MirrorSource
from dashboard.polling.poller import Source
from dashboard.sources import registry


def source_of(feed: Feed) -> Source:
    """The phone's numbers come straight from the vendor, those of tickets and conversations out of the mirror."""
    if feed.endpoint in TICKET_ENDPOINTS:
        return MirrorSource(feed.account)
    if feed.endpoint is Endpoint.CASES:
        return CasesSource(feed.account)
    return registry.source(feed.account)
