"""An incident, a recipient, a clock that tests turn, and a mail server that writes down what it gets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.alerts import deliver, incidents
from dashboard.alerts.couriers import at_once
from dashboard.alerts.delivery_types import Letter, TransportError
from dashboard.domain.judging import Happened, What
from dashboard.domain.rules import Limit
from dashboard.domain.thresholds import Severity
from dashboard.models import Incident, Kind, Notification, Recipient, RecipientGroup, Rule, Step, Via

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FEED = "main:current_queue_activity"


@dataclass
class Clock:
    """`clock()` is now; `clock.passes(…)` is the only thing that moves it."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


def rule(**columns: Any) -> Rule:
    """Longest wait above 3:00 warns, above 5:00 is critical."""
    given = {
        "name": "Long wait",
        "kind": Kind.THRESHOLD,
        "metric": "longest_wait_time",
        "warning_enter": 180.0,
        "warning_leave": 120.0,
        "warning_for_s": 30,
        "critical_enter": 300.0,
        "critical_leave": 240.0,
        "cooldown_s": 0,
    }
    return Rule.objects.create(**(given | columns))


def recipient(name: str = "dana", **columns: Any) -> Recipient:
    given: dict[str, Any] = {"name": name}
    if columns.get("via", Via.EMAIL) == Via.EMAIL:
        given["email"] = f"{name}@example.com"
    return Recipient.objects.create(**(given | columns))


def told_by(judged: Rule, *who: Recipient | RecipientGroup, after_s: int = 0) -> Rule:
    for each in who:
        name = "group" if isinstance(each, RecipientGroup) else "recipient"
        Step.objects.create(rule=judged, after_s=after_s, **{name: each})
    return judged


def happened(what: What, at: datetime, *, severity: Severity = Severity.WARNING, value: float | None = 200.0) -> Happened:
    limit = {Severity.WARNING: Limit(180.0, 120.0, 30.0), Severity.CRITICAL: Limit(300.0, 240.0)}[severity]
    return Happened(what, at, severity, at - timedelta(seconds=30), value, limit if what in (What.OPENED, What.WORSE) else None)


def record(judged: Rule, what: What, at: datetime, **more: Any) -> Incident | None:
    return incidents.record(judged, FEED, happened(what, at, **more), now=at)


def opened(judged: Rule, at: datetime = START, **more: Any) -> Incident:
    found = record(judged, What.OPENED, at, **more)
    assert found is not None
    return found


def compose(told: Sequence[Notification], now: datetime) -> Letter:
    """Says what it tells, in order: "12 opened; 13 opened"."""
    words = [f"{row.incident_id} {row.what}" for row in told]
    return Letter("; ".join(words), "text", "<p>text</p>", told[0].message_id)


@dataclass
class MailServer:
    """A transport for everybody; `refuses(recipient)` may give the error with which it fails."""

    refuses: Callable[[Recipient], TransportError | None] = lambda _: None
    got: list[tuple[str, Letter]] = field(default_factory=list)
    attempts: list[str] = field(default_factory=list)

    def hand_over(self, recipient: Recipient, letter: Letter) -> None:
        self.attempts.append(recipient.name)
        if (error := self.refuses(recipient)) is not None:
            raise error
        self.got.append((recipient.name, letter))

    def subjects(self, name: str | None = None) -> list[str]:
        return [letter.subject for who, letter in self.got if name in (None, who)]


def send(server: MailServer, clock: Clock, *, composer: deliver.Compose = compose) -> int:
    """Delivers everything that is due now, here."""
    return deliver.deliver(clock=clock, transport_for=lambda _: server, compose=composer, run=at_once, rng=lambda: 0.5)


def states(**where: Any) -> list[str]:
    return list(Notification.objects.filter(**where).order_by("pk").values_list("state", flat=True))


def reasons(**where: Any) -> list[str]:
    return list(Notification.objects.filter(**where).order_by("pk").values_list("reason", flat=True))


def several(count: int, who: Recipient, at: datetime = START) -> list[Rule]:
    """So many rules that tell `who`, each with an incident that opened `at`."""
    judged = [told_by(rule(name=f"Rule {number}"), who) for number in range(count)]
    for each in judged:
        opened(each, at)
    return judged
