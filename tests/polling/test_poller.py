"""What one poll leaves behind, whatever came."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import redis as redis_py

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings import AccountOverview, AgentActivity, AgentsActivity, QueueActivity, SlaState
from dashboard.mirror.pace import NotYet, Pace
from dashboard.polling import account
from dashboard.polling.buckets import buckets
from dashboard.polling.budget import BudgetError
from dashboard.polling.feeds import Plan
from dashboard.polling.poller import poll
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.paging import Heard
from dashboard.sources.zendesk_talk import Answered
from dashboard.store import keys, snapshots
from dashboard.store.series import series_of
from dashboard.store.snapshots import Outcome
from tests.polling.fake_source import NOW, FakeSource, answered
from tests.polling.poller_scene import ACCOUNT, AGENTS, PLAN, QUEUE, Scene, error, outcome_of


def test_poll_that_succeeds_stores_reading_outcome_and_series(redis: redis_py.Redis, scene: Scene) -> None:
    at = scene.now - timedelta(milliseconds=30)
    outcome = scene.poll(QUEUE, FakeSource([answered(QueueActivity(calls_waiting=4, longest_wait_time=61), at=at)]))

    assert outcome == Outcome(at) == outcome_of(redis, QUEUE)
    reading = snapshots.load_readings(redis, [QUEUE])[QUEUE]
    assert (reading.body, reading.at) == (QueueActivity(calls_waiting=4, longest_wait_time=61), at)
    (point,) = series_of(QUEUE, 1.0).read(redis, at - timedelta(minutes=1), scene.now)
    assert (point.values["calls_waiting"], point.values["average_wait_time"]) == (4, None)


def test_poll_that_fails_keeps_the_last_good_values_and_counts(redis: redis_py.Redis, scene: Scene) -> None:
    scene.poll(QUEUE, FakeSource([answered(at=scene.now)]))
    good = snapshots.load_readings(redis, [QUEUE])
    failing_since = scene.now + timedelta(seconds=100)
    for failures in (1, 2, 3):
        scene.now += timedelta(seconds=100)
        outcome = scene.poll(QUEUE, FakeSource([error(ErrorKind.SERVER)]))
        assert (outcome.error_kind, outcome.error_message, outcome.failures) == ("server", "It went wrong.", failures)
        assert outcome.failing_since == failing_since
        assert outcome == outcome_of(redis, QUEUE)

    assert snapshots.load_readings(redis, [QUEUE]) == good


def test_poll_that_succeeds_again_forgets_the_failures(redis: redis_py.Redis, scene: Scene) -> None:
    source = FakeSource([error(ErrorKind.TIMEOUT), error(ErrorKind.TIMEOUT), answered(at=scene.now)])
    for _ in range(3):
        outcome = scene.poll(QUEUE, source)
        scene.now += timedelta(seconds=100)

    assert (outcome.failures, outcome.error_kind, outcome.failing_since, outcome.retry_at) == (0, None, None, None)
    assert redis.exists(keys.backoff("main")) == 0
    assert redis.zscore(keys.NOT_BEFORE, QUEUE.id) is None


def test_poll_that_keeps_failing_backs_off_with_full_jitter_up_to_a_minute(scene: Scene) -> None:
    waits_s = []
    for _ in range(9):
        outcome = scene.poll(QUEUE, FakeSource([error(ErrorKind.NETWORK)]), rng=1.0)
        assert outcome.retry_at is not None
        waits_s.append((outcome.retry_at - scene.now).total_seconds())
        scene.now = outcome.retry_at
    assert waits_s == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert account.backoff_s(5, lambda: 0.0) == 0.0
    assert account.backoff_s(10**9, lambda: 1.0) == 60.0


class NothingYet:
    """Waits for another feed's first reading."""

    def read(self, feed: Feed, *, before_request: Callable[[], None]) -> Answered:
        raise NotYet("tickets, before their metrics", 0, None)


