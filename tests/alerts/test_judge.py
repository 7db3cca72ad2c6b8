"""From a stored reading to an incident: once, in order, and right again after whatever went wrong."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
import redis as redis_py

from dashboard.alerts import incidents, rules
from dashboard.alerts.baselines import Baselines
from dashboard.alerts.judge import judge_feed
from dashboard.alerts.paces import PACES
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.models import Board, Incident, Rule, Transition
from dashboard.polling.judged import BOOK
from dashboard.store import codec, keys
from dashboard.store.database import DATABASE
from tests.alerts.judged_floor import LATENCY, QUEUE, at, database_away, judge, lay, queue, rule, steadily

pytestmark = pytest.mark.django_db


@pytest.fixture
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a worker keeps in mind for a few seconds (rules, paces) stays fresh, however slow this machine is."""
    for memory in (BOOK, PACES):
        monkeypatch.setattr(memory, "_clock", lambda: 0.0)


def timeline(incident: Incident | None = None) -> list[tuple[str, float]]:
    found = Transition.objects.filter(incident=incident or Incident.objects.get()).order_by("number")
    return [(one.what, (one.at - at(0)).total_seconds()) for one in found]


def test_judge_feed_opens_an_incident_after_for_and_resolves_it_after_keep(redis: redis_py.Redis) -> None:
    made = rule()
    assert steadily(redis, 200, 0, 20) == [10]
    incident = Incident.objects.get()
    assert (incident.rule, incident.scope, incident.severity, incident.value) == (made, QUEUE.id, "warning", 200)
    assert (incident.since_at, incident.opened_at) == (at(-10), at(10))  # a wait of 200 s passed 180 s 20 s ago, whenever we first saw it
    assert steadily(redis, 20, 20, 30) == [20, 25]
    assert timeline() == [("opened", 10), ("recovering", 20), ("resolved", 25)]


def test_judge_feed_without_a_rule_of_the_feed_does_nothing(redis: redis_py.Redis) -> None:
    rule(line_ids=[7])
    assert steadily(redis, 900, 0, 20) == []
    assert not redis.exists(keys.held(QUEUE.id))


def test_judge_feed_without_a_reading_does_nothing(redis: redis_py.Redis) -> None:
    rule()
    assert not judge_feed(redis, QUEUE, at(0))


def test_judge_feed_judges_a_reading_once(redis: redis_py.Redis) -> None:
    rule(warning_for_s=0)
    assert judge(redis, 200, 0)
    assert not judge_feed(redis, QUEUE, at(0.5))
    assert Transition.objects.count() == 1


@pytest.mark.parametrize(("age_s", "opens"), [(0.0, True), (2.4, True), (2.6, False), (60.0, False)])
def test_judge_feed_of_a_late_or_stale_reading_does_nothing(redis: redis_py.Redis, age_s: float, opens: bool) -> None:
    rule(warning_for_s=0)
    lay(redis, queue(200), 0)
    assert judge_feed(redis, QUEUE, at(age_s)) is opens


def test_judge_feed_after_a_gap_begins_the_for_anew(redis: redis_py.Redis) -> None:
    rule()
    assert steadily(redis, 200, 0, 10) == []
    assert steadily(redis, 200, 20, 40) == [30]
    assert Incident.objects.get().since_at == at(10)  # by the wait's own length; it was judged from 20 on


def test_judge_feed_of_an_unknown_value_neither_opens_nor_resolves(redis: redis_py.Redis) -> None:
    rule()
    assert steadily(redis, 200, 0, 11) == [10]
    assert steadily(redis, None, 11, 60) == []
    assert Incident.objects.get().state == "open"


def test_judge_feed_with_a_while_needs_both(redis: redis_py.Redis) -> None:
    rule(
        metric="agents_online",
        direction="below",
        warning_enter=0,
        warning_leave=1,
        warning_for_s=0,
        keep_s=0,
        while_metric="calls_waiting",
        while_at_least=1,
    )
    assert not judge(redis, 0, 0, agents_online=0, calls_waiting=0)
    assert judge(redis, 5, 1, agents_online=0, calls_waiting=2)
    assert not judge(redis, 5, 2, agents_online=0, calls_waiting=None)
    assert judge(redis, 5, 3, agents_online=1, calls_waiting=2)
    assert timeline() == [("opened", 1), ("recovering", 3), ("resolved", 3)]


