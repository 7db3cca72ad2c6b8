"""Whatever goes wrong and in whatever order: in the end the incidents say what is so, and no event was told twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier, Event, Semaphore
from typing import Any

import pytest
import redis as redis_py
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dashboard.alerts import verdicts
from dashboard.alerts.judge import judge_feed
from dashboard.models import Incident, Rule, Transition
from dashboard.polling.judged import BOOK
from dashboard.store import keys
from tests.alerts.judged_floor import LATENCY, QUEUE, at, database_away, judge, lay, queue, rule

SPELLS = st.lists(
    st.tuples(
        st.sampled_from([20, 200, 200, 400, None]),
        st.integers(1, 14),
        st.sampled_from(["well", "well", "well", "database", "emptied", "crash", "gap", "late"]),
    ),
    max_size=9,
)


@pytest.mark.django_db(transaction=True)
@hypothesis_settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SPELLS, st.sampled_from([20, 200, 400]))
def test_after_any_faults_the_incidents_are_right_and_in_order(
    redis: redis_py.Redis, spells: list[tuple[int | None, int, str]], last: int
) -> None:
    redis.flushall()
    Incident.objects.all().delete()
    Rule.objects.all().delete()
    rule(critical_enter=300, critical_leave=270, critical_for_s=2, warning_for_s=4, keep_s=3)
    BOOK.forget()
    second = 0
    for value, count, fault in spells:
        second += 30 if fault == "gap" else 1
        for _ in range(count):
            second += 1
            one_reading(redis, value, second, fault)
    for _ in range(45):  # long enough for the look at the incidents that is due every half minute
        second += 1
        judge(redis, last, second)
    open_ones = list(Incident.objects.filter(resolved_at=None))
    assert [one.severity for one in open_ones] == {20: [], 200: ["warning"], 400: ["critical"]}[last]
    assert all(one.recovering_at is None for one in open_ones)
    for incident in Incident.objects.all():
        assert_in_order(list(Transition.objects.filter(incident=incident).order_by("number").values_list("what", flat=True)))


def one_reading(redis: redis_py.Redis, value: int | None, second: int, fault: str) -> None:
    match fault:
        case "database":
            with database_away(lambda sql: "dashboard_incident" in sql):
                judge(redis, value, second)
        case "emptied":
            redis.flushall()
            judge(redis, value, second)
        case "crash":  # killed after the database knew and before Redis did
            before: Any = redis.hgetall(keys.held(QUEUE.id))
            judge(redis, value, second)
            redis.delete(keys.held(QUEUE.id))
            if before:
                redis.hset(keys.held(QUEUE.id), mapping=before)
        case "late":
            lay(redis, queue(value), second)
            judge_feed(redis, QUEUE, at(second + 3))
        case _:
            judge(redis, value, second)


def assert_in_order(whats: list[str]) -> None:
    """Opened once and first, resolved at most once and last, recovering and back in turn."""
    assert whats[0] == "opened"
    assert whats.count("opened") == 1
    assert "resolved" not in whats[:-1]
    turns = [what for what in whats if what in ("recovering", "back")]
    assert turns == [("recovering", "back")[number % 2] for number in range(len(turns))]
    levels = [what for what in whats if what in ("worse", "eased")]
    assert all(one != other for one, other in pairwise(levels))


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_incident(redis: redis_py.Redis) -> None:
    rule(warning_for_s=2, keep_s=2)
    values = [200] * 6 + [20] * 5
    together = Barrier(2)

    def work(_: int) -> None:
        try:
            for second in range(len(values)):
                if together.wait(10) == 0:
                    lay(redis, queue(values[second]), second)
                together.wait(10)
                judge_feed(redis, QUEUE, at(second) + LATENCY)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        list(workers.map(work, range(2)))
    found = list(Transition.objects.order_by("incident", "number").values_list("what", flat=True))
    assert found == ["opened", "recovering", "resolved"]


@pytest.mark.django_db(transaction=True)
def test_a_locked_database_keeps_few_threads_waiting_and_the_time_goes_on(redis: redis_py.Redis) -> None:
    rule(metric="calls_waiting", warning_enter=1, warning_leave=0, warning_for_s=2)
    for second in range(2):
        judge(redis, 200, second)
    waiting, unlocked = Semaphore(0), Event()

    def locked(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        # SQLite makes a writer wait as it begins; PostgreSQL begins unseen, and waits at the first row.
        if sql.startswith(("BEGIN", 'INSERT INTO "dashboard_incident"')):
            waiting.release()
            assert unlocked.wait(20)
        return execute(sql, params, many, context)

    def work(second: int) -> None:
        try:
            with connection.execute_wrapper(locked):
                judge_feed(redis, QUEUE, at(second) + LATENCY)
        finally:
            connection.close()

    with ThreadPoolExecutor(verdicts.WRITERS_COUNT) as workers:
        try:
            for second in range(2, 2 + verdicts.WRITERS_COUNT):
                lay(redis, queue(200), second)
                workers.submit(work, second)
                assert waiting.acquire(timeout=20)
            # Whoever comes now has no place to wait in: it is over at once, though nothing can be written down.
            assert judge(redis, 200, 4) is False
            assert Incident.objects.count() == 0
        finally:
            unlocked.set()
    judge(redis, 200, 5)
    incident = Incident.objects.get()
    assert (incident.resolved_at, incident.since_at) == (None, at(0))
