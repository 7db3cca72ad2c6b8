"""What one poll asks: an account, an endpoint and a filter, with one stable id.

In:  settings and boards name feeds. Out: `Feed` values, which the planner schedules, the poller asks and the store keys by id.
Must not know how a feed is asked or stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Endpoint(StrEnum):
    """What we poll; the value is the vendor's own name of the endpoint (Kayako's has the vendor before it)."""

    QUEUE = "current_queue_activity"
    AGENTS = "agents_activity"
    ACCOUNT = "account_overview"
    AGENTS_OVERVIEW = "agents_overview"
    TICKETS = "tickets"
    TICKET_METRICS = "ticket_metrics"
    SLA = "ticket_metric_events"
    CASES = "kayako_cases"


# The phone's: each poll asks the vendor for the whole answer. The others read what changed, and their numbers come out of the mirror.
TALK = (Endpoint.QUEUE, Endpoint.AGENTS, Endpoint.ACCOUNT, Endpoint.AGENTS_OVERVIEW)
TICKET_ENDPOINTS = frozenset({Endpoint.TICKETS, Endpoint.TICKET_METRICS, Endpoint.SLA})
# Filtered by groups; the others by phone lines, where they know a filter.
OF_GROUPS = frozenset({Endpoint.AGENTS, *TICKET_ENDPOINTS})


@dataclass(frozen=True, slots=True, order=True)
class Feed:
    """One question to one account. `filter_ids` are phone lines (queue, account) or groups (agents, tickets); empty means all."""

    account: str
    endpoint: Endpoint
    filter_ids: tuple[int, ...] = ()

    @property
    def id(self) -> str:
        """Stable text form, used in Redis keys and in `frame.feeds`: `main:agents_activity:1,2`, or without the last part."""
        base = f"{self.account}:{self.endpoint.value}"
        return f"{base}:{','.join(map(str, self.filter_ids))}" if self.filter_ids else base

    @classmethod
    def parse(cls, feed_id: str) -> Feed:
        """The inverse of `id`. ValueError when the text is not a feed's id."""
        account, _, rest = feed_id.partition(":")
        endpoint, _, ids = rest.partition(":")
        if not account or not endpoint:
            raise ValueError(f"not a feed id: {feed_id!r}")
        return cls(account, Endpoint(endpoint), tuple(int(part) for part in ids.split(",")) if ids else ())
