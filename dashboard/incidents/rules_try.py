"""Tries a rule on the past for whoever writes it: the range, the back-test, the suggestion, the sentence that sums it up.

In:  a rule that need not be saved, how many days. Out: a `Tried` for the page and the command.
Must not change the rule.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis as redis_py

from dashboard.alerts import backtest, past
from dashboard.alerts.backtest import BackTest
from dashboard.alerts.past import Past, While
from dashboard.domain.amounts import span
from dashboard.domain.baseline import WEEKS
from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import Feed
from dashboard.domain.quiet_hours import QuietHours
from dashboard.domain.rules import RuleSpec
from dashboard.models import Recipient

DAYS_CHOICES = (2, 7, 28, 60)
DEFAULT_DAYS = 28
MOST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Tried:
    """A back-test and the past that it ran over."""

    past: Past
    found: BackTest


def read_past(redis: redis_py.Redis, spec: RuleSpec, feed: Feed, days: int, now: datetime) -> Past:
    """The rule's metric over the last `days`; for a spike also the weeks before, of which "usual" is made."""
    condition = While(CATALOGUE[spec.while_metric], spec.while_at_least) if spec.while_metric else None
    before = timedelta(weeks=WEEKS) if spec.spike else timedelta(0)
    return past.read(redis, feed, spec.metric, now - timedelta(days=days), now, condition=condition, before=before)


def try_on(
    redis: redis_py.Redis,
    spec: RuleSpec,
    feed: Feed,
    *,
    days: int,
    now: datetime,
    zone: zoneinfo.ZoneInfo,
    quiets: Sequence[QuietHours] = (),
) -> Tried:
    """`days` 1..400; the spec must have no problems and a metric. DatabaseError."""
    found = read_past(redis, spec, feed, days, now)
    return Tried(found, backtest.run(spec, found, zone=zone, quiets=quiets))


def quiets_of(recipients: Sequence[Recipient]) -> list[QuietHours]:
    """The quiet hours of those who have some."""
    return [
        QuietHours(person.quiet_from, person.quiet_to, zoneinfo.ZoneInfo(person.time_zone))
        for person in recipients
        if person.quiet_from is not None and person.quiet_to is not None
    ]


def verdict(found: BackTest) -> str:
    """What the back-test says, in one or two sentences."""
    whole_s = (found.end - found.start).total_seconds()
    if found.watched_s < 1.0:
        return f"There is no history of this metric in the last {span(whole_s)}."
    known = "" if found.data_ratio > 0.95 else f" There is data for {span(found.watched_s)} of it only."
    count = len(found.incidents)
    if not count:
        return f"In the last {span(whole_s)} this rule would have told nobody anything.{known}"
    times = "once" if count == 1 else f"{count} times"
    critical = f" ({found.critical_count} critical)" if found.critical_count else ""
    return (
        f"In the last {span(whole_s)} this rule would have told {times}{critical}: {_often(found.per_week)}, "
        f"half of them over within {span(found.median_s or 0)}, the longest after {span(found.longest_s or 0)}. "
        f"{found.in_quiet_count} of {count} {found.quiet_words}.{known}"
    )


def _often(per_week: float | None) -> str:
    if per_week is None:
        return "too short a time to say how often a week"
    return f"about {per_week:.0f} a week" if per_week >= 1.5 else f"about {per_week:.1f} a week"
