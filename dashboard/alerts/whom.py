"""Whom a rule tells, and after how long: its steps as stages of recipients, or the administrator where nobody is set.

In:  a rule, steps, groups, ADMIN_EMAIL. Out: stages with recipients who want to be told. Writes nothing but the administrator's own row.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction

from dashboard.models import Recipient, Role, Rule, User, Via
from dashboard.polling.quietly import OncePerMinute

logger = logging.getLogger(__name__)
_may_say = OncePerMinute()


@dataclass(frozen=True, slots=True)
class Stage:
    """Who is told `after_s` seconds after the opening. `number` counts from 0 in the order of `after_s`: it stands in `once`."""

    number: int
    after_s: int
    recipients: tuple[Recipient, ...]


def stages(rule: Rule) -> list[Stage]:
    """The rule's stages, the first first; each recipient once in a stage. Never silent: where its steps reach nobody (none are set, or
    all whom they name have left), the administrator is told at once. Empty only when there is no administrator who wants mail."""
    found: dict[int, dict[int, Recipient]] = {}
    for step in rule.steps.select_related("recipient").prefetch_related("group__members"):
        members = [step.recipient] if step.recipient is not None else list(step.group.members.all()) if step.group is not None else []
        wanting = {member.pk: member for member in members if wants(member)}
        found.setdefault(step.after_s, {}).update(wanting)
    if not any(found.values()):
        alone = administrator()
        return [Stage(0, 0, (alone,))] if alone is not None else []
    return [Stage(number, after_s, tuple(found[after_s].values())) for number, after_s in enumerate(sorted(found))]


def wants(recipient: Recipient) -> bool:
    """Whether this recipient is switched on and has not left."""
    return recipient.is_active and recipient.left_at is None


def administrator() -> Recipient | None:
    """The recipient of ADMIN_EMAIL (else of the first administrator's address), made when missing; None when there is no such person,
    or they do not want mail."""
    email = settings.ENV.admin_email or _first_administrator()
    if not email:
        _say("there is no administrator")
        return None
    email = email.lower()
    found = Recipient.objects.filter(via=Via.EMAIL, email=email).first() or _make(email)
    if not wants(found):
        _say("the administrator does not want mail")
        return None
    return found


def _say(why: str) -> None:
    if _may_say():
        logger.warning("A rule has nobody to tell: %s.", why)


def _first_administrator() -> str:
    known = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk").first()
    return known.email if known is not None else ""


def _make(email: str) -> Recipient:
    try:
        with transaction.atomic():
            return Recipient.objects.create(name="Administrator", via=Via.EMAIL, email=email, time_zone=settings.ACCOUNT_TIME_ZONE)
    except IntegrityError:  # another process was first
        return Recipient.objects.get(via=Via.EMAIL, email=email)
