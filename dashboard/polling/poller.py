"""One poll of one feed: may it ask, ask, store what came, or store that nothing came.

In:  a feed, its plan, a source, Redis, the time. Out: the outcome, stored; the last good values are never removed.
Must not decide when a feed is due, and publishes nothing.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

import redis as redis_py
from django.db import Error as DatabaseError

from dashboard.domain import agents
from dashboard.domain.feeds import TALK, TICKET_ENDPOINTS, Endpoint, Feed
from dashboard.domain.freshness import live_for_s
from dashboard.domain.readings import AgentsActivity, Reading
from dashboard.domain.rows import kept
from dashboard.domain.totals import totals
from dashboard.mirror.pace import NotYet
from dashboard.polling import account, buckets
from dashboard.polling.budget import Budget
from dashboard.polling.feeds import Plan, base_interval_s
from dashboard.polling.lately import with_lately
from dashboard.polling.monotonic import HOST_CLOCK, Monotonic
from dashboard.polling.stopping import STOPPING
from dashboard.sources import registry
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.zendesk_talk import Answered
from dashboard.store import past_rows, rosters, snapshots, troubles
from dashboard.store.database import DATABASE
from dashboard.store.database_faults import Fault, fault_of
from dashboard.store.series import series_of
from dashboard.store.snapshots import Outcome

logger = logging.getLogger(__name__)

# A short wait for the budget is spent in place. Before the first request little is lost by giving up; half-read pages would be thrown away.
FIRST_PATIENCE_S, PAGES_PATIENCE_S = 2.5, 15.0
# Who is first while grants are few: a feed that went without the last time, then the phone, whose callers hang up within minutes, then
# tickets, whose first reading takes minutes anyway.
IN_TURN_S, TICKETS_BEHIND_S = 0.15, 0.6
# Ask the budget again at least this often: the cap may grow meanwhile.
LONGEST_WAIT_S = 15.0
# Time in state is known to within a poll; after this many missed ones it is not.
GAP_INTERVALS = 3.0
# A first reading goes on at once, as long as half of the budget is unused; each poll of it is short, so that others get their turn.
# One that waits for another feed's first reading, or for the budget, looks again a little later.
FIRST_READING_PAUSE_S, NOTHING_READ_PAUSE_S = 2.0, 10.0
NOT_ASKED = "The database of Queuelight {fault}, so nothing was asked that could not be kept; it goes on by itself."
NOT_KEPT = "The database of Queuelight did not answer, so what was read could not be kept; it is read again by itself."
# What a first reading leaves to everything else.
HALF = 0.5


class Source(Protocol):
    """What the poller needs of a source. `read` raises SourceError, NotYet, and whatever `before_request` raises."""

    def read(self, feed: Feed, *, before_request: Callable[[], None]) -> Answered: ...


class BudgetSpentError(Exception):
    """Not an error of anybody: our share of the vendor's limit is used up for `wait_s` seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"The request budget is used up for {wait_s:.1f} s.")
        self.wait_s = wait_s


