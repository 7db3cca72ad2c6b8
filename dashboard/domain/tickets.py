"""Tickets as the vendor tells of them: the ticket, its metrics, the events of its clocks, a job of many changes.

In:  the sources build these from JSON. Out: everything else reads them; nothing else looks at vendor JSON.
Times are aware UTC. What the vendor has not sent, or what has not happened yet, is None, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    HOLD = "hold"
    SOLVED = "solved"
    CLOSED = "closed"


UNSOLVED = (Status.NEW, Status.OPEN, Status.PENDING, Status.HOLD)


class Priority(StrEnum):
    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class TicketType(StrEnum):
    PROBLEM = "problem"
    INCIDENT = "incident"
    QUESTION = "question"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket, without its comments. Ids are the vendor's, up to 2^53. `tags` in the vendor's order. What people wrote is in no repr."""

    id: int
    created_at: datetime
    updated_at: datetime
    status: Status
    subject: str = field(default="", repr=False)
    description: str = field(default="", repr=False)
    priority: Priority | None = None
    type: TicketType | None = None
    group_id: int | None = None
    assignee_id: int | None = None
    requester_id: int | None = None
    submitter_id: int | None = None
    organization_id: int | None = None
    problem_id: int | None = None
    has_incidents: bool = False
    external_id: str | None = None
    is_public: bool = True
    due_at: datetime | None = None
    channel: str = ""
    tags: tuple[str, ...] = ()
    collaborator_ids: tuple[int, ...] = ()
    follower_ids: tuple[int, ...] = ()
    email_cc_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Minutes:
    """One duration of a ticket by both clocks, in whole minutes: around the clock, and within the account's business hours.

    None until what it measures has happened.
    """

    calendar: int | None = None
    business: int | None = None


@dataclass(frozen=True, slots=True)
class TicketMetrics:
    """The vendor's own durations and counts of one ticket. `on_hold` starts at 0/0; every other duration at None/None."""

    id: int
    ticket_id: int
    created_at: datetime
    updated_at: datetime
    group_stations_count: int = 0
    assignee_stations_count: int = 0
    reopens_count: int = 0
    replies_count: int = 0
    assigned_at: datetime | None = None
    initially_assigned_at: datetime | None = None
    solved_at: datetime | None = None
    assignee_updated_at: datetime | None = None
    requester_updated_at: datetime | None = None
    status_updated_at: datetime | None = None
    latest_comment_added_at: datetime | None = None
    custom_status_updated_at: datetime | None = None
    reply_time: Minutes = Minutes()
    first_resolution_time: Minutes = Minutes()
    full_resolution_time: Minutes = Minutes()
    agent_wait_time: Minutes = Minutes()
    requester_wait_time: Minutes = Minutes()
    on_hold_time: Minutes = Minutes(0, 0)
    reply_time_s: int | None = None  # tickets of messaging alone


@dataclass(frozen=True, slots=True)
class Comment:
    """What is to be written into a ticket: for everybody on it, or, private, for agents alone. Kept out of every repr and log."""

    body: str = field(repr=False)
    is_public: bool = False


CAN_BE_UNSET = frozenset({"assignee_id", "group_id", "problem_id", "priority", "type", "external_id"})


@dataclass(frozen=True, slots=True)
class TicketChange:
    """What a write sets. None: not touched; `tags` () takes all away.

    `additional_tags`, `remove_tags`: for one change of many tickets alone.
    `unset`: names of CAN_BE_UNSET that become empty. ValueError: a name that cannot be, or one that is set and unset at once.
    """

    status: Status | None = None
    priority: Priority | None = None
    type: TicketType | None = None
    assignee_id: int | None = None
    group_id: int | None = None
    problem_id: int | None = None
    requester_id: int | None = None
    tags: tuple[str, ...] | None = None
    additional_tags: tuple[str, ...] | None = None
    remove_tags: tuple[str, ...] | None = None
    subject: str | None = field(default=None, repr=False)
    external_id: str | None = None
    comment: Comment | None = None
    unset: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        wrong = {name for name in self.unset if name not in CAN_BE_UNSET or getattr(self, name) is not None}
        if wrong:
            raise ValueError(f"cannot be unset in this change: {', '.join(sorted(wrong))}")

    @property
    def is_empty(self) -> bool:
        """Nothing is touched."""
        return not self.as_json()

    def as_json(self) -> dict[str, object]:
        """The members of the vendor's `ticket` object, only what is touched."""
        found: dict[str, object] = {}
        for name in ("status", "priority", "type"):
            word: StrEnum | None = getattr(self, name)
            if word is not None:
                found[name] = word.value
        for name in ("assignee_id", "group_id", "problem_id", "requester_id", "subject", "external_id"):
            value: object = getattr(self, name)
            if value is not None:
                found[name] = value
        for name in ("tags", "additional_tags", "remove_tags"):
            tags: tuple[str, ...] | None = getattr(self, name)
            if tags or (tags is not None and name == "tags"):
                found[name] = list(tags)
        if self.comment is not None:
            found["comment"] = {"body": self.comment.body, "public": self.comment.is_public}
        return found | dict.fromkeys(sorted(self.unset), None)


