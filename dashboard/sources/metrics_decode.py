"""The vendor's JSON of ticket metrics and metric events as the types of domain/tickets.py.

In:  one object and the name of its place. Out: the type. Durations stay None until they have happened: the vendor sends null inside an
object that is always there. SourceError (invalid) names the field.
"""

from __future__ import annotations

from datetime import datetime

from dashboard.domain.tickets import EventType, MetricEvent, Minutes, SlaTarget, TicketMetric, TicketMetrics
from dashboard.sources import values


def ticket_metrics(answer: object, what: str) -> TicketMetrics:
    """The metrics of one ticket."""
    found = values.mapping(answer, what)

    def at(name: str) -> datetime | None:
        return values.moment_or_none(found.get(name), f"{what}.{name}")

    def minutes(name: str) -> Minutes:
        return _minutes(found.get(name), f"{what}.{name}")

    return TicketMetrics(
        id=values.identity(found.get("id"), f"{what}.id"),
        ticket_id=values.identity(found.get("ticket_id"), f"{what}.ticket_id"),
        created_at=values.moment(found.get("created_at"), f"{what}.created_at"),
        updated_at=values.moment(found.get("updated_at"), f"{what}.updated_at"),
        group_stations_count=values.count(found.get("group_stations"), f"{what}.group_stations") or 0,
        assignee_stations_count=values.count(found.get("assignee_stations"), f"{what}.assignee_stations") or 0,
        # How often a ticket was touched is worked out from these two: missing must not pass for none.
        reopens_count=values.whole(found.get("reopens"), f"{what}.reopens"),
        replies_count=values.whole(found.get("replies"), f"{what}.replies"),
        reply_time_s=minutes("reply_time_in_seconds").calendar,
        assigned_at=at("assigned_at"),
        initially_assigned_at=at("initially_assigned_at"),
        solved_at=at("solved_at"),
        assignee_updated_at=at("assignee_updated_at"),
        requester_updated_at=at("requester_updated_at"),
        status_updated_at=at("status_updated_at"),
        latest_comment_added_at=at("latest_comment_added_at"),
        custom_status_updated_at=at("custom_status_updated_at"),
        reply_time=minutes("reply_time_in_minutes"),
        first_resolution_time=minutes("first_resolution_time_in_minutes"),
        full_resolution_time=minutes("full_resolution_time_in_minutes"),
        agent_wait_time=minutes("agent_wait_time_in_minutes"),
        requester_wait_time=minutes("requester_wait_time_in_minutes"),
        on_hold_time=minutes("on_hold_time_in_minutes"),
    )


def one(answer: object) -> TicketMetrics:
    """`ticket_metric` of an answer: an object, or, as the vendor's document has it, a list of one."""
    found = values.mapping(answer, "the answer").get("ticket_metric")
    if isinstance(found, list):
        if len(found) != 1:
            raise values.invalid("ticket_metric", "is a list of more or fewer than one")
        found = found[0]
    return ticket_metrics(found, "ticket_metric")


def event(answer: object, what: str) -> MetricEvent | None:
    """One event of one clock. None: of a clock that we have no name for. A type that we have no name for is None in it."""
    found = values.mapping(answer, what)
    event_id = values.identity(found.get("id"), f"{what}.id")
    ticket_id = values.identity(found.get("ticket_id"), f"{what}.ticket_id")
    at = values.moment(found.get("time"), f"{what}.time")
    metric = found.get("metric")
    if not isinstance(metric, str):
        raise values.invalid(f"{what}.metric", "is missing" if metric is None else "is not text")
    known = values.word_or_none(metric, TicketMetric)
    if known is None:
        return None
    kind = values.word_or_none(found.get("type"), EventType)
    status = found.get("status")
    return MetricEvent(
        id=event_id,
        ticket_id=ticket_id,
        metric=known,
        instance=values.count(found.get("instance_id"), f"{what}.instance_id") or 0,
        type=kind,
        at=at,
        sla=_sla(found.get("sla"), f"{what}.sla") if kind is EventType.APPLY_SLA else None,
        status=_minutes(status, f"{what}.status") if kind is EventType.UPDATE_STATUS and status is not None else None,
        deleted=values.flag(found.get("deleted"), f"{what}.deleted", absent=False),
    )


def _minutes(value: object, what: str) -> Minutes:
    if value is None:
        return Minutes()
    found = values.mapping(value, what)
    return Minutes(
        values.count(found.get("calendar"), f"{what}.calendar"),
        values.count(found.get("business"), f"{what}.business"),
    )


def _sla(value: object, what: str) -> SlaTarget | None:
    """None: the policy asks nothing of this clock (any more)."""
    if value is None:
        return None
    found = values.mapping(value, what)
    target_min = values.count(found.get("target"), f"{what}.target")
    if not target_min:
        return None
    policy = found.get("policy")
    if not isinstance(policy, dict):
        policy = {}
    return SlaTarget(
        target_min,
        values.flag(found.get("business_hours"), f"{what}.business_hours", absent=False),
        values.reference(policy.get("id"), f"{what}.policy.id"),
        values.line(policy.get("title"), f"{what}.policy.title"),
    )
