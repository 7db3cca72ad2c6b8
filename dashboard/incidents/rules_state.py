"""How each rule stands now, in words: what the list of rules says.

In:  rules, their open incidents, what workers hold of them in Redis, the time. Out: one `Standing` a rule.
Must not judge: what no worker has found is not said here either.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import redis as redis_py
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from dashboard.alerts import holding
from dashboard.alerts.paces import PACES
from dashboard.alerts.rules import feed_of
from dashboard.alerts.shown import passed_at
from dashboard.domain.amounts import clock, span
from dashboard.domain.feeds import Feed
from dashboard.models import Incident, Rule

logger = logging.getLogger(__name__)

COUNTED = timedelta(days=28)
# The workers write the time of every reading that they judge: older than so many intervals, it says nothing about now.
FRESH_INTERVALS, FRESH_LEAST_S = 4.0, 10.0


@dataclass(frozen=True, slots=True)
class Standing:
    """`word` names the state (and picks its icon), `text` says the rest; `is_muted`: it judges, but nobody is told."""

    word: str
    text: str
    is_muted: bool = False
    incident: Incident | None = None


def listed(now: datetime) -> QuerySet[Rule]:
    """The rules that are not deleted, with `opened_count` (28 days) and `last_opened_at`, and whom they tell."""
    newest = Incident.objects.filter(rule=OuterRef("pk")).order_by("-opened_at")
    return (
        Rule.objects.filter(deleted_at=None)
        .annotate(
            opened_count=Count("incidents", filter=Q(incidents__opened_at__gte=now - COUNTED)),
            last_opened_at=Subquery(newest.values("opened_at")[:1]),
            last_incident_id=Subquery(newest.values("pk")[:1]),
        )
        .prefetch_related("steps__group", "steps__recipient")
        .order_by("name", "pk")
    )


def standings(redis: redis_py.Redis, rules: Sequence[Rule], now: datetime) -> Mapping[int, Standing]:
    """By the rule's id. Without Redis nothing is said about what is pending."""
    opened = {incident.rule_id: incident for incident in Incident.objects.filter(rule__in=rules, resolved_at=None)}
    held = _held(redis, rules)
    return {rule.pk: _standing(redis, rule, opened.get(rule.pk), held, now) for rule in rules}


def _standing(
    redis: redis_py.Redis, rule: Rule, incident: Incident | None, held: Mapping[str, holding.Holding] | None, now: datetime
) -> Standing:
    muted = rule.muted_until is not None and rule.muted_until > now
    if rule.error:
        return Standing("error", f"switched off: {rule.error}")
    if incident is not None:
        since = f"for {span(max(0.0, (now - passed_at(incident)).total_seconds()))}"
        by = f" · {incident.acknowledged_by.partition('@')[0]} has it" if incident.acknowledged_by else ""
        return Standing(incident.state, f"{incident.severity}, {since}{by}", muted, incident)
    if not rule.is_enabled:
        return Standing("off", "not judged")
    if held is None:
        return Standing("unknown", "Redis does not answer", muted)
    return replace(_judged(rule, held.get(_scope(rule)), now, _fresh_s(redis, rule, now)), is_muted=muted)


def _fresh_s(redis: redis_py.Redis, rule: Rule, now: datetime) -> float:
    """For how long after the newest judged reading its word still stands. The tick judges what has no feed, once a second."""
    feed = feed_of(rule)
    try:
        interval_s = 1.0 if feed is None else PACES.interval_s(redis, feed, now)
    except redis_py.RedisError:
        interval_s = 1.0
    return max(FRESH_LEAST_S, FRESH_INTERVALS * interval_s)


def _judged(rule: Rule, found: holding.Holding | None, now: datetime, fresh_s: float) -> Standing:
    """By what a worker holds of an enabled rule without an open incident."""
    if found is None or found.at is None:
        return Standing("unknown", "not judged yet")
    if (now - found.at).total_seconds() > fresh_s:
        return Standing("unknown", f"no data for {span((now - found.at).total_seconds())}")
    kept = found.kept.get(rule.pk)
    if kept is None or not kept.held.pending or kept.version != rule.version:
        return Standing("ok", "")
    since_at = kept.held.warning_since or kept.held.critical_since or found.at
    return Standing("pending", f"beyond its limit for {clock((now - since_at).total_seconds())}")


def _held(redis: redis_py.Redis, rules: Sequence[Rule]) -> Mapping[str, holding.Holding] | None:
    try:
        return {scope: holding.load(redis, scope) for scope in {_scope(rule) for rule in rules if rule.is_enabled}}
    except redis_py.RedisError as error:
        logger.warning("What is pending cannot be shown: Redis does not answer (%s).", type(error).__name__)
        return None


def _scope(rule: Rule) -> str:
    feed: Feed | None = feed_of(rule)
    return rule.account if feed is None else feed.id
