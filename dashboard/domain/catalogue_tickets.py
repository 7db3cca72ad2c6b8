"""The catalogue's numbers of Zendesk's tickets: the backlog, what comes and goes, and the vendor's own durations of each ticket.

In:  nothing. Out: `TICKETS`, entries of the catalogue. Names are those of the bodies (`readings_tickets.py`); a duration's definition is
Zendesk's own, in our words.
"""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.domain import derive
from dashboard.domain.derive_tickets import net_flow
from dashboard.domain.feeds import Endpoint
from dashboard.domain.metric import Better, Metric, Unit
from dashboard.domain.thresholds import Threshold

_BACKLOG, _TIMES = Endpoint.TICKETS, Endpoint.TICKET_METRICS
_LOW, _HIGH, _NEITHER = Better.LOWER, Better.HIGHER, Better.NEITHER
# The ends of names, what they mean in a label and in a sentence.
SPANS = (("today", "today", "today"), ("7d", "7 days", "in the last 7 days"))


def _now(name: str, label: str, definition: str, better: Better = _NEITHER, formula: str | None = None) -> Metric:
    return Metric(name, label, Unit.COUNT, _BACKLOG, definition, derive.field(_BACKLOG, name), better=better, formula=formula)


def _status(status: str, label: str, says: str) -> Metric:
    return _now(f"tickets_{status}", label, says, _LOW if status in ("new", "open") else _NEITHER, f"count(status = {status})")


def _priority(priority: str, label: str) -> Metric:
    says = f"Unsolved tickets of {priority} priority." if priority else "Unsolved tickets that nobody has given a priority."
    better = _LOW if priority in ("urgent", "high") else _NEITHER
    formula = f"count(status is unsolved and priority {f'= {priority}' if priority else 'is null'})"
    return _now(f"tickets_{priority or 'no_priority'}", label, says, better, formula)


def _flow(name: str, label: str, definition: str, formula: str) -> Metric:
    return Metric(
        name,
        label,
        Unit.COUNT,
        _BACKLOG,
        definition,
        derive.field(_BACKLOG, name),
        better=_HIGH if "solved" in name else _NEITHER,
        formula=formula,
        daily_total=name.endswith("_today"),
    )


def _net(suffix: str, label: str, span: str) -> Metric:
    came, went = f"tickets_created_{suffix}", f"tickets_solved_{suffix}"
    says = f"How many more tickets were created than solved {span}; below 0 the backlog shrinks."
    return Metric(
        f"tickets_net_flow_{suffix}",
        label,
        Unit.COUNT,
        _BACKLOG,
        says,
        net_flow(came, went),
        better=_LOW,
        formula=f"{came} - {went}",
        signed=True,
    )


_UNSOLVED = "new, open, pending and on-hold tickets"

_NOW: tuple[Metric, ...] = (
    _now("tickets_unsolved", "Unsolved tickets", f"All {_UNSOLVED}.", _LOW, "count(status in new, open, pending, hold)"),
    _status("new", "New tickets", "Tickets that nobody has opened yet."),
    _status("open", "Open tickets", "Tickets that wait for an agent."),
    _status("pending", "Pending tickets", "Tickets that wait for their requester."),
    _status("hold", "Tickets on hold", "Tickets that wait for somebody else than the requester."),
    _now(
        "tickets_unassigned",
        "Unassigned tickets",
        "Unsolved tickets that no agent has taken.",
        _LOW,
        "count(status is unsolved and assignee_id is null)",
    ),
    _priority("urgent", "Urgent tickets"),
    _priority("high", "High priority tickets"),
    _priority("normal", "Normal priority tickets"),
    _priority("low", "Low priority tickets"),
    _priority("", "Tickets without priority"),
    Metric(
        "oldest_unsolved_age",
        "Oldest unsolved ticket",
        Unit.SECONDS,
        _BACKLOG,
        "How long ago the oldest unsolved ticket was created.",
        derive.field(_BACKLOG, "oldest_unsolved_age"),
        better=_LOW,
        formula="now - min(created_at), of unsolved tickets",
    ),
    _flow("tickets_created_today", "Tickets created today", "Tickets created today.", "count(created_at is today)"),
    _flow("tickets_solved_today", "Tickets solved today", "Tickets whose last solution is of today.", "count(solved_at is today)"),
    _net("today", "Net flow today", "today"),
    _flow(
        "tickets_created_in_last_hour",
        "Tickets created, last hour",
        "Tickets created in the last 60 minutes.",
        "count(created_at within 60 min)",
    ),
    _flow(
        "tickets_solved_in_last_hour",
        "Tickets solved, last hour",
        "Tickets whose last solution is of the last 60 minutes.",
        "count(solved_at within 60 min)",
    ),
    _net("in_last_hour", "Net flow, last hour", "in the last 60 minutes"),
    _now("tickets_in_account", "Tickets in the account", "All tickets of the account, whatever their status, as Zendesk counts them."),
)

