"""Readings and inputs that the tests of this room share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import redis as redis_py

from dashboard.domain.agents import InState
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings import AccountOverview, AgentActivity, AgentsActivity, AgentsOverview, Body, QueueActivity, Reading
from dashboard.live.frames import compose
from dashboard.live.inputs import Inputs
from dashboard.models import Board
from dashboard.polling.feeds import Plan
from dashboard.store import snapshots

NOW = datetime(2026, 11, 21, 9, 0, 0, 120_000, tzinfo=UTC)
NOW_TEXT = "2026-11-21T09:00:00.120Z"
QUEUE, AGENTS = Feed("main", Endpoint.QUEUE), Feed("main", Endpoint.AGENTS)
ACCOUNT, TEAM = Feed("main", Endpoint.ACCOUNT), Feed("main", Endpoint.AGENTS_OVERVIEW)
INTERVALS = {QUEUE: 1.0, AGENTS: 5.0, ACCOUNT: 15.0, TEAM: 30.0}

AMARA = AgentActivity(123, "Amara Okafor", "online", "on_call", calls_accepted=20, total_talk_time=4000, total_wrap_up_time=600)
ZOE = AgentActivity(7, "zoë Lind", "away", None, calls_accepted=4, total_talk_time=900, total_wrap_up_time=100)


def ago(seconds: float, now: datetime = NOW) -> datetime:
    return now - timedelta(seconds=seconds)


def queue(longest_wait_time: int | None = 42, calls_waiting: int | None = 3) -> QueueActivity:
    return QueueActivity(9, 20, longest_wait_time, calls_waiting, 1, 0)


def bodies(*, professional: bool = True, agents: Iterable[AgentActivity] = (ZOE, AMARA), longest_wait_time: int = 42) -> dict[Feed, Body]:
    overview = (
        AccountOverview(total_calls=120, total_inbound_calls=100, total_calls_abandoned_in_queue=7)
        if professional
        else AccountOverview(total_calls=120)
    )
    return {
        QUEUE: queue(longest_wait_time),
        AGENTS: AgentsActivity(tuple(agents)),
        ACCOUNT: overview,
        TEAM: AgentsOverview(total_calls_accepted=90, total_hold_time=12 if professional else None),
    }


def inputs(
    given: dict[Feed, Body] | None = None,
    *,
    at: datetime = NOW,
    ages_s: dict[Feed, float] | None = None,
    outcomes: dict[Feed, snapshots.Outcome] | None = None,
    agents: dict[int, InState] | None = None,
    stop: snapshots.Stop | None = None,
    time_zone: str = "UTC",
) -> Inputs:
    """The four feeds of a board, each answered at `at` or so many seconds before."""
    found = bodies() if given is None else given
    return Inputs(
        plans={feed: Plan(interval_s, True) for feed, interval_s in INTERVALS.items()},
        readings={feed: Reading(body, ago((ages_s or {}).get(feed, 0.0), at)) for feed, body in found.items()},
        outcomes=outcomes or {},
        agents=agents or {},
        stop=stop,
        time_zone=time_zone,
    )


def board(slug: str = "main") -> Board:
    return Board(slug=slug, title="Support line")


def poll(redis: redis_py.Redis, feed: Feed, body: Body, at: datetime) -> None:
    """What a good poll leaves behind."""
    snapshots.save_reading(redis, feed, Reading(body, at))
    snapshots.save_outcome(redis, feed, snapshots.Outcome(at))


def frame(found: Inputs, previous: Any = None, now: Any = NOW) -> Any:
    """What a board of these inputs shows."""
    return compose(board(), found, now, previous)


def failing(kind: str = "timeout", since_s: float = 10) -> snapshots.Outcome:
    """A feed's outcome after three failures in a row."""
    return snapshots.Outcome(ago(1), kind, "The source says so.", failures=3, failing_since=ago(since_s), retry_at=ago(-4))
