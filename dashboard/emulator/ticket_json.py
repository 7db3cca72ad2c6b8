"""A ticket, its metrics and its people as the vendor writes them: fields, order and nulls as recorded.

In:  a ticket of the desk, who asks. Out: JSON objects. Times are whole seconds with a Z.
"""

from __future__ import annotations

from datetime import UTC, datetime

from dashboard.emulator.helpdesk.company import Person
from dashboard.emulator.helpdesk.tickets import CLOSED, HOLD, NEW, OPEN, PENDING, SOLVED, Event, Span, Ticket
from dashboard.emulator.places import Asked

Row = dict[str, object]
METRICS_BASE, METRICS_STEP = 5_527_084_000_447, 64
_STATUS_IDS = {
    NEW: 6130830355738,
    OPEN: 6130892426138,
    PENDING: 6130830356762,
    HOLD: 6130830357786,
    SOLVED: 6130830358810,
    CLOSED: 6130830358810,
}
_FORM_ID, _BRAND_ID = 6130830344474, 6130830354842
_SINCE = "2020-01-06T09:00:00Z"


def iso(at_ms: int) -> str:
    """As the vendor writes a time."""
    return datetime.fromtimestamp(at_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_or_none(at_ms: int | None) -> str | None:
    """The same; None stays None."""
    return None if at_ms is None else iso(at_ms)


def ticket_row(asked: Asked, ticket: Ticket, *, with_fields: bool = True) -> Row:
    """One ticket. `fields`, the copy of the custom fields, is left out of pages by cursor."""
    row: Row = {
        "url": asked.url_of(f"tickets/{ticket.id}"),
        "id": ticket.id,
        "external_id": ticket.external_id,
        "via": _via(asked, ticket),
        "created_at": iso(ticket.created_ms),
        "updated_at": iso(ticket.updated_ms),
        "type": ticket.type,
        "subject": ticket.subject,
        "raw_subject": ticket.subject,
        "description": ticket.description,
        "priority": ticket.priority,
        "status": ticket.status,
        "recipient": None,
        "requester_id": ticket.requester_id,
        "submitter_id": ticket.submitter_id,
        "assignee_id": ticket.assignee_id,
        "organization_id": ticket.organization_id,
        "group_id": ticket.group_id,
        "collaborator_ids": ticket.collaborator_ids,
        "follower_ids": ticket.follower_ids,
        "email_cc_ids": ticket.email_cc_ids,
        "forum_topic_id": None,
        "problem_id": ticket.problem_id,
        "has_incidents": bool(asked.desk.book.incidents_of(ticket.id)),
        "is_public": ticket.is_public,
        "due_at": iso_or_none(ticket.due_ms),
        "tags": ticket.tags,
        "custom_fields": ticket.custom_fields,
        "satisfaction_rating": {"score": "offered"} if ticket.status == CLOSED and ticket.id % 3 == 0 else None,
        "sharing_agreement_ids": [],
        "custom_status_id": _STATUS_IDS[ticket.status],
    }
    if with_fields:
        row["fields"] = ticket.custom_fields
    row |= {
        "followup_ids": ticket.followup_ids,
        "ticket_form_id": _FORM_ID,
        "brand_id": _BRAND_ID,
        "allow_channelback": False,
        "allow_attachments": True,
        "from_messaging_channel": ticket.channel == "native_messaging",
    }
    return row


def _via(asked: Asked, ticket: Ticket) -> Row:
    source: dict[str, object] = {"from": {}, "to": {}, "rel": None}
    if ticket.channel == "email":
        person = asked.desk.company.person(ticket.requester_id)
        if person is not None:
            source |= {
                "from": {"address": person.email, "name": person.name},
                "to": {"name": "Support", "address": "support@emulator.example"},
            }
    elif ticket.channel == "voice":
        source["rel"] = "voicemail" if "voicemail" in ticket.tags else "inbound"
    return {"channel": ticket.channel, "source": source}


def metrics_row(asked: Asked, ticket: Ticket) -> Row:
    """The metrics of one ticket."""
    figures = ticket.figures
    metrics_id = metrics_id_of(ticket.id)
    row: Row = {
        "url": asked.url_of(f"ticket_metrics/{metrics_id}"),
        "id": metrics_id,
        "ticket_id": ticket.id,
        "created_at": iso(ticket.created_ms),
        "updated_at": iso(ticket.updated_ms),
        "group_stations": figures.group_stations,
        "assignee_stations": figures.assignee_stations,
        "reopens": figures.reopens,
        "replies": figures.replies,
        "assignee_updated_at": iso_or_none(figures.assignee_updated_ms),
        "requester_updated_at": iso_or_none(figures.requester_updated_ms),
        "status_updated_at": iso_or_none(figures.status_updated_ms),
        "initially_assigned_at": iso_or_none(figures.initially_assigned_ms),
        "assigned_at": iso_or_none(figures.assigned_ms),
        "solved_at": iso_or_none(figures.solved_ms),
        "latest_comment_added_at": iso_or_none(figures.latest_comment_ms),
        "reply_time_in_minutes": _minutes(figures.reply),
        "first_resolution_time_in_minutes": _minutes(figures.first_resolution),
        "full_resolution_time_in_minutes": _minutes(figures.full_resolution),
        "agent_wait_time_in_minutes": _minutes(figures.agent_wait),
        "requester_wait_time_in_minutes": _minutes(figures.requester_wait),
        "on_hold_time_in_minutes": _minutes(figures.on_hold),
        "custom_status_updated_at": iso_or_none(figures.status_updated_ms),
    }
    if ticket.channel == "native_messaging":
        row["reply_time_in_seconds"] = {"calendar": None if figures.reply is None else figures.reply.calendar_ms // 1000}
    return row


def metrics_id_of(ticket_id: int) -> int:
    """The id of a ticket's metrics, which is another than its own."""
    return METRICS_BASE + METRICS_STEP * ticket_id


def ticket_of_metrics(metrics_id: int) -> int | None:
    """The ticket whose metrics have this id, or None where no ticket's could."""
    ticket_id, rest = divmod(metrics_id - METRICS_BASE, METRICS_STEP)
    return ticket_id if rest == 0 and ticket_id > 0 else None


def _minutes(span: Span | None) -> Row:
    calendar, business = (None, None) if span is None else span.minutes()
    return {"calendar": calendar, "business": business}


def event_row(event: Event) -> Row:
    """One metric event: of the last three members only the one that its type has."""
    row: Row = {
        "id": event.id,
        "ticket_id": event.ticket_id,
        "metric": event.metric,
        "instance_id": event.instance,
        "type": event.type,
        "time": iso(event.at_ms),
    }
    if event.type == "apply_sla":
        row["sla"] = None
        if event.sla is not None:
            policy, target = event.sla
            told = {"id": policy.id, "title": policy.title, "description": policy.description}
            row["sla"] = {"target": target.minutes, "business_hours": target.business_hours, "policy": told}
    elif event.type == "update_status" and event.status is not None:
        row["status"] = {"calendar": event.status[0], "business": event.status[1]}
    elif event.type == "breach":
        row["deleted"] = event.deleted
    return row


def person_row(asked: Asked, person: Person) -> Row:
    """One user."""
    return {
        "id": person.id,
        "url": asked.url_of(f"users/{person.id}"),
        "name": person.name,
        "email": person.email,
        "created_at": _SINCE,
        "updated_at": _SINCE,
        "time_zone": asked.account.settings.time_zone,
        "iana_time_zone": asked.account.settings.time_zone,
        "phone": None,
        "photo": None,
        "locale_id": 1,
        "locale": "en-US",
        "organization_id": person.organization_id,
        "role": person.role,
        "verified": True,
        "external_id": None,
        "tags": [],
        "alias": "",
        "active": True,
        "shared": False,
        "suspended": person.id in asked.desk.company.suspended,
        "default_group_id": person.group_ids[0] if person.group_ids else None,
        "user_fields": {},
    }


def group_row(asked: Asked, group_id: int, name: str) -> Row:
    """One group."""
    return {
        "url": asked.url_of(f"groups/{group_id}"),
        "id": group_id,
        "is_public": True,
        "name": name,
        "description": "",
        "default": group_id == asked.desk.config.groups[0].id,
        "deleted": False,
        "created_at": _SINCE,
        "updated_at": _SINCE,
    }
