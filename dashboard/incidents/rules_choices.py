"""What the form of a rule offers, and what it shows of a rule as it is.

In:  a rule, the catalogue, the recipients in the database. Out: choices and initial values for `rules_form`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.alerts.ticket_rows import language_of
from dashboard.domain.catalogue import CATALOGUE, Metric, Unit
from dashboard.domain.feeds import Endpoint
from dashboard.models import IncidentTicket, KnownName, Recipient, RecipientGroup, Rule, Step
from dashboard.sources.registry import ACCOUNT
from dashboard.words.tables import LANGUAGES

STEPS_COUNT = 5
SHOWN_TICKETS = 5
FEED_NAMES = {
    Endpoint.QUEUE: "The queue now",
    Endpoint.AGENTS: "The agents now",
    Endpoint.ACCOUNT: "The account's day",
    Endpoint.AGENTS_OVERVIEW: "All agents' day",
    Endpoint.TICKETS: "Tickets",
    Endpoint.TICKET_METRICS: "Tickets' times",
    Endpoint.SLA: "Service levels",
    Endpoint.CASES: "Kayako",
}
# The feeds that know no scope, with the reason.
UNSCOPED = {
    Endpoint.AGENTS_OVERVIEW: "Zendesk Talk has it neither by line nor by group",
    Endpoint.CASES: "Kayako knows nothing of Zendesk's lines and groups",
}


@dataclass(frozen=True, slots=True)
class StepDraft:
    """Whom to tell after how long; exactly one of the two is set."""

    after_s: int
    group_id: int | None
    recipient_id: int | None


def metric_choices() -> list[tuple[str, Any]]:
    """The whole catalogue, by the feed that a number comes with. A share says so: some stand beside a number of the same name."""
    return [
        (name, [(metric.name, _named(metric)) for metric in CATALOGUE.values() if metric.endpoint is endpoint and not metric.also])
        for endpoint, name in FEED_NAMES.items()
    ]


def _named(metric: Metric) -> str:
    return f"{metric.label} (%)" if metric.unit is Unit.RATIO else metric.label


def recipient_choices(rule: Rule) -> list[tuple[str, Any]]:
    """Groups and people who can be told; one who has left only where the rule names them already."""
    named = {step.recipient_id for step in steps_of(rule)}
    people = [
        person for person in Recipient.objects.order_by("name") if (person.is_active and person.left_at is None) or person.pk in named
    ]
    groups = [(f"group:{group.pk}", group.name) for group in RecipientGroup.objects.order_by("name")]
    found: list[tuple[str, Any]] = [("", "nobody")]
    if groups:
        found.append(("Groups", groups))
    found.append(("Recipients", [(f"recipient:{person.pk}", _said(person)) for person in people]))
    return found


def ticket_group_choices(rule: Rule) -> list[tuple[str, str]]:
    """The vendor's groups, by name; the rule's own also where the vendor no longer tells it."""
    rows = KnownName.objects.filter(account=ACCOUNT, what="group").order_by("name")
    found = [(str(vendor_id), name) for vendor_id, name in rows.values_list("vendor_id", "name")]
    own = rule.ticket_group_id
    if own is not None and str(own) not in dict(found):
        found.append((str(own), f"group {own}"))
    return [("", "as Zendesk's own rules decide"), *found]


def ticket_language_choices(rule: Rule) -> list[tuple[str, str]]:
    """The language of the account's boards, and each one by its own name."""
    return [("", f"as the boards: {LANGUAGES.get(language_of(rule.account), '')}"), *LANGUAGES.items()]


def newest_tickets(rule: Rule) -> list[IncidentTicket]:
    """The tickets that were opened for it last, the newest first."""
    if rule.pk is None:
        return []
    found = IncidentTicket.objects.filter(incident__rule=rule, ticket_id__isnull=False)
    return list(found.order_by("-created_at")[:SHOWN_TICKETS])


def initial_of(rule: Rule) -> dict[str, Any]:
    """What the form shows of a rule as it is."""
    found: dict[str, Any] = {
        name: getattr(rule, name)
        for name in (
            *("metric", "kind", "direction", "scope_name", "name", "is_enabled", "version"),
            *("opens_ticket", "ticket_language"),
            *("warning_enter", "warning_leave", "critical_enter", "critical_leave"),
            *("spike_floor", "spike_rise", "spike_times", "while_metric", "while_at_least"),
        )
    }
    found |= {
        "scope_ids": rule.group_ids or rule.line_ids,
        "warning_for": rule.warning_for_s,
        "critical_for": rule.critical_for_s,
        "keep": rule.keep_s,
        "cooldown": rule.cooldown_s,
        "reminder": rule.reminder_s,
        "ticket_group": "" if rule.ticket_group_id is None else str(rule.ticket_group_id),
    }
    for number, step in enumerate(steps_of(rule)[:STEPS_COUNT]):
        found[f"step_after_{number}"] = step.after_s // 60
        found[f"step_whom_{number}"] = f"group:{step.group_id}" if step.group_id else f"recipient:{step.recipient_id}"
    return found


def steps_of(rule: Rule) -> Sequence[Step]:
    """In the order of time; none of a rule that is not saved yet."""
    return list(rule.steps.all()) if rule.pk else []


def same_steps(steps: Iterable[Step], drafts: Iterable[StepDraft]) -> bool:
    """Whether saving would change nobody."""
    return [(step.after_s, step.group_id, step.recipient_id) for step in steps] == [
        (draft.after_s, draft.group_id, draft.recipient_id) for draft in drafts
    ]


def _said(person: Recipient) -> str:
    gone = " (has left)" if person.left_at else "" if person.is_active else " (switched off)"
    return f"{person.name}{gone}"
