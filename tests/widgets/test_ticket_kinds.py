"""What the kinds about tickets add to a frame."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dashboard.domain.feeds import Endpoint
from dashboard.domain.readings_tickets import BacklogRow, PolicyRow
from dashboard.widgets.registry import KINDS
from tests.widgets.seen import AT, part, seen, widget

GROUPS = (
    BacklogRow(2, "Billing", new=1, open=2, urgent=3),
    BacklogRow(0, "", hold=9, no_priority=9),
    BacklogRow(5, "Ärger", pending=3, high=3),
    BacklogRow(4, "Zoll", pending=3, low=3),
)
POLICIES = (
    PolicyRow(1, "Gold", "reply_time", met=90, missed=10),
    PolicyRow(1, "Gold", "resolution_time", breaching=4, met=1),
    PolicyRow(2, "", "reply_time", breached=2),
    PolicyRow(3, "Base", "reply_time", met=99, missed=1),
)
ROWS: dict[str, tuple[Any, ...]] = {Endpoint.TICKETS.value: GROUPS, Endpoint.SLA.value: POLICIES}


def test_backlog_lists_the_groups_with_most_unsolved_first() -> None:
    found = part("backlog", replace(seen(), rows=ROWS), most=3)
    assert found["columns"] == [
        "tickets_unsolved",
        "tickets_new",
        "tickets_open",
        "tickets_pending",
        "tickets_hold",
        "tickets_urgent",
        "tickets_high",
    ]
    assert found["groups"] == [
        {"id": 0, "counts": [9, 0, 0, 0, 9, 0, 0]},
        {"id": 5, "name": "Ärger", "counts": [3, 0, 0, 3, 0, 0, 3]},
        {"id": 2, "name": "Billing", "counts": [3, 1, 2, 0, 0, 3, 0]},
    ]
    assert found["more"] == 1


def test_backlog_by_priority_has_the_priorities_columns() -> None:
    found = part("backlog", replace(seen(), rows=ROWS), columns="priority", most=1)
    assert found["columns"][1:] == ["tickets_urgent", "tickets_high", "tickets_normal", "tickets_low", "tickets_no_priority"]
    assert found["groups"] == [{"id": 0, "counts": [9, 0, 0, 0, 0, 9]}]
    by_status = KINDS["backlog"].metrics(widget("backlog", columns="status").options)
    assert by_status == ("tickets_unsolved", "tickets_new", "tickets_open", "tickets_pending", "tickets_hold")


def test_service_levels_list_the_worst_first_and_are_coloured_by_what_is_missed() -> None:
    breached = {"value": 2, "state": "live", "at": AT, "severity": "warning", "severity_since": AT}
    found = part("sla", replace(seen(sla_breached=breached), rows=ROWS), most=3)
    assert [(each.get("policy"), each["metric"]) for each in found["targets"]] == [
        (None, "reply_time"),
        ("Gold", "resolution_time"),
        ("Gold", "reply_time"),
    ]
    assert found["targets"][0] == {"metric": "reply_time", "breached": 2, "breaching": 0, "met": 0, "missed": 0}
    assert (found["more"], found["severity"], found["threshold"]["warning_enter"]) == (1, "warning", 1)


def test_tables_without_rows_are_empty_and_hold_no_null() -> None:
    assert part("backlog", seen())["groups"] == []
    assert part("sla", seen()) == {
        "threshold": {"target": 0, "warning_enter": 1, "critical_enter": 5, "higher_is_worse": True},
        "severity": "ok",
        "targets": [],
        "more": 0,
    }