def test_judge_feed_in_the_calm_writes_nothing_but_the_time(redis: redis_py.Redis) -> None:
    rule()
    steadily(redis, 5, 0, 5)
    held: dict[bytes, bytes] = redis.hgetall(keys.held(QUEUE.id))  # type: ignore[assignment]
    assert set(held) == {b"at", b"notes"}
    assert held[b"at"] == b"%d" % codec.to_us(at(4))


@pytest.mark.usefixtures("remembered")
def test_judge_feed_in_the_calm_asks_the_database_nothing(redis: redis_py.Redis, django_assert_num_queries: Any) -> None:
    rule()
    judge(redis, 5, 0)
    with django_assert_num_queries(0):
        judge(redis, 5, 1)


def test_judge_feed_keeps_an_open_incidents_value(redis: redis_py.Redis) -> None:
    rule(warning_for_s=0)
    judge(redis, 200, 0)
    for second in range(1, 12):
        judge(redis, 400 if second == 5 else 210, second)
    incident = Incident.objects.get()
    assert (incident.value, incident.worst_value) == (210, 400)


# --- after a crash, a loss, a second worker, an edit


def test_judge_feed_after_redis_was_emptied_goes_on_with_what_is_open(redis: redis_py.Redis) -> None:
    rule()
    steadily(redis, 200, 0, 12)
    redis.flushall()
    assert steadily(redis, 200, 12, 40) == []
    assert steadily(redis, 20, 40, 46) == [40, 45]
    assert timeline() == [("opened", 10), ("recovering", 40), ("resolved", 45)]


def test_judge_feed_after_redis_was_emptied_while_recovering_says_back_or_resolves(redis: redis_py.Redis) -> None:
    rule()
    steadily(redis, 200, 0, 11)
    steadily(redis, 20, 11, 13)
    redis.flushall()
    assert steadily(redis, 200, 13, 15) == [13]
    assert timeline()[-1] == ("back", 13)
    steadily(redis, 20, 15, 17)
    redis.flushall()
    assert steadily(redis, 20, 17, 30) == [22]
    assert timeline()[-1] == ("resolved", 22)


def test_judge_feed_after_a_crash_between_database_and_redis_repeats_nothing(redis: redis_py.Redis) -> None:
    rule()
    steadily(redis, 200, 0, 10)
    before: dict[bytes, bytes] = redis.hgetall(keys.held(QUEUE.id))  # type: ignore[assignment]
    assert judge(redis, 200, 10)
    redis.delete(keys.held(QUEUE.id))
    redis.hset(keys.held(QUEUE.id), mapping=before)  # as if the worker had been killed before it could hold what it had written
    steadily(redis, 200, 11, 13)
    assert timeline() == [("opened", 10)]
    assert steadily(redis, 20, 13, 19) == [13, 18]


def test_judge_feed_after_a_crash_in_which_the_value_came_back_still_resolves(redis: redis_py.Redis) -> None:
    """Redis holds nothing of the incident that was written: within half a minute somebody looks."""
    rule()
    steadily(redis, 200, 0, 10)
    before: dict[bytes, bytes] = redis.hgetall(keys.held(QUEUE.id))  # type: ignore[assignment]
    assert judge(redis, 200, 10)
    redis.delete(keys.held(QUEUE.id))
    redis.hset(keys.held(QUEUE.id), mapping=before)
    steadily(redis, 20, 11, 50)
    assert [what for what, _ in timeline()] == ["opened", "recovering", "resolved"]


def test_judge_feed_after_the_resolution_was_not_held_opens_a_new_one(redis: redis_py.Redis) -> None:
    """Resolved in the database, held as open, and the value is bad again: the new incident must not be lost."""
    rule()
    steadily(redis, 200, 0, 11)
    steadily(redis, 20, 11, 16)
    before: dict[bytes, bytes] = redis.hgetall(keys.held(QUEUE.id))  # type: ignore[assignment]
    assert judge(redis, 20, 16)
    redis.delete(keys.held(QUEUE.id))
    redis.hset(keys.held(QUEUE.id), mapping=before)
    steadily(redis, 200, 17, 40)
    assert [incident.state for incident in Incident.objects.order_by("pk")] == ["resolved", "open"]


