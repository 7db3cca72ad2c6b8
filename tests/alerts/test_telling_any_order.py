"""Whatever happens, in whatever order, while servers and holds come and go and workers die: what must never be."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta

import pytest
import redis as redis_py

from dashboard.alerts import acting, claims, outbox, sweep
from dashboard.alerts.delivery_types import TransportError
from dashboard.domain.judging import What
from dashboard.domain.thresholds import Severity
from dashboard.models import Incident, Notification, Quiet, Recipient, Rule, Via
from tests.alerts.telling import Clock, MailServer, recipient, record, rule, send, told_by

pytestmark = pytest.mark.django_db
STEPS = 120


class _Floor:
    """A few rules and people, and everything that may happen to them."""

    def __init__(self, redis: redis_py.Redis, seed: int) -> None:
        self.rng = random.Random(seed)
        self.redis, self.clock, self.server = redis, Clock(), MailServer()
        self.people = [recipient("a"), recipient("b", critical_breaks_quiet=False), recipient("c", via=Via.CHANNEL)]
        self.rules = [told_by(rule(name=f"Rule {n}", cooldown_s=60 * n, reminder_s=600), *self.people[: n + 1]) for n in range(3)]
        told_by(self.rules[0], self.people[2], after_s=300)

    def step(self) -> None:
        actions: list[Callable[[], object]] = [self.event] * 4 + [self.deliver] * 4
        actions += [self.sweep, self.sweep, self.weather, self.hold, self.act, self.die]
        self.clock.passes(seconds=self.rng.choice([0.3, 1, 5, 30, 200]))
        self.rng.choice(actions)()

    def event(self) -> None:
        what = self.rng.choice([What.OPENED, What.OPENED, What.WORSE, What.EASED, What.RECOVERING, What.BACK, What.RESOLVED])
        severity = Severity.CRITICAL if what is What.WORSE else self.rng.choice([Severity.WARNING, Severity.CRITICAL])
        record(self.rng.choice(self.rules), what, self.clock.now, severity=severity, value=self.rng.uniform(0, 900))

    def deliver(self) -> None:
        send(self.server, self.clock)

    def sweep(self) -> None:
        sweep.sweep(self.redis, self.clock.now)

    def weather(self) -> None:
        error = self.rng.choice(
            [None, None, TransportError("Away.", whole_server=True), TransportError("Later."), TransportError("Never.", permanent=True)]
        )
        unlucky = self.rng.choice(["a", "b", "c"])
        self.server.refuses = lambda who: error if error is not None and (error.whole_server or who.name == unlucky) else None

    def hold(self) -> None:
        if self.rng.random() < 0.5:
            Quiet.objects.all().delete()
            outbox.reconsider(self.clock.now)
        else:
            ends_at = self.clock.now + timedelta(minutes=self.rng.randint(1, 30))
            Quiet.objects.create(starts_at=self.clock.now, ends_at=ends_at, rule=self.rng.choice([None, *self.rules]))

    def act(self) -> None:
        found = Incident.objects.filter(resolved_at=None).first()
        if found is not None:
            self.rng.choice(
                [
                    lambda: acting.acknowledge(found.pk, "a", "", self.clock.now),
                    lambda: acting.unacknowledge(found.pk, "a", self.clock.now),
                    lambda: acting.snooze(found.pk, self.clock.now + timedelta(minutes=7), "a", self.clock.now),
                ]
            )()

    def die(self) -> None:
        """A worker dies over a letter: claimed, or just before handing it over."""
        taken = claims.claim(self.rng.choice(self.people).pk, self.clock.now)
        if taken is not None and self.rng.random() < 0.5:
            claims.begin_handing(taken, self.clock.now)

    def settle(self) -> None:
        """The weather is fine, nobody holds anything, and time passes."""
        self.server.refuses = lambda _: None
        Quiet.objects.all().delete()
        outbox.reconsider(self.clock.now)
        for judged in self.rules:
            record(judged, What.RESOLVED, self.clock.passes(seconds=1))
        for _ in range(40):
            self.clock.passes(seconds=45)
            self.sweep()
            self.deliver()


# Eighty seeds were tried; 7 once found an end that was told of an opening that was not.
@pytest.mark.parametrize("seed", [7])
def test_everything_is_told_once_in_order_or_dropped_for_a_reason(redis: redis_py.Redis, seed: int) -> None:
    floor = _Floor(redis, seed)
    for _ in range(STEPS):
        floor.step()
        open_ones = Counter(Incident.objects.filter(resolved_at=None).values_list("rule_id", "scope"))
        assert all(count == 1 for count in open_ones.values())
    floor.settle()
    rows = list(Notification.objects.order_by("pk"))
    assert {row.state for row in rows} <= {"sent", "dropped"}
    assert all(row.reason for row in rows if row.state == "dropped")
    handed = Counter(letter.message_id for _, letter in floor.server.got)
    assert {message_id for message_id, count in handed.items() if count > 1} == set()
    assert set(handed) == {row.message_id for row in rows if row.state == "sent" and row.carried_by_id is None}
    for incident in Incident.objects.all():
        assert [entry.number for entry in incident.transitions.all()] == list(range(1, incident.version + 1))
        told: dict[int, list[str]] = defaultdict(list)
        for row in sorted((row for row in rows if row.incident_id == incident.pk and row.state == "sent"), key=_sent_order):
            told[row.recipient_id].append(row.what)
        for whats in told.values():
            assert whats[0] == "opened"
            assert whats.count("resolved") <= 1
            assert "resolved" not in whats[:-1]
            assert whats.count("worse") <= 1
    assert Recipient.objects.count() == 3
    assert Rule.objects.count() == 3


def _sent_order(row: Notification) -> tuple[float, int]:
    return (row.sent_at.timestamp() if row.sent_at else 0.0, row.pk)
