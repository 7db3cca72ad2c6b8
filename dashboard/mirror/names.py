"""What people call groups and agents, where the vendor tells it.

In:  the vendor's groups; the latest answer about agents on the phone. Out: names by id, for pages and tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

import redis as redis_py

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings import AgentsActivity
from dashboard.mirror import streams
from dashboard.mirror.pace import Pace
from dashboard.models import KnownName
from dashboard.sources.zendesk_tickets import ZendeskTickets
from dashboard.store import connection, snapshots

What = Literal["group", "user", "team"]

EVERY = timedelta(hours=1)
MOST_PAGES = 10


def names(account: str, what: What, *, with_phones: bool = True) -> dict[int, str]:
    """Names by the vendor's ids. Agents are named by the phones' answers as well (`with_phones`), which Redis holds; without it those are
    missing."""
    found = dict(KnownName.objects.filter(account=account, what=what).values_list("vendor_id", "name"))
    return _agents(account) | found if what == "user" and with_phones else found


def learn(account: str, what: What, told: Mapping[int, str], now: datetime) -> None:
    """Keeps these names; one that is known by another name gets the new one."""
    rows = [KnownName(account=account, what=what, vendor_id=vendor_id, name=name[:200]) for vendor_id, name in sorted(told.items()) if name]
    known = dict(KnownName.objects.filter(account=account, what=what, vendor_id__in=list(told)).values_list("vendor_id", "name"))
    if rows := [row for row in rows if known.get(row.vendor_id) != row.name]:
        with streams.writing(account, now):
            unique = ["account", "what", "vendor_id"]
            KnownName.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=["name"])


def read_groups(account: str, vendor: ZendeskTickets, pace: Pace, now: datetime) -> None:
    """The account's groups, a thousand at most."""
    stream = streams.begun(account, streams.GROUPS, now)
    after: str | None = None
    told: dict[int, str] = {}
    for _ in range(MOST_PAGES):
        page = vendor.groups_page(after=after, before_request=pace.before_request)
        pace.heard = page.heard
        told |= {group.id: group.name for group in page.items}
        after = page.after
        if after is None:
            break
    learn(account, "group", told, now)
    with streams.page(stream, now) as row:
        row.caught_up_at, row.done_count = now, len(told)


def _agents(account: str) -> dict[int, str]:
    feed = Feed(account, Endpoint.AGENTS)
    try:
        reading = snapshots.load_readings(connection.client(), [feed]).get(feed)
    except redis_py.RedisError:
        return {}
    body = reading.body if reading else None
    return {agent.agent_id: agent.name for agent in body.agents if agent.name} if isinstance(body, AgentsActivity) else {}
