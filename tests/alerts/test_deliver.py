"""Letters leave once, in order, gathered where there are many."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dashboard.alerts import outbox
from dashboard.alerts.delivery_types import TransportError
from dashboard.domain.judging import What
from dashboard.domain.thresholds import Severity
from dashboard.models import Notification, Quiet
from tests.alerts.telling import START, Clock, MailServer, opened, reasons, recipient, record, rule, send, several, states, told_by

pytestmark = pytest.mark.django_db

AWAY = TransportError("The mail server does not answer.", whole_server=True)


def test_one_letter_leaves_after_it_has_settled_and_never_again(clock: Clock, server: MailServer) -> None:
    incident = opened(told_by(rule(), recipient()))
    clock.passes(seconds=0.9)
    send(server, clock)
    assert server.got == []
    clock.passes(seconds=0.1)
    send(server, clock)
    clock.passes(hours=1)
    send(server, clock)
    assert server.subjects() == [f"{incident.pk} opened"]
    row = Notification.objects.get()
    assert (row.state, row.subject, row.sent_at, row.attempts_count) == ("sent", f"{incident.pk} opened", START + timedelta(seconds=1), 1)
    assert row.message_id == server.got[0][1].message_id
    assert (row.recipient.last_sent_at, row.recipient.last_error) == (row.sent_at, "")


def test_two_at_once_are_two_letters_and_three_are_one(clock: Clock, server: MailServer) -> None:
    several(2, recipient("dana"))
    several(3, recipient("alex"))
    clock.passes(seconds=1)
    send(server, clock)
    assert [len(subject.split(";")) for subject in server.subjects("dana")] == [1, 1]
    assert [len(subject.split(";")) for subject in server.subjects("alex")] == [3]
    digest = Notification.objects.get(what="digest")
    assert (digest.state, digest.incident, digest.carries.count()) == ("sent", None, 3)
    assert set(states()) == {"sent"}


def test_fifty_rules_at_once_are_one_mail(clock: Clock, server: MailServer) -> None:
    who = recipient()
    judged = [told_by(rule(name=f"Rule {number}"), who) for number in range(50)]
    for each in judged:
        opened(each, clock.passes(seconds=0.04))  # judged one after the other, over two seconds
        send(server, clock)
    for _ in range(20):
        clock.passes(seconds=0.2)
        send(server, clock)
    assert [len(subject.split(";")) for subject in server.subjects()] in ([50], [1, 49])
    assert len(server.got) == 1


def test_in_a_storm_what_follows_is_gathered_for_two_minutes(clock: Clock, server: MailServer) -> None:
    who = recipient()
    judged = [told_by(rule(name=f"Rule {number}"), who) for number in range(12)]
    for each in judged:
        opened(each, clock.passes(seconds=10))
        clock.passes(seconds=1)
        send(server, clock)
    assert len(server.got) == 5
    assert set(reasons(state="waiting")) == {outbox.STORM_WHY}
    for _ in range(20):
        clock.passes(seconds=10)
        send(server, clock)
    assert [len(subject.split(";")) for subject in server.subjects()] == [1, 1, 1, 1, 1, 7]


def test_ends_make_no_storm(clock: Clock, server: MailServer) -> None:
    who = recipient()
    judged = [told_by(rule(name=f"Rule {number}"), who) for number in range(5)]
    for each in judged:
        opened(each, clock.passes(seconds=10))
        clock.passes(seconds=1)
        send(server, clock)
        if each is not judged[-1]:
            record(each, What.RESOLVED, clock.passes(seconds=5))
            clock.passes(seconds=1)
            send(server, clock)
    assert len(server.got) == 9  # the fifth beginning at once, whatever ended in between


def test_what_is_over_before_a_storm_is_told_is_told_all_the_same(clock: Clock, server: MailServer) -> None:
    who = recipient()
    for each in [told_by(rule(name=f"Rule {number}"), who) for number in range(5)]:
        opened(each, clock.passes(seconds=10))
        clock.passes(seconds=1)
        send(server, clock)
    short, taken = told_by(rule(name="Short"), who), told_by(rule(name="Taken"), who)
    over = opened(short, clock.passes(seconds=5), severity=Severity.CRITICAL)
    worse = opened(taken, clock.now)
    clock.passes(seconds=1)
    send(server, clock)
    assert (len(server.got), set(reasons(state="waiting"))) == (5, {outbox.STORM_WHY})
    record(short, What.RESOLVED, clock.passes(seconds=20))
    record(taken, What.WORSE, clock.now, severity=Severity.CRITICAL, value=320.0)
    for _ in range(15):
        clock.passes(seconds=10)
        send(server, clock)
    gathered = {f"{over.pk} opened", f"{over.pk} resolved", f"{worse.pk} opened", f"{worse.pk} worse"}
    assert [set(subject.split("; ")) for subject in server.subjects()[5:]] == [gathered]
    assert set(states()) == {"sent"}


def test_what_comes_after_a_storm_waits_for_what_was_gathered_in_it(clock: Clock, server: MailServer) -> None:
    who = recipient()
    for number, second in enumerate((0, 50, 100, 150, 200)):
        clock.now = START + timedelta(seconds=second)
        opened(told_by(rule(name=f"Rule {number}"), who), clock.now)
        clock.passes(seconds=1)
        send(server, clock)
    last = told_by(rule(name="Last"), who)
    clock.now = START + timedelta(seconds=295)
    pk = opened(last, clock.now).pk
    clock.passes(seconds=1)
    send(server, clock)
    record(last, What.RESOLVED, clock.passes(seconds=7))  # by now the first letter is five minutes old
    for _ in range(30):
        clock.passes(seconds=1)
        send(server, clock)
    assert server.subjects()[5:] == [f"{pk} opened; {pk} resolved"]


def test_a_digest_waits_for_quiet_hours_as_its_members_would(clock: Clock, server: MailServer) -> None:
    who = recipient()
    several(3, who)
    server.refuses = lambda _: AWAY
    clock.passes(seconds=1)
    send(server, clock)
    Quiet.objects.create(starts_at=START, ends_at=START + timedelta(hours=1))
    server.refuses = lambda _: None
    clock.passes(minutes=2)
    send(server, clock)
    assert server.got == []
    clock.passes(hours=1)
    send(server, clock)
    assert [len(subject.split(";")) for subject in server.subjects()] == [3]


def test_a_late_queue_is_gathered_as_it_would_have_been_in_time(clock: Clock, server: MailServer) -> None:
    who = recipient()
    server.refuses = lambda _: AWAY
    for each in [told_by(rule(name=f"Rule {number}"), who) for number in range(9)]:
        opened(each, clock.passes(seconds=15))
        send(server, clock)
    clock.passes(hours=1)
    server.refuses = lambda _: None
    send(server, clock)
    assert [len(subject.split(";")) for subject in server.subjects()] == [1, 1, 1, 1, 1, 4]
    assert set(states()) == {"sent"}
