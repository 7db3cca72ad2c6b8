"""Quiet hours, mutes, cool-downs: what is held, let go and dropped."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dashboard.alerts import acting, outbox
from dashboard.domain.judging import What
from dashboard.domain.thresholds import Severity
from dashboard.models import Notification, Quiet, Recipient, Rule
from tests.alerts.telling import START, Clock, MailServer, opened, reasons, recipient, record, rule, send, states, told_by

pytestmark = pytest.mark.django_db


def test_quiet_hours_hold_a_warning_until_they_end_and_critical_breaks_through(clock: Clock, server: MailServer) -> None:
    night = datetime.fromisoformat("2026-11-23T22:30:00+00:00")
    quiet = {"quiet_from": datetime(2000, 1, 1, 22).time(), "quiet_to": datetime(2000, 1, 1, 7).time()}
    dana, deaf = recipient("dana", **quiet), recipient("deaf", **quiet, critical_breaks_quiet=False)
    judged = told_by(rule(), dana, deaf)
    clock.now = night
    opened(judged, night)
    clock.passes(seconds=1)
    send(server, clock)
    assert server.got == []
    assert set(reasons()) == {"Quiet hours of the recipient."}
    assert {row.due_at.hour for row in Notification.objects.all()} == {7}
    record(judged, What.WORSE, clock.passes(minutes=5), severity=Severity.CRITICAL, value=320.0)
    clock.passes(seconds=1)
    send(server, clock)
    assert [who for who, _ in server.got] == ["dana"]
    clock.now = night + timedelta(hours=9)
    send(server, clock)
    assert [who for who, _ in server.got] == ["dana", "deaf"]


def test_what_is_over_before_its_hold_ends_is_dropped_and_its_end_is_not_told(clock: Clock, server: MailServer) -> None:
    who = recipient()
    judged = told_by(rule(), who)
    Quiet.objects.create(starts_at=START, ends_at=START + timedelta(hours=2), reason="New trunk")
    opened(judged)
    clock.passes(seconds=1)
    send(server, clock)
    assert reasons() == ["Quiet time: New trunk"]
    record(judged, What.RESOLVED, clock.passes(minutes=5))
    clock.passes(hours=3)
    send(server, clock)
    assert server.got == []
    assert reasons(state="dropped") == ["It was over before it could be told. Quiet time: New trunk"]


def test_a_mute_that_is_lifted_lets_go_at_once(clock: Clock, server: MailServer) -> None:
    judged = told_by(rule(muted_until=START + timedelta(hours=8)), recipient())
    opened(judged)
    clock.passes(seconds=1)
    send(server, clock)
    assert reasons() == ["The rule is muted."]
    Rule.objects.update(muted_until=None)
    outbox.reconsider(clock.passes(minutes=1))
    send(server, clock)
    assert len(server.got) == 1


def test_what_was_held_through_the_night_arrives_in_one_letter(clock: Clock, server: MailServer) -> None:
    who = recipient()
    Quiet.objects.create(starts_at=START, ends_at=START + timedelta(hours=9))
    for each in [told_by(rule(name=f"Rule {number}"), who) for number in range(4)]:
        opened(each, clock.passes(minutes=20))
        clock.passes(seconds=1)
        send(server, clock)
    clock.now = START + timedelta(hours=9)
    send(server, clock)
    assert [len(subject.split(";")) for subject in server.subjects()] == [4]


def test_the_same_rule_is_quiet_for_its_cool_down_unless_it_is_worse(clock: Clock, server: MailServer) -> None:
    judged = told_by(rule(cooldown_s=300), recipient())

    def again(severity: Severity) -> None:
        record(judged, What.RESOLVED, clock.passes(seconds=10))
        opened(judged, clock.passes(seconds=10), severity=severity)
        clock.passes(seconds=1)
        send(server, clock)

    opened(judged)
    clock.passes(seconds=1)
    send(server, clock)
    again(Severity.WARNING)
    assert [subject.split()[1] for subject in server.subjects()] == ["opened", "resolved"]
    assert reasons(state="waiting") == ["The same rule told this recipient shortly before (cool-down)."]
    again(Severity.CRITICAL)
    assert [subject.split()[1] for subject in server.subjects()] == ["opened", "resolved", "opened"]
    again(Severity.WARNING)
    clock.passes(seconds=300)
    send(server, clock)
    assert [subject.split()[1] for subject in server.subjects()][3:] == ["resolved", "opened"]


def test_what_was_acknowledged_before_a_hold_ended_is_not_told_any_more(clock: Clock, server: MailServer) -> None:
    incident = opened(told_by(rule(muted_until=START + timedelta(hours=1)), recipient()))
    clock.passes(seconds=1)
    send(server, clock)
    acting.acknowledge(incident.pk, "alex", "", clock.now)
    clock.passes(hours=2)
    send(server, clock)
    assert server.got == []
    assert reasons()[0].startswith("Acknowledged by alex")


def test_who_has_left_gets_nothing_more(clock: Clock, server: MailServer) -> None:
    who = recipient()
    opened(told_by(rule(), who))
    Recipient.objects.filter(pk=who.pk).update(left_at=START)
    clock.passes(seconds=1)
    send(server, clock)
    assert (server.got, states()) == ([], ["dropped"])
