"""The body of the feed `ticket_metric_events`: targets missed now, about to be, and decided in a span.

In:  the account's groups (none: all), a moment. Out: `SlaState`. Reads clocks by indexes, grouped by the database; what each state means is
domain/sla.py's word, worded here for a query.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from dashboard.domain.readings_tickets import PolicyRow, SlaState
from dashboard.domain.sla import ClockState
from dashboard.domain.tickets import TicketMetric
from dashboard.mirror import spans
from dashboard.mirror.clocks import WAITING
from dashboard.models import KnownClock

BREACHING_WITHIN_MIN = (15, 30, 60)
_BY = ("policy_id", "policy_title", "metric")
Key = tuple[int, str, str]


def body(account: str, groups: Sequence[int], at: datetime) -> SlaState:
    """As of `at` (aware). A row's `breaching` is of the next hour, its `met` and `missed` of seven days."""
    known = KnownClock.objects.filter(account=account)
    if groups:
        known = known.filter(group_id__in=groups)
    waiting = _waiting(known, at)
    met, missed = _decided(known, at)
    next_at = known.filter(state=ClockState.RUNNING, breach_at__gt=at).aggregate(at=Min("breach_at"))["at"]
    by_metric: dict[str, int] = {}
    for word, counts in (("met", met), ("missed", missed)):
        for metric in TicketMetric:
            by_metric[f"{word}_{metric.value}_7d"] = sum(week for (_, _, name), (week, _) in counts.items() if name == metric.value)
    return SlaState(
        sla_breached=sum(row["breached"] for row in waiting.values()),
        **{f"sla_breaching_in_{minutes}": sum(row[f"in_{minutes}"] for row in waiting.values()) for minutes in BREACHING_WITHIN_MIN},
        sla_next_breach_left=None if next_at is None else int((next_at - at).total_seconds()),
        sla_met_today=sum(today for _, today in met.values()),
        sla_missed_today=sum(today for _, today in missed.values()),
        sla_met_7d=sum(week for week, _ in met.values()),
        sla_missed_7d=sum(week for week, _ in missed.values()),
        **by_metric,
        rows=_rows(waiting, met, missed),
    )


def _waiting(known: QuerySet[KnownClock], at: datetime) -> dict[Key, dict[str, Any]]:
    """By policy and metric: clocks missed and not fulfilled since, and running ones whose breach is announced for the next minutes."""
    soon = {
        f"in_{minutes}": Count("pk", filter=Q(state=ClockState.RUNNING, breach_at__gt=at, breach_at__lte=at + timedelta(minutes=minutes)))
        for minutes in BREACHING_WITHIN_MIN
    }
    found = known.filter(state__in=WAITING, breach_at__lte=at + timedelta(minutes=max(BREACHING_WITHIN_MIN))).values(*_BY)
    return {_key(row): row for row in found.annotate(breached=Count("pk", filter=Q(breach_at__lte=at)), **soon).order_by()}


def _decided(known: QuerySet[KnownClock], at: datetime) -> tuple[dict[Key, tuple[int, int]], dict[Key, tuple[int, int]]]:
    """Targets kept and missed, by policy and metric: in seven days, and today. The week holds the day."""
    week, today = at - spans.WEEK, spans.today_from(at)
    kept = known.filter(state=ClockState.FULFILLED, fulfilled_at__gte=week, fulfilled_at__lte=at)
    kept = kept.filter(Q(breach_at=None) | Q(breach_at__gte=F("fulfilled_at")))
    missed = known.filter(breach_at__gte=week, breach_at__lte=at).filter(Q(fulfilled_at=None) | Q(fulfilled_at__gt=F("breach_at")))
    return _counted(kept, "fulfilled_at", today), _counted(missed, "breach_at", today)


def _counted(found: QuerySet[KnownClock], decided: str, today: datetime) -> dict[Key, tuple[int, int]]:
    rows = found.values(*_BY).annotate(week=Count("pk"), today=Count("pk", filter=Q(**{f"{decided}__gte": today}))).order_by()
    return {_key(row): (row["week"], row["today"]) for row in rows}


def _key(row: Any) -> Key:
    return row["policy_id"] or 0, row["policy_title"], row["metric"]


def _rows(waiting: dict[Key, dict[str, Any]], met: dict[Key, tuple[int, int]], missed: dict[Key, tuple[int, int]]) -> tuple[PolicyRow, ...]:
    """What is missed now first."""
    nothing = {"breached": 0, f"in_{max(BREACHING_WITHIN_MIN)}": 0}
    rows = []
    for key in {**waiting, **met, **missed}:
        now = waiting.get(key, nothing)
        breaching = now[f"in_{max(BREACHING_WITHIN_MIN)}"]
        rows.append(PolicyRow(*key, now["breached"], breaching, met.get(key, (0, 0))[0], missed.get(key, (0, 0))[0]))
    return tuple(sorted(rows, key=lambda row: (-row.breached, -row.breaching, row.title, row.metric)))
