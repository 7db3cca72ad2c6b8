"""A row as a rule to judge: its limits, its feed, its scope; when workers learn of a change; and a rule that cannot be judged."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis as redis_py
from django.db import DatabaseError

from dashboard.alerts import rules
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.rules import Limit, RuleKind, Spike, problems
from dashboard.models import Board, Incident, Rule
from dashboard.polling.judged import KNOWN_FOR_S, Book, judged
from dashboard.polling.rounds import plans_now
from dashboard.store import connection, keys
from dashboard.store.database import DATABASE
from tests.alerts.judged_floor import at, database_away, rule

pytestmark = pytest.mark.django_db


def test_spec_of_a_threshold_row() -> None:
    spec = rules.spec_of(rule(critical_enter=300, critical_for_s=5, while_metric="calls_waiting", while_at_least=2))
    assert (spec.kind, spec.metric, spec.higher_is_worse) == (RuleKind.THRESHOLD, "longest_wait_time", True)
    assert (spec.warning, spec.critical) == (Limit(180, 165, 10), Limit(300, 300, 5))
    assert (spec.keep_s, spec.while_metric, spec.while_at_least, spec.spike) == (5, "calls_waiting", 2, None)


def test_spec_of_a_spike_row() -> None:
    spec = rules.spec_of(rule(kind="spike", spike_floor=60, spike_rise=50, spike_times=4, warning_for_s=3))
    assert (spec.spike, spec.warning) == (Spike(60, 50, 4), Limit(0, 0, 3))


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "nonsense"},
        {"metric": "nonsense"},
        {"kind": "spike"},
        {"warning_enter": None, "warning_leave": None},
        {"direction": "sideways", "warning_enter": math.inf},
        {"kind": "lost"},
    ],
)
def test_spec_of_any_row_is_made_and_says_what_is_wrong(fields: dict[str, Any]) -> None:
    made = Rule(**{"name": "x", "metric": "longest_wait_time", "warning_enter": 180, **fields})
    assert problems(rules.spec_of(made)) or fields.get("kind") == "nonsense"


@pytest.mark.parametrize(
    ("fields", "feed"),
    [
        ({"line_ids": [2, 1, 2]}, Feed("main", Endpoint.QUEUE, (1, 2))),
        ({"group_ids": [5]}, Feed("main", Endpoint.QUEUE)),
        ({"metric": "agents_away", "group_ids": [5], "line_ids": [1]}, Feed("main", Endpoint.AGENTS, (5,))),
        ({"metric": "abandon_ratio", "line_ids": [1]}, Feed("main", Endpoint.ACCOUNT, (1,))),
        ({"metric": "total_calls_missed", "line_ids": [1]}, Feed("main", Endpoint.AGENTS_OVERVIEW)),
    ],
)
def test_feed_of_a_rule_is_that_of_its_metric_and_scope(fields: dict[str, Any], feed: Feed) -> None:
    made = rule(**fields)
    assert rules.feed_of(made) == feed
    assert rules.scope_of(made) == feed.id


def test_scope_of_a_rule_about_the_data_is_its_account() -> None:
    made = rule(kind="lost", metric="", account="second")
    assert rules.feed_of(made) is None
    assert rules.scope_of(made) == "second"


def test_judged_are_enabled_without_an_error_and_not_deleted(redis: redis_py.Redis) -> None:
    good = rule()
    rule(is_enabled=False)
    rule(error="It failed.")
    rule(deleted_at=at(0))
    assert rules.judged() == [good]
    assert judged(redis).rules == (good,)


def test_changed_lets_workers_load_the_rules_at_once(redis: redis_py.Redis, django_assert_num_queries: Any) -> None:
    assert judged(redis).rules == ()
    rule()
    with django_assert_num_queries(0):
        assert judged(redis).rules == ()
    rules.changed(redis)
    assert len(judged(redis).rules) == 1


@pytest.mark.usefixtures("no_redis")
def test_changed_without_redis_is_no_error() -> None:
    rules.changed(connection.client())


def test_book_without_word_of_a_change_loads_the_rules_after_five_seconds() -> None:
    now_s = [0.0]
    book = Book(lambda: now_s[0])
    assert book.now(None).rules == ()
    rule()
    now_s[0] = KNOWN_FOR_S - 0.1
    assert book.now(None).rules == ()
    now_s[0] = KNOWN_FOR_S
    assert len(book.now(None).rules) == 1


def test_book_without_the_database_keeps_the_rules_known_last() -> None:
    now_s = [0.0]
    book = Book(lambda: now_s[0])
    with database_away(), pytest.raises(DatabaseError):
        book.now(None)
    DATABASE.forget()  # a second later: so often it is asked whether it is back
    made = rule()
    assert book.now(None).rules == (made,)
    now_s[0] = 100.0
    with database_away():
        assert book.now(None).rules == (made,)


def test_book_loaded_again_without_a_change_is_the_same() -> None:
    now_s = [0.0]
    book = Book(lambda: now_s[0])
    rule()
    first = book.now(None)
    now_s[0] = 100.0
    assert book.now(b"1") is first


def test_book_of_many_threads_is_read_once(django_assert_num_queries: Any) -> None:
    book = Book()
    found = book.now(None)
    with ThreadPoolExecutor(8) as threads, django_assert_num_queries(0):
        assert all(one is found for one in threads.map(lambda _: book.now(None), range(200)))


def test_plans_now_ask_what_a_rule_needs_at_its_own_pace_though_nobody_looks(redis: redis_py.Redis) -> None:
    Board.objects.create(slug="main", title="Main")
    rule(line_ids=[7])
    rule(kind="lost", metric="")
    plans = {feed: plan.interval_s for feed, plan in plans_now(redis, Board.objects.all(), at(0)).items()}
    assert plans[Feed("main", Endpoint.QUEUE, (7,))] == 1.0
    assert plans[Feed("main", Endpoint.QUEUE)] == 5.0
    assert len(plans) == 5


def test_switch_off_reports_once_and_only_the_version_that_failed(redis: redis_py.Redis, caplog: pytest.LogCaptureFixture) -> None:
    made = rule()
    older = Rule.objects.get(pk=made.pk)
    assert rules.switch_off(redis, made, "It failed.", at(0))
    assert not rules.switch_off(redis, older, "It failed.", at(1))
    made.refresh_from_db()
    assert (made.error, made.error_at, made.version) == ("It failed.", at(0), 2)
    assert Incident.objects.count() == 1
    assert redis.get(keys.RULES_VERSION) == b"1"


def test_switch_off_of_a_rule_that_somebody_has_just_mended_does_nothing(redis: redis_py.Redis) -> None:
    made = rule()
    Rule.objects.filter(pk=made.pk).update(version=2, warning_enter=200)
    assert not rules.switch_off(redis, made, "It failed.", at(0))
    assert Incident.objects.count() == 0