def test_poll_that_asks_nothing_says_nothing_of_the_account(redis: redis_py.Redis, scene: Scene) -> None:
    kept, first = Feed("main", Endpoint.SLA, (7,)), Feed("main", Endpoint.TICKET_METRICS)
    for failures in range(1, 5):
        scene.poll(QUEUE, FakeSource([error(ErrorKind.NETWORK)]), rng=1.0)
        scene.now += timedelta(seconds=2.0 ** (failures - 1))
        assert scene.poll(kept, FakeSource([answered(SlaState(sla_breached=1), at=scene.now)], requests=0)).error_kind is None
        assert scene.poll(first, NothingYet()).waiting  # type: ignore[arg-type]
        assert redis.get(keys.backoff("main")) == str(failures).encode()
    assert redis.zscore(keys.NOT_BEFORE, QUEUE.id) is not None
    assert redis.zscore(keys.NOT_BEFORE, kept.id) is None

    scene.poll(QUEUE, FakeSource([error(ErrorKind.AUTH)]))
    scene.poll(kept, FakeSource([answered(SlaState(sla_breached=1), at=scene.now)], requests=0))
    assert snapshots.stopped(redis, "main") is not None


def test_poll_that_was_asked_to_wait_pauses_the_whole_account(redis: redis_py.Redis, scene: Scene) -> None:
    outcome = scene.poll(QUEUE, FakeSource([error(ErrorKind.RATE_LIMIT, 93)]))
    assert outcome.retry_at == scene.now + timedelta(seconds=93)

    others = FakeSource([answered(AccountOverview(total_calls=1))])
    waiting = scene.poll(ACCOUNT, others)
    assert others.asked == []
    assert waiting.waiting
    assert not account.may_ask(redis, "main", scene.now, digest=lambda _: scene.digest)
    assert account.may_ask(redis, "main", scene.now + timedelta(seconds=94), digest=lambda _: scene.digest)


def test_poll_that_hit_the_limit_without_a_word_for_how_long_pauses_half_a_minute(redis: redis_py.Redis, scene: Scene) -> None:
    scene.poll(QUEUE, FakeSource([error(ErrorKind.RATE_LIMIT)]))
    pause = snapshots.paused(redis, "main", scene.now)
    assert pause is not None
    assert pause.until == scene.now + timedelta(seconds=30)


def test_poll_under_way_when_a_pause_begins_never_shortens_it(redis: redis_py.Redis, scene: Scene) -> None:
    account.after_failure(redis, QUEUE, error(ErrorKind.RATE_LIMIT, 60), failures=1, now=scene.now, rng=lambda: 1.0)
    account.after_failure(redis, ACCOUNT, error(ErrorKind.SERVER, 5), failures=1, now=scene.now, rng=lambda: 1.0)
    account.after_failure(redis, ACCOUNT, error(ErrorKind.NETWORK), failures=1, now=scene.now, rng=lambda: 1.0)
    pause = snapshots.paused(redis, "main", scene.now)

    assert pause is not None
    assert pause.until == scene.now + timedelta(seconds=60)
    assert redis.exists(keys.backoff("main")) == 0


@pytest.mark.parametrize("kind", [ErrorKind.AUTH, ErrorKind.REFUSED_CONFIG])
def test_poll_with_refused_settings_stops_the_account_until_they_change(redis: redis_py.Redis, scene: Scene, kind: ErrorKind) -> None:
    outcome = scene.poll(QUEUE, FakeSource([error(kind)]))
    stop = snapshots.stopped(redis, "main")

    assert outcome.retry_at is None
    assert stop is not None
    assert (stop.kind, stop.message, stop.digest) == (kind.value, "It went wrong.", "digest-1")
    later = scene.now + timedelta(days=30)
    assert not account.may_ask(redis, "main", later, digest=lambda _: "digest-1")
    assert account.may_ask(redis, "main", later, digest=lambda _: "digest-2")
    assert snapshots.stopped(redis, "main") is None


def test_poll_refused_once_more_leaves_the_stop_as_old_as_it_is(redis: redis_py.Redis, scene: Scene) -> None:
    began = scene.now
    scene.poll(QUEUE, FakeSource([error(ErrorKind.AUTH)]))
    scene.now += timedelta(minutes=7)
    scene.poll(ACCOUNT, FakeSource([error(ErrorKind.AUTH)]))
    stop = snapshots.stopped(redis, "main")
    assert stop is not None
    assert stop.at == began


