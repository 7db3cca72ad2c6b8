"""The catalogue's numbers of Kayako's conversations (its cases): how many, how long, at the first contact or not.

In:  nothing. Out: `CASES`, entries of the catalogue. The durations are Kayako's own, of conversations resolved in the span.
"""

from __future__ import annotations

from dashboard.domain import derive
from dashboard.domain.feeds import Endpoint
from dashboard.domain.metric import Better, Metric, Unit
from dashboard.domain.thresholds import Threshold

_CASES = Endpoint.CASES
_LOW, _HIGH, _NEITHER = Better.LOWER, Better.HIGHER, Better.NEITHER
_TODAY, _WEEK = ("today", "today", "today"), ("7d", "7 days", "in the last 7 days")

Span = tuple[str, str, str]
Kind = tuple[str, str, str]  # the end of names, the label, what it measures


def _count(name: str, label: str, definition: str, formula: str, better: Better = _NEITHER) -> Metric:
    value = derive.field(_CASES, name)
    return Metric(name, label, Unit.COUNT, _CASES, definition, value, better=better, formula=formula, daily_total=name.endswith("_today"))


def _time(kind: Kind, field: str, part: str, span: Span) -> Metric:
    (what, label, says), (suffix, shown, when) = kind, span
    return Metric(
        f"case_{what}_{part}_{suffix}",
        f"Kayako: {label.lower()}, {part} {shown}",
        Unit.SECONDS,
        _CASES,
        f"{says}, of conversations resolved {when}; {'half' if part == 'median' else 'nine of ten'} took no longer.",
        derive.field(_CASES, f"case_{what}_{part}_{suffix}"),
        better=_LOW,
        formula=f"{part} of {field}",
    )


def _mean(name: str, label: str, definition: str, part: str, unit: Unit = Unit.COUNT, *, threshold: Threshold | None = None) -> Metric:
    whole = "cases_resolved_7d"
    value, formula = derive.share(_CASES, part, whole), f"{part} / {whole}, from 10 conversations"
    return Metric(name, label, unit, _CASES, definition, value, better=_LOW, formula=formula, threshold=threshold)


def _first_contact(span: Span) -> Metric:
    suffix, shown, when = span
    part, whole = f"first_contact_resolved_{suffix}", f"cases_resolved_{suffix}"
    return Metric(
        f"first_contact_ratio_{suffix}",
        f"First-contact resolution, {shown}",
        Unit.RATIO,
        _CASES,
        f"Share of the conversations resolved {when} that Kayako calls resolved at the first contact.",
        derive.share(_CASES, part, whole),
        better=_HIGH,
        formula=f"{part} / {whole}, from 10 conversations",
        threshold=Threshold(0.70, 0.70, 0.72, 0.50, 0.52, higher_is_worse=False),
    )


_RESPONSE = ("response", "Response", "Kayako's mean time of a conversation until an agent answered, around the clock")
_FIRST = ("first_response", "First response", "The time from a conversation's beginning to an agent's first answer, around the clock")
_WAIT = ("customer_wait", "Customer wait", "The time a customer waited for an agent, around the clock")
_AGENT = ("agent_wait", "Agent wait", "The time an agent waited for the customer, around the clock")
_RESOLVED = ("resolution", "Resolution", "The time from a conversation's beginning to its resolution, around the clock")


def _times(kind: Kind, field: str, *wanted: tuple[str, Span]) -> tuple[Metric, ...]:
    return tuple(_time(kind, field, part, span) for part, span in wanted)


CASES: tuple[Metric, ...] = (
    _count("cases_unresolved", "Kayako: unresolved", "Conversations that are neither completed nor closed.", "count(not resolved)", _LOW),
    _count("cases_created_today", "Kayako: new today", "Conversations that began today.", "count(created_at is today)"),
    _count("cases_resolved_today", "Kayako: resolved today", "Conversations resolved today.", "count(resolution_at is today)", _HIGH),
    _count(
        "cases_resolved_7d",
        "Kayako: resolved, 7 days",
        "Conversations resolved in the last 7 days.",
        "count(resolution_at in 7 days)",
        _HIGH,
    ),
    _count(
        "first_contact_resolved_today",
        "Kayako: at first contact today",
        "Conversations resolved today at the first contact.",
        "count(is_first_contact_resolved)",
        _HIGH,
    ),
    _count(
        "first_contact_resolved_7d",
        "Kayako: at first contact, 7 days",
        "Conversations resolved in the last 7 days at the first contact.",
        "count(is_first_contact_resolved)",
        _HIGH,
    ),
    _first_contact(_TODAY),
    _first_contact(_WEEK),
    *_times(_RESPONSE, "average_calendar_response_time", ("median", _TODAY), ("median", _WEEK)),
    *_times(_FIRST, "agent_first_calendar_response_time", ("median", _TODAY), ("median", _WEEK), ("p90", _WEEK)),
    *_times(_WAIT, "customer_calendar_wait_time", ("median", _WEEK)),
    *_times(_AGENT, "agent_calendar_wait_time", ("median", _WEEK)),
    *_times(_RESOLVED, "resolution_calendar_time", ("median", _TODAY), ("median", _WEEK), ("p90", _WEEK)),
    _count(
        "case_reopens_7d",
        "Kayako: reopens, 7 days",
        "How often conversations resolved in the last 7 days had been reopened.",
        "sum(reopen_count)",
        _LOW,
    ),
    _mean(
        "case_reopen_ratio_7d",
        "Kayako: reopens per conversation, 7 days",
        "Reopens for each conversation resolved in the last 7 days.",
        "case_reopens_7d",
        Unit.RATIO,
        threshold=Threshold(0.10, 0.10, 0.09, 0.20, 0.18),
    ),
    _count(
        "case_touches_7d",
        "Kayako: touches, 7 days",
        "All touches of agents on conversations resolved in the last 7 days.",
        "sum(agent_touch_count)",
    ),
    _mean(
        "case_touches_per_case_7d",
        "Kayako: touches per conversation, 7 days",
        "Mean of agents' touches on a conversation resolved in the last 7 days.",
        "case_touches_7d",
    ),
    _count(
        "case_replies_7d",
        "Kayako: replies, 7 days",
        "All replies to conversations resolved in the last 7 days.",
        "sum(replies_to_resolution)",
    ),
    _mean(
        "case_replies_per_case_7d",
        "Kayako: replies per conversation, 7 days",
        "Mean of replies to a conversation resolved in the last 7 days.",
        "case_replies_7d",
    ),
)
