"""A vendor without sockets: answers in turn what a test says, and remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import httpx

from dashboard.domain.tickets import Comment, Status, TicketChange
from dashboard.sources.auth import BasicToken
from dashboard.sources.http import VendorClient
from dashboard.sources.redaction import Secret
from tests.sources.conftest import NOW, SENTINEL, Clock

URL = "https://example.zendesk.com"
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Said:
    """One answer. `body` is sent as JSON unless it is bytes."""

    body: object = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


class Scripted(httpx.BaseTransport):
    """The last answer is given for ever; an exception instead of an answer is raised."""

    def __init__(self, *answers: Said | Exception) -> None:
        self.answers = list(answers)
        self.heard: list[Heard] = []

    def says(self, *answers: Said | Exception) -> None:
        self.answers = list(answers)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        query = dict(parse_qsl(request.url.query.decode(), keep_blank_values=True))
        headers = dict(request.headers.items())
        self.heard.append(Heard(request.method, request.url.path, query, headers, json.loads(body) if body else None))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        raw = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        headers = {"content-type": JSON, **answer.headers}
        return httpx.Response(answer.status, headers=headers, stream=httpx.ByteStream(raw), request=request)

    @property
    def last(self) -> Heard:
        return self.heard[-1]


def client_of(vendor: Scripted) -> VendorClient:
    """A client that asks `vendor`, by a clock that stands at NOW."""
    return VendorClient(URL, BasicToken("amara@example.com", Secret(SENTINEL)), transport=vendor, clock=Clock(NOW))


def ticket(ticket_id: int = 7, **more: object) -> dict[str, object]:
    """A ticket as the vendor sends it, shortened to what is always there."""
    return {
        "id": ticket_id,
        "created_at": "2026-11-20T08:00:00Z",
        "updated_at": "2026-11-21T08:30:00Z",
        "status": "open",
        "subject": "The door does not open",
        "description": "It is stuck.\nSince Monday.",
        "priority": None,
        "type": None,
        "via": {"channel": "email", "source": {"from": {}, "to": {}, "rel": None}},
        **more,
    }


def metrics(ticket_id: int = 7, **more: object) -> dict[str, object]:
    """Metrics as the vendor sends them of a ticket that nobody has touched."""
    nothing = {"calendar": None, "business": None}
    return {
        "id": 900 + ticket_id,
        "ticket_id": ticket_id,
        "created_at": "2026-11-20T08:00:00Z",
        "updated_at": "2026-11-20T08:00:00Z",
        "group_stations": 1,
        "assignee_stations": 0,
        "reopens": 0,
        "replies": 0,
        "solved_at": None,
        "reply_time_in_minutes": nothing,
        "first_resolution_time_in_minutes": nothing,
        "full_resolution_time_in_minutes": nothing,
        "agent_wait_time_in_minutes": nothing,
        "requester_wait_time_in_minutes": nothing,
        "on_hold_time_in_minutes": {"calendar": 0, "business": 0},
        **more,
    }


def event(event_id: int = 1, **more: object) -> dict[str, object]:
    """The start of a clock."""
    return {
        "id": event_id,
        "ticket_id": 7,
        "metric": "reply_time",
        "instance_id": 1,
        "type": "activate",
        "time": "2026-11-20T08:00:00Z",
        **more,
    }


def job(state: str = "queued", **more: object) -> dict[str, object]:
    """A job as its first answer has it."""
    job_id = "V3-" + "0123456789abcdef" * 2
    return {"id": job_id, "total": 5, "progress": None, "status": state, "message": None, "results": None, **more}


MOVED_AT = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
"""`updated_at` of every ticket here."""
HELLO = TicketChange(comment=Comment("Hello", is_public=True))
SOLVE = TicketChange(status=Status.SOLVED)
NEXT = "https://elsewhere.example/?page[after]=no"
LAST = {"meta": {"has_more": False, "after_cursor": "eyJv"}, "links": {"next": NEXT}}
"""The end of a list by cursor, with the link that the vendor sends all the same."""
TICKETS = {"tickets": [ticket(7), ticket(8)], **LAST}
USERS = {"users": [{"id": "12", "name": "Ama\u202e Okoro", "email": "ama@example.com"}, {"id": 13}]}
