"""The truth of the tickets that no vendor tells in one answer: the backlog, the targets missed and about to be, the replies' medians.

In:  the desk. Out: plain values ready for JSON, worked out from the desk's own state and not from what its endpoints say.
Tickets in the trash do not count. "today" begins at the account's midnight, "7d" seven days before now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from statistics import median_low

from dashboard.emulator.days import day_start_ms, to_datetime
from dashboard.emulator.helpdesk.clocks import Clock
from dashboard.emulator.helpdesk.desk import HelpDesk
from dashboard.emulator.helpdesk.policies import METRICS
from dashboard.emulator.helpdesk.tickets import PRIORITIES, UNSOLVED, Ticket

_HOUR_MS = 3_600_000
_WEEK_MS = 7 * 86_400_000
_WITHIN_MIN = (15, 30, 60)
Row = dict[str, object]


def tickets_truth(desk: HelpDesk) -> Row:
    """`backlog`, `sla` and `times` as of `at`.

    `sla`: `breached` (missed and not fulfilled since), `breaching_in_15`, `_30`, `_60` (announced for within so many minutes, of clocks
    that run), `next_breach_at`, and met and missed targets per metric and per policy. `times`: first replies and solutions in the
    span, in whole seconds around the clock and in business hours; of two values in the middle the median is the lower, of nothing null.
    """
    now_ms = desk.now_ms
    today_ms = day_start_ms(now_ms, desk.zone)
    tickets = list(_recent(desk, min(today_ms, now_ms - _WEEK_MS)))
    return {
        "at": _iso(now_ms),
        "today_from": _iso(today_ms),
        "count": len(desk.book),
        "trash": sorted(desk.book.trash),
        "backlog": _backlog(desk),
        "sla": _sla(tickets, now_ms, today_ms),
        "times": {"today": _times(tickets, today_ms), "7d": _times(tickets, now_ms - _WEEK_MS)},
        **_flow(tickets, "today", today_ms),
        **_flow(tickets, "in_last_hour", now_ms - _HOUR_MS),
    }


def _flow(tickets: Iterable[Ticket], span: str, since_ms: int) -> Row:
    """What came, and what was solved and still is."""
    return {
        f"created_{span}": sum(ticket.created_ms >= since_ms for ticket in tickets),
        f"solved_{span}": sum((ticket.figures.solved_ms or 0) >= since_ms and not ticket.is_unsolved for ticket in tickets),
    }


def _iso(at_ms: int) -> str:
    return to_datetime(at_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _recent(desk: HelpDesk, since_ms: int) -> Iterator[Ticket]:
    """Tickets that may have had anything happen since then: those that may change, and those of the past that were closed later."""
    yield from desk.book.live.values()
    for key in desk.book.update_keys(descending=True):
        ticket_id = desk.book.ticket_of(key)
        if ticket_id in desk.book.live:
            continue
        ticket = desk.book.past.look(ticket_id)
        if ticket is None or ticket.updated_ms < since_ms:
            return
        yield ticket


def _backlog(desk: HelpDesk) -> Row:
    unsolved = [ticket for ticket in desk.book.live.values() if ticket.is_unsolved]
    by_status = Counter(ticket.status for ticket in unsolved)
    by_priority = Counter(ticket.priority or "none" for ticket in unsolved)
    by_group = Counter(ticket.group_id or 0 for ticket in unsolved)
    return {
        "unsolved": len(unsolved),
        "unassigned": sum(ticket.assignee_id is None for ticket in unsolved),
        "by_status": {status: by_status[status] for status in UNSOLVED},
        "by_priority": {priority: by_priority[priority] for priority in (*PRIORITIES, "none")},
        "by_group": {str(group_id): found for group_id, found in sorted(by_group.items())},
        "oldest_created_at": _iso(min(ticket.created_ms for ticket in unsolved)) if unsolved else None,
    }


def _sla(tickets: Iterable[Ticket], now_ms: int, today_ms: int) -> Row:
    clocks = [clock for ticket in tickets for clock in ticket.all_clocks() if clock.target is not None]
    # A clock of a solved ticket is fulfilled; so whatever still runs or pauses belongs to an unsolved one.
    lefts_ms = [left_ms for clock in clocks if (left_ms := clock.left_ms(now_ms)) is not None and left_ms > 0]
    return {
        "breached": sum(clock.is_breached_now(now_ms) for clock in clocks),
        **{f"breaching_in_{minutes}": sum(left_ms <= minutes * 60_000 for left_ms in lefts_ms) for minutes in _WITHIN_MIN},
        "next_breach_at": _iso(now_ms + min(lefts_ms)) if lefts_ms else None,
        "today": _decided(clocks, today_ms, now_ms),
        "7d": _decided(clocks, now_ms - _WEEK_MS, now_ms),
    }


def _decided(clocks: Iterable[Clock], start_ms: int, now_ms: int) -> Row:
    metrics = {metric: [0, 0] for metric in METRICS}
    policies: dict[str, list[int]] = {}
    for clock in clocks:
        at_ms = clock.decided_ms(now_ms)
        if at_ms is None or not start_ms <= at_ms <= now_ms or clock.policy is None:
            continue
        missed = not clock.met(now_ms)
        metrics[clock.metric][missed] += 1
        policies.setdefault(clock.policy.title, [0, 0])[missed] += 1
    return {
        "met": sum(met for met, _ in metrics.values()),
        "missed": sum(missed for _, missed in metrics.values()),
        "by_metric": {metric: {"met": met, "missed": missed} for metric, (met, missed) in metrics.items()},
        "by_policy": {title: {"met": met, "missed": missed} for title, (met, missed) in sorted(policies.items())},
    }


def _times(tickets: Iterable[Ticket], start_ms: int) -> Row:
    replies = [
        figures.reply
        for ticket in tickets
        if (figures := ticket.figures).reply is not None and ticket.created_ms + figures.reply.calendar_ms >= start_ms
    ]
    solved = [ticket.figures for ticket in tickets if not ticket.is_unsolved and (ticket.figures.solved_ms or 0) >= start_ms]
    resolutions = [figures.full_resolution for figures in solved if figures.full_resolution is not None]
    return {
        "first_reply_count": len(replies),
        "first_reply_median_s": _median_s(span.calendar_ms for span in replies),
        "first_reply_business_median_s": _median_s(span.business_ms for span in replies),
        "solved_count": len(solved),
        "resolution_median_s": _median_s(span.calendar_ms for span in resolutions),
        "resolution_business_median_s": _median_s(span.business_ms for span in resolutions),
        "reopens": sum(figures.reopens for figures in solved),
        "replies": sum(figures.replies for figures in solved),
        "one_touch": sum(figures.replies <= 1 and figures.reopens == 0 for figures in solved),
    }


def _median_s(found_ms: Iterable[int]) -> int | None:
    values = sorted(found_ms)
    return median_low(values) // 1000 if values else None
