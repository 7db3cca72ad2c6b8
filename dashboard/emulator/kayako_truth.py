"""The truth of the conversations, which Kayako tells in no one answer.

In:  the desk. Out: plain values, worked out from the desk's own state and not from what Kayako's endpoints say.
"""

from __future__ import annotations

from statistics import median_low

from dashboard.emulator.days import day_start_ms, to_datetime
from dashboard.emulator.helpdesk.desk import HelpDesk
from dashboard.emulator.kayako_json import first_contact, is_conversation

_WEEK_MS = 7 * 86_400_000


def cases_truth(desk: HelpDesk) -> dict[str, object]:
    """As of `at`: what is unresolved, what came today, what was resolved today and in seven days, and its medians in seconds."""
    now_ms = desk.now_ms
    today_ms = day_start_ms(now_ms, desk.zone)
    tickets = [ticket for each in desk.book.ids() if is_conversation(each) and (ticket := desk.book.look(each)) is not None]
    resolved = [ticket for ticket in tickets if not ticket.is_unsolved and now_ms - _WEEK_MS < (ticket.figures.solved_ms or 0) <= now_ms]
    today = [ticket for ticket in resolved if (ticket.figures.solved_ms or 0) >= today_ms]
    replies = [span.calendar_ms // 1000 for ticket in resolved if (span := ticket.figures.reply) is not None and span.calendar_ms >= 1000]
    return {
        "at": to_datetime(now_ms).isoformat(),
        "count": len(tickets),
        "unresolved": sum(ticket.is_unsolved for ticket in tickets),
        "created_today": sum(ticket.created_ms >= today_ms for ticket in tickets),
        "resolved_today": len(today),
        "resolved_7d": len(resolved),
        "first_contact_7d": sum(first_contact(ticket) for ticket in resolved),
        "reopens_7d": sum(ticket.figures.reopens for ticket in resolved),
        "first_response_median_7d": median_low(replies) if replies else None,
    }
