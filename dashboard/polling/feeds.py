"""What must be asked now and how often: the feeds that boards and rules need, each once however many share it.

In:  boards, the slugs of those that somebody watches, the feeds of rules. Out: a plan per feed. Pure; when a feed is due is the planner's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.polling.buckets import bucket_of, expected_buckets

# A feed that nobody watches asks less often: (times slower, but at most every so many seconds). The queue is the dear one.
UNWATCHED_QUEUE = (5.0, 30.0)
UNWATCHED_OTHERS = (2.0, 60.0)
# A board counts as watched this long after somebody last said so; the hub says it every 2 s, a page and the API at each look.
WATCHED_FOR_S = 30.0


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
    """The feeds of a board or a rule. Phone lines filter the queue and the account, groups the agents; the overview knows no filter."""
    lines, groups = tuple(sorted(set(scope.line_ids))), tuple(sorted(set(scope.group_ids)))
    return {
        Endpoint.QUEUE: Feed(scope.account, Endpoint.QUEUE, lines),
        Endpoint.AGENTS: Feed(scope.account, Endpoint.AGENTS, groups),
        Endpoint.ACCOUNT: Feed(scope.account, Endpoint.ACCOUNT, lines),
        Endpoint.AGENTS_OVERVIEW: Feed(scope.account, Endpoint.AGENTS_OVERVIEW),
    }


def board_feeds(board: BoardLike) -> dict[Endpoint, Feed]:
    """The feeds of one board."""
    return scope_feeds(board)


def planned(boards: Iterable[BoardLike], watched_slugs: Collection[str], ruled: Collection[Feed] = ()) -> dict[Feed, Plan]:
    """The plan of every feed that a board or a rule needs; a feed is watched when one of its boards is, and always when a rule (`ruled`)
    judges it: nobody has to look at a board for an alert to come in time.

    When the boards together would use up an account's budget, all feeds of that bucket are asked less often by the same factor: a
    steady slower pace, rather than a minute of numbers and then four without.
    """
    watched: dict[Feed, bool] = {}
    for board in boards:
        for feed in board_feeds(board).values():
            watched[feed] = watched.get(feed, False) or board.slug in watched_slugs
    watched |= dict.fromkeys(ruled, True)
    wished = {feed: interval_s(feed.endpoint, watched=is_watched) for feed, is_watched in watched.items()}
    demand_per_s: dict[tuple[str, str], float] = {}
    for feed, wished_s in wished.items():
        bucket = (feed.account, bucket_of(feed.endpoint))
        demand_per_s[bucket] = demand_per_s.get(bucket, 0.0) + 1.0 / wished_s
    pace_per_s = {name: bucket.pace_per_s for name, bucket in expected_buckets().items()}
    factors = {(account, name): max(1.0, demand / pace_per_s[name]) for (account, name), demand in demand_per_s.items()}
    return {feed: Plan(wished[feed] * factors[feed.account, bucket_of(feed.endpoint)], is_watched) for feed, is_watched in watched.items()}
