"""Events of the emulated desk as a reader of the vendor's list has them, for tests that hold both against each other."""

from __future__ import annotations

from dashboard.domain.tickets import EventType, MetricEvent, Minutes, SlaTarget, TicketMetric
from dashboard.emulator.days import to_datetime
from dashboard.emulator.helpdesk.tickets import Event


def as_read(event: Event) -> MetricEvent:
    """The event as a reader of the vendor's list has it."""
    target = None
    if event.sla is not None:
        policy, asked = event.sla
        target = SlaTarget(asked.minutes, asked.business_hours, policy.id, policy.title)
    status = None if event.status is None else Minutes(*event.status)
    metric, kind = TicketMetric(event.metric), EventType(event.type)
    return MetricEvent(
        event.id, event.ticket_id, metric, event.instance, kind, to_datetime(event.at_ms), target, status, deleted=event.deleted
    )
