"""A floor with a past: readings in Redis as the poller leaves them, an incident that came and went, a hole."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import redis as redis_py

from dashboard.alerts import acting
from dashboard.domain.agents import InState, follow
from dashboard.domain.judging import What
from dashboard.domain.readings import AccountOverview, AgentActivity, AgentsActivity, AgentsOverview, QueueActivity
from dashboard.domain.thresholds import Severity
from dashboard.domain.totals import totals
from dashboard.models import Incident
from dashboard.store import rosters
from dashboard.store.series import series_of
from tests.alerts.telling import opened, record, rule
from tests.live.examples import ACCOUNT, AGENTS, QUEUE, TEAM

NAMES = ("Amara Okafor", "Beatriz Lima", "Chloé Martin", "Daniel Roth", "Elif Yılmaz", "Farid Haddad", "<b>Grace</b> Kim", "ليلى حداد")
HOLE = (420, 480)  # seconds before the end


def wait_s(ago: int) -> int:
    """The longest wait so many seconds before the end: it rises to 330 s and falls again, around 700 s before."""
    return max(5, round(330 * math.exp(-(((ago - 700) / 170) ** 2))) + ago % 20)


def polled(redis: redis_py.Redis, end: datetime, *, seconds: int = 1500) -> None:
    """Every feed of the board, up to `end`; nothing in HOLE."""
    before: dict[int, InState] = {}
    previous: datetime | None = None
    rings = {feed: series_of(feed, every) for feed, every in ((QUEUE, 1.0), (AGENTS, 5.0), (ACCOUNT, 15.0), (TEAM, 30.0))}
    for ago in range(seconds, -1, -1):
        if HOLE[0] < ago <= HOLE[1]:
            continue
        at = end - timedelta(seconds=ago)
        rings[QUEUE].append(redis, at, totals(QueueActivity(8, wait_s(ago) // 2, wait_s(ago), wait_s(ago) // 25, ago % 3, 0)), live_s=2.5)
        if ago % 5 == 0:
            agents = [
                AgentActivity(
                    key,
                    name,
                    "away" if key == 5 else "online",
                    ("on_call", "wrap_up", None, "on_call")[(ago // 90 + key) % 4] if key != 5 else None,  # type: ignore[arg-type]
                    calls_accepted=12 + key,
                    total_talk_time=3000,
                    total_wrap_up_time=300,
                    online_time=9000,
                )
                for key, name in enumerate(NAMES)
            ]
            after = follow(before, agents, at=at, previous_at=previous, max_gap_s=15)
            rosters.keep(redis, AGENTS, agents, after, before, at=at)
            rings[AGENTS].append(redis, at, totals(AgentsActivity(tuple(agents))), live_s=10.5)
            before, previous = after, at
        calls = 400 + (seconds - ago) // 10
        if ago % 15 == 0:
            overview = AccountOverview(total_calls=calls, total_inbound_calls=calls - 60, total_calls_abandoned_in_queue=calls // 30)
            rings[ACCOUNT].append(redis, at, totals(overview), live_s=30.5)
        if ago % 30 == 0:
            team = AgentsOverview(total_calls_accepted=calls - 80, total_calls_missed=9, total_calls_denied=2)
            rings[TEAM].append(redis, at, totals(team), live_s=60.5)


def incident(end: datetime) -> Incident:
    """Opened 850 s before the end, taken, worse, over."""
    found = opened(rule(), end - timedelta(seconds=850))
    acting.acknowledge(found.pk, "dana@example.com", "", end - timedelta(seconds=800))
    assert found.rule is not None
    record(found.rule, What.WORSE, end - timedelta(seconds=760), severity=Severity.CRITICAL, value=310.0)
    record(found.rule, What.RESOLVED, end - timedelta(seconds=540), value=90.0)
    found.refresh_from_db()
    return found
