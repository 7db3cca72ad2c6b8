"""Known events of tickets' clocks: each once, by the vendor's id.

In:  events in any order, any number of times. Out: rows, and events again. A breach that was taken back stays so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dashboard.domain.tickets import EventType, MetricEvent, Minutes, SlaTarget, TicketMetric
from dashboard.models import KnownEvent

# SQLite takes some thousands of values a statement, PostgreSQL and SQLite both many more than this.
AT_ONCE = 500
_TYPES = {each.value: each for each in EventType}
_TOLD = (
    "ticket_id",
    "metric",
    "instance",
    "type",
    "at",
    "target_min",
    "business_hours",
    "policy_id",
    "policy_title",
    "calendar_min",
    "business_min",
    "deleted",
)


def keep_within(account: str, events: Sequence[MetricEvent]) -> set[int]:
    """Writes those that are new or other than known, within the caller's transaction; returns the tickets whose clocks that may move."""
    newest: dict[int, MetricEvent] = {}
    for event in events:
        before = newest.get(event.id)
        if before is None or event.deleted or not before.deleted:
            newest[event.id] = event
    touched: set[int] = set()
    for ids in chunks(list(newest)):
        known = {row.event_id: row for row in KnownEvent.objects.filter(account=account, event_id__in=ids)}
        written = [row for event_id in ids if _is_news(known.get(event_id), row := _row(account, newest[event_id]))]
        touched |= {row.ticket_id for row in written}
        if written:
            unique = ["account", "event_id"]
            KnownEvent.objects.bulk_create(written, update_conflicts=True, unique_fields=unique, update_fields=list(_TOLD))
    return touched


def of_tickets(account: str, ids: Sequence[int]) -> list[MetricEvent]:
    """All events of these tickets (a thousand at most), as the vendor told them, in the order of time."""
    rows = KnownEvent.objects.filter(account=account, ticket_id__in=ids).values_list("event_id", *_TOLD)
    found = [_event(*row) for row in rows.iterator(chunk_size=5000)]
    return sorted(found, key=lambda event: (event.at, event.id))


def chunks(ids: Sequence[int], size: int = AT_ONCE) -> Iterable[Sequence[int]]:
    """The ids in pieces that one statement takes."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _is_news(known: KnownEvent | None, row: KnownEvent) -> bool:
    if known is None:
        return True
    if known.deleted and not row.deleted:
        return False  # an older copy
    return any(getattr(known, name) != getattr(row, name) for name in _TOLD)


def _row(account: str, event: MetricEvent) -> KnownEvent:
    sla, status = event.sla, event.status
    return KnownEvent(
        account=account,
        event_id=event.id,
        ticket_id=event.ticket_id,
        metric=event.metric.value,
        instance=event.instance,
        type=event.type.value if event.type else "",
        at=event.at,
        target_min=sla.target_min if sla else None,
        business_hours=sla.business_hours if sla else False,
        policy_id=sla.policy_id if sla else None,
        policy_title=sla.policy_title[:200] if sla else "",
        calendar_min=status.calendar if status else None,
        business_min=status.business if status else None,
        deleted=event.deleted,
    )


def _event(  # noqa: PLR0917 (the columns in their order: rows of a query, thousands at a time)
    event_id: int,
    ticket_id: int,
    metric: str,
    instance: int,
    kind: str,
    at: object,
    target_min: int | None,
    business_hours: bool,
    policy_id: int | None,
    policy_title: str,
    calendar_min: int | None,
    business_min: int | None,
    deleted: bool,
) -> MetricEvent:
    told = calendar_min is not None or business_min is not None
    return MetricEvent(
        event_id,
        ticket_id,
        TicketMetric(metric),
        instance,
        _TYPES.get(kind),
        at,  # type: ignore[arg-type]
        SlaTarget(target_min, business_hours, policy_id, policy_title) if target_min is not None else None,
        Minutes(calendar_min, business_min) if told else None,
        deleted,
    )
