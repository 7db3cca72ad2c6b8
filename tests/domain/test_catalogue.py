from __future__ import annotations

import dataclasses

import pytest

from dashboard.domain.catalogue import CATALOGUE, Plan, Unit
from dashboard.domain.feeds import Endpoint
from dashboard.domain.readings import (
    TOTALS,
    AccountOverview,
    AgentsActivity,
    AgentsOverview,
    Body,
    QueueActivity,
    number_fields,
    our_fields,
    vendor_fields,
)

BODIES: dict[Endpoint, type[Body]] = {
    Endpoint.QUEUE: QueueActivity,
    Endpoint.AGENTS: AgentsActivity,
    Endpoint.ACCOUNT: AccountOverview,
    Endpoint.AGENTS_OVERVIEW: AgentsOverview,
}


def test_catalogue_has_each_name_once() -> None:
    from dashboard.domain import catalogue

    parts = (catalogue.FLOOR, catalogue.DAY, catalogue.LATELY, catalogue.TICKETS, catalogue.SLA, catalogue.CASES)
    assert len(CATALOGUE) == sum(len(part) for part in parts)


@pytest.mark.parametrize("endpoint", [Endpoint.QUEUE, Endpoint.ACCOUNT, Endpoint.AGENTS_OVERVIEW])
def test_catalogue_knows_every_number_of_an_answer(endpoint: Endpoint) -> None:
    body = BODIES[endpoint]
    ones = body(**dict.fromkeys(vendor_fields(body), 1))
    assert {field.name for field in dataclasses.fields(body)} == {*vendor_fields(body), *our_fields(body)}
    known = sum(
        metric.value({endpoint: ones}) == 1 for metric in CATALOGUE.values() if metric.endpoint is endpoint and metric.formula is None
    )
    assert known == len(vendor_fields(body))


@pytest.mark.parametrize("endpoint", [Endpoint.TICKETS, Endpoint.TICKET_METRICS, Endpoint.SLA, Endpoint.CASES])
def test_catalogue_knows_every_number_of_the_tickets(endpoint: Endpoint) -> None:
    """Each by its own name; but what is decided of one clock only as the share that was kept."""
    body = TOTALS[endpoint]
    names = {name for name in number_fields(body) if not name.startswith(("met_", "missed_"))}
    assert names <= {metric.name for metric in CATALOGUE.values() if metric.endpoint is endpoint}
    ones = body(**dict.fromkeys(names, 7))
    assert {name: CATALOGUE[name].value({endpoint: ones}) for name in names} == dict.fromkeys(names, 7)


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_metric_without_a_reading_is_unknown(name: str) -> None:
    assert CATALOGUE[name].value({}) is None


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_metric_is_described_and_its_unit_fits_its_name(name: str) -> None:
    metric = CATALOGUE[name]
    assert metric.label
    assert metric.definition.endswith(".")
    if name.endswith("_ratio"):
        assert metric.unit is Unit.RATIO
    if name.endswith(("_time", "_duration")) and not name.startswith("total_calls_with"):
        assert metric.unit is Unit.SECONDS


def test_catalogue_marks_professional_fields_as_in_the_readings() -> None:
    assert CATALOGUE["total_calls_abandoned_in_queue"].plan is Plan.PROFESSIONAL
    assert CATALOGUE["total_calls"].plan is Plan.TEAM
    assert CATALOGUE["abandon_ratio"].plan is Plan.PROFESSIONAL


def test_daily_totals_are_the_vendors_sums_of_the_day() -> None:
    found = {metric.name for metric in CATALOGUE.values() if metric.daily_total}
    assert {"total_calls", "total_calls_accepted", "agents_overview_total_wrap_up_time"} < found
    assert not found & {"max_queue_wait_time", "average_call_duration", "calls_waiting", "abandon_ratio", "average_calls_accepted"}
    of_the_phone = {name for name in found if CATALOGUE[name].endpoint in (Endpoint.ACCOUNT, Endpoint.AGENTS_OVERVIEW)}
    assert len(of_the_phone) == 14 + 9
    assert {"tickets_created_today", "sla_met_today", "cases_resolved_today"} <= found
    assert {name for name in found - of_the_phone if not name.endswith("_today")} == set()
    assert "tickets_net_flow_today" not in found
