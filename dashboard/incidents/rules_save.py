"""Changes rules: each change is one transaction, counts the rule's version up and keeps who made it; workers are told once it is certain.

In:  a rule with its new values, who changed it. Out: rows. What is open is closed when the rule is switched off, deleted or judges
another number.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from dashboard.alerts import incidents, outbox
from dashboard.alerts import rules as alert_rules
from dashboard.incidents.rules_choices import StepDraft, same_steps
from dashboard.models import Incident, Rule, Step
from dashboard.store.connection import client

logger = logging.getLogger(__name__)


class ChangedMeanwhileError(Exception):
    """Somebody else saved the rule since the form was opened; the message names them."""


def save_rule(rule: Rule, steps: Sequence[StepDraft], *, version: int | None, by: str, now: datetime) -> None:
    """Saves a new rule, or a changed one whose row still has `version`. ChangedMeanwhileError otherwise: nothing is changed then."""
    with transaction.atomic():
        before = Rule.objects.select_for_update().filter(pk=rule.pk).first() if rule.pk else None
        if before is not None:
            if before.deleted_at is not None or (version is not None and before.version != version):
                what = "deleted" if before.deleted_at else "changed"
                who = before.changed_by or "Somebody"
                raise ChangedMeanwhileError(f"{who} has {what} this rule since you opened it. Load the page again to see it as it is now.")
            rule.version = before.version + 1
        rule.error, rule.error_at, rule.changed_by = "", None, by
        rule.save()
        if before is None or not same_steps(before.steps.all(), steps):
            rule.steps.all().delete()
            Step.objects.bulk_create(
                Step(rule=rule, after_s=step.after_s, group_id=step.group_id, recipient_id=step.recipient_id) for step in steps
            )
        if before is not None:
            _close_if_pointless(before, rule, now)
        _tell_workers(rule.pk, by)


def delete_rule(rule: Rule, *, by: str, now: datetime) -> None:
    """The row stays, for the incidents' sake; nothing is judged by it any more."""
    with transaction.atomic():
        held = Rule.objects.select_for_update().get(pk=rule.pk)
        if held.deleted_at is None:
            held.deleted_at, held.is_enabled, held.changed_by, held.version = now, False, by, held.version + 1
            held.save()
            _close(held, f"The rule was deleted by {by}.", now)
        _tell_workers(rule.pk, by)


def mute_rule(rule: Rule, until: datetime | None, *, by: str) -> None:
    """Nobody is told of the rule until then; None: from now on again. What is judged stays the same, so the version does too."""
    with transaction.atomic():
        Rule.objects.filter(pk=rule.pk).update(muted_until=until, changed_by=by)
        _tell_workers(rule.pk, by)


def _close_if_pointless(before: Rule, after: Rule, now: datetime) -> None:
    if before.error:
        _close(after, f"The rule was saved again by {after.changed_by}.", now, scope=incidents.failed_scope(after))
    if before.is_enabled and not after.is_enabled:
        _close(after, f"The rule was switched off by {after.changed_by}.", now)
    elif _judged(before) != _judged(after):
        _close(after, f"The rule was changed by {after.changed_by} and judges something else now.", now)


def _judged(rule: Rule) -> tuple[object, ...]:
    """What number of what scope a rule looks at; a change of its limits keeps what is open."""
    return rule.kind, rule.account, rule.metric, rule.direction, tuple(rule.line_ids), tuple(rule.group_ids)


def _close(rule: Rule, why: str, now: datetime, *, scope: str | None = None) -> None:
    found = Incident.objects.filter(rule=rule, resolved_at=None)
    for pk in (found if scope is None else found.filter(scope=scope)).values_list("pk", flat=True):
        incidents.close(pk, why, now)
        transaction.on_commit(lambda: outbox.announce(client()))


def _tell_workers(rule_id: int, by: str) -> None:
    logger.info("Rule %s was changed by %s.", rule_id, by)
    transaction.on_commit(lambda: alert_rules.changed(client()))
