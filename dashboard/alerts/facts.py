"""What a letter says of the moment it is written: the metric, who waits, what the agents do, the last two hours.

In:  an incident, the store, the time, a language. Out: `Facts`. A number that is not live is never called "now"; where Redis does not
answer, the letter goes out without these. No agent's name, number or performance gets in here: only how many are in which state.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis as redis_py
from django.db import DatabaseError

from dashboard.alerts.paces import PACES
from dashboard.alerts.wording import Figure, about_a_metric
from dashboard.domain.catalogue import CATALOGUE, Metric
from dashboard.domain.derive import Presence, TooFew, presence
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.freshness import Freshness
from dashboard.domain.freshness import judge as freshness_of
from dashboard.domain.readings import AgentsActivity, QueueActivity, Reading
from dashboard.history.span import Span, steps
from dashboard.models import Direction, Incident
from dashboard.store import snapshots
from dashboard.words.amounts import value_of
from dashboard.words.phrases import ENGLISH, Words

logger = logging.getLogger(__name__)

BAR_S = 300
BARS = 24
PAST = timedelta(seconds=BAR_S * BARS)
_STATES = (Presence.AVAILABLE, Presence.ON_CALL, Presence.WRAP_UP, Presence.AWAY, Presence.TRANSFERS_ONLY)


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of the queue or the agents with when it was read. `live`: it may be called "now"."""

    text: str
    rest: str
    at: datetime
    live: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """`bars`: the worst value of each five minutes, oldest first, None where there is no data; empty for incidents without a metric.

    `holds`: what else the rule looks at, such as "3 calls waiting"; empty without.
    """

    figure: Figure
    waiting: Counted | None = None
    agents: Counted | None = None
    bars: Sequence[float | None] = ()
    bars_end: datetime | None = None
    holds: str = ""


def facts(redis: redis_py.Redis, incident: Incident, now: datetime, words: Words = ENGLISH) -> Facts:
    """What can be known now, in the language of `words`. Never fails: without the store, what the incident itself keeps."""
    kept = Facts(Figure(incident.value, incident.last_seen_at if about_a_metric(incident) else now, live=False))
    try:
        return _Look(redis, incident, now, words).facts(kept)
    except (redis_py.RedisError, DatabaseError) as error:
        logger.warning("A letter says less than it could: the store does not answer (%s).", type(error).__name__)
        return kept


class _Look:
    def __init__(self, redis: redis_py.Redis, incident: Incident, now: datetime, words: Words) -> None:
        self._redis, self._incident, self._now, self._words = redis, incident, now, words
        self._feed = _feed(incident)
        self._queue = self._feed if self._feed and self._feed.endpoint is Endpoint.QUEUE else Feed(incident.account, Endpoint.QUEUE)
        self._agents = self._feed if self._feed and self._feed.endpoint is Endpoint.AGENTS else Feed(incident.account, Endpoint.AGENTS)
        wanted = {feed for feed in (self._feed, self._queue, self._agents) if feed is not None}
        self._readings = snapshots.load_readings(redis, wanted)

    def facts(self, kept: Facts) -> Facts:
        bars, end = self._bars()
        return Facts(self._figure(kept.figure), self._waiting(), self._states(), bars, end, self._holds())

    def _is_live(self, feed: Feed, reading: Reading) -> bool:
        interval_s = PACES.interval_s(self._redis, feed, self._now)
        state = freshness_of(at=reading.at, interval_s=interval_s, failing=False, stopped=False, now=self._now)
        return state in (Freshness.LIVE, Freshness.LATE)

    def _figure(self, kept: Figure) -> Figure:
        """The newest live value of an incident that is open; of one that is over, what it kept."""
        reading = self._readings.get(self._feed) if self._feed else None
        if self._feed is None or reading is None or self._incident.resolved_at is not None or reading.at < kept.at:
            return kept
        value = _value(CATALOGUE[self._incident.metric], self._feed, reading)
        return kept if value is None or not self._is_live(self._feed, reading) else Figure(value, reading.at)

    def _waiting(self) -> Counted | None:
        reading = self._readings.get(self._queue)
        if reading is None or not isinstance(reading.body, QueueActivity) or reading.body.calls_waiting is None:
            return None
        callbacks = reading.body.callbacks_waiting
        rest = self._words.say("mail.row.callbacks", n=callbacks) if callbacks else ""
        return Counted(self._words.numeral(reading.body.calls_waiting), rest, reading.at, self._is_live(self._queue, reading))

    def _states(self) -> Counted | None:
        reading = self._readings.get(self._agents)
        if reading is None or not isinstance(reading.body, AgentsActivity):
            return None
        found = [presence(agent) for agent in reading.body.agents]
        counted = [(state, found.count(state)) for state in _STATES]
        first, *others = [self._words.say(f"mail.agents.{state}", n=n) for state, n in counted if n or state is Presence.AVAILABLE]
        return Counted(first, " · ".join(others), reading.at, self._is_live(self._agents, reading))

    def _holds(self) -> str:
        rule, reading = self._incident.rule, self._readings.get(self._feed) if self._feed else None
        metric = CATALOGUE.get(rule.while_metric) if rule is not None else None
        if metric is None or reading is None or self._feed is None or not self._is_live(self._feed, reading):
            return ""
        value = _value(metric, self._feed, reading)
        if value is None:
            return ""
        name = self._words.within(self._words.metric(metric.name, metric.label))
        return self._words.say("mail.holds", value=value_of(metric, value, self._words), metric=name)

    def _bars(self) -> tuple[Sequence[float | None], datetime | None]:
        if self._feed is None:
            return (), None
        end = datetime.fromtimestamp((self._now.timestamp() // BAR_S + 1) * BAR_S, self._now.tzinfo)
        span = Span(end - PAST, end, float(BAR_S))
        found = steps(self._redis, self._feed, CATALOGUE[self._incident.metric], span, self._now)
        above = self._incident.direction == Direction.ABOVE
        return [None if not over.step.count else (over.step.max if above else over.step.min) for over in found], end


def _feed(incident: Incident) -> Feed | None:
    if not about_a_metric(incident):
        return None
    try:
        return Feed.parse(incident.scope)
    except ValueError:
        return None


def _value(metric: Metric, feed: Feed, reading: Reading) -> float | None:
    found = metric.value({feed.endpoint: reading.body})
    return None if found is None or isinstance(found, TooFew) else float(found)
