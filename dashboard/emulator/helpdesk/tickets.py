"""A ticket of the emulated company, with everything that the vendor keeps of it.

In:  nothing. Out: `Ticket`, its `Comment`s, its `Figures` (what becomes the ticket metrics) and the `Event`s of its clocks.
Must not act: `lifecycle` moves tickets, `clocks` their clocks. All times are whole milliseconds since 1970 that fall on whole seconds,
because that is all the vendor tells of a time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dashboard.emulator.helpdesk.policies import Policy, Target

if TYPE_CHECKING:
    from dashboard.emulator.helpdesk.clocks import Clock

NEW, OPEN, PENDING, HOLD, SOLVED, CLOSED = "new", "open", "pending", "hold", "solved", "closed"
STATUSES = (NEW, OPEN, PENDING, HOLD, SOLVED, CLOSED)
UNSOLVED = (NEW, OPEN, PENDING, HOLD)
PRIORITIES = ("urgent", "high", "normal", "low")
TYPES = ("problem", "incident", "question", "task")


@dataclass(slots=True, eq=False)
class Event:
    """One event of one clock, as the vendor lists them. Of a breach `at_ms` may lie in the future, and `deleted` takes it back.

    `sla` (apply_sla alone): the policy and its target, or None when the ticket has lost its target. `status` (update_status alone):
    minutes around the clock and in business hours.
    """

    id: int
    ticket_id: int
    metric: str
    instance: int
    type: str
    at_ms: int
    sla: tuple[Policy, Target] | None = None
    status: tuple[int, int] | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment. `body` is empty for those that the simulation makes: no endpoint tells them."""

    at_ms: int
    author_id: int
    is_public: bool
    body: str = ""


@dataclass(slots=True)
class Span:
    """A duration by both clocks, milliseconds."""

    calendar_ms: int = 0
    business_ms: int = 0

    def add(self, calendar_ms: int, business_ms: int) -> None:
        self.calendar_ms += calendar_ms
        self.business_ms += business_ms

    def minutes(self) -> tuple[int, int]:
        """Whole minutes around the clock and in business hours, rounded down."""
        return self.calendar_ms // 60_000, self.business_ms // 60_000


@dataclass(slots=True)
class Figures:
    """What the vendor's ticket metrics tell. None: it has not happened yet.

    `requester_wait` and `agent_wait` fill when a stay in such a status ends; `status_since_ms` is when the present stay began.
    """

    group_stations: int = 0
    assignee_stations: int = 0
    reopens: int = 0
    replies: int = 0
    initially_assigned_ms: int | None = None
    assigned_ms: int | None = None
    solved_ms: int | None = None
    assignee_updated_ms: int | None = None
    requester_updated_ms: int | None = None
    status_updated_ms: int | None = None
    latest_comment_ms: int | None = None
    status_since_ms: int = 0
    reply: Span | None = None
    first_resolution: Span | None = None
    full_resolution: Span | None = None
    requester_wait: Span | None = None
    agent_wait: Span | None = None
    on_hold: Span = field(default_factory=Span)


@dataclass(slots=True, eq=False)
class Ticket:
    """One ticket. Ids as the vendor's. `steps` counts what chance has decided about it, so that each decision has a stream of its own.

    `clocks` holds the present instance of each clock by metric, `old_clocks` the instances before. `given_to`: the agent to whom a
    client has assigned it; None: nobody has said who is to have it. `deleted_ms`: when it went into the trash, `deleted_by` who put it
    there; None: it is not there.
    """

    id: int
    created_ms: int
    updated_ms: int
    subject: str
    requester_id: int
    submitter_id: int
    status: str = NEW
    description: str = ""
    channel: str = "web"
    priority: str | None = None
    type: str | None = None
    group_id: int | None = None
    assignee_id: int | None = None
    organization_id: int | None = None
    problem_id: int | None = None
    external_id: str | None = None
    is_public: bool = True
    due_ms: int | None = None
    call_id: int | None = None
    tags: list[str] = field(default_factory=list)
    custom_fields: list[dict[str, object]] = field(default_factory=list)
    collaborator_ids: list[int] = field(default_factory=list)
    follower_ids: list[int] = field(default_factory=list)
    email_cc_ids: list[int] = field(default_factory=list)
    followup_ids: list[int] = field(default_factory=list)
    followup_source_ids: list[int] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    clocks: dict[str, Clock] = field(default_factory=dict)
    old_clocks: list[Clock] = field(default_factory=list)
    figures: Figures = field(default_factory=Figures)
    policy: Policy | None = None
    steps: int = 0
    turn: int = 0
    given_to: int | None = None
    deleted_ms: int | None = None
    deleted_by: int | None = None

    @property
    def is_unsolved(self) -> bool:
        return self.status in UNSOLVED

    def all_clocks(self) -> list[Clock]:
        """Every instance of every clock, the old ones first."""
        return [*self.old_clocks, *self.clocks.values()]
