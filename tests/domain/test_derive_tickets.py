from __future__ import annotations

import pytest

from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.derive import TooFew, Value
from dashboard.domain.feeds import Endpoint
from dashboard.domain.readings import KayakoCases, SlaState, TicketBacklog, TicketTimes

BODIES = {
    Endpoint.TICKETS: TicketBacklog(
        tickets_created_today=12, tickets_solved_today=20, tickets_created_in_last_hour=5, tickets_solved_in_last_hour=2
    ),
    Endpoint.TICKET_METRICS: TicketTimes(
        tickets_measured_today=9, one_touch_today=9, tickets_measured_7d=40, one_touch_7d=30, reopens_7d=60, replies_to_resolution_7d=90
    ),
    Endpoint.SLA: SlaState(
        sla_met_7d=18, sla_missed_7d=2, sla_met_today=3, sla_missed_today=6, met_reply_time_7d=10, missed_reply_time_7d=0
    ),
    Endpoint.CASES: KayakoCases(cases_resolved_7d=20, first_contact_resolved_7d=15, case_touches_7d=50),
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tickets_net_flow_today", -8),
        ("tickets_net_flow_in_last_hour", 3),
        ("one_touch_ratio_today", TooFew(9, 10)),
        ("one_touch_ratio_7d", 0.75),
        ("reopen_ratio_7d", 1.5),
        ("replies_per_ticket_7d", 2.25),
        ("sla_ratio_7d", 0.9),
        ("sla_ratio_today", TooFew(9, 10)),
        ("sla_reply_time_ratio_7d", 1.0),
        ("sla_resolution_time_ratio_7d", None),
        ("first_contact_ratio_7d", 0.75),
        ("first_contact_ratio_today", None),
        ("case_touches_per_case_7d", 2.5),
    ],
)
def test_formula_over_tickets_says_a_share_from_ten_on(name: str, value: Value) -> None:
    assert CATALOGUE[name].value(BODIES) == value
