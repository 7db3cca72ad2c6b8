"""What each agent did today, for supervisors: the only place where the performance of one person leaves the server.

In:  the latest reading of the agents, and since when each is in its state. Out: one object per agent, sorted by name.
No phone number can be here: readings do not hold any.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import redis as redis_py
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from dashboard.accounts.access import Viewer
from dashboard.accounts.first import FIRST_BOARD
from dashboard.api.answers import answer
from dashboard.api.frame import board_of
from dashboard.api.guard import Allowed, api
from dashboard.domain import freshness
from dashboard.domain.agents import InState
from dashboard.domain.derive import MIN_CALLS_FOR_A_RATE, handled_time_s, presence, sends_professional_fields
from dashboard.domain.feeds import Endpoint
from dashboard.domain.names import name_order
from dashboard.domain.readings import AgentActivity, AgentsActivity, Reading
from dashboard.live.messages import stamp
from dashboard.models import Board
from dashboard.polling.feeds import base_interval_s, board_feeds
from dashboard.polling.rounds import plans_now
from dashboard.store import snapshots
from dashboard.store.connection import client

Json = Mapping[str, object]


def agents_now(redis: redis_py.Redis, board: Board, now: datetime) -> Json:
    """`{"board", "state", "at", "interval_s", "professional", "agents": [...]}`; `at` None and no agents when the feed never answered.

    redis.RedisError when Redis does not answer.
    """
    feed = board_feeds(board)[Endpoint.AGENTS]
    # The plan in force, as in the frame: nobody watching, or a scarce budget, makes it longer than the settings'. None: there is no phone.
    plan = plans_now(redis, Board.objects.all(), now).get(feed)
    interval_s = plan.interval_s if plan is not None else base_interval_s(feed.endpoint)
    reading = snapshots.load_readings(redis, [feed]).get(feed)
    outcome = snapshots.load_outcomes(redis, [feed]).get(feed)
    since = snapshots.agents_in_state(redis, feed.account)
    judged = freshness.judge(
        at=reading.at if reading else None,
        interval_s=interval_s,
        failing=bool(outcome and outcome.error_kind),
        failing_since=outcome.failing_since if outcome and outcome.error_kind else None,
        stopped=snapshots.stopped(redis, feed.account) is not None,
        now=now,
    )
    return {
        "board": board.slug,
        "state": judged.value,
        "at": stamp(reading.at) if reading else None,
        "interval_s": interval_s,
        "professional": reading is not None and sends_professional_fields(reading.body),
        "agents": _rows(reading, since),
    }


def _rows(reading: Reading | None, since: Mapping[int, InState]) -> list[Json]:
    if reading is None or not isinstance(reading.body, AgentsActivity):
        return []
    ordered = sorted(reading.body.agents, key=lambda agent: (name_order(agent.name), agent.agent_id))
    return [row(agent, since.get(agent.agent_id)) for agent in ordered]


def row(agent: AgentActivity, known: InState | None) -> Json:
    """One agent. Counts are None where the vendor sent none. `offers` = accepted + missed + declined: one call can be offered to several.

    `average_handle_time` in s, `occupancy_ratio` 0..1 (above 1 when outbound talk outweighs signed-in time): see `_figure`.
    """
    handled_s = handled_time_s(agent)
    counts = (agent.calls_accepted, agent.calls_missed, agent.calls_denied)
    few = agent.calls_accepted is not None and agent.calls_accepted < MIN_CALLS_FOR_A_RATE
    return {
        "id": agent.agent_id,
        "name": agent.name,
        "state": agent.agent_state,
        "call_status": agent.call_status,
        "presence": presence(agent).value,
        "since": stamp(known.since) if known else None,
        "since_exact": bool(known and known.since_exact),
        "calls_accepted": agent.calls_accepted,
        "calls_missed": agent.calls_missed,
        "calls_denied": agent.calls_denied,
        "offers": None if None in counts else sum(count for count in counts if count is not None),
        "average_handle_time": _figure(handled_s, agent.calls_accepted, agent.calls_accepted, few=few),
        "occupancy_ratio": _figure(handled_s, agent.online_time, agent.calls_accepted, few=few),
        "online_time": agent.online_time,
        "away_time": agent.away_time,
        "available_time": agent.available_time,
        "transfers_only_time": agent.transfers_only_time,
        "total_talk_time": agent.total_talk_time,
        "total_hold_time": agent.total_hold_time,
        "total_wrap_up_time": agent.total_wrap_up_time,
        "accepted_transfers": agent.accepted_transfers,
        "started_transfers": agent.started_transfers,
        "calls_put_on_hold": agent.calls_put_on_hold,
    }


def _figure(part: int | None, whole: int | None, calls: int | None, *, few: bool) -> Json:
    """`{"state": "value", "value": n}`, or why there is none: `too_few` (with have and needs) or `unknown`."""
    if part is None or whole is None:
        return {"state": "unknown"}
    if few:
        return {"state": "too_few", "have": calls, "needs": MIN_CALLS_FOR_A_RATE}
    return {"state": "value", "value": round(part / whole, 4)} if whole else {"state": "unknown"}


@api(Allowed.SUPERVISORS)
def agents(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`?board=` (default `main`)."""
    board = board_of(viewer, request.GET.get("board", FIRST_BOARD))
    return answer(agents_now(client(), board, timezone.now()))
