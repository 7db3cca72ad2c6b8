"""Conversations as Kayako tells of them: the case, and its metrics.

In:  the source builds these from JSON. Out: the mirror reads them. Times are aware UTC; what was not sent is None, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Case:
    """One conversation of Kayako: what the list of cases tells."""

    id: int
    subject: str
    status: str
    created_at: datetime
    updated_at: datetime
    last_activity_at: datetime
    priority: str = ""
    team_id: int | None = None
    assignee_id: int | None = None


@dataclass(frozen=True, slots=True)
class CaseMetrics:
    """Kayako's metrics of one case. Durations in whole seconds (the unit of every other duration of Kayako; unstated for these).

    0 where nothing has happened yet cannot be told from a true 0; None: not sent. Times of 1970 are the vendor's "never": None here.
    """

    case_id: int
    is_first_contact_resolved: bool | None = None
    was_reopened: bool | None = None
    resolution_at: datetime | None = None
    last_reopened_at: datetime | None = None
    first_assignment_at: datetime | None = None
    last_assignment_at: datetime | None = None
    last_reply_by_agent_at: datetime | None = None
    last_reply_by_requester_at: datetime | None = None
    agent_updated_at: datetime | None = None
    resolution_calendar_s: int | None = None
    resolution_business_s: int | None = None
    average_response_calendar_s: int | None = None
    average_response_business_s: int | None = None
    first_response_calendar_s: int | None = None
    first_response_business_s: int | None = None
    agent_wait_calendar_s: int | None = None
    agent_wait_business_s: int | None = None
    customer_wait_calendar_s: int | None = None
    customer_wait_business_s: int | None = None
    reopen_count: int | None = None
    agents_to_resolution_count: int | None = None
    replies_to_resolution_count: int | None = None
    agent_reply_count: int | None = None
    requester_reply_count: int | None = None
    assignee_change_count: int | None = None
    team_change_count: int | None = None
    agent_touch_count: int | None = None