class ClaimLostError(Exception):
    """Not an error of anybody: this poll took so long (a stopped process, a slow sign-in) that the feed is another's to ask by now."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def _held(wait_s: float) -> bool:
    return True


def poll(
    feed: Feed,
    *,
    redis: redis_py.Redis,
    source: Source,
    plan: Plan,
    clock: Callable[[], datetime] = utc_now,
    sleep: Callable[[float], None] = STOPPING.sleep,
    rng: Callable[[], float] = random.random,
    digest: account.Digest = registry.credentials_digest,
    host_clock: Monotonic = HOST_CLOCK,
    keep_claim: Callable[[float], bool] = _held,
) -> Outcome:
    """Asks the feed once and stores what came of it. A pause of the account holds; whether it is stopped is the caller's to ask.

    `keep_claim` is called before each request and each wait, with the seconds of that wait; when it gives False, ClaimLostError ends the
    poll before the request, and nothing is stored; so does StoppedError, when the process ends. BudgetError or redis.RedisError when Redis
    does not answer: then nothing was asked, or what was answered is lost.
    """
    before = snapshots.load_outcomes(redis, [feed]).get(feed)
    if (pause := snapshots.paused(redis, feed.account, clock())) is not None:
        now = clock()
        account.hold_back(redis, feed, now, now=now)
        return _wait(redis, feed, before, now=now, until=pause.until)
    if before is not None and (until := account.held_until(before, now := clock())) is not None:
        account.hold_back(redis, feed, until, now=now)
        return before
    permit = _Permit(redis, feed, sleep, host_clock, keep_claim=keep_claim, behind_s=_behind_s(feed, before))
    try:
        answered = _read(source, feed, permit)
    except BudgetSpentError as spent:
        now = clock()
        until = now + timedelta(seconds=min(spent.wait_s, LONGEST_WAIT_S))
        account.hold_back(redis, feed, until, now=now)
        return _wait(redis, feed, before, now=now, until=until)
    except NotYet as reading:
        return _going_on(redis, feed, reading, now=clock(), has_asked=permit.has_asked)
    except SourceError as error:
        return _failed(redis, feed, before, error, now=clock(), rng=rng, digest=digest)
    return _succeeded(redis, feed, plan, before, answered, now=clock(), has_asked=permit.has_asked)


def _read(source: Source, feed: Feed, permit: Callable[[], None]) -> Answered:
    """The phone's numbers need no database; the others come out of it."""
    if feed.endpoint in TALK:
        return source.read(feed, before_request=permit)
    if DATABASE.answers():
        try:
            return source.read(feed, before_request=permit)
        except DatabaseError as error:
            if fault_of(error) is None:
                raise
            if not DATABASE.heard(error):
                raise SourceError(ErrorKind.DATABASE, NOT_KEPT) from error
    refusal = DATABASE.refusal
    kind = ErrorKind.DATABASE if refusal is None else ErrorKind.DATABASE_REFUSES
    raise SourceError(kind, NOT_ASKED.format(fault=refusal or Fault.AWAY))


class _Permit:
    """Called before each request: returns when it is granted, sleeping a little if need be; else BudgetSpentError, BudgetError,
    ClaimLostError, StoppedError. `has_asked`: it granted one."""

    def __init__(
        self,
        redis: redis_py.Redis,
        feed: Feed,
        sleep: Callable[[float], None],
        clock: Monotonic,
        *,
        keep_claim: Callable[[float], bool],
        behind_s: float,
    ) -> None:
        self._redis, self._feed, self._sleep, self._keep_claim, self._behind_s = redis, feed, sleep, keep_claim, behind_s
        self._clock = clock
        self._shared = buckets.bucket_of(feed.endpoint) == buckets.OTHER
        self._patience_s = FIRST_PATIENCE_S
        self.has_asked = False

    def __call__(self) -> None:
        STOPPING.check()
        while (wait_s := self._ask()) > 0.0:
            if wait_s > self._patience_s:
                raise BudgetSpentError(wait_s)
            self._patience_s -= wait_s
            self._keep(wait_s)
            self._sleep(wait_s)
        self._keep(0.0)  # the last thing before the request: its whole time lies within the claim
        self._patience_s, self.has_asked = PAGES_PATIENCE_S, True

    def has_half_left(self) -> bool:
        """Whether half of the budget is unused. BudgetError when Redis does not answer."""
        budget = self._budget()
        return budget.used() < HALF * budget.cap

    def _keep(self, wait_s: float) -> None:
        if not self._keep_claim(wait_s):
            raise ClaimLostError(self._feed.id)

    def _budget(self) -> Budget:
        """Made anew for each request: a long poll that went by a limit of before would take the turns of those who know the new one."""
        bucket = buckets.buckets(self._redis, self._feed.account)[buckets.bucket_of(self._feed.endpoint)]
        return buckets.budget_for(self._redis, self._feed.account, bucket, clock=self._clock)

    def _ask(self) -> float:
        slowed_s = account.slowed_s(self._redis, self._feed.account) if self._shared else 0.0
        return slowed_s or self._budget().take(behind_s=self._behind_s)


def _behind_s(feed: Feed, before: Outcome | None) -> float:
    if feed.endpoint in TICKET_ENDPOINTS:
        return TICKETS_BEHIND_S
    return 0.0 if before is not None and before.waiting else IN_TURN_S


def _wait(redis: redis_py.Redis, feed: Feed, before: Outcome | None, *, now: datetime, until: datetime) -> Outcome:
    outcome = replace(before or Outcome(now), waiting=True, retry_at=until)
    snapshots.save_outcome(redis, feed, outcome)
    return outcome