class TicketMetric(StrEnum):
    """What a clock of a ticket measures: the vendor's own names."""

    AGENT_WORK = "agent_work_time"
    PAUSABLE_UPDATE = "pausable_update_time"
    PERIODIC_UPDATE = "periodic_update_time"
    REPLY = "reply_time"
    REQUESTER_WAIT = "requester_wait_time"
    RESOLUTION = "resolution_time"


class EventType(StrEnum):
    """`measure` is sent by the vendor without being documented; it moves no clock."""

    ACTIVATE = "activate"
    PAUSE = "pause"
    FULFILL = "fulfill"
    APPLY_SLA = "apply_sla"
    BREACH = "breach"
    UPDATE_STATUS = "update_status"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class SlaTarget:
    """What a policy asks of one clock: `target_min` minutes (> 0), counted in business hours or around the clock."""

    target_min: int
    business_hours: bool
    policy_id: int | None = None
    policy_title: str = ""


@dataclass(frozen=True, slots=True)
class MetricEvent:
    """One event of one clock. `at` lies in the future for a breach that is written in advance; `deleted` (breach alone): it does not hold.

    `instance`: 1, 2, … for a metric that repeats, such as each reply; 0 where the vendor does not count. `type` None: a type that we have
    no name for, which moves no clock.
    """

    id: int
    ticket_id: int
    metric: TicketMetric
    instance: int
    type: EventType | None
    at: datetime
    sla: SlaTarget | None = None
    status: Minutes | None = None
    deleted: bool = False


class JobState(StrEnum):
    QUEUED = "queued"
    WORKING = "working"
    COMPLETED = "completed"
    FAILED = "failed"
    KILLED = "killed"


JOB_ENDED = frozenset({JobState.COMPLETED, JobState.FAILED, JobState.KILLED})


@dataclass(frozen=True, slots=True)
class JobItem:
    """What a job did with one of its items. `ticket_id` None: the vendor names only the place in the list. `error` empty: it went well."""

    index: int | None
    ticket_id: int | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A change of many tickets under way at the vendor. Items may have failed in a job that is completed.

    `total_count` and `progress_count` None: the vendor does not say (queued, or permanent deletes).
    """

    id: str
    state: JobState
    total_count: int | None = None
    progress_count: int | None = None
    message: str = ""
    items: tuple[JobItem, ...] = ()

    @property
    def failed(self) -> tuple[JobItem, ...]:
        return tuple(item for item in self.items if item.error)


@dataclass(frozen=True, slots=True)
class DeletedTicket:
    """One ticket of the trash. `previous_status` None: of a kind that we do not know."""

    id: int
    subject: str
    deleted_at: datetime
    actor_name: str = ""
    previous_status: Status | None = None


@dataclass(frozen=True, slots=True)
class User:
    """Somebody on a ticket, agent or not. `default_group_id`: an agent's own group; None: there is none, or it was not told."""

    id: int
    name: str
    default_group_id: int | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """What hangs on a ticket."""

    incidents_count: int
    followup_source_ids: tuple[int, ...] = ()
    from_archive: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there are, as of `refreshed_at`; None: the vendor is still counting, and `value` is at most 100,000."""

    value: int
    refreshed_at: datetime | None
