"""Judges the rules about the data itself, once a second: data lost, and source error.

In:  the outcomes and ages of all feeds that boards and rules need. Out: whether an incident changed. Which of the two it is: outage.py.
Only time counts in which we were looking: after a break of our own nothing opens at once because readings are old.
Broken rules, which no reading would ever come by, are switched to error here as well.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

import redis as redis_py
from django.db import DatabaseError

from dashboard.alerts import holding, rules, verdicts
from dashboard.alerts.outage import FeedState, Outage, outage_of
from dashboard.alerts.paces import PACES
from dashboard.alerts.rules import Entry
from dashboard.alerts.verdicts import CHECKED, Moment, Seen
from dashboard.domain.feeds import Feed
from dashboard.domain.judging import Observed
from dashboard.domain.rules import RuleKind, limits_of
from dashboard.polling.feeds import Plan
from dashboard.store import codec, snapshots

logger = logging.getLogger(__name__)

# Two ticks further apart than this: nobody was looking in between.
LONGEST_GAP_S = 10.0
ATTEMPTS = 3
# Notes beside the rules, in microseconds: since when we have been looking, since when the vendor has not been at fault, and per feed since
# when it has been needed at its pace, that pace, and since when nothing is known of when it came last.
ALIVE, OURS, NEEDED, PACE, UNKNOWN = "alive", "ours", "needed ", "pace ", "unknown "


def judge_sources(redis: redis_py.Redis, now: datetime) -> bool:
    """Judges the rules about the data itself as of `now` (aware). True: an incident changed.

    False also when the database does not answer. redis.RedisError when Redis does not answer.
    """
    try:
        book = rules.book(redis)
        changed = [rules.switch_off(redis, rule, why, now) for rule, why in book.broken]
        if book.by_account:
            plans = PACES.plans(redis, now)
            changed += [_judge_account(redis, account, entries, plans, now) for account, entries in book.by_account.items()]
        return any(changed)
    except DatabaseError as error:
        logger.error("Whether data is lost cannot be judged: the database does not answer (%s).", type(error).__name__)
        return False


def _judge_account(redis: redis_py.Redis, account: str, entries: tuple[Entry, ...], plans: Mapping[Feed, Plan], now: datetime) -> bool:
    needed = {feed: plan for feed, plan in plans.items() if feed.account == account}
    for _ in range(ATTEMPTS):
        before = holding.load(redis, account)
        if not verdicts.is_new(before, now, now):
            return False
        was_away = before.at is None or not 0 <= (now - before.at).total_seconds() <= LONGEST_GAP_S
        outage, notes = _look(redis, account, needed, {} if was_away else before.notes, now)
        moment = Moment(account, now, now, LONGEST_GAP_S, {**notes, CHECKED: before.notes.get(CHECKED, 0)})
        verdict = verdicts.reach(redis, moment, entries, before, lambda entry, outage=outage: _see(entry, outage, now))  # type: ignore[misc]
        if verdict.stored:
            return verdict.changed
    return False


def _look(
    redis: redis_py.Redis, account: str, needed: Mapping[Feed, Plan], notes: Mapping[str, int], now: datetime
) -> tuple[Outage, Mapping[str, int]]:
    """How the account is now, and what to note for the next look. Without notes everything counts from now on."""
    alive_since, ours_since = _time(notes, ALIVE, now), _time(notes, OURS, now)
    states, of_feeds = _states(redis, needed, notes, now)
    outage = outage_of(
        states,
        stop=snapshots.stopped(redis, account),
        pause=snapshots.paused(redis, account, now),
        alive_since=alive_since,
        ours_since=ours_since,
        now=now,
    )
    return outage, {
        ALIVE: codec.to_us(alive_since),
        OURS: codec.to_us(now if outage.is_the_vendors else ours_since),
        **of_feeds,
    }


def _see(entry: Entry, outage: Outage, now: datetime) -> Seen:
    limits = limits_of(entry.spec, None)
    if entry.spec.kind is RuleKind.SOURCE:
        return Seen(Observed(now, outage.source_s, LONGEST_GAP_S), limits, outage.source_detail)
    return Seen(Observed(now, outage.lost_s, LONGEST_GAP_S), limits, outage.lost_detail)


def _states(
    redis: redis_py.Redis, needed: Mapping[Feed, Plan], notes: Mapping[str, int], now: datetime
) -> tuple[Sequence[FeedState], Mapping[str, int]]:
    """Each feed, and what to note of it. One that is new to us, is asked more often than before, or of which nothing is known any more
    (its keys were damaged, or are another release's) is given the time to be asked."""
    readings, outcomes = snapshots.load_readings(redis, needed), snapshots.load_outcomes(redis, needed)
    found: list[FeedState] = []
    kept: dict[str, int] = {}
    for feed, plan in needed.items():
        outcome, reading = outcomes.get(feed), readings.get(feed)
        answered_at = outcome.at if outcome is not None and outcome.error_kind is None else None
        at = max((when for when in (answered_at, reading.at if reading else None) if when is not None), default=None)
        same_pace = notes.get(f"{PACE}{feed.id}", 0) <= _pace(plan.interval_s)
        since = _time(notes, f"{NEEDED}{feed.id}", now) if same_pace else now
        kept |= {f"{NEEDED}{feed.id}": codec.to_us(since), f"{PACE}{feed.id}": _pace(plan.interval_s)}
        if at is None:
            unknown_since = _time(notes, f"{UNKNOWN}{feed.id}", now)
            kept[f"{UNKNOWN}{feed.id}"] = codec.to_us(unknown_since)
            since = max(since, unknown_since)
        found.append(FeedState(feed, at, outcome, plan.interval_s, since))
    return found, kept


def _pace(interval_s: float) -> int:
    return round(interval_s * 1_000_000)


def _time(notes: Mapping[str, int], name: str, now: datetime) -> datetime:
    """A noted time; now where there is none, or where it lies ahead (a clock was put back)."""
    found = notes.get(name)
    return now if found is None else min(now, codec.from_us(found))
