"""Judges the rules of a feed by its newest reading, once, right after the poll.

In:  a feed, the time. Out: whether an incident changed. Only a live reading is judged: a late or stale one says nothing about now, and the
time until the next live one counts for nothing (docs/alerts.md).
"""

from __future__ import annotations

import logging
from datetime import datetime

import redis as redis_py
from django.db import DatabaseError

from dashboard.alerts import holding, rules, verdicts
from dashboard.alerts.baselines import BASELINES, Baselines
from dashboard.alerts.paces import PACES
from dashboard.alerts.rules import Entry
from dashboard.alerts.verdicts import CHECKED, Moment, Seen
from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.derive import TooFew
from dashboard.domain.feeds import Feed
from dashboard.domain.freshness import GRACE_S, Freshness
from dashboard.domain.freshness import judge as freshness_of
from dashboard.domain.judging import Observed
from dashboard.domain.readings import Reading
from dashboard.domain.rules import limits_of
from dashboard.store import snapshots

logger = logging.getLogger(__name__)

# As for how long agents have been in a state: after so many missed polls nothing is known of the time between.
GAP_INTERVALS = 3.0
ATTEMPTS = 3


def longest_gap_s(interval_s: float) -> float:
    """How far apart two readings of a feed that is asked every `interval_s` may be for the time between them to count as watched."""
    return GAP_INTERVALS * interval_s + GRACE_S


def judge_feed(redis: redis_py.Redis, feed: Feed, now: datetime, *, baselines: Baselines = BASELINES) -> bool:
    """Judges every rule of `feed` by its newest stored reading, if that is live as of `now` (aware) and was not judged yet.

    True: an incident changed. False also when the database does not answer: what was to happen happens at the next reading.
    redis.RedisError when Redis does not answer.
    """
    try:
        entries = rules.book(redis).by_feed.get(feed, ())
        if not entries:
            return False
        for _ in range(ATTEMPTS):
            verdict = _judge_newest(redis, feed, entries, now, baselines)
            if verdict.stored:
                return verdict.changed
            # Another worker judged this reading or a newer one meanwhile. What we recorded is recorded; what is held is theirs.
    except DatabaseError as error:
        logger.error("The rules of %s cannot be judged: the database does not answer (%s).", feed.id, type(error).__name__)
    return False


def _judge_newest(redis: redis_py.Redis, feed: Feed, entries: tuple[Entry, ...], now: datetime, baselines: Baselines) -> verdicts.Verdict:
    nothing = verdicts.Verdict(stored=True, changed=False)
    reading = snapshots.load_readings(redis, [feed]).get(feed)
    if reading is None:
        return nothing
    before = holding.load(redis, feed.id)
    if not verdicts.is_new(before, reading.at, now):
        return nothing
    interval_s = PACES.interval_s(redis, feed, now)
    # Whether the source fails or has been stopped since makes an old reading down instead of stale; a live one it leaves alone.
    if freshness_of(at=reading.at, interval_s=interval_s, failing=False, stopped=False, now=now) is not Freshness.LIVE:
        return nothing
    view = _View(redis, feed, reading, longest_gap_s(interval_s), baselines)
    moment = Moment(feed.id, reading.at, now, longest_gap_s(interval_s), {CHECKED: before.notes.get(CHECKED, 0)})
    return verdicts.reach(redis, moment, entries, before, view.see)


class _View:
    """One reading, as each rule sees it. A metric is worked out once, however many rules judge it."""

    def __init__(self, redis: redis_py.Redis, feed: Feed, reading: Reading, gap_s: float, baselines: Baselines) -> None:
        self._redis, self._feed, self._reading, self._gap_s, self._baselines = redis, feed, reading, gap_s, baselines
        self._values: dict[str, float | None] = {}

    def see(self, entry: Entry) -> Seen:
        spec = entry.spec
        value, holds = self._value(spec.metric), True
        if spec.while_metric:
            other = self._value(spec.while_metric)
            holds = other is not None and other >= spec.while_at_least
            if other is None:  # whether it holds is not known, so nothing is
                value = None
        baseline = None
        if spec.spike is not None:
            metric = CATALOGUE[spec.metric]
            baseline = self._baselines.usual(self._redis, self._feed, metric, self._reading.at, higher_is_worse=spec.higher_is_worse)
        return Seen(Observed(self._reading.at, value, self._gap_s, holds), limits_of(spec, baseline))

    def _value(self, name: str) -> float | None:
        if name not in self._values:
            found = CATALOGUE[name].value({self._feed.endpoint: self._reading.body})
            self._values[name] = None if found is None or isinstance(found, TooFew) else float(found)
        return self._values[name]
