"""What time alone brings: escalation, reminders, ends of snoozes, incidents that no reading will end."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

import pytest
import redis as redis_py
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from dashboard.alerts import acting, claims, incidents, retention, rules, sweep
from dashboard.alerts.delivery_types import TransportError
from dashboard.domain.judging import What
from dashboard.models import Incident, Notification, Recipient, RecipientGroup, Rule, Step, Transition
from dashboard.store import keys
from tests.alerts.telling import FEED, START, Clock, MailServer, opened, recipient, record, rule, send, states, told_by

pytestmark = pytest.mark.django_db


def _pass(redis: redis_py.Redis, clock: Clock, server: MailServer, **span: float) -> bool:
    """Time passes, the tick sweeps, and what settles is delivered."""
    clock.passes(**span)
    due = sweep.sweep(redis, clock.now)
    clock.passes(seconds=1)
    send(server, clock)
    return due


def _told(server: MailServer) -> list[tuple[str, str]]:
    return [(who, letter.subject.split()[1]) for who, letter in server.got]


def test_with_nothing_due_it_costs_one_query_and_every_few_seconds_four(redis: redis_py.Redis) -> None:
    sweep.sweep(redis, START)
    for second, most in ((1, 1), (2, 1), (5, 5), (6, 1)):
        with CaptureQueriesContext(database) as queries:
            assert sweep.sweep(redis, START + timedelta(seconds=second)) is False
        assert len(queries) <= most


def test_with_many_open_incidents_and_nothing_due_the_queries_stay_few(redis: redis_py.Redis, clock: Clock, server: MailServer) -> None:
    who = recipient()
    for number in range(20):
        opened(told_by(rule(name=f"Rule {number}"), who))
    _pass(redis, clock, server, seconds=5)
    clock.passes(seconds=5)
    with CaptureQueriesContext(database) as queries:
        sweep.sweep(redis, clock.now)
    assert len(queries) <= 9
    # Reminders of weeks are counted by the database, not loaded every five seconds.
    assert not any('"message_id"' in query["sql"] for query in queries)


def test_sweep_says_when_something_is_due(redis: redis_py.Redis) -> None:
    opened(told_by(rule(), recipient()))
    assert sweep.sweep(redis, START) is False
    assert sweep.sweep(redis, START + timedelta(seconds=1)) is True


def test_each_step_is_told_when_its_time_comes_and_not_twice(redis: redis_py.Redis, clock: Clock, server: MailServer) -> None:
    leads = RecipientGroup.objects.create(name="Leads")
    leads.members.set([recipient("alex"), recipient("bo")])
    judged = told_by(rule(reminder_s=0), recipient("dana"))
    told_by(judged, leads, after_s=600)
    told_by(judged, recipient("chief"), after_s=1800)
    opened(judged)
    for _ in range(13):
        _pass(redis, clock, server, minutes=3)
        _pass(redis, clock, server, seconds=5)
    assert _told(server) == [("dana", "opened"), ("alex", "opened"), ("bo", "opened"), ("chief", "opened")]
    when = {row.recipient.name: (row.created_at - START).total_seconds() for row in Notification.objects.select_related("recipient")}
    assert 600 <= when["alex"] < 800
    assert 1800 <= when["chief"] < 2000
    record(judged, What.RESOLVED, clock.passes(seconds=1))
    _pass(redis, clock, server, seconds=5)
    assert [what for _, what in _told(server)[4:]] == ["resolved"] * 4


def test_acknowledged_nobody_else_is_told_and_taken_back_they_are(redis: redis_py.Redis, clock: Clock, server: MailServer) -> None:
    judged = told_by(rule(reminder_s=300), recipient("dana"))
    told_by(judged, recipient("chief"), after_s=600)
    incident = opened(judged)
    _pass(redis, clock, server, seconds=5)
    acting.acknowledge(incident.pk, "dana", "", clock.now)
    _pass(redis, clock, server, hours=2)
    assert _told(server) == [("dana", "opened")]
    acting.unacknowledge(incident.pk, "dana", clock.now)
    _pass(redis, clock, server, seconds=5)
    assert sorted(_told(server)[1:]) == [("chief", "opened"), ("dana", "reminder")]


def test_reminders_come_at_their_pace_to_who_was_told(redis: redis_py.Redis, clock: Clock, server: MailServer) -> None:
    opened(told_by(rule(reminder_s=1800), recipient("dana")))
    for _ in range(30):
        _pass(redis, clock, server, seconds=299)
    assert _told(server) == [("dana", "opened")] + [("dana", "reminder")] * 4
    assert [row.once.split(".")[2] for row in Notification.objects.filter(what="reminder").order_by("pk")] == ["1", "2", "3", "4"]


def test_no_reminders_for_a_rule_without_them_nor_while_it_recovers(redis: redis_py.Redis, clock: Clock, server: MailServer) -> None:
    opened(told_by(rule(reminder_s=0), recipient("dana")))
    recovering = told_by(rule(name="Other", reminder_s=60), recipient("alex"))
    opened(recovering)
    _pass(redis, clock, server, seconds=5)
    record(recovering, What.RECOVERING, clock.now)
    _pass(redis, clock, server, hours=5)
    assert [what for _, what in _told(server)] == ["opened", "opened"]


def test_a_snooze_is_quiet_and_its_end_reminds(redis: redis_py.Redis, clock: Clock, server: MailServer) -> None:
    judged = told_by(rule(reminder_s=0), recipient("dana"))
    told_by(judged, recipient("chief"), after_s=60)
    incident = opened(judged)
    _pass(redis, clock, server, seconds=5)
    acting.snooze(incident.pk, clock.now + timedelta(hours=1), "dana", clock.now)
    _pass(redis, clock, server, minutes=50)
    assert _told(server) == [("dana", "opened")]
    _pass(redis, clock, server, minutes=10)
    _pass(redis, clock, server, hours=3)
    assert sorted(_told(server)[1:]) == [("chief", "opened"), ("dana", "reminder")]


def test_a_reminder_that_waits_for_a_hold_is_one_reminder(redis: redis_py.Redis, clock: Clock, server: MailServer) -> None:
    judged = told_by(rule(reminder_s=600), recipient())
    opened(judged)
    _pass(redis, clock, server, seconds=5)
    Rule.objects.update(muted_until=START + timedelta(hours=8))
    for _ in range(20):
        _pass(redis, clock, server, minutes=15)
    assert Notification.objects.filter(what="reminder").count() == 1
    Rule.objects.update(muted_until=None)
    _pass(redis, clock, server, minutes=1)  # nobody said so: the sweep looks once a minute
    assert [what for _, what in _told(server)] == ["opened", "reminder"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"deleted_at": START}, "The rule was deleted."),
        ({"is_enabled": False}, "The rule was switched off."),
        ({"error": "It crashed."}, "The rule has failed and is not judged any more."),
        ({"line_ids": [7]}, "The rule is about something else now."),
    ],
)
def test_an_incident_that_no_reading_will_end_is_closed(
    redis: redis_py.Redis, clock: Clock, server: MailServer, change: dict[str, Any], why: str
) -> None:
    judged = told_by(rule(), recipient())
    assert rules.scope_of(judged) == FEED
    incident = opened(judged)
    _pass(redis, clock, server, seconds=5)
    Rule.objects.filter(pk=judged.pk).update(**change)
    _pass(redis, clock, server, seconds=5)
    incident.refresh_from_db()
    assert incident.state == "resolved"
    last = Transition.objects.filter(incident=incident).last()
    assert last is not None
    assert last.note == why
    assert [what for _, what in _told(server)] == ["opened", "resolved"]
    assert json.loads(redis.get(keys.incidents("main")) or b"") == []  # type: ignore[arg-type]


def test_the_incident_of_a_failed_rule_ends_when_the_rule_is_saved_again(redis: redis_py.Redis, clock: Clock, server: MailServer) -> None:
    judged = told_by(rule(), recipient())
    Rule.objects.update(error="It crashed.")
    said = incidents.rule_failed(judged, "It crashed.", clock.now)
    assert said is not None
    _pass(redis, clock, server, minutes=1)
    said.refresh_from_db()
    assert said.state == "open"
    Rule.objects.update(error="")
    _pass(redis, clock, server, seconds=5)
    said.refresh_from_db()
    assert said.state == "resolved"
    assert [what for _, what in _told(server)] == ["opened", "resolved"]


def test_a_redis_that_was_emptied_shows_the_open_incidents_within_five_seconds(redis: redis_py.Redis) -> None:
    incident = opened(rule())
    sweep.sweep(redis, START)
    redis.delete(keys.incidents("main"))
    sweep.sweep(redis, START + timedelta(seconds=4))
    assert redis.get(keys.incidents("main")) is None
    sweep.sweep(redis, START + timedelta(seconds=5))
    assert [each["id"] for each in json.loads(redis.get(keys.incidents("main")) or b"")] == [incident.pk]  # type: ignore[arg-type]
    redis.flushall()
    sweep.sweep(redis, START + timedelta(seconds=6))
    assert redis.exists(keys.incidents("main"))


def test_a_clock_put_back_does_not_stop_what_the_sweep_does(redis: redis_py.Redis) -> None:
    sweep.sweep(redis, START + timedelta(days=1))
    redis.delete(keys.incidents("main"))
    opened(rule())
    sweep.sweep(redis, START)
    assert redis.exists(keys.incidents("main"))
    redis.hset(keys.SWEPT, "shown", "not a number")
    sweep.sweep(redis, START)


def test_what_was_written_while_the_clock_was_ahead_is_told_a_minute_after_it_was_put_back(
    redis: redis_py.Redis, clock: Clock, server: MailServer
) -> None:
    away, busy = recipient("away"), recipient("busy")
    clock.passes(hours=3)
    opened(told_by(rule(), away, busy), clock.now)
    server.refuses = lambda _: TransportError("The mail server does not answer.", whole_server=True)
    clock.passes(seconds=1)
    send(server, clock)  # the server is to be tried again later, by a clock that is three hours ahead
    assert claims.claim(busy.pk, clock.passes(minutes=2)) is not None  # and somebody dies over a letter
    server.refuses = lambda _: None
    clock.now = START
    for _ in range(3):
        _pass(redis, clock, server, seconds=61)
    assert sorted(who for who, _ in server.got) == ["away", "busy"]
    assert set(states()) == {"sent"}


def test_prune_forgets_what_is_over_for_400_days_and_nothing_else(clock: Clock, server: MailServer) -> None:
    who = recipient()
    old, new = (told_by(rule(name=name), who) for name in ("Old", "New"))
    gone = opened(old)
    record(old, What.RESOLVED, clock.passes(minutes=1))
    for number in range(3):
        at_once = told_by(rule(name=f"Rule {number}"), who)
        opened(at_once, clock.now)
        record(at_once, What.RESOLVED, clock.now + timedelta(seconds=1))
    clock.passes(seconds=30)
    for _ in range(10):
        send(server, clock)
    stays = opened(new)
    assert Notification.objects.filter(what="digest").exists()
    assert retention.prune(START + timedelta(days=399)) == 0
    assert retention.prune(START + timedelta(days=401)) > 4
    assert list(Incident.objects.all()) == [stays]
    assert gone.pk not in Notification.objects.values_list("incident_id", flat=True)
    assert Notification.objects.exclude(incident=stays).count() == 0
    assert Recipient.objects.count() == Step.objects.values("recipient").distinct().count() == 1


def test_the_sweep_is_cheap_while_nothing_is_due(redis: redis_py.Redis) -> None:
    for number in range(20):
        rule(name=f"Rule {number}")
    sweep.sweep(redis, START)
    began = time.thread_time()
    for number in range(1, 5):
        sweep.sweep(redis, START + timedelta(seconds=number))
    assert (time.thread_time() - began) / 4 < 0.02  # measured 1 ms; a machine that does other work is slower


def test_who_is_named_only_after_the_opening_is_told_when_nobody_was(redis: redis_py.Redis, clock: Clock, server: MailServer) -> None:
    judged = rule(reminder_s=0)
    opened(judged)
    _pass(redis, clock, server, minutes=1)
    assert server.got == []
    told_by(judged, recipient("dana"))
    _pass(redis, clock, server, minutes=1)
    _pass(redis, clock, server, minutes=1)
    assert _told(server) == [("dana", "opened")]