def test_judge_feed_by_two_workers_at_once_lets_the_later_find_it_done(redis: redis_py.Redis) -> None:
    rule(warning_for_s=0)
    lay(redis, queue(200), 0)

    class Meanwhile(Baselines):
        """Another worker judges the same reading while this one looks up what is usual."""

        done = False

        def usual(self, *args: Any, **kwargs: Any) -> Any:
            if not self.done:
                self.done = True
                judge_feed(redis, QUEUE, at(0) + LATENCY)
            return None

    rule(name="Spike", kind="spike", spike_floor=60, spike_rise=60, spike_times=6, warning_enter=None)
    meanwhile = Meanwhile()
    judge_feed(redis, QUEUE, at(0) + LATENCY, baselines=meanwhile)
    assert meanwhile.done
    assert timeline() == [("opened", 0)]
    held: dict[bytes, bytes] = redis.hgetall(keys.held(QUEUE.id))  # type: ignore[assignment]
    assert held[b"at"] == b"%d" % codec.to_us(at(0))


def test_judge_feed_of_a_rule_edited_while_pending_begins_anew(redis: redis_py.Redis) -> None:
    made = rule()
    steadily(redis, 200, 0, 8)
    edit(redis, made, warning_enter=190)
    assert steadily(redis, 200, 8, 30) == [18]


def test_judge_feed_of_a_rule_edited_while_open_judges_it_by_the_new_limits(redis: redis_py.Redis) -> None:
    made = rule()
    steadily(redis, 200, 0, 12)
    edit(redis, made, warning_enter=400, warning_leave=380)
    assert steadily(redis, 200, 12, 20) == [12, 17]
    assert Incident.objects.get().state == "resolved"


def test_judge_feed_of_a_rule_switched_off_and_on_opens_anew(redis: redis_py.Redis) -> None:
    made = rule()
    steadily(redis, 200, 0, 12)
    edit(redis, made, is_enabled=False)
    steadily(redis, 200, 12, 15)
    incidents.close(Incident.objects.get().pk, "switched off", at(15))
    edit(redis, made, is_enabled=True)
    steadily(redis, 200, 15, 40)
    assert Incident.objects.filter(resolved_at=None).count() == 1


def test_judge_feed_after_a_clock_was_put_back_an_hour_goes_on(redis: redis_py.Redis) -> None:
    rule()
    steadily(redis, 200, 0, 8)
    assert steadily(redis, 200, -3600, -3580) == [-3590]


def test_judge_feed_after_a_clock_was_put_back_while_an_incident_is_open_ends_it(redis: redis_py.Redis) -> None:
    rule()
    steadily(redis, 200, 0, 12)
    assert steadily(redis, 20, -3600, -3580) == [-3600, -3595]
    incident = Incident.objects.get()
    assert incident.state == "resolved"
    assert [at_s for _, at_s in timeline()] == [10, 10, 10]  # no timeline runs backwards


def test_judge_feed_after_a_clock_was_put_back_a_little_goes_on_at_once(redis: redis_py.Redis) -> None:
    rule()
    steadily(redis, 200, 0, 8)
    redis.delete(keys.reading(QUEUE.id))  # the store takes the older reading, too, once the server's clock is behind what it holds
    assert steadily(redis, 200, -20, 0) == [-10]


@pytest.mark.parametrize("poison", [b"", b"x", b"{}", b"[1]", b'{"v":1,"level":"high"}', b'{"v":1,"warning":1e99}', b"\xff"])
def test_judge_feed_over_damaged_keys_goes_on(redis: redis_py.Redis, poison: bytes, caplog: pytest.LogCaptureFixture) -> None:
    made = rule()
    steadily(redis, 200, 0, 12)
    redis.hset(keys.held(QUEUE.id), str(made.pk), poison)
    steadily(redis, 200, 12, 14)
    redis.hset(keys.held(QUEUE.id), "at", poison)
    steadily(redis, 200, 14, 16)
    redis.set(keys.held(QUEUE.id), poison)
    assert steadily(redis, 20, 16, 25) == [16, 21]
    assert timeline() == [("opened", 10), ("recovering", 16), ("resolved", 21)]


