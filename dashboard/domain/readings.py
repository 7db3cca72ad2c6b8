"""The typed answers of Zendesk Talk: one reading per feed and poll.

In:  the sources build them from JSON. Out: everything else reads them; nothing else looks at vendor JSON.
A field that the vendor did not send is None, never 0: fields marked Professional below are missing on the Team plan.
Counts are integers >= 0. Times (`*_time`, `*_duration`) are whole seconds >= 0. The names are the vendor's own.
Forwarding numbers and avatar addresses are dropped before they get here: a phone number cannot reach a wall.

The fields that end in `_15m`, `_30m` or `_60m` are ours: how much totals grew in so many minutes before the answer came, worked out
by the poller (`domain.lately`), so that whatever reads a reading or a series of them has these numbers too. No vendor's answer fills them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from dashboard.domain.feeds import Endpoint
from dashboard.domain.readings_tickets import KayakoCases, SlaState, TicketBacklog, TicketTimes

AgentState = Literal["online", "away", "transfers_only", "offline", "unknown"]
CallStatus = Literal["on_call", "wrap_up"]


@dataclass(frozen=True, slots=True)
class QueueActivity:
    """`current_queue_activity`: the live queue. All plans send all six; waits in seconds, over callers waiting now."""

    agents_online: int | None = None
    average_wait_time: int | None = None
    longest_wait_time: int | None = None
    calls_waiting: int | None = None
    callbacks_waiting: int | None = None
    embeddable_callbacks_waiting: int | None = None
    watched_60m: int | None = None
    in_target_60m: int | None = None


@dataclass(frozen=True, slots=True)
class AgentActivity:
    """One agent of `agents_activity`. `call_status` None means: neither on a call nor wrapping up."""

    agent_id: int
    name: str
    agent_state: AgentState
    call_status: CallStatus | None = None
    via: str | None = None
    available_time: int | None = None
    online_time: int | None = None
    away_time: int | None = None
    transfers_only_time: int | None = None
    calls_accepted: int | None = None
    calls_denied: int | None = None
    calls_missed: int | None = None
    total_call_duration: int | None = None
    total_talk_time: int | None = None
    total_wrap_up_time: int | None = None
    # Professional plan and above:
    accepted_transfers: int | None = None
    started_transfers: int | None = None
    calls_put_on_hold: int | None = None
    average_hold_time: int | None = None
    total_hold_time: int | None = None
    average_talk_time: int | None = None
    average_wrap_up_time: int | None = None
    accepted_third_party_conferences: int | None = None
    started_third_party_conferences: int | None = None


@dataclass(frozen=True, slots=True)
class AgentsActivity:
    """All pages of `agents_activity`, in the vendor's order."""

    agents: tuple[AgentActivity, ...] = ()
    calls_accepted_15m: int | None = None
    calls_accepted_30m: int | None = None
    calls_accepted_60m: int | None = None
    handle_time_15m: int | None = None
    handle_time_30m: int | None = None
    handle_time_60m: int | None = None
    online_time_15m: int | None = None
    online_time_30m: int | None = None
    online_time_60m: int | None = None


@dataclass(frozen=True, slots=True)
class AccountOverview:
    """`account_overview`: the account's calls from its own midnight to now."""

    average_call_duration: int | None = None
    average_queue_wait_time: int | None = None
    average_wrap_up_time: int | None = None
    max_calls_waiting: int | None = None
    max_queue_wait_time: int | None = None
    total_call_duration: int | None = None
    total_calls: int | None = None
    total_voicemails: int | None = None
    total_wrap_up_time: int | None = None
    # Professional plan and above:
    average_callback_wait_time: int | None = None
    average_hold_time: int | None = None
    average_time_to_answer: int | None = None
    total_callback_calls: int | None = None
    total_calls_abandoned_in_queue: int | None = None
    total_calls_outside_business_hours: int | None = None
    total_calls_with_exceeded_queue_wait_time: int | None = None
    total_calls_with_requested_voicemail: int | None = None
    total_hold_time: int | None = None
    total_inbound_calls: int | None = None
    total_outbound_calls: int | None = None
    total_textback_requests: int | None = None
    total_embeddable_callback_calls: int | None = None
    calls_15m: int | None = None
    calls_30m: int | None = None
    calls_60m: int | None = None
    inbound_calls_15m: int | None = None
    inbound_calls_30m: int | None = None
    inbound_calls_60m: int | None = None
    abandoned_calls_15m: int | None = None
    abandoned_calls_30m: int | None = None
    abandoned_calls_60m: int | None = None


@dataclass(frozen=True, slots=True)
class AgentsOverview:
    """`agents_overview`: all agents together, from the account's midnight to now."""

    average_wrap_up_time: int | None = None
    total_calls_accepted: int | None = None
    total_calls_denied: int | None = None
    total_calls_missed: int | None = None
    total_talk_time: int | None = None
    total_wrap_up_time: int | None = None
    # Professional plan and above:
    average_accepted_transfers: int | None = None
    average_calls_accepted: int | None = None
    average_calls_denied: int | None = None
    average_calls_missed: int | None = None
    average_calls_put_on_hold: int | None = None
    average_started_transfers: int | None = None
    average_available_time: int | None = None
    average_away_time: int | None = None
    average_online_time: int | None = None
    average_transfers_only_time: int | None = None
    average_hold_time: int | None = None
    average_talk_time: int | None = None
    total_accepted_transfers: int | None = None
    total_started_transfers: int | None = None
    total_calls_put_on_hold: int | None = None
    total_hold_time: int | None = None


Totals = QueueActivity | AccountOverview | AgentsOverview | TicketBacklog | TicketTimes | SlaState | KayakoCases
Body = Totals | AgentsActivity

# The endpoints whose whole answer is one object of plain numbers.
ANSWERS: Mapping[Endpoint, type[QueueActivity | AccountOverview | AgentsOverview]] = MappingProxyType(
    {Endpoint.QUEUE: QueueActivity, Endpoint.ACCOUNT: AccountOverview, Endpoint.AGENTS_OVERVIEW: AgentsOverview}
)
# The endpoints whose body is plain numbers (of tickets, with some rows beside them). The agents' is the other one: a list.
TOTALS: Mapping[Endpoint, type[Totals]] = MappingProxyType(
    {
        **ANSWERS,
        Endpoint.TICKETS: TicketBacklog,
        Endpoint.TICKET_METRICS: TicketTimes,
        Endpoint.SLA: SlaState,
        Endpoint.CASES: KayakoCases,
    }
)

_OURS = ("_15m", "_30m", "_60m")


def vendor_fields(kind: type[Body | AgentActivity]) -> tuple[str, ...]:
    """The fields of a body (or of an agent in it) that the vendor's answer fills."""
    return tuple(each.name for each in fields(kind) if not each.name.endswith(_OURS))


def number_fields(kind: type[Totals]) -> tuple[str, ...]:
    """The fields of a body that are numbers: all but its rows."""
    return tuple(each.name for each in fields(kind) if each.name != "rows")


def our_fields(kind: type[Body]) -> tuple[str, ...]:
    """The fields of a body that the poller fills."""
    return tuple(each.name for each in fields(kind) if each.name.endswith(_OURS))


@dataclass(frozen=True, slots=True)
class Reading:
    """One good answer: what it said and when its last byte arrived (`at`, aware UTC).

    `unknown` keeps, by the vendor's name, the fields of the answer that we have no name for
    (at most 50 plain values; for agents: of the first agent that has any), so that a new field is seen and not lost.
    """

    body: Body
    at: datetime
    unknown: Mapping[str, object] = field(default_factory=dict)
