"""The body of the feed `kayako_cases`: how many conversations there are, and how long those took that were resolved today and in a week.

In:  an account, a moment, what metrics have come. Out: `KayakoCases`. Three statements, each over an index: those unresolved, begun today,
resolved in seven days. What would be a number of a part is None.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dashboard.domain.readings_tickets import KayakoCases
from dashboard.mirror import spans
from dashboard.mirror.cases_measured import Measured
from dashboard.mirror.cases_rows import DONE, PUT_AWAY
from dashboard.models import KnownCase


@dataclass(frozen=True, slots=True)
class _Resolved:
    """What the numbers need of one row, in the order of `_COLUMNS`."""

    at: datetime
    at_first_contact: bool | None
    first_response_s: int | None
    response_s: int | None
    customer_wait_s: int | None
    agent_wait_s: int | None
    resolution_s: int | None
    reopens: int
    touches: int
    replies: int


_COLUMNS = (
    "resolved_at",
    "is_first_contact_resolved",
    "first_response_s",
    "average_response_s",
    "customer_wait_s",
    "agent_wait_s",
    "resolution_s",
    "reopens_count",
    "touches_count",
    "replies_count",
)


# Kayako's clock may be ahead of ours: what it says of the next minutes has happened. A time beyond is a wrong clock's.
AHEAD = timedelta(minutes=30)


def body(account: str, at: datetime, known: Measured) -> KayakoCases:
    """As of `at` (aware)."""
    today = spans.today_from(at)
    there = KnownCase.objects.filter(account=account).exclude(status__in=PUT_AWAY)
    of_list = KayakoCases(
        cases_unresolved=there.filter(resolved_at=None).exclude(status__in=DONE).count() if known.is_unresolved_known else None,
        cases_created_today=there.filter(created_at__gte=today, created_at__lte=at + AHEAD).count(),
    )
    if not _is_whole(known, today):
        return of_list
    week = [_Resolved(*row) for row in there.filter(resolved_at__gt=at - spans.WEEK, resolved_at__lte=at + AHEAD).values_list(*_COLUMNS)]
    with_today = _with_today(of_list, [row for row in week if row.at >= today])
    return _with_week(with_today, week) if _is_whole(known, at - spans.WEEK) else with_today


def _is_whole(known: Measured, since: datetime) -> bool:
    """Whether all that was resolved since then is known: whoever resolves a conversation moves it."""
    return known.to_come_at is None or known.to_come_at < since


def _with_today(cases: KayakoCases, rows: Sequence[_Resolved]) -> KayakoCases:
    return replace(
        cases,
        cases_resolved_today=len(rows),
        first_contact_resolved_today=sum(row.at_first_contact is True for row in rows),
        case_response_median_today=_rank([row.response_s for row in rows], 0.5),
        case_first_response_median_today=_rank([row.first_response_s for row in rows], 0.5),
        case_resolution_median_today=_rank([row.resolution_s for row in rows], 0.5),
    )


def _with_week(cases: KayakoCases, rows: Sequence[_Resolved]) -> KayakoCases:
    return replace(
        cases,
        cases_resolved_7d=len(rows),
        first_contact_resolved_7d=sum(row.at_first_contact is True for row in rows),
        case_response_median_7d=_rank([row.response_s for row in rows], 0.5),
        case_first_response_median_7d=_rank([row.first_response_s for row in rows], 0.5),
        case_first_response_p90_7d=_rank([row.first_response_s for row in rows], 0.9),
        case_customer_wait_median_7d=_rank([row.customer_wait_s for row in rows], 0.5),
        case_agent_wait_median_7d=_rank([row.agent_wait_s for row in rows], 0.5),
        case_resolution_median_7d=_rank([row.resolution_s for row in rows], 0.5),
        case_resolution_p90_7d=_rank([row.resolution_s for row in rows], 0.9),
        case_reopens_7d=sum(row.reopens for row in rows),
        case_touches_7d=sum(row.touches for row in rows),
        case_replies_7d=sum(row.replies for row in rows),
    )


def _rank(values: Sequence[int | None], share: float) -> int | None:
    """The nearest rank: the smallest value that at least this share (0..1) of them does not exceed. None of no values, and 0, which at
    Kayako says as well that there is nothing yet, does not count."""
    told = sorted(value for value in values if value)
    return told[max(1, math.ceil(share * len(told))) - 1] if told else None