def test_poll_that_is_forbidden_keeps_the_other_feeds_going(redis: redis_py.Redis, scene: Scene) -> None:
    waits: list[float] = []
    for _ in range(5):
        outcome = scene.poll(ACCOUNT, FakeSource([error(ErrorKind.FORBIDDEN)]))
        assert outcome.retry_at is not None
        waits.append((outcome.retry_at - scene.now).total_seconds())
    assert waits == [5, 20, 80, 300, 300]
    assert account.may_ask(redis, "main", scene.now, digest=lambda _: "digest-1")


def test_poll_by_hand_that_succeeds_lifts_a_stop(redis: redis_py.Redis, scene: Scene) -> None:
    scene.poll(QUEUE, FakeSource([error(ErrorKind.AUTH)]))
    scene.poll(QUEUE, FakeSource([answered(at=scene.now)]))
    assert snapshots.stopped(redis, "main") is None


def test_may_ask_without_settings_says_so(redis: redis_py.Redis) -> None:
    def none(_: str) -> str:
        raise SourceError(ErrorKind.REFUSED_CONFIG, "No such account is set up.")

    assert not account.may_ask(redis, "gone", NOW, digest=none)
    stop = snapshots.stopped(redis, "gone")
    assert stop is not None
    assert stop.message == "No such account is set up."
    assert account.may_ask(redis, "gone", NOW, digest=lambda _: "now there are")


def test_poll_that_ends_an_outage_lets_every_feed_be_asked_at_once(redis: redis_py.Redis, scene: Scene) -> None:
    other_account = Feed("second", Endpoint.QUEUE)
    account.hold_back(redis, other_account, scene.now + timedelta(seconds=50), now=scene.now)
    for feed in (QUEUE, AGENTS, ACCOUNT):
        outcome = scene.poll(feed, FakeSource([error(ErrorKind.NETWORK)]), rng=1.0)
        assert outcome.retry_at is not None
        scene.now = outcome.retry_at
    scene.poll(QUEUE, FakeSource([answered(at=scene.now)]))

    assert redis.zrange(keys.NOT_BEFORE, 0, -1) == [other_account.id.encode()]


def test_poll_of_agents_follows_since_when(redis: redis_py.Redis, scene: Scene) -> None:
    plan = Plan(5.0, True)
    ada = AgentActivity(1, "Ada", "online")
    scene.poll(AGENTS, FakeSource([answered(AgentsActivity((ada,)), at=scene.now)]), plan=plan)
    scene.now += timedelta(seconds=5)
    began = scene.now
    on_call = AgentActivity(1, "Ada", "online", "on_call")
    scene.poll(AGENTS, FakeSource([answered(AgentsActivity((on_call,)), at=scene.now)]), plan=plan)
    scene.now += timedelta(seconds=14)
    scene.poll(AGENTS, FakeSource([answered(AgentsActivity((on_call,)), at=scene.now)]), plan=plan)
    state = snapshots.agents_in_state(redis, "main")[1]
    assert (state.state, state.call_status, state.since, state.since_exact) == ("online", "on_call", began, True)

    scene.now += timedelta(seconds=16)  # more than three polls missed: nobody knows what happened in between
    scene.poll(AGENTS, FakeSource([answered(AgentsActivity((on_call,)), at=scene.now)]), plan=plan)
    state = snapshots.agents_in_state(redis, "main")[1]
    assert (state.since, state.since_exact) == (scene.now, False)


def test_poll_whose_answer_was_overtaken_stores_nothing_of_it(redis: redis_py.Redis, scene: Scene) -> None:
    redis_now = datetime.fromtimestamp(redis.time()[0], tz=NOW.tzinfo)
    new = answered(QueueActivity(calls_waiting=9), at=redis_now)
    old = answered(QueueActivity(calls_waiting=1), at=redis_now - timedelta(seconds=3))
    scene.poll(QUEUE, FakeSource([new]))
    scene.poll(QUEUE, FakeSource([old]))

    assert snapshots.load_readings(redis, [QUEUE])[QUEUE] == new.reading
    assert len(series_of(QUEUE, 1.0).read(redis, redis_now - timedelta(minutes=1), redis_now)) == 1


def test_poll_without_redis_asks_nothing(scene: Scene) -> None:
    class Gone:
        """Sends nothing once Redis is away."""

        sent = 0

        def read(self, feed: Feed, *, before_request: object) -> object:
            assert callable(before_request)
            before_request()
            self.sent += 1
            return answered()

    nobody = redis_py.Redis.from_url("redis://127.0.0.1:1/0", retry=None)
    source = Gone()
    with pytest.raises((BudgetError, redis_py.ConnectionError)):
        poll(QUEUE, redis=nobody, source=source, plan=PLAN, host_clock=scene)  # type: ignore[arg-type]
    assert source.sent == 0


