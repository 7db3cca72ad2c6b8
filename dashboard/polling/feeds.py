"""What must be asked now and how often: the feeds that boards and rules need, each once however many share it.

In:  boards, the slugs of those that somebody watches, the feeds of rules. Out: a plan per feed. Reads settings and nothing else; when a
feed is due is the planner's.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from django.conf import settings

from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import TALK, TICKET_ENDPOINTS, Endpoint, Feed
from dashboard.polling.buckets import bucket_of, expected_buckets
from dashboard.sources import registry
from dashboard.widgets import layout
from dashboard.widgets.registry import KINDS

# A feed that nobody watches asks less often: (times slower, but at most every so many seconds). The queue is the dear one.
UNWATCHED_QUEUE = (5.0, 30.0)
UNWATCHED_OTHERS = (2.0, 60.0)
# A board counts as watched this long after somebody last said so; the hub says it every 2 s, a page and the API at each look.
WATCHED_FOR_S = 30.0
# What the pages about tickets say they watch, as a page with a board says the board's slug; no slug has a colon.
DESK = ":desk"


class Scope(Protocol):
    """What a feed needs to know of a board or a rule: which account, and which lines and groups of it (none: all)."""

    @property
    def account(self) -> str: ...
    @property
    def line_ids(self) -> Iterable[int]: ...
    @property
    def group_ids(self) -> Iterable[int]: ...


class BoardLike(Scope, Protocol):
    """A board, as far as its feeds are concerned."""

    @property
    def slug(self) -> str: ...
    @property
    def widgets(self) -> object: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """How often a feed is asked. `interval_s` > 0; it is also what the age of its numbers is judged by."""

    interval_s: float
    watched: bool


def base_interval_s(endpoint: Endpoint) -> float:
    """The interval of a watched feed, from the settings."""
    env = settings.ENV
    intervals: dict[Endpoint, float] = {
        Endpoint.QUEUE: env.queue_interval_s,
        Endpoint.AGENTS: env.agents_interval_s,
        Endpoint.ACCOUNT: env.account_interval_s,
        Endpoint.AGENTS_OVERVIEW: env.agents_overview_interval_s,
        Endpoint.TICKETS: env.tickets_interval_s,
        Endpoint.TICKET_METRICS: env.ticket_metrics_interval_s,
        Endpoint.SLA: env.metric_events_interval_s,
        Endpoint.CASES: env.kayako_interval_s,
    }
    return intervals[endpoint]


def interval_s(endpoint: Endpoint, *, watched: bool) -> float:
    """The interval of a feed. An administrator's interval beyond the unwatched maximum stays as it is."""
    base_s = base_interval_s(endpoint)
    if watched:
        return base_s
    factor, most_s = UNWATCHED_QUEUE if endpoint is Endpoint.QUEUE else UNWATCHED_OTHERS
    return max(base_s, min(base_s * factor, most_s))


def scope_feeds(scope: Scope) -> dict[Endpoint, Feed]:
    """The feeds that a board or a rule may need. Phone lines filter the queue and the account, groups the agents and the tickets; the
    agents' overview knows no filter, and Kayako is an account of its own."""
    lines, groups = tuple(sorted(set(scope.line_ids))), tuple(sorted(set(scope.group_ids)))
    return {
        Endpoint.QUEUE: Feed(scope.account, Endpoint.QUEUE, lines),
        Endpoint.AGENTS: Feed(scope.account, Endpoint.AGENTS, groups),
        Endpoint.ACCOUNT: Feed(scope.account, Endpoint.ACCOUNT, lines),
        Endpoint.AGENTS_OVERVIEW: Feed(scope.account, Endpoint.AGENTS_OVERVIEW),
        Endpoint.TICKETS: Feed(scope.account, Endpoint.TICKETS, groups),
        Endpoint.TICKET_METRICS: Feed(scope.account, Endpoint.TICKET_METRICS, groups),
        Endpoint.SLA: Feed(scope.account, Endpoint.SLA, groups),
        Endpoint.CASES: Feed(registry.KAYAKO, Endpoint.CASES),
    }


