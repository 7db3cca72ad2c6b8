"""The rows of the list: a ticket, whose it is, and how long its next target is still kept.

In:  what the mirror says is at risk, names, `now` (aware). Out: rows of plain words. Must not read anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dashboard.desk import left
from dashboard.desk.clock_bars import metric_name, minutes_said
from dashboard.desk.plans import Names
from dashboard.mirror.desk_list import AtRisk

ICONS = {
    "missed": "i-critical",
    "missed-paused": "i-critical",
    "missed-done": "i-critical",
    "soon": "i-warning",
    "fine": "i-ok",
    "kept": "i-ok",
    "fulfilled": "i-ok",
    "paused": "i-away",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket. `drawn`, `left`: as in `left.py`. `left_at`: the announced breach of a running clock, which ticks; None: it does not."""

    id: int
    subject: str
    status: str
    priority: str
    type: str
    group: str
    assignee: str
    drawn: str
    left: str
    left_at: datetime | None
    target: str
    age: str
    icon: str


def row(at_risk: AtRisk, names: Names, now: datetime, *, clocks_known: bool) -> Row:
    """One row as of `now`. `clocks_known`: the clocks of all tickets were read once."""
    ticket = at_risk.ticket
    drawn = left.word(at_risk.left_s, at_risk.state, is_missed=at_risk.breach_at is not None and at_risk.breach_at <= now)
    parts = [metric_name(at_risk.metric)] if at_risk.metric else []
    parts += [at_risk.policy] if at_risk.policy else []
    return Row(
        ticket.ticket_id,
        ticket.subject,
        ticket.status,
        ticket.priority,
        ticket.type,
        names.group(ticket.group_id) if ticket.group_id else "",
        names.person(ticket.assignee_id) if ticket.assignee_id else "",
        drawn,
        left.text(at_risk.left_s, drawn, is_known=clocks_known),
        at_risk.breach_at if drawn in ("missed", "soon", "fine") else None,
        " · ".join(parts),
        minutes_said(int((now - ticket.created_at).total_seconds()) // 60),
        ICONS.get(drawn, ""),
    )