def test_poll_that_fails_is_logged_once_per_outage(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            scene.now += timedelta(seconds=100)
            scene.poll(QUEUE, FakeSource([error(ErrorKind.SERVER)]))
    assert [record.getMessage() for record in caplog.records] == ["main:current_queue_activity: It went wrong."]


def test_poll_during_a_first_reading_waits_a_moment_with_nothing_wrong_and_leaves_half_of_the_budget(scene: Scene) -> None:
    tickets = Feed("main", Endpoint.TICKETS)
    asked: list[int] = []

    class Reading:
        def read(self, feed: Feed, *, before_request: Callable[[], None]) -> Answered:
            pace = Pace(before_request, pages_left=1000)
            while pace.may_go_on(gently=True):
                before_request()
                pace.note(Heard(scene.now, 400, 300, 1))
                asked.append(1)
            raise NotYet("tickets", 100 * len(asked), 20_000, pace.heard)

    outcome = scene.poll(tickets, Reading())  # type: ignore[arg-type]

    assert (outcome.waiting, outcome.error_kind, outcome.retry_at) == (True, None, scene.now + timedelta(seconds=2))
    assert snapshots.load_readings(scene.redis, [tickets]) == {}
    bucket = buckets(scene.redis, "main")["other"]
    assert bucket.limit == 400  # learnt on the way
    assert 70 <= len(asked) <= 80  # of 160, before it was learnt
    before = len(asked)
    scene.poll(tickets, Reading())  # type: ignore[arg-type]
    assert 150 <= len(asked) <= 160 > before
    assert account.may_ask(scene.redis, "main", scene.now, digest=lambda _: scene.digest)


def test_poll_refused_by_an_endpoints_own_limit_holds_back_that_feed_alone(scene: Scene) -> None:
    tickets = Feed("main", Endpoint.TICKETS)
    refusal = SourceError(ErrorKind.RATE_LIMIT, "Too many of these.", retry_after_s=20, is_endpoint_limit=True)

    outcome = scene.poll(tickets, FakeSource([refusal]))

    assert outcome.retry_at == scene.now + timedelta(seconds=20)
    assert snapshots.paused(scene.redis, "main", scene.now) is None
    assert scene.redis.zscore(keys.NOT_BEFORE, tickets.id) == (scene.now + timedelta(seconds=20)).timestamp()


def test_poll_refused_by_an_endpoints_own_limit_for_an_hour_is_not_made_for_an_hour(scene: Scene) -> None:
    events, began = Feed("main", Endpoint.SLA), scene.now
    source = FakeSource([SourceError(ErrorKind.RATE_LIMIT, "Too many of these.", retry_after_s=3600, is_endpoint_limit=True)])
    refused = scene.poll(events, source)
    assert refused.retry_at == began + timedelta(seconds=3600)
    for _ in range(11):  # a longer delay at a time would not hold at all
        assert scene.redis.zscore(keys.NOT_BEFORE, events.id) == scene.now.timestamp() + account.LONGEST_DELAY_S
        scene.now += timedelta(seconds=account.LONGEST_DELAY_S)
        assert (scene.poll(events, source), len(source.asked)) == (refused, 1)
    scene.now += timedelta(seconds=account.LONGEST_DELAY_S)
    scene.poll(events, source)
    assert len(source.asked) == 2
    scene.now = began - timedelta(seconds=60)  # a clock that was put back
    scene.poll(events, source)
    assert len(source.asked) == 3


def test_poll_forbidden_to_see_events_lets_the_account_go_on(scene: Scene) -> None:
    sla = Feed("main", Endpoint.SLA)
    for _ in range(3):
        outcome = scene.poll(sla, FakeSource([SourceError(ErrorKind.FORBIDDEN, "Events need an administrator's credentials (403).")]))

    assert outcome.error_message == "Events need an administrator's credentials (403)."
    assert account.may_ask(scene.redis, "main", scene.now, digest=lambda _: scene.digest)
    assert scene.poll(ACCOUNT, FakeSource([answered(AccountOverview(total_calls=3))])).error_kind is None