# --- the database away


def test_judge_feed_while_the_database_is_away_opens_when_it_is_back(redis: redis_py.Redis, caplog: pytest.LogCaptureFixture) -> None:
    rule()
    steadily(redis, 200, 0, 9)
    with database_away() as tried:
        assert steadily(redis, 200, 9, 25) == []
    assert tried
    assert steadily(redis, 200, 25, 30) == [25]
    incident = Incident.objects.get()
    assert (incident.since_at, incident.opened_at) == (at(0), at(25))


def test_judge_feed_while_the_database_is_away_resolves_when_it_is_back(redis: redis_py.Redis) -> None:
    rule()
    steadily(redis, 200, 0, 12)
    with database_away(lambda sql: "dashboard_incident" in sql):
        assert steadily(redis, 20, 12, 30) == []
    assert steadily(redis, 20, 30, 33) == [30]
    assert timeline() == [("opened", 10), ("recovering", 30), ("resolved", 30)]


@pytest.mark.usefixtures("remembered")
def test_judge_feed_asks_a_database_that_is_away_once_a_reading(redis: redis_py.Redis) -> None:
    for number in range(5):
        rule(name=f"Rule {number}", warning_for_s=1)
    steadily(redis, 200, 0, 1)
    with database_away() as tried:
        judge(redis, 200, 1)
    assert len(tried) == 1


def test_judge_feed_that_never_could_read_the_rules_judges_nothing(redis: redis_py.Redis) -> None:
    rule(warning_for_s=0)
    BOOK.forget()
    with database_away():
        assert not judge(redis, 200, 0)
    DATABASE.forget()  # a second later: so often it is asked whether it is back
    assert judge(redis, 200, 1)


# --- a rule that fails


class Crashing(Baselines):
    def usual(self, *args: Any, **kwargs: Any) -> Any:
        raise ZeroDivisionError("a secret of somebody's")


def test_judge_feed_with_a_rule_that_crashes_switches_it_off_and_judges_the_others(
    redis: redis_py.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    bad = rule(name="Bad", kind="spike", spike_floor=60, spike_rise=60, spike_times=6, warning_enter=None)
    good = rule(name="Good", warning_for_s=0)
    lay(redis, queue(200), 0)
    with caplog.at_level(logging.CRITICAL):
        assert judge_feed(redis, QUEUE, at(0) + LATENCY, baselines=Crashing())
    bad.refresh_from_db()
    assert bad.error == "It failed while it was judged (ZeroDivisionError)."
    assert bad.error_at == at(0) + LATENCY
    assert Incident.objects.get(rule=good).scope == QUEUE.id
    assert "Bad" in Incident.objects.get(rule=bad).detail
    assert [one.name for one in rules.judged()] == ["Good"]
    lay(redis, queue(200), 1)
    judge_feed(redis, QUEUE, at(1), baselines=Crashing())  # not judged any more
    assert Incident.objects.filter(rule=bad).count() == 1


# --- lines, groups, accounts


def test_judge_feed_judges_only_the_rules_of_its_feed(redis: redis_py.Redis) -> None:
    Board.objects.create(slug="main", title="Main")
    all_lines, one_line = rule(warning_for_s=0), rule(warning_for_s=0, line_ids=[7])
    feed = Feed("main", Endpoint.QUEUE, (7,))
    lay(redis, queue(200), 0, feed)
    assert judge_feed(redis, feed, at(0.1))
    assert [incident.rule for incident in Incident.objects.all()] == [one_line]
    assert Rule.objects.get(pk=all_lines.pk).error == ""


def edit(redis: redis_py.Redis, made: Rule, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(made, name, value)
    made.version += 1
    made.save()
    rules.changed(redis)


def test_a_gap_is_three_polls_and_a_bit() -> None:
    from dashboard.alerts.judge import longest_gap_s

    assert timedelta(seconds=longest_gap_s(1.0)) == timedelta(seconds=3.5)