def board_feeds(board: BoardLike) -> dict[Endpoint, Feed]:
    """The feeds of one board: the phone's, and of the others those that its widgets show numbers of."""
    needed = _needed(json.dumps(board.widgets, default=str)) if board.widgets is not None else frozenset()
    return {
        endpoint: feed for endpoint, feed in scope_feeds(board).items() if endpoint in TALK or (endpoint in needed and _is_on(endpoint))
    }


def planned(boards: Iterable[BoardLike], watched_slugs: Collection[str], ruled: Collection[Feed] = ()) -> dict[Feed, Plan]:
    """The plan of every feed that a board or a rule needs; a feed is watched when one of its boards is, and always when a rule (`ruled`)
    judges it: nobody has to look at a board for an alert to come in time.

    All tickets of an account are always planned: the pages about them live on what their polls keep. So are Kayako's conversations, whose
    first reading takes minutes. The feeds of single groups ask nothing themselves, so whoever watches one watches that of all. Of Zendesk
    and Kayako, the one that is not set up beside the other is not asked.

    When the boards together would use up an account's budget, all feeds of that bucket are asked less often by the same factor: a
    steady slower pace, rather than a minute of numbers and then four without.
    """
    watched = dict.fromkeys(_always(), DESK in watched_slugs)
    for board in boards:
        for feed in filter(_is_asked, board_feeds(board).values()):
            watched[feed] = watched.get(feed, False) or board.slug in watched_slugs
    watched |= dict.fromkeys((feed for feed in ruled if _is_on(feed.endpoint) and _is_asked(feed)), True)
    for feed, is_watched in [*watched.items()]:
        if feed.endpoint in TICKET_ENDPOINTS and feed.filter_ids:
            whole = Feed(feed.account, feed.endpoint)
            watched[whole] = watched.get(whole, False) or is_watched
    wished = {feed: interval_s(feed.endpoint, watched=is_watched) for feed, is_watched in watched.items()}
    demand_per_s: dict[tuple[str, str], float] = {}
    for feed, wished_s in wished.items():
        bucket = (feed.account, bucket_of(feed.endpoint))
        asks = not (feed.endpoint in TICKET_ENDPOINTS and feed.filter_ids)
        demand_per_s[bucket] = demand_per_s.get(bucket, 0.0) + asks / wished_s
    pace_per_s = {name: bucket.pace_per_s for name, bucket in expected_buckets().items()}
    factors = {(account, name): max(1.0, demand / pace_per_s[name]) for (account, name), demand in demand_per_s.items()}
    return {feed: Plan(wished[feed] * factors[feed.account, bucket_of(feed.endpoint)], is_watched) for feed, is_watched in watched.items()}


def _is_on(endpoint: Endpoint) -> bool:
    return endpoint not in TICKET_ENDPOINTS or settings.ENV.tickets


def _is_asked(feed: Feed) -> bool:
    return settings.ENV.has_kayako if feed.account == registry.KAYAKO else settings.ENV.has_phone


def _always() -> Iterable[Feed]:
    """The feeds of tickets and of conversations, whether or not a board shows them."""
    if settings.ENV.zendesk is not None and settings.ENV.tickets:
        yield from (Feed(registry.ACCOUNT, endpoint) for endpoint in sorted(TICKET_ENDPOINTS))
    if settings.ENV.kayako is not None:
        yield Feed(registry.KAYAKO, Endpoint.CASES)


@lru_cache(maxsize=256)
def _needed(widgets: str) -> frozenset[Endpoint]:
    """The endpoints of the numbers that these widgets show; as JSON, since a board's are read at each tick and seldom change."""
    usable, _ = layout.usable(json.loads(widgets))
    names = {name for each in usable for name in KINDS[each.kind].metrics(each.options)}
    names |= {wish.metric for each in usable for wish in KINDS[each.kind].wishes(each.options)}
    metrics = [metric for name in names if (metric := CATALOGUE.get(name)) is not None]
    return frozenset(endpoint for metric in metrics for endpoint in (metric.endpoint, *metric.also))
