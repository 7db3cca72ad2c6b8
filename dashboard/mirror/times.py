"""The body of the feed `ticket_metrics`: medians of how long things took, of tickets replied to or solved today and in seven days.

In:  the account's groups (none: all), a moment. Out: `TicketTimes`. Two statements, each over an index, of the week's rows alone; each row
is a few numbers in arrays, so that a week of a large account takes some hundred kilobytes.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from datetime import datetime

from dashboard.domain.readings_tickets import TicketTimes
from dashboard.mirror import spans
from dashboard.mirror.tickets import SOLVED, in_groups
from dashboard.models import KnownTicket

_OF_REPLIES = ("reply_calendar_min", "reply_business_min")
_OF_SOLUTIONS = (
    "requester_wait_calendar_min",
    "agent_wait_calendar_min",
    "on_hold_calendar_min",
    "resolution_calendar_min",
    "resolution_business_min",
)
MINUTE_S = 60


def body(account: str, groups: Sequence[int], at: datetime) -> TicketTimes:
    """As of `at` (aware)."""
    today, week = spans.today_from(at), at - spans.WEEK
    there = KnownTicket.objects.filter(in_groups(groups), account=account, is_gone=False)
    replies = _Columns(_OF_REPLIES)
    for replied_at, *row in there.filter(replied_at__gte=week).values_list("replied_at", *_OF_REPLIES).iterator():
        replies.add(row, is_today=replied_at >= today)
    solutions = _Columns((*_OF_SOLUTIONS, "reopens_count", "replies_count"))
    solved = there.filter(solved_at__gte=week, status__in=SOLVED, metrics_at__isnull=False)
    for solved_at, *row in solved.values_list("solved_at", *solutions.names).iterator():
        solutions.add(row, is_today=solved_at >= today)
    found: dict[str, int | None] = {}
    for span in ("today", "7d"):
        found |= {f"{name}_{span}": value for name, value in _of_span(replies, solutions, is_today=span == "today").items()}
    return TicketTimes(**found)


def _of_span(replies: _Columns, solutions: _Columns, *, is_today: bool) -> dict[str, int | None]:
    reply, business = (replies.minutes(name, is_today=is_today) for name in _OF_REPLIES)
    requester, agent, hold, resolution, resolution_business = (solutions.minutes(name, is_today=is_today) for name in _OF_SOLUTIONS)
    reopens = solutions.minutes("reopens_count", is_today=is_today, in_order=False)
    answers = solutions.minutes("replies_count", is_today=is_today, in_order=False)
    return {
        "first_reply_count": len(reply),
        "first_reply_median": seconds_at(reply, 0.5),
        "first_reply_p90": seconds_at(reply, 0.9),
        "first_reply_business_median": seconds_at(business, 0.5),
        "first_reply_business_p90": seconds_at(business, 0.9),
        "tickets_measured": len(answers),
        "requester_wait_median": seconds_at(requester, 0.5),
        "requester_wait_p90": seconds_at(requester, 0.9),
        "agent_wait_median": seconds_at(agent, 0.5),
        "agent_wait_p90": seconds_at(agent, 0.9),
        "on_hold_median": seconds_at(hold, 0.5),
        "resolution_median": seconds_at(resolution, 0.5),
        "resolution_p90": seconds_at(resolution, 0.9),
        "resolution_business_median": seconds_at(resolution_business, 0.5),
        "reopens": sum(reopens),
        "replies_to_resolution": sum(answers),
        "one_touch": sum(count <= 1 and again == 0 for count, again in zip(answers, reopens, strict=True)),
    }


def seconds_at(minutes: Sequence[int], share: float) -> int | None:
    """The nearest rank of a list in order: the smallest value that at least this share (0..1) of them does not exceed, in seconds; None of
    no values."""
    return minutes[max(1, math.ceil(share * len(minutes))) - 1] * MINUTE_S if minutes else None


class _Columns:
    """The numbers of a week's rows by column, those of today apart. What has not happened is left out."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._earlier = {name: array("L") for name in names}
        self._today = {name: array("L") for name in names}

    def add(self, row: Sequence[int | None], *, is_today: bool) -> None:
        columns = self._today if is_today else self._earlier
        for name, value in zip(self.names, row, strict=True):
            if value is not None:
                columns[name].append(value)

    def minutes(self, name: str, *, is_today: bool, in_order: bool = True) -> Sequence[int]:
        found = self._today[name] if is_today else self._earlier[name] + self._today[name]
        return sorted(found) if in_order else found
