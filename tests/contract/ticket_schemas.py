"""The shapes of the vendor's answers about tickets, written out by hand from its documents and from recordings of live accounts.

A shape names each member, whether it must be there, and which types it may have; `Listed` and nested shapes go as deep as we look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NULL = type(None)


@dataclass(frozen=True)
class Listed:
    """A list, each of whose items fits."""

    of: Shape


@dataclass(frozen=True)
class Maybe:
    """A member that need not be there."""

    shape: Shape


# A tuple of types and shapes: any of them. A mapping: an object with these members and no others. ANY: whatever it is.
Shape = tuple[Any, ...] | Mapping[str, Any] | Listed | Maybe
ANY: Shape = (object,)
WHOLE: Shape = (int,)
TEXT: Shape = (str,)
FLAG: Shape = (bool,)
TIME: Shape = (str,)
WHOLE_OR_NULL: Shape = (int, NULL)
TEXT_OR_NULL: Shape = (str, NULL)
IDS = Listed(WHOLE)
VIA: Shape = {"channel": TEXT, "source": {"from": ANY, "to": ANY, "rel": TEXT_OR_NULL}}

TICKET: Mapping[str, Any] = {
    "url": TEXT,
    "id": WHOLE,
    "external_id": TEXT_OR_NULL,
    "via": VIA,
    "created_at": TIME,
    "updated_at": TIME,
    "type": TEXT_OR_NULL,
    "subject": TEXT,
    "raw_subject": TEXT,
    "description": TEXT,
    "priority": TEXT_OR_NULL,
    "status": TEXT,
    "recipient": TEXT_OR_NULL,
    "requester_id": WHOLE,
    "submitter_id": WHOLE,
    "assignee_id": WHOLE_OR_NULL,
    "organization_id": WHOLE_OR_NULL,
    "group_id": WHOLE_OR_NULL,
    "collaborator_ids": IDS,
    "follower_ids": IDS,
    "email_cc_ids": IDS,
    "forum_topic_id": WHOLE_OR_NULL,
    "problem_id": WHOLE_OR_NULL,
    "has_incidents": FLAG,
    "is_public": FLAG,
    "due_at": TEXT_OR_NULL,
    "tags": Listed(TEXT),
    "custom_fields": Listed({"id": WHOLE, "value": ANY}),
    "satisfaction_rating": ({"score": TEXT}, NULL),
    "sharing_agreement_ids": IDS,
    "custom_status_id": WHOLE,
    "fields": Maybe(Listed({"id": WHOLE, "value": ANY})),  # absent from pages by cursor
    "followup_ids": IDS,
    "ticket_form_id": WHOLE,
    "brand_id": WHOLE,
    "allow_channelback": FLAG,
    "allow_attachments": FLAG,
    "from_messaging_channel": FLAG,
    "generated_timestamp": Maybe(WHOLE),  # in what was just made, and in incremental exports
}

AUDIT: Mapping[str, Any] = {
    "id": WHOLE,
    "ticket_id": WHOLE,
    "created_at": TIME,
    "author_id": WHOLE,
    "metadata": {"system": {"client": TEXT}, "custom": ANY},
    "events": Listed((
        {
            "id": WHOLE,
            "type": TEXT,
            "author_id": WHOLE,
            "body": TEXT,
            "html_body": TEXT,
            "plain_body": TEXT,
            "public": FLAG,
            "attachments": Listed(ANY),
            "audit_id": WHOLE,
        },
        {"id": WHOLE, "type": TEXT, "value": ANY, "field_name": TEXT, "previous_value": Maybe(ANY)},
    )),
    "via": VIA,
}  # fmt: skip

JOB: Mapping[str, Any] = {
    "id": TEXT,
    "job_type": Maybe(TEXT),  # not before 2024
    "url": TEXT,
    "total": WHOLE_OR_NULL,
    "progress": WHOLE_OR_NULL,
    "status": TEXT,
    "message": TEXT_OR_NULL,
    "results": (
        NULL,
        {"success": FLAG, "errors": Maybe(TEXT)},
        Listed((
            {"index": WHOLE, "id": WHOLE, "account_id": WHOLE},
            {"action": TEXT, "id": WHOLE, "status": TEXT, "success": FLAG},
            {"id": WHOLE, "status": TEXT},
            {"index": WHOLE, "error": TEXT, "id": Maybe(WHOLE), "details": TEXT},
        )),
    ),
}  # fmt: skip

_MINUTES: Shape = {"calendar": WHOLE_OR_NULL, "business": WHOLE_OR_NULL}
METRIC: Mapping[str, Any] = {
    **dict.fromkeys(("id", "ticket_id", "group_stations", "assignee_stations", "reopens", "replies"), WHOLE),
    **dict.fromkeys(("url", "created_at", "updated_at"), TEXT),
    **dict.fromkeys(
        (
            "assigned_at", "initially_assigned_at", "solved_at", "assignee_updated_at", "requester_updated_at", "status_updated_at",
            "latest_comment_added_at",
        ),
        TEXT_OR_NULL,
    ),
    "custom_status_updated_at": Maybe(TEXT_OR_NULL),
    **dict.fromkeys(
        (
            "reply_time_in_minutes", "first_resolution_time_in_minutes", "full_resolution_time_in_minutes", "agent_wait_time_in_minutes",
            "requester_wait_time_in_minutes",
        ),
        _MINUTES,
    ),
    "on_hold_time_in_minutes": {"calendar": WHOLE, "business": WHOLE},  # these two are never null
    "reply_time_in_seconds": Maybe({"calendar": WHOLE_OR_NULL}),
}  # fmt: skip

_EVENT: Mapping[str, Any] = {"id": WHOLE, "ticket_id": WHOLE, "metric": TEXT, "instance_id": WHOLE, "type": TEXT, "time": TIME}
_POLICY: Shape = {"id": WHOLE, "title": TEXT, "description": TEXT}
EVENTS: Mapping[str, Mapping[str, Any]] = {
    **dict.fromkeys(("activate", "pause", "fulfill", "measure"), _EVENT),
    "apply_sla": {**_EVENT, "sla": ({"target": WHOLE, "business_hours": FLAG, "policy": _POLICY}, NULL)},
    "update_status": {**_EVENT, "status": {"calendar": WHOLE, "business": WHOLE}},
    "breach": {**_EVENT, "deleted": FLAG},
}
DELETED: Mapping[str, Any] = {
    "id": WHOLE,
    "subject": TEXT,
    "actor": {"id": WHOLE, "name": TEXT},
    "deleted_at": TIME,
    "previous_state": TEXT,
}
COUNT: Shape = {"count": {"value": WHOLE, "refreshed_at": TEXT_OR_NULL}}
RELATED: Shape = {
    "topic_id": TEXT_OR_NULL,
    "jira_issue_ids": IDS,
    "followup_source_ids": IDS,
    "from_archive": FLAG,
    "incidents": WHOLE,
    "twitter": ANY,
}


def numbered(name: str, of: Shape) -> Shape:
    """A list by page number."""
    return {name: Listed(of), "count": WHOLE, "next_page": TEXT_OR_NULL, "previous_page": TEXT_OR_NULL}


def by_cursor(name: str, of: Shape) -> Shape:
    """A list by cursor."""
    meta: Shape = {"has_more": FLAG, "after_cursor": TEXT_OR_NULL, "before_cursor": TEXT_OR_NULL}
    return {name: Listed(of), "meta": meta, "links": {"prev": TEXT_OR_NULL, "next": TEXT_OR_NULL}}


NOT_FOUND = {"error": "RecordNotFound", "description": "Not found"}
TOO_MANY = {"error": "TooManyValues", "description": "Parameter  cannot specify more than 100 values", "max_count": 100}


def flaws(value: object, shape: Shape, place: str = "it") -> list[str]:
    """Where the value does not fit, in words; empty: it fits."""
    return [*_flaws(value, shape, place)]


def _flaws(value: object, shape: Shape, place: str) -> Iterator[str]:
    match shape:
        case Maybe(shape=inner):
            yield from _flaws(value, inner, place)
        case Listed(of=inner):
            if not isinstance(value, list):
                yield f"{place} is {type(value).__name__}, not a list"
                return
            for number, each in enumerate(value):
                yield from _flaws(each, inner, f"{place}[{number}]")
        case tuple():
            if not any(not flaws(value, one) if not isinstance(one, type) else _is(value, one) for one in shape):
                yield f"{place} is {value!r}"
        case _:
            yield from _flaws_of_object(value, shape, place)


def _flaws_of_object(value: object, shape: Mapping[str, Any], place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place} is {type(value).__name__}, not an object"
        return
    for name in sorted(value.keys() - shape.keys()):
        yield f"{place}.{name} is not known"
    for name, inner in shape.items():
        if name in value:
            yield from _flaws(value[name], inner, f"{place}.{name}")
        elif not isinstance(inner, Maybe):
            yield f"{place}.{name} is missing"


def _is(value: object, kind: type) -> bool:
    return isinstance(value, kind) and (kind is not int or not isinstance(value, bool))
