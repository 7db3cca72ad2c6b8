"""What fails waits, tries again as the same letter, and holds up nobody else."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from dashboard.alerts import claims, deliver, mail_server
from dashboard.alerts.couriers import Couriers, at_once
from dashboard.alerts.delivery_types import Letter, TransportError
from dashboard.domain.judging import What
from dashboard.models import Notification, Recipient, Via
from tests.alerts.telling import START, Clock, MailServer, compose, opened, reasons, recipient, record, rule, send, several, states, told_by

pytestmark = pytest.mark.django_db

AWAY = TransportError("The mail server does not answer.", whole_server=True)
REFUSED = TransportError("The address is refused.", permanent=True)


def test_a_server_that_is_away_for_an_hour_gets_all_once_in_order_and_each_knows_how_late(clock: Clock, server: MailServer) -> None:
    who = recipient()
    server.refuses = lambda _: AWAY
    late: list[float] = []

    def composer(told: Sequence[Notification], now: datetime) -> Letter:
        late.append((now - told[0].due_at).total_seconds())
        return compose(told, now)

    incidents = []
    for number in range(4):
        judged = told_by(rule(name=f"Rule {number}"), who)
        incidents.append(opened(judged, clock.passes(minutes=7)).pk)
        record(judged, What.RESOLVED, clock.passes(minutes=7))
    for _ in range(60):
        clock.passes(seconds=5)
        send(server, clock, composer=composer)
    assert server.got == []
    away = mail_server.present()
    assert away is not None
    assert (away.failing_since is not None, away.last_error) == (True, "The mail server does not answer.")
    assert len(server.attempts) < 20
    late.clear()
    server.refuses = lambda _: None
    for _ in range(15):
        clock.passes(seconds=5)
        send(server, clock, composer=composer)
    assert server.subjects() == [f"{pk} {what}" for pk in incidents for what in ("opened", "resolved")]
    assert late == sorted(late, reverse=True)
    assert late[0] > 50 * 60
    after = mail_server.present()
    assert after is not None
    assert (after.failing_since, after.last_error, after.failures_count) == (None, "", 0)


def test_while_the_server_is_away_one_letter_tries_for_all(clock: Clock, server: MailServer) -> None:
    judged = told_by(rule(), *(recipient(f"p{number}") for number in range(6)))
    opened(judged)
    server.refuses = lambda _: AWAY
    clock.passes(seconds=1)
    send(server, clock)
    assert len(server.attempts) == 1
    clock.passes(seconds=2)
    send(server, clock)
    assert len(server.attempts) == 1
    clock.passes(seconds=5)
    send(server, clock)
    assert len(server.attempts) == 2
    server.refuses = lambda _: None
    clock.passes(minutes=2)
    send(server, clock)
    send(server, clock)
    assert sorted(who for who, _ in server.got) == [f"p{number}" for number in range(6)]


def test_a_refused_address_is_given_up_after_three_attempts_and_holds_up_nobody(clock: Clock, server: MailServer) -> None:
    bad, good = recipient("bad"), recipient("good")
    judged = told_by(rule(), bad, good)
    opened(judged)
    server.refuses = lambda who: REFUSED if who.name == "bad" else None
    for _ in range(60):
        clock.passes(seconds=1)
        send(server, clock)
    assert len(server.subjects("good")) == 1
    assert server.attempts.count("bad") == 3
    assert (states(recipient=bad), reasons(recipient=bad)) == (["dropped"], ["The address is refused."])
    bad.refresh_from_db()
    assert (bad.last_error, bad.failures_count) == ("The address is refused.", 3)
    # What it was not told of, it is not told the end of.
    record(judged, What.RESOLVED, clock.passes(minutes=10))
    server.refuses = lambda _: None
    clock.passes(seconds=1)
    send(server, clock)
    assert server.subjects("bad") == []
    assert len(server.subjects("good")) == 2


def test_an_hour_without_a_mail_server_is_no_attempt_at_an_address(clock: Clock, server: MailServer) -> None:
    opened(told_by(rule(), recipient()))
    server.refuses = lambda _: AWAY
    for _ in range(20):
        clock.passes(minutes=2)
        send(server, clock)
    # A server that comes back often knows nobody for its first minutes.
    server.refuses = lambda _: REFUSED
    clock.passes(minutes=2)
    send(server, clock)
    assert states() == ["waiting"]
    server.refuses = lambda _: None
    clock.passes(minutes=2)
    send(server, clock)
    assert (len(server.got), states()) == (1, ["sent"])


@pytest.mark.django_db(transaction=True)
def test_a_database_that_restarts_after_the_servers_yes_costs_no_second_letter(clock: Clock, server: MailServer) -> None:
    opened(told_by(rule(), recipient()))
    waits: list[float] = []

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if server.got and len(waits) < 50 and sql.startswith("UPDATE"):
            raise OperationalError("the database is starting up")
        return execute(sql, params, many, context)

    clock.passes(seconds=1)
    with connection.execute_wrapper(refuse):
        deliver.deliver(clock=clock, transport_for=lambda _: server, compose=compose, run=at_once, wait=waits.append)
    clock.passes(minutes=5)
    send(server, clock)
    assert (len(waits), len(server.got), states()) == (50, 1, ["sent"])


def test_a_channel_that_fails_is_tried_less_and_less_often_and_comes_back(clock: Clock, server: MailServer) -> None:
    channel = recipient("slack", via=Via.CHANNEL)
    opened(told_by(rule(), channel))
    server.refuses = lambda _: TransportError("Slack answered 503.")
    when: list[float] = []
    clock.passes(seconds=1)
    for _ in range(245):
        clock.passes(seconds=5)
        before = len(server.attempts)
        send(server, clock)
        if len(server.attempts) > before:
            when.append((clock.now - START).total_seconds())
    waits = [later - earlier for earlier, later in itertools.pairwise(when)]
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    channel.refresh_from_db()
    assert channel.failing_since == START + timedelta(seconds=6)
    server.refuses = lambda _: None
    clock.passes(seconds=300)
    send(server, clock)
    channel.refresh_from_db()
    assert (len(server.got), channel.last_error, channel.failing_since, channel.failures_count) == (1, "", None, 0)


def test_a_letter_that_cannot_be_composed_is_given_up_and_the_next_one_goes(clock: Clock, server: MailServer) -> None:
    who = recipient()
    bad = opened(told_by(rule(name="Bad"), who)).pk
    good = opened(told_by(rule(name="Good"), who)).pk

    def composer(told: Sequence[Notification], now: datetime) -> Letter:
        if told[0].incident_id == bad:
            raise KeyError("nobody foresaw this")
        return compose(told, now)

    for _ in range(40):
        clock.passes(seconds=10)
        send(server, clock, composer=composer)
    assert server.subjects() == [f"{good} opened"]
    assert reasons(state="dropped") == ["It could not be composed (KeyError)."]


def test_an_error_that_no_transport_should_raise_is_one_sentence_without_its_text(
    clock: Clock, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    who = recipient()
    opened(told_by(rule(), who))

    class Careless:
        def hand_over(self, recipient: Recipient, letter: Letter) -> None:
            raise RuntimeError("https://hooks.example.com/secret-token")

    clock.passes(seconds=1)
    deliver.deliver(clock=clock, transport_for=lambda _: Careless(), compose=compose, run=at_once)
    who.refresh_from_db()
    assert who.last_error == "The hand-over failed unexpectedly (RuntimeError)."
    assert "secret-token" not in caplog.text


def test_a_claim_blocks_the_queue_until_its_lease_ends(clock: Clock, server: MailServer) -> None:
    who = recipient()
    several(2, who)
    clock.passes(seconds=1)
    taken = claims.claim(who.pk, clock.now)
    assert taken is not None
    assert claims.claim(who.pk, clock.now) is None
    send(server, clock)
    assert server.got == []
    clock.passes(seconds=46)
    send(server, clock)
    assert len(server.got) == 2
    assert server.subjects() == sorted(server.subjects())
    # Who slept through its lease must not hand over what another has sent.
    assert claims.begin_handing(taken, clock.now) is False
    assert claims.sent(taken, "again", clock.now) is False


def test_what_was_being_handed_over_is_handed_over_again_as_the_same_letter(clock: Clock, server: MailServer) -> None:
    who = recipient()
    judged = told_by(rule(), who)
    opened(judged)
    clock.passes(seconds=1)
    taken = claims.claim(who.pk, clock.now)
    assert taken is not None
    assert claims.begin_handing(taken, clock.now)
    # Even what would be dropped by now: it may have arrived, and only the same letter again can be told from a new one.
    Recipient.objects.filter(pk=who.pk).update(is_active=False)
    clock.passes(seconds=46)
    send(server, clock)
    assert [letter.message_id for _, letter in server.got] == [taken.row.message_id]


def test_a_digest_that_failed_stays_the_same_letter(clock: Clock, server: MailServer) -> None:
    who = recipient()
    judged = several(3, who)
    server.refuses = lambda _: AWAY
    clock.passes(seconds=1)
    send(server, clock)
    message_id = Notification.objects.get(what="digest").message_id
    record(judged[0], What.RESOLVED, clock.passes(seconds=1))
    server.refuses = lambda _: None
    clock.passes(minutes=2)
    send(server, clock)
    assert server.got[0][1].message_id == message_id
    assert [len(subject.split(";")) for subject in server.subjects()] == [3, 1]


@pytest.mark.django_db(transaction=True)
def test_a_channel_that_hangs_holds_up_nobody_and_takes_one_thread() -> None:
    hanging, mail = recipient("hanging", via=Via.CHANNEL), recipient("mail")
    for number in range(3):
        opened(told_by(rule(name=f"Rule {number}"), hanging, mail), START - timedelta(minutes=number))
    release, arrived, inside = threading.Event(), threading.Event(), threading.Event()
    count = [0]

    class Slow:
        def hand_over(self, who: Recipient, letter: Letter) -> None:
            if who.name == "mail":
                arrived.set()
                return
            count[0] += 1
            inside.set()
            assert release.wait(20)

    couriers = Couriers()
    tools: dict[str, Any] = {
        "transport_for": lambda _: Slow(),
        "compose": compose,
        "run": couriers,
        "clock": Clock(START + timedelta(seconds=2)),
    }
    try:
        assert deliver.deliver(**tools) == 2
        assert inside.wait(20)
        assert deliver.deliver(**tools) <= 1
        assert deliver.deliver(**tools) <= 1
        assert arrived.wait(20)
        assert count[0] == 1
    finally:
        release.set()
        couriers.close()
    assert states(recipient=mail) == ["sent"] * 3
    assert states(recipient=hanging) == ["sent"] * 3
