"""A board of tickets and service levels in the states that people may meet.

In:  nothing. Out: scenes for the wall's server.
"""

from __future__ import annotations

from typing import Any

from dashboard.domain.readings_tickets import BacklogRow, PolicyRow
from tests.e2e.frames import CALM, Scene

GROUPS = (
    BacklogRow(1, "Support", 12, 48, 33, 4, 3, 14, 60, 18, 2),
    BacklogRow(2, "Billing and refunds", 4, 21, 40, 0, 0, 5, 50, 10),
    BacklogRow(3, "الفوترة والمدفوعات", 0, 9, 2, 1, 1, 0, 11),
    BacklogRow(4, "<b>Escalations</b>", 1, 3, 0, 7, 2, 6, 3),
    BacklogRow(0, "", 6, 0, 0, 0, 0, 0, 0, 0, 6),
    BacklogRow(77, "", 0, 1, 0, 0, 0, 0, 1),
)
POLICIES = (
    PolicyRow(1, "Premium", "reply_time", 3, 4, 180, 20),
    PolicyRow(1, "Premium", "resolution_time", 1, 0, 70, 2),
    PolicyRow(2, "Standard", "reply_time", 0, 2, 410, 8),
    PolicyRow(2, "Standard", "requester_wait_time", 0, 0, 6, 1),
    PolicyRow(3, "Wholesale partners in the south", "pausable_update_time", 0, 0, 0, 0),
)
VALUES: dict[str, Any] = {
    "tickets_unsolved": 192,
    "tickets_new": 23,
    "tickets_open": 82,
    "tickets_pending": 75,
    "tickets_hold": 12,
    "tickets_urgent": 6,
    "tickets_high": 25,
    "tickets_normal": 125,
    "tickets_low": 28,
    "tickets_no_priority": 8,
    "tickets_net_flow_in_last_hour": -7,
    "tickets_net_flow_today": 99,
    "oldest_unsolved_age": 187_200,
    "first_reply_median_today": None,
    "one_touch_ratio_today": (4, 10),
    "sla_breached": 4,
    "sla_breaching_in_60": 6,
    "sla_ratio_7d": 0.956,
    "sla_next_breach_left": 754,
}


def tile(name: str, kind: str, place: tuple[int, int, int, int], **options: Any) -> dict[str, Any]:
    return {"id": name, "kind": kind, **dict(zip("xywh", place, strict=True)), "options": options}


WIDGETS = (
    tile("sla", "sla", (0, 0, 12, 8)),
    tile("backlog", "backlog", (12, 0, 12, 8)),
    tile("flow", "number", (0, 8, 6, 4), metric="tickets_net_flow_in_last_hour", trend=False),
    tile("oldest", "number", (6, 8, 3, 4), metric="oldest_unsolved_age", trend=False),
    tile("reply", "number", (0, 12, 6, 4), metric="first_reply_median_today", trend=False),
    tile("net", "number", (9, 8, 3, 4), metric="tickets_net_flow_today", trend=False),
    tile("touch", "number", (6, 12, 6, 4), metric="one_touch_ratio_today", trend=False),
    tile("small-sla", "sla", (12, 8, 6, 4)),
    tile("small-backlog", "backlog", (18, 8, 6, 4)),
    tile("priorities", "backlog", (12, 12, 12, 4), columns="priority", most=3, label="By priority"),
)
TICKETS: Scene = CALM.but(
    title="Tickets and SLA",
    values=CALM.values | VALUES,
    widgets=WIDGETS,
    rows={"tickets": GROUPS, "ticket_metric_events": POLICIES},
    severities={"sla_breached": ("warning", 600.0)},
)
