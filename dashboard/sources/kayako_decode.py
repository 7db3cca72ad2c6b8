"""Kayako's JSON of conversations and their metrics as the types of domain/tickets.py.

In:  one object, the name of its place, and what the answer includes beside it. Out: the type. Every field may be missing. Times come with
any offset; those of 1970 are Kayako's "never". Two fields are spelt in two ways. SourceError (invalid) names the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from dashboard.domain.cases import Case, CaseMetrics
from dashboard.sources import values

# Kayako was not there yet; an epoch with an offset of some hours is still "never".
_NEVER_BEFORE = datetime(1971, 1, 1, tzinfo=UTC)
# A conversation that is put away is told by its state, not by its status.
_PUT_AWAY = frozenset({"trash", "suspended", "spam"})

Included = Mapping[str, object]


def case(answer: object, what: str, included: Included | None = None) -> Case:
    """One conversation of a list. `included`: the `resources` of the answer, for what is only referred to."""
    found = values.mapping(answer, what)

    def at(name: str) -> datetime | None:
        return _moment(found.get(name), f"{what}.{name}")

    # One of the two is enough: a single conversation without the other must not hold up the list.
    created_at = at("created_at") or at("updated_at") or values.moment(found.get("created_at"), f"{what}.created_at")
    updated_at = at("updated_at") or created_at
    activities = [updated_at, created_at, at("last_agent_activity_at"), at("last_customer_activity_at")]
    state = values.line(found.get("state"), f"{what}.state").lower()
    return Case(
        id=values.identity(found.get("id"), f"{what}.id", least=1),
        subject=values.line(found.get("subject"), f"{what}.subject"),
        status=state if state in _PUT_AWAY else _word(found.get("status"), f"{what}.status", included or {}),
        created_at=created_at,
        updated_at=updated_at,
        last_activity_at=max(each for each in activities if each is not None),
        priority=_word(found.get("priority"), f"{what}.priority", included or {}),
        team_id=_reference(found.get("assigned_team"), f"{what}.assigned_team"),
        assignee_id=_reference(found.get("assigned_agent") or found.get("assignee"), f"{what}.assigned_agent"),
    )


def case_metrics(answer: object, what: str, case_id: int) -> CaseMetrics:
    """The metrics of one conversation; they do not say of which, so the asker does."""
    found = values.mapping(answer, what)

    def at(*names: str) -> datetime | None:
        told = (_moment(found.get(name), f"{what}.{name}") for name in names)
        return next((each for each in told if each is not None), None)

    def number(name: str) -> int | None:
        return values.count(found.get(name), f"{what}.{name}")

    def yes(name: str) -> bool | None:
        return None if found.get(name) is None else values.flag(found.get(name), f"{what}.{name}", absent=False)

    return CaseMetrics(
        case_id=case_id,
        is_first_contact_resolved=yes("is_first_contact_resolved"),
        was_reopened=yes("was_reopened"),
        resolution_at=at("resolution_at"),
        last_reopened_at=at("last_reopened_at", "last_reopen_at"),
        first_assignment_at=at("first_assignment_at"),
        last_assignment_at=at("last_assignment_at"),
        last_reply_by_agent_at=at("last_reply_by_agent_at"),
        last_reply_by_requester_at=at("last_reply_by_requester_at"),
        agent_updated_at=at("agent_updated_at", "agent_update_at"),
        resolution_calendar_s=number("resolution_calendar_time"),
        resolution_business_s=number("resolution_business_time"),
        average_response_calendar_s=number("average_calendar_response_time"),
        average_response_business_s=number("average_business_response_time"),
        first_response_calendar_s=number("agent_first_calendar_response_time"),
        first_response_business_s=number("agent_first_business_response_time"),
        agent_wait_calendar_s=number("agent_calendar_wait_time"),
        agent_wait_business_s=number("agent_business_wait_time"),
        customer_wait_calendar_s=number("customer_calendar_wait_time"),
        customer_wait_business_s=number("customer_business_wait_time"),
        reopen_count=number("reopen_count"),
        agents_to_resolution_count=number("agents_to_resolution"),
        replies_to_resolution_count=number("replies_to_resolution"),
        agent_reply_count=number("agent_reply_count"),
        requester_reply_count=number("requester_reply_count"),
        assignee_change_count=number("assignee_change_count"),
        team_change_count=number("team_change_count"),
        agent_touch_count=number("agent_touch_count"),
    )


def included(body: Mapping[str, object]) -> Included:
    """`resources` of an answer: what its data refers to, by kind and id; empty where it has none."""
    found = body.get("resources")
    return found if isinstance(found, dict) else {}


def _moment(value: object, what: str) -> datetime | None:
    found = values.moment_or_none(value, what)
    return None if found is None or found < _NEVER_BEFORE else found


def _reference(value: object, what: str) -> int | None:
    """The id of `{"id": …, "resource_type": …}`; None where nobody is referred to."""
    return None if value is None else values.reference(values.mapping(value, what).get("id"), f"{what}.id") or None


def _word(value: object, what: str, beside: Included) -> str:
    """A status or a priority as one lower-case word: the type that every language shares, or its label; empty where only an id is told."""
    if not isinstance(value, dict):
        return values.line(value, what, 40).lower()
    by_id = beside.get(str(value.get("resource_type")))
    more = by_id.get(str(value.get("id"))) if isinstance(by_id, dict) else None
    full = {**(more if isinstance(more, dict) else {}), **value}
    kind = values.line(full.get("type"), f"{what}.type", 40).lower()
    return kind if kind and kind != "custom" else values.line(full.get("label"), f"{what}.label", 40).lower()
