"""How it stands with the feeds of tickets and of Kayako, whether or not a board shows any of their numbers: for who looks after them.

In:  Redis, the boards' accounts, the time. Out: their entries as in `frame.feeds`, their main numbers as in `frame.metrics`, and how much
of each account's limit is used. Writes nothing. Feeds of some groups ask nothing of their own and are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import redis as redis_py

from dashboard.domain.feeds import TALK
from dashboard.live.inputs import BudgetUse, Inputs
from dashboard.live.messages import stamp
from dashboard.live.metrics import metrics_part, thresholds_part
from dashboard.live.patch import Object
from dashboard.live.status import budget_part, feed_statuses, feeds_part
from dashboard.models import Board
from dashboard.polling.buckets import OTHER, buckets, budget_for
from dashboard.polling.rounds import plans_now
from dashboard.store import snapshots

# What the supervisor's page shows of the whole account, whatever its board shows.
TICKET_NUMBERS = (
    "tickets_unsolved",
    "tickets_new",
    "sla_breached",
    "sla_breaching_in_60",
    "tickets_created_in_last_hour",
    "tickets_solved_in_last_hour",
    "tickets_net_flow_in_last_hour",
    "first_reply_median_today",
)
CASE_NUMBERS = (
    "cases_unresolved",
    "cases_created_today",
    "cases_resolved_today",
    "first_contact_ratio_today",
    "case_first_response_median_today",
    "case_resolution_median_today",
)


def beside(redis: redis_py.Redis, boards: Iterable[Board], now: datetime) -> Object:
    """`{"at", "feeds", "metrics", "thresholds", "budget"}`: `budget` by account. No severity lasts from one answer to the next: each
    begins and ends at its enter value. redis.RedisError or BudgetError when Redis does not answer."""
    plans = {feed: plan for feed, plan in plans_now(redis, boards, now).items() if feed.endpoint not in TALK and not feed.filter_ids}
    accounts = sorted({feed.account for feed in plans})
    feeds: Object = {}
    metrics: Object = {}
    limits: Object = {}
    shown = frozenset((*TICKET_NUMBERS, *CASE_NUMBERS))
    budget: Object = {}
    for account in accounts:
        own = {feed: plan for feed, plan in plans.items() if feed.account == account}
        stop = snapshots.stopped(redis, account)
        inputs = Inputs(
            plans=own,
            readings=snapshots.load_readings(redis, own),
            outcomes=snapshots.load_outcomes(redis, own),
            stop=stop,
            pause=snapshots.paused(redis, account, now),
            elsewhere={} if stop is None else {account: stop},  # its sentence stands with each feed: no `source` speaks of it here
        )
        statuses = feed_statuses(inputs, now, None)
        feeds |= feeds_part(inputs, statuses)
        metrics |= metrics_part(statuses, shown, None)
        limits |= thresholds_part(statuses, shown)
        bucket = buckets(redis, account)[OTHER]
        use = BudgetUse(budget_for(redis, account, bucket).used(), bucket.cap, bucket.limit, bucket.window_s)
        budget[account] = budget_part(Inputs(plans={}, budget={OTHER: use}))[OTHER]
    return {"at": stamp(now), "feeds": feeds, "metrics": metrics, "thresholds": limits, "budget": budget}
