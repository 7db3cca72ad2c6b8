"""The rules as they are judged: each row's pure form, its feed, its scope; and what becomes of one that cannot be judged.

In:  rows of `models.Rule`. Out: `RuleSpec`s by feed, for judge.py and lost.py; a rule that fails is switched to error and reported.
Must not judge.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import nan

import redis as redis_py
from django.db import transaction
from django.db.models import F

from dashboard.alerts import incidents
from dashboard.domain.feeds import Feed
from dashboard.domain.rules import Limit, RuleKind, RuleSpec, Spike, problems
from dashboard.models import Direction, Rule
from dashboard.polling import judged as judged_rules
from dashboard.polling.judged import Judged
from dashboard.store import keys

logger = logging.getLogger(__name__)

LONGEST_ERROR = 300


def spec_of(rule: Rule) -> RuleSpec:
    """The pure form of a row, whatever stands in it: `domain.rules.problems` says what is wrong with it. A missing leave value is the
    enter value."""
    kind = RuleKind(rule.kind) if rule.kind in _KINDS else RuleKind.THRESHOLD
    spike = None
    if kind is RuleKind.SPIKE:
        spike = Spike(*(nan if value is None else value for value in (rule.spike_floor, rule.spike_rise, rule.spike_times)))
    return RuleSpec(
        kind=kind,
        metric=rule.metric,
        higher_is_worse=rule.direction != Direction.BELOW,
        # A spike's warning lines come from the baseline; the row tells only for how long.
        warning=Limit(0.0, 0.0, rule.warning_for_s) if spike else _limit(rule.warning_enter, rule.warning_leave, rule.warning_for_s),
        critical=_limit(rule.critical_enter, rule.critical_leave, rule.critical_for_s),
        spike=spike,
        keep_s=rule.keep_s,
        while_metric=rule.while_metric,
        while_at_least=0.0 if rule.while_at_least is None else rule.while_at_least,
    )


def feed_of(rule: Rule) -> Feed | None:
    """The feed that a rule is judged by; None for lost and source, and for one that cannot be judged at all."""
    return judged_rules.feed_of(rule)


def scope_of(rule: Rule) -> str:
    """What an incident of this rule is about: the feed's id, or the account where the rule is about the data itself."""
    feed = feed_of(rule)
    return rule.account if feed is None else feed.id


def changed(redis: redis_py.Redis) -> None:
    """Lets every worker load the rules anew at once. Call it after the save is committed. Redis away: they do within 5 s."""
    try:
        redis.incr(keys.RULES_VERSION)
    except redis_py.RedisError as error:
        logger.warning("Workers learn of a changed rule a few seconds late: Redis does not answer (%s).", type(error).__name__)


def judged() -> list[Rule]:
    """The rules that are to be judged, from the database: enabled, not deleted, without an error."""
    return list(Rule.objects.filter(is_enabled=True, error="", deleted_at=None).order_by("pk"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule, ready to be judged. `scope` as of `scope_of`."""

    rule: Rule
    spec: RuleSpec
    scope: str


@dataclass(frozen=True, slots=True)
class Book:
    """All rules by what they are judged by: a feed, the account for lost and source, each watched screen for those of screens.
    `broken`: those that cannot be, and why."""

    by_feed: Mapping[Feed, tuple[Entry, ...]] = field(default_factory=dict)
    by_account: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    of_screens: tuple[Entry, ...] = ()
    broken: tuple[tuple[Rule, str], ...] = ()


def book(redis: redis_py.Redis) -> Book:
    """The rules as they are judged now, at most 5 s old and never older than the last `changed`. RedisError; DatabaseError when they were
    never read."""
    return _SHELF.book(judged_rules.judged(redis))


def switch_off(redis: redis_py.Redis, rule: Rule, why: str, now: datetime) -> bool:
    """Switches a rule that cannot be judged to error and reports it, once. False: somebody has changed it or was first.

    `why`: one sentence for the rules page and the mail. DatabaseError when it cannot be written; the next reading tries again.
    """
    sentence = why[:LONGEST_ERROR]
    with transaction.atomic():
        mine = Rule.objects.filter(pk=rule.pk, version=rule.version, error="")
        if not mine.update(error=sentence, error_at=now, version=F("version") + 1):
            return False
        rule.refresh_from_db()
        incidents.rule_failed(rule, sentence, now)
    logger.error("The rule %r (%d) cannot be judged and is switched off until it is saved again: %s", rule.name, rule.pk, sentence)
    changed(redis)
    return True


class _Shelf:
    """Keeps the book made of the last loading, so that rules are worked out once and not at every reading."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: tuple[Judged, Book] | None = None

    def book(self, found: Judged) -> Book:
        with self._lock:
            if self._made is None or self._made[0] is not found:
                self._made = (found, _book(found.rules))
            return self._made[1]


_SHELF = _Shelf()
_KINDS = frozenset(RuleKind)


def _book(rules: tuple[Rule, ...]) -> Book:
    by_feed: defaultdict[Feed, list[Entry]] = defaultdict(list)
    by_account: defaultdict[str, list[Entry]] = defaultdict(list)
    of_screens: list[Entry] = []
    broken: list[tuple[Rule, str]] = []
    for rule in rules:
        spec, feed = spec_of(rule), feed_of(rule)
        wrong = problems(spec)
        if wrong:
            broken.append((rule, wrong[0].message))
        elif spec.kind in (RuleKind.LOST, RuleKind.SOURCE):
            by_account[rule.account].append(Entry(rule, spec, rule.account))
        elif spec.kind is RuleKind.SCREEN:
            of_screens.append(Entry(rule, spec, rule.account))
        elif feed is None:
            broken.append((rule, "Its lines or groups are no list of numbers."))
        else:
            by_feed[feed].append(Entry(rule, spec, feed.id))
    return Book(
        {feed: tuple(entries) for feed, entries in by_feed.items()},
        {account: tuple(entries) for account, entries in by_account.items()},
        tuple(of_screens),
        tuple(broken),
    )


def _limit(enter: float | None, leave: float | None, for_s: float) -> Limit | None:
    return None if enter is None else Limit(enter, enter if leave is None else leave, for_s)
