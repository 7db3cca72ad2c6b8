"""The body of the feed `tickets`: what is unsolved now, what came and went.

In:  the account's groups (none: all), the moment that the tickets are known as of. Out: `TicketBacklog`. Reads the tally and indexes only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Min, Q

from dashboard.domain.readings_tickets import BacklogRow, TicketBacklog
from dashboard.domain.tickets import UNSOLVED, Priority, Status
from dashboard.mirror import spans, streams, tally
from dashboard.mirror.names import names
from dashboard.mirror.tickets import SOLVED, in_groups, unsolved_of
from dashboard.models import KnownTicket

_NO_PRIORITY = "no_priority"


def body(account: str, groups: Sequence[int], at: datetime) -> TicketBacklog:
    """As of `at` (aware). What is counted by solutions is None until the metrics have been read once: they tell when one was made."""
    places = tally.counted(account, groups, [each.value for each in UNSOLVED])
    statuses: Counter[str] = Counter()
    priorities: Counter[str] = Counter()
    for place, count in places.items():
        statuses[place.status] += count
        priorities[place.priority or _NO_PRIORITY] += count
    unsolved = KnownTicket.objects.filter(unsolved_of(account, groups)).aggregate(
        unassigned=Count("pk", filter=Q(assignee_id=None)), oldest=Min("created_at")
    )
    created, solved = _flow(account, groups, at)
    counted = streams.of(account, streams.COUNT)
    oldest = unsolved["oldest"]
    return TicketBacklog(
        tickets_new=statuses[Status.NEW],
        tickets_open=statuses[Status.OPEN],
        tickets_pending=statuses[Status.PENDING],
        tickets_hold=statuses[Status.HOLD],
        tickets_unsolved=statuses.total(),
        tickets_unassigned=unsolved["unassigned"],
        tickets_urgent=priorities[Priority.URGENT],
        tickets_high=priorities[Priority.HIGH],
        tickets_normal=priorities[Priority.NORMAL],
        tickets_low=priorities[Priority.LOW],
        tickets_no_priority=priorities[_NO_PRIORITY],
        tickets_in_account=counted.total_count if counted else None,
        tickets_created_today=created[0],
        tickets_created_in_last_hour=created[1],
        tickets_solved_today=solved[0],
        tickets_solved_in_last_hour=solved[1],
        oldest_unsolved_age=None if oldest is None else max(0, int((at - oldest).total_seconds())),
        rows=_rows(account, places),
    )


def _flow(account: str, groups: Sequence[int], at: datetime) -> tuple[tuple[int, int], tuple[int | None, int | None]]:
    """Created, and solved: today, and in the last hour."""
    today, hour = spans.today_from(at), at - spans.HOUR
    since = min(today, hour)
    there = KnownTicket.objects.filter(in_groups(groups), account=account, is_gone=False)
    created = there.filter(created_at__gte=since).aggregate(
        today=Count("pk", filter=Q(created_at__gte=today)), hour=Count("pk", filter=Q(created_at__gte=hour))
    )
    metrics = streams.of(account, streams.METRICS)
    if metrics is None or metrics.caught_up_at is None:
        return (created["today"], created["hour"]), (None, None)
    solved = there.filter(solved_at__gte=since, status__in=SOLVED).aggregate(
        today=Count("pk", filter=Q(solved_at__gte=today)), hour=Count("pk", filter=Q(solved_at__gte=hour))
    )
    return (created["today"], created["hour"]), (solved["today"], solved["hour"])


def _rows(account: str, places: dict[tally.Place, int]) -> tuple[BacklogRow, ...]:
    """By group, those with the most first."""
    by_group: dict[int, Counter[str]] = {}
    for place, count in places.items():
        counts = by_group.setdefault(place.group_id, Counter())
        counts[place.status] += count
        counts[place.priority or _NO_PRIORITY] += count
    called = names(account, "group") if by_group else {}
    rows = [BacklogRow(group_id, called.get(group_id, ""), **counts) for group_id, counts in by_group.items()]
    return tuple(sorted(rows, key=lambda row: (-(row.new + row.open + row.pending + row.hold), row.group_id)))
