"""Known conversations: what Kayako's list and metrics tell, written where it differs from what is known.

In:  conversations and metrics as Kayako has them now. Out: rows, within the caller's transaction (`streams.page`). Must not ask Kayako.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import Q

from dashboard.domain.cases import Case, CaseMetrics
from dashboard.models import KnownCase

# Kayako's own types of statuses (sources/kayako_decode.py), and the states in which nobody works on a conversation.
OPEN = frozenset({"new", "open", "pending"})
DONE = frozenset({"completed", "closed"})
PUT_AWAY = frozenset({"trash", "suspended", "spam"})
# What was resolved before is in no number: its metrics are not worth a request each.
MEASURED_FOR = timedelta(days=8)
# How long a conversation that is over is kept.
KEPT_FOR = timedelta(days=40)
# Of these the list says all that numbers ask for: nobody has resolved them, or nobody counts them. Any other status needs the metrics.
TOLD_BY_LIST = OPEN | PUT_AWAY
FORGOTTEN_AT_ONCE = 500

_TOLD = ("subject", "status", "priority", "team_id", "assignee_id", "created_at", "moved_at")
_MEASURED = (
    "is_behind",
    "metrics_at",
    "resolved_at",
    "is_first_contact_resolved",
    "first_response_s",
    "average_response_s",
    "agent_wait_s",
    "customer_wait_s",
    "resolution_s",
    "reopens_count",
    "touches_count",
    "replies_count",
)


def keep_within(account: str, cases: Iterable[Case], *, now: datetime) -> int:
    """Brings the rows of these up to date; returns how many are new here. A copy older than what is known changes nothing."""
    told = {each.id: each for each in sorted(cases, key=lambda case: case.last_activity_at)}
    known = {row.case_id: row for row in KnownCase.objects.filter(account=account, case_id__in=list(told))}
    written: list[KnownCase] = []
    for case_id, case in told.items():
        fresh, row = _row(account, case), known.get(case_id)
        if row is None:
            if is_over(fresh, now):
                continue
            _begin(fresh, now)
        else:
            if fresh.moved_at < row.moved_at or not any(getattr(row, name) != getattr(fresh, name) for name in _TOLD):
                continue
            fresh.is_behind = row.is_behind or (fresh.moved_at, fresh.status) != (row.moved_at, row.status)
            fresh.resolved_at = row.resolved_at
        written.append(fresh)
    if written:
        unique, changed = ["account", "case_id"], [*_TOLD, "is_behind", "resolved_at"]
        KnownCase.objects.bulk_create(written, update_conflicts=True, unique_fields=unique, update_fields=changed)
    return sum(row.case_id not in known for row in written)


def measure_within(account: str, found: Iterable[CaseMetrics], *, asked: Mapping[int, datetime], now: datetime) -> None:
    """Writes metrics beside their conversations. `asked`: each one's last move as of the question; one that has moved since is still
    behind."""
    told = {each.case_id: each for each in found}
    rows = list(KnownCase.objects.filter(account=account, case_id__in=list(told)))
    for row in rows:
        _measure(row, told[row.case_id], now)
        row.is_behind = row.moved_at != asked.get(row.case_id)
    if rows:
        unique = ["account", "case_id"]
        KnownCase.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=list(_MEASURED))


def lose_within(account: str, ids: Iterable[int]) -> None:
    """These are not there any more."""
    KnownCase.objects.filter(account=account, case_id__in=list(ids)).delete()


def forget_within(account: str, now: datetime) -> None:
    """Those that are over, some hundreds at a time."""
    over = KnownCase.objects.filter(
        Q(resolved_at__lt=now - KEPT_FOR) | Q(resolved_at=None, status__in=DONE | PUT_AWAY), account=account, moved_at__lt=now - KEPT_FOR
    )
    KnownCase.objects.filter(pk__in=list(over.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])).delete()


def is_over(row: KnownCase, now: datetime) -> bool:
    """Nobody works on it, and it is in no span that anybody looks at."""
    return row.status in DONE | PUT_AWAY and row.moved_at < now - KEPT_FOR


def _begin(row: KnownCase, now: datetime) -> None:
    """A conversation that is new here: whether its metrics are needed."""
    if row.status in DONE and row.moved_at < now - MEASURED_FOR:
        row.is_behind, row.resolved_at = False, row.moved_at  # not later than that, and no number asks for more
    else:
        row.is_behind = row.status not in PUT_AWAY


def _row(account: str, case: Case) -> KnownCase:
    return KnownCase(
        account=account,
        case_id=case.id,
        subject=case.subject[:200],
        status=case.status[:40],
        priority=case.priority[:40],
        team_id=case.team_id,
        assignee_id=case.assignee_id,
        created_at=case.created_at,
        moved_at=case.last_activity_at,
    )


def _measure(row: KnownCase, told: CaseMetrics, now: datetime) -> None:
    reopened = told.resolution_at is not None and told.last_reopened_at is not None and told.last_reopened_at > told.resolution_at
    row.metrics_at = now
    row.resolved_at = None if reopened or row.status in OPEN else told.resolution_at
    row.is_first_contact_resolved = told.is_first_contact_resolved
    row.first_response_s, row.average_response_s = told.first_response_calendar_s, told.average_response_calendar_s
    row.agent_wait_s, row.customer_wait_s = told.agent_wait_calendar_s, told.customer_wait_calendar_s
    row.resolution_s = told.resolution_calendar_s
    row.reopens_count, row.touches_count = told.reopen_count or 0, told.agent_touch_count or 0
    row.replies_count = told.replies_to_resolution_count or 0
