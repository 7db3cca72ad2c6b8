"""What polls of the ticket feeds say: whole numbers over all tickets of a feed's groups, and a few rows of them.

In:  the mirror works these out from the tickets that it knows. Out: the catalogue, frames, rules, history read them.
None: cannot be said yet. Counts are >= 0, times whole seconds >= 0. `rows` are for tables and lists, and are not kept in series.
"today" runs from the account's midnight to the reading, "7d" over the seven days before it. Names that end in a span of minutes are
written out (`in_last_hour`), since a suffix such as `_60m` marks what the poller works out from differences.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BacklogRow:
    """Unsolved tickets of one group; `group_id` 0: of no group. `name` empty: the vendor did not tell it."""

    group_id: int
    name: str = ""
    new: int = 0
    open: int = 0
    pending: int = 0
    hold: int = 0
    urgent: int = 0
    high: int = 0
    normal: int = 0
    low: int = 0
    no_priority: int = 0


@dataclass(frozen=True, slots=True)
class TicketBacklog:
    """Feed `tickets`: what is unsolved now, and what came and went. Trash is not counted."""

    tickets_new: int | None = None
    tickets_open: int | None = None
    tickets_pending: int | None = None
    tickets_hold: int | None = None
    tickets_unsolved: int | None = None
    tickets_unassigned: int | None = None
    tickets_urgent: int | None = None
    tickets_high: int | None = None
    tickets_normal: int | None = None
    tickets_low: int | None = None
    tickets_no_priority: int | None = None
    tickets_in_account: int | None = None  # the vendor's own count, all statuses; of the whole account whatever the groups
    tickets_created_today: int | None = None
    tickets_solved_today: int | None = None
    tickets_created_in_last_hour: int | None = None
    tickets_solved_in_last_hour: int | None = None
    oldest_unsolved_age: int | None = None
    rows: tuple[BacklogRow, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketTimes:
    """Feed `ticket_metrics`: the vendor's durations of tickets replied to or solved in a span, around the clock and in business hours.

    `*_count` is of how many tickets a median or p90 speaks.
    """

    first_reply_count_today: int | None = None
    first_reply_median_today: int | None = None
    first_reply_p90_today: int | None = None
    first_reply_business_median_today: int | None = None
    first_reply_business_p90_today: int | None = None
    first_reply_count_7d: int | None = None
    first_reply_median_7d: int | None = None
    first_reply_p90_7d: int | None = None
    first_reply_business_median_7d: int | None = None
    first_reply_business_p90_7d: int | None = None
    tickets_measured_today: int | None = None  # solved, with metrics
    requester_wait_median_today: int | None = None
    requester_wait_p90_today: int | None = None
    agent_wait_median_today: int | None = None
    agent_wait_p90_today: int | None = None
    on_hold_median_today: int | None = None
    resolution_median_today: int | None = None
    resolution_p90_today: int | None = None
    resolution_business_median_today: int | None = None
    reopens_today: int | None = None
    replies_to_resolution_today: int | None = None  # all public replies of those tickets
    one_touch_today: int | None = None
    tickets_measured_7d: int | None = None
    requester_wait_median_7d: int | None = None
    requester_wait_p90_7d: int | None = None
    agent_wait_median_7d: int | None = None
    agent_wait_p90_7d: int | None = None
    on_hold_median_7d: int | None = None
    resolution_median_7d: int | None = None
    resolution_p90_7d: int | None = None
    resolution_business_median_7d: int | None = None
    reopens_7d: int | None = None
    replies_to_resolution_7d: int | None = None
    one_touch_7d: int | None = None


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One metric of one policy: what is missed or nearly now, and what was decided in seven days. `metric` is the vendor's word."""

    policy_id: int
    title: str
    metric: str
    breached: int = 0
    breaching: int = 0
    met: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True)
class SlaState:
    """Feed `ticket_metric_events`: targets missed now, about to be, and decided. `met_*` and `missed_*` with the vendor's metric name."""

    sla_breached: int | None = None
    sla_breaching_in_15: int | None = None
    sla_breaching_in_30: int | None = None
    sla_breaching_in_60: int | None = None
    sla_next_breach_left: int | None = None  # seconds to the next announced breach; None as well when none is announced
    sla_met_today: int | None = None
    sla_missed_today: int | None = None
    sla_met_7d: int | None = None
    sla_missed_7d: int | None = None
    met_reply_time_7d: int | None = None
    missed_reply_time_7d: int | None = None
    met_resolution_time_7d: int | None = None
    missed_resolution_time_7d: int | None = None
    met_requester_wait_time_7d: int | None = None
    missed_requester_wait_time_7d: int | None = None
    met_agent_work_time_7d: int | None = None
    missed_agent_work_time_7d: int | None = None
    met_pausable_update_time_7d: int | None = None
    missed_pausable_update_time_7d: int | None = None
    met_periodic_update_time_7d: int | None = None
    missed_periodic_update_time_7d: int | None = None
    rows: tuple[PolicyRow, ...] = ()


@dataclass(frozen=True, slots=True)
class KayakoCases:
    """Feed `kayako_cases`: conversations, and those resolved in a span. Durations in seconds."""

    cases_unresolved: int | None = None
    cases_created_today: int | None = None
    cases_resolved_today: int | None = None
    cases_resolved_7d: int | None = None
    first_contact_resolved_today: int | None = None
    first_contact_resolved_7d: int | None = None
    case_response_median_today: int | None = None
    case_response_median_7d: int | None = None
    case_first_response_median_today: int | None = None
    case_first_response_median_7d: int | None = None
    case_first_response_p90_7d: int | None = None
    case_customer_wait_median_7d: int | None = None
    case_agent_wait_median_7d: int | None = None
    case_resolution_median_today: int | None = None
    case_resolution_median_7d: int | None = None
    case_resolution_p90_7d: int | None = None
    case_reopens_7d: int | None = None
    case_touches_7d: int | None = None
    case_replies_7d: int | None = None