# name, label, Zendesk's field, the clock (vendor's word), of which tickets, what the vendor measures; each as a median, some as a p90.
_REPLIED, _SOLVED = "first replied to", "solved"
_REPLY = "The time from a ticket's creation to the first public reply of an agent"
_DURATIONS: tuple[tuple[str, str, str, str, str, str, bool], ...] = (
    ("first_reply", "First reply", "reply_time_in_minutes", "calendar", _REPLIED, f"{_REPLY}, around the clock", True),
    ("first_reply_business", "First reply, business", "reply_time_in_minutes", "business", _REPLIED, f"{_REPLY}, in business hours", True),
    (
        "requester_wait",
        "Requester wait",
        "requester_wait_time_in_minutes",
        "calendar",
        _SOLVED,
        "The time a ticket spent new, open and on hold: its requester waited for us",
        True,
    ),
    (
        "agent_wait",
        "Agent wait",
        "agent_wait_time_in_minutes",
        "calendar",
        _SOLVED,
        "The time a ticket spent pending: its agent waited for the requester",
        True,
    ),
    ("on_hold", "On hold", "on_hold_time_in_minutes", "calendar", _SOLVED, "The time a ticket spent on hold", False),
    (
        "resolution",
        "Resolution",
        "full_resolution_time_in_minutes",
        "calendar",
        _SOLVED,
        "The time from a ticket's creation to its last solution, around the clock",
        True,
    ),
    (
        "resolution_business",
        "Resolution, business",
        "full_resolution_time_in_minutes",
        "business",
        _SOLVED,
        "The time from a ticket's creation to its last solution, in business hours",
        False,
    ),
)


def _times(suffix: str, label: str, span: str) -> Iterator[Metric]:
    yield _counted(f"first_reply_count_{suffix}", f"First replies, {label}", f"Tickets that got their first reply {span}.", "")
    for name, shown, field, clock, which, says, has_p90 in _DURATIONS:
        for part, word, means in (("median", "median", "half took no longer"), ("p90", "p90", "nine of ten took no longer"))[: 1 + has_p90]:
            yield Metric(
                f"{name}_{part}_{suffix}",
                f"{shown}, {word} {label}",
                Unit.SECONDS,
                _TIMES,
                f"{says}, of tickets {which} {span}; {means}.",
                derive.field(_TIMES, f"{name}_{part}_{suffix}"),
                better=_NEITHER if name == "agent_wait" else _LOW,
                formula=f"{word} of {field}.{clock}",
            )
    yield _counted(f"tickets_measured_{suffix}", f"Solved with times, {label}", f"Tickets solved {span} whose times Zendesk has told.", "")
    yield _counted(
        f"reopens_{suffix}", f"Reopens, {label}", f"How often tickets solved {span} had been reopened.", "sum(reopens)", better=_LOW
    )
    yield _counted(
        f"replies_to_resolution_{suffix}",
        f"Replies to resolution, {label}",
        f"All public replies of agents to tickets solved {span}.",
        "sum(replies)",
    )
    yield _counted(
        f"one_touch_{suffix}",
        f"One-touch tickets, {label}",
        f"Tickets solved {span} with one public reply at most and never reopened.",
        "count(replies <= 1 and reopens = 0)",
        better=_HIGH,
    )
    measured = f"tickets_measured_{suffix}"
    yield Metric(
        f"one_touch_ratio_{suffix}",
        f"One-touch share, {label}",
        Unit.RATIO,
        _TIMES,
        f"Share of tickets solved {span} that took one public reply at most and were never reopened.",
        derive.share(_TIMES, f"one_touch_{suffix}", measured),
        better=_HIGH,
        formula=f"one_touch_{suffix} / {measured}, from 10 tickets",
    )
    yield Metric(
        f"reopen_ratio_{suffix}",
        f"Reopens per solved ticket, {label}",
        Unit.RATIO,
        _TIMES,
        f"Reopens for each ticket solved {span}; above 100 % where tickets come back more than once.",
        derive.share(_TIMES, f"reopens_{suffix}", measured),
        better=_LOW,
        formula=f"reopens_{suffix} / {measured}, from 10 tickets",
        threshold=Threshold(0.10, 0.10, 0.09, 0.20, 0.18),
    )
    yield Metric(
        f"replies_per_ticket_{suffix}",
        f"Replies per ticket, {label}",
        Unit.COUNT,
        _TIMES,
        f"Mean of public replies to a ticket solved {span}.",
        derive.share(_TIMES, f"replies_to_resolution_{suffix}", measured),
        better=_LOW,
        formula=f"replies_to_resolution_{suffix} / {measured}, from 10 tickets",
    )


def _counted(name: str, label: str, definition: str, formula: str, *, better: Better = _NEITHER) -> Metric:
    return Metric(
        name,
        label,
        Unit.COUNT,
        _TIMES,
        definition,
        derive.field(_TIMES, name),
        better=better,
        formula=formula or "count(such tickets)",
        daily_total=name.endswith("_today"),
    )


TICKETS: tuple[Metric, ...] = (*_NOW, *(metric for span in SPANS for metric in _times(*span)))
