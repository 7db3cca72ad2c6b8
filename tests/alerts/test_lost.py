"""Data lost and source error: which of the two, and never through our own absence."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis as redis_py

from dashboard.alerts.lost import judge_sources
from dashboard.alerts.paces import PACES
from dashboard.domain.feeds import TALK, Endpoint, Feed
from dashboard.domain.readings import QueueActivity, Reading
from dashboard.models import Board, Incident, Rule, Transition
from dashboard.store import keys, snapshots
from dashboard.store.snapshots import Outcome, Pause, Stop
from tests.alerts.judged_floor import QUEUE, at, rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def lost() -> Rule:
    return rule(name="Data lost", kind="lost", metric="", warning_enter=60, warning_leave=0, warning_for_s=0, keep_s=5)


@pytest.fixture
def source() -> Rule:
    return rule(name="Source error", kind="source", metric="", warning_enter=60, warning_leave=0, warning_for_s=0, keep_s=5)


@pytest.fixture
def board(redis: redis_py.Redis) -> Board:
    """Watched, so that the queue is asked every second."""
    redis.zadd(keys.WATCH, {"main": at(10_000).timestamp()})
    return Board.objects.create(slug="main", title="Main")


def answer(redis: redis_py.Redis, second: float, *feeds: Feed) -> None:
    for feed in feeds:
        snapshots.save_reading(redis, feed, Reading(QueueActivity(), at(second)))
        snapshots.save_outcome(redis, feed, Outcome(at(second)))


def fail(redis: redis_py.Redis, second: float, since: float, *feeds: Feed, kind: str = "server") -> None:
    for feed in feeds:
        snapshots.save_outcome(redis, feed, Outcome(at(second), kind, "The vendor answered with an error (500).", 3, at(since)))


FEEDS = tuple(Feed("main", endpoint) for endpoint in TALK)


def tick(redis: redis_py.Redis, start: int, end: int) -> list[int]:
    """Ticks at each second of start <= second < end. At which of them something changed."""
    return [second for second in range(start, end) if judge_sources(redis, at(second))]


def opened() -> dict[str, tuple[float, float | None, str]]:
    """By rule: when it opened, by which value, why."""
    first = {one.incident_id: one.value for one in Transition.objects.filter(what="opened")}
    return {one.rule_name: ((one.opened_at - at(0)).total_seconds(), first[one.pk], one.detail) for one in Incident.objects.all()}


@pytest.mark.usefixtures("lost", "source", "board")
class TestWhoseFault:
    def test_healthy_feeds_open_nothing(self, redis: redis_py.Redis) -> None:
        for second in range(100):
            answer(redis, second, *FEEDS)
            assert not judge_sources(redis, at(second))

    def test_a_backlog_of_polls_is_data_lost(self, redis: redis_py.Redis) -> None:
        answer(redis, 0, *FEEDS)
        assert tick(redis, 0, 70) == [60]
        assert opened() == {
            "Data lost": (60, 60, "The queue and the agents: nothing has come for more than 5 polls, though Zendesk reports no error.")
        }

    def test_data_that_comes_again_resolves_it(self, redis: redis_py.Redis) -> None:
        answer(redis, 0, *FEEDS)
        tick(redis, 0, 70)
        found = []
        for second in range(70, 80):
            answer(redis, second, *FEEDS)
            found += tick(redis, second, second + 1)
        assert found == [70, 75]
        assert Incident.objects.get().state == "resolved"

    def test_a_budget_that_is_used_up_is_data_lost_and_says_so(self, redis: redis_py.Redis) -> None:
        answer(redis, 0, *FEEDS)
        for feed in FEEDS[:2]:
            snapshots.save_outcome(redis, feed, Outcome(at(0), waiting=True, retry_at=at(300)))
        tick(redis, 0, 70)
        assert opened()["Data lost"][2] == "The queue and the agents: our share of Zendesk's limit is used up."

    def test_a_failing_vendor_is_a_source_error_and_nothing_else(self, redis: redis_py.Redis) -> None:
        answer(redis, 0, *FEEDS)
        fail(redis, 1, 1, QUEUE)
        assert tick(redis, 0, 140) == [61]
        assert opened() == {"Source error": (61, 60, "The queue: Zendesk answered with an error (500).")}

    def test_a_vendor_that_fails_everywhere_is_told_with_its_cause_in_sight(self, redis: redis_py.Redis) -> None:
        answer(redis, 0, *FEEDS)
        fail(redis, 1, 1, *FEEDS)
        tick(redis, 0, 70)
        assert opened()["Source error"][2] == "The queue, the agents and 2 more: Zendesk answered with an error (500)."

    def test_a_vendor_that_is_back_leaves_the_other_feeds_time_to_be_asked(self, redis: redis_py.Redis) -> None:
        answer(redis, 0, *FEEDS)
        fail(redis, 1, 1, *FEEDS)
        tick(redis, 0, 140)
        for second in range(140, 180):
            answer(redis, second, QUEUE)
            if second >= 160:
                answer(redis, second, *FEEDS)
            else:
                for feed in FEEDS[1:]:  # not asked yet, but their failure is over, as when the account's delays are forgotten
                    snapshots.save_outcome(redis, feed, Outcome(at(139)))
            tick(redis, second, second + 1)
        assert [(one.rule_name, one.state) for one in Incident.objects.all()] == [("Source error", "resolved")]

    def test_refused_credentials_are_a_source_error(self, redis: redis_py.Redis) -> None:
        answer(redis, 0, *FEEDS)
        snapshots.save_stop(redis, "main", Stop("auth", "Zendesk Talk refused the credentials (401).", at(2), "x"))
        assert tick(redis, 0, 140) == [62]
        assert opened() == {"Source error": (62, 60, "Zendesk Talk refused the credentials (401).")}

    def test_a_pause_that_the_vendor_asked_for_is_a_source_error(self, redis: redis_py.Redis) -> None:
        answer(redis, 0, *FEEDS)
        snapshots.save_pause(redis, "main", Pause("rate_limit", "Zendesk Talk asked for a pause.", at(0), at(3000)))
        assert tick(redis, 0, 140) == [60]
        assert opened() == {"Source error": (60, 60, "Zendesk Talk asked for a pause.")}

    def test_one_forbidden_feed_leaves_the_others_to_be_lost_on_their_own(self, redis: redis_py.Redis) -> None:
        answer(redis, 0, *FEEDS)
        fail(redis, 0, 0, Feed("main", Endpoint.AGENTS), kind="forbidden")
        tick(redis, 0, 70)
        assert {name: when for name, (when, _, _) in opened().items()} == {"Data lost": 60, "Source error": 60}
        assert "agents" not in opened()["Data lost"][2]

    def test_a_worker_that_was_away_for_an_hour_opens_nothing_at_once(self, redis: redis_py.Redis) -> None:
        answer(redis, 0, *FEEDS)
        tick(redis, 0, 5)
        assert tick(redis, 3600, 3655) == []  # nothing came, but who knows of what was before
        assert tick(redis, 3655, 3665) == [3660]

    def test_a_failure_from_before_our_absence_counts_from_our_return(self, redis: redis_py.Redis) -> None:
        answer(redis, 0, *FEEDS)
        fail(redis, 1, 1, *FEEDS)
        tick(redis, 0, 5)
        assert tick(redis, 3600, 3700) == [3660]

    def test_redis_that_was_emptied_opens_nothing_at_once_and_forgets_no_incident(self, redis: redis_py.Redis) -> None:
        answer(redis, 0, *FEEDS)
        tick(redis, 0, 70)
        redis.flushall()
        redis.zadd(keys.WATCH, {"main": at(10_000).timestamp()})
        assert tick(redis, 70, 75) == [70, 75][:1]  # nothing is old any more: recovering
        assert Incident.objects.count() == 1

    def test_readings_that_cannot_be_read_any_more_are_given_the_time_to_be_asked(self, redis: redis_py.Redis) -> None:
        """As after an update whose readings have another form."""
        for second in range(0, 100, 5):
            answer(redis, second, *FEEDS)
            judge_sources(redis, at(second))
        for feed in FEEDS:
            redis.set(keys.reading(feed.id), "another release's")
        assert tick(redis, 100, 120) == []
        for feed in FEEDS:
            redis.set(keys.outcome(feed.id), "another release's")
        assert tick(redis, 120, 190) == [180]

    def test_a_clock_put_back_an_hour_opens_nothing(self, redis: redis_py.Redis) -> None:
        answer(redis, 0, *FEEDS)
        tick(redis, 0, 30)
        assert tick(redis, -3600, -3550) == []

    def test_two_ticks_at_once_are_one(self, redis: redis_py.Redis) -> None:
        answer(redis, 0, *FEEDS)
        for second in range(70):
            judge_sources(redis, at(second))
            assert not judge_sources(redis, at(second))
        assert Incident.objects.count() == 1


def test_a_feed_that_is_needed_from_now_on_is_given_its_time(redis: redis_py.Redis, lost: Rule) -> None:
    redis.zadd(keys.WATCH, {"main": at(10_000).timestamp()})
    assert tick(redis, 0, 100) == []
    Board.objects.create(slug="main", title="Main")
    PACES.forget()
    assert tick(redis, 100, 170) == [160]  # it was never answered


def test_no_rule_about_the_data_looks_at_nothing(redis: redis_py.Redis, board: Board) -> None:
    assert tick(redis, 0, 100) == []
    assert not redis.exists(keys.held("main"))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"metric": "gone_since_the_last_release"}, "There is no metric 'gone_since_the_last_release'."),
        ({"warning_leave": 400}, "The warning leaves at 400, which is above where it enters (180): it would never be over."),
        ({"line_ids": ["x"]}, "Its lines or groups are no list of numbers."),
        ({"line_ids": 7}, "Its lines or groups are no list of numbers."),
        ({"kind": "nonsense", "metric": ""}, "Choose the metric to judge."),
        ({"kind": "spike", "warning_enter": None}, "This must be a number, 0 or more."),
    ],
)
def test_a_rule_that_cannot_be_judged_is_switched_to_error_once(redis: redis_py.Redis, fields: dict[str, object], why: str) -> None:
    bad = rule(**fields)
    assert tick(redis, 0, 3) == [0]
    bad.refresh_from_db()
    assert (bad.error, bad.error_at) == (why, at(0))
    assert Incident.objects.count() == 1
    assert bad.version == 2


def test_judge_sources_costs_little_in_the_calm(redis: redis_py.Redis, board: Board, lost: Rule) -> None:
    answer(redis, 0, *FEEDS)
    tick(redis, 0, 2)
    before = redis.hgetall(keys.held("main"))
    assert isinstance(before, dict)
    tick(redis, 2, 3)
    after = redis.hgetall(keys.held("main"))
    assert isinstance(after, dict)
    assert {name for name in after if before.get(name) != after[name]} == {b"at"}
    assert redis.ttl(keys.held("main")) <= timedelta(days=2).total_seconds()