def _going_on(redis: redis_py.Redis, feed: Feed, reading: NotYet, *, now: datetime, has_asked: bool) -> Outcome:
    """A first reading is under way: there are no numbers yet, and nothing is wrong."""
    account.after_success(redis, feed, now, has_asked=has_asked)
    if reading.heard is not None:
        _learn(redis, feed, reading.heard.limit_per_minute, reading.heard.remaining)
    until = now + timedelta(seconds=NOTHING_READ_PAUSE_S if reading.heard is None else FIRST_READING_PAUSE_S)
    account.hold_back(redis, feed, until, now=now)
    outcome = Outcome(now, retry_at=until, waiting=True, done_count=reading.done_count, total_count=reading.total_count)
    snapshots.save_outcome(redis, feed, outcome)
    return outcome


def _failed(
    redis: redis_py.Redis,
    feed: Feed,
    before: Outcome | None,
    error: SourceError,
    *,
    now: datetime,
    rng: Callable[[], float],
    digest: account.Digest,
) -> Outcome:
    failures = before.failures + 1 if before is not None else 1
    since = before.failing_since if before is not None and before.failures else None
    retry_at = account.after_failure(redis, feed, error, failures=failures, now=now, rng=rng, digest=digest)
    if error.kind is ErrorKind.RATE_LIMIT:
        buckets.learn_refusal(redis, feed.account)
    outcome = Outcome(now, error.kind.value, error.message, failures, since or now, retry_at)
    if before is not None:  # a first reading is where it was
        outcome = replace(outcome, done_count=before.done_count, total_count=before.total_count)
    snapshots.save_outcome(redis, feed, outcome)
    troubles.note_outcome(redis, feed, before, outcome)
    if failures == 1 and not _is_said_by_the_database(error):  # once per outage; the page shows the rest
        logger.warning("%s: %s", feed.id, error.message)
    return outcome


def _is_said_by_the_database(error: SourceError) -> bool:
    return error.kind is ErrorKind.DATABASE_REFUSES or (error.kind is ErrorKind.DATABASE and error.message != NOT_KEPT)


def _succeeded(
    redis: redis_py.Redis, feed: Feed, plan: Plan, before: Outcome | None, answered: Answered, *, now: datetime, has_asked: bool
) -> Outcome:
    live_s = live_for_s(plan.interval_s)
    reading = with_lately(redis, feed, answered.reading, live_s=live_s)
    previous = snapshots.load_readings(redis, [feed]).get(feed) if feed.endpoint is Endpoint.AGENTS else None
    outcome = Outcome(reading.at, done_count=answered.done_count, total_count=answered.total_count)
    if snapshots.save_reading(redis, feed, reading):
        snapshots.save_outcome(redis, feed, outcome)
        troubles.note_outcome(redis, feed, before, outcome)
        if isinstance(reading.body, AgentsActivity):
            _follow(redis, feed, plan, reading.body, at=reading.at, previous=previous)
        series = series_of(feed, base_interval_s(feed.endpoint))
        if (rows := kept(reading.body)) is not None:  # first: a point of the ring without its rows would look as if there had been none
            past_rows.keep(redis, feed, rows, at=reading.at)
        series.append(redis, reading.at, totals(reading.body), live_s=live_s)
    account.after_success(redis, feed, reading.at, has_asked=has_asked)
    _learn(redis, feed, answered.limit_per_minute, answered.remaining)
    if answered.done_count is not None:  # the rest of a first reading is not left to the feed's usual pace
        account.hold_back(redis, feed, now + timedelta(seconds=FIRST_READING_PAUSE_S), now=now)
    return outcome


def _learn(redis: redis_py.Redis, feed: Feed, limit_per_minute: int | None, remaining: int | None) -> None:
    # The queue has a limit of its own, which the account's headers do not speak of.
    if buckets.bucket_of(feed.endpoint) == buckets.OTHER and limit_per_minute is not None:
        buckets.learn_limit(redis, feed.account, limit_per_minute)
        if remaining is not None:
            account.note_remaining(redis, feed.account, limit=limit_per_minute, remaining=remaining)


def _follow(redis: redis_py.Redis, feed: Feed, plan: Plan, body: AgentsActivity, *, at: datetime, previous: Reading | None) -> None:
    before = snapshots.agents_seen_by(redis, feed)
    states = agents.follow(
        before,
        body.agents,
        at=at,
        previous_at=None if previous is None else previous.at,
        max_gap_s=GAP_INTERVALS * plan.interval_s,
    )
    rosters.keep(redis, feed, body.agents, states, before, at=at)  # first: after a crash between the two the change is noted once more
    snapshots.save_agents(redis, feed, states, at=at)
