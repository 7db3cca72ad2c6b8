"""The body of the feed `kayako_cases`: how many conversations there are, and how long those took that were resolved today and in a week.

In:  an account, a moment. Out: `KayakoCases`. Three statements, each over an index: the unresolved, those that began today, those resolved
in seven days.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.domain.readings_tickets import KayakoCases
from dashboard.mirror import spans
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


def body(account: str, at: datetime) -> KayakoCases:
    """As of `at` (aware)."""
    today = spans.today_from(at)
    there = KnownCase.objects.filter(account=account).exclude(status__in=PUT_AWAY)
    week = [_Resolved(*row) for row in there.filter(resolved_at__gt=at - spans.WEEK, resolved_at__lte=at).values_list(*_COLUMNS)]
    of_today = [row for row in week if row.at >= today]
    return KayakoCases(
        cases_unresolved=there.filter(resolved_at=None).exclude(status__in=DONE).count(),
        cases_created_today=there.filter(created_at__gte=today, created_at__lte=at).count(),
        cases_resolved_today=len(of_today),
        cases_resolved_7d=len(week),
        first_contact_resolved_today=sum(row.at_first_contact is True for row in of_today),
        first_contact_resolved_7d=sum(row.at_first_contact is True for row in week),
        case_response_median_today=_rank([row.response_s for row in of_today], 0.5),
        case_response_median_7d=_rank([row.response_s for row in week], 0.5),
        case_first_response_median_today=_rank([row.first_response_s for row in of_today], 0.5),
        case_first_response_median_7d=_rank([row.first_response_s for row in week], 0.5),
        case_first_response_p90_7d=_rank([row.first_response_s for row in week], 0.9),
        case_customer_wait_median_7d=_rank([row.customer_wait_s for row in week], 0.5),
        case_agent_wait_median_7d=_rank([row.agent_wait_s for row in week], 0.5),
        case_resolution_median_today=_rank([row.resolution_s for row in of_today], 0.5),
        case_resolution_median_7d=_rank([row.resolution_s for row in week], 0.5),
        case_resolution_p90_7d=_rank([row.resolution_s for row in week], 0.9),
        case_reopens_7d=sum(row.reopens for row in week),
        case_touches_7d=sum(row.touches for row in week),
        case_replies_7d=sum(row.replies for row in week),
    )


def _rank(values: Sequence[int | None], share: float) -> int | None:
    """The nearest rank: the smallest value that at least this share (0..1) of them does not exceed. None of no values, and 0, which at
    Kayako says as well that there is nothing yet, does not count."""
    told = sorted(value for value in values if value)
    return told[max(1, math.ceil(share * len(told))) - 1] if told else None
