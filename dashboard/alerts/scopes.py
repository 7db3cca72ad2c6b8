"""What people call the lines and groups that a rule is about: "Support, Billing", and "group 360001" where nobody has told a name.

In:  a rule, or a feed's id; the vendor's groups and other rules' own words in the database. Out: text for pages, and for the incident
that the rule opens. What is stored and what the API says are the numbers. Must not ask the vendor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.domain.feeds import OF_GROUPS, Feed
from dashboard.mirror.names import names
from dashboard.models import Rule
from dashboard.models.rule import Kind
from dashboard.words.phrases import ENGLISH, Words

MOST_SIGNS = 80  # Incident.scope_name


@dataclass(frozen=True, slots=True)
class Known:
    """Names by the vendor's numbers."""

    groups: Mapping[int, str]
    lines: Mapping[int, str]

    def of(self, *, groups: bool) -> Mapping[int, str]:
        return self.groups if groups else self.lines


def known(account: str) -> Known:
    """The groups that the vendor has told, and what rules call a single line or group. No answer of the vendor names phone lines."""
    found: dict[str, dict[int, str]] = {"groups": {}, "lines": {}}
    said = Rule.objects.filter(account=account, deleted_at=None).exclude(scope_name="").order_by("pk")
    for line_ids, group_ids, scope_name in said.values_list("line_ids", "group_ids", "scope_name"):
        for which, ids in (("lines", line_ids), ("groups", group_ids)):
            if len(numbers := _numbers(ids)) == 1:
                found[which][numbers[0]] = scope_name
    return Known(found["groups"] | names(account, "group"), found["lines"])


def said(rule: Rule, told: Known | None = None, words: Words = ENGLISH) -> str:
    """What `rule` is about, in at most 80 signs: what its author calls it, else its lines and groups. "" where it is about everything.
    `told`: what is known of its account, where that has been read. DatabaseError."""
    groups, lines = _numbers(rule.group_ids), _numbers(rule.line_ids)
    if rule.scope_name or rule.kind not in (Kind.THRESHOLD, Kind.SPIKE) or not (groups or lines):
        return rule.scope_name
    by_name = known(rule.account) if told is None else told
    return _within([*_parts(groups, by_name.groups, "scope.group", words), *_parts(lines, by_name.lines, "scope.line", words)])


def of_feed(feed_id: str) -> str:
    """The same of the feed that an incident was opened by; "" for a text that is no feed's id. DatabaseError."""
    try:
        feed = Feed.parse(feed_id)
    except ValueError:
        return ""
    if not feed.filter_ids:
        return ""
    of_groups = feed.endpoint in OF_GROUPS
    key = "scope.group" if of_groups else "scope.line"
    return _within(_parts(feed.filter_ids, known(feed.account).of(groups=of_groups), key, ENGLISH))


def _numbers(ids: object) -> list[int]:
    """A rule that cannot be judged, because its scope is no list of numbers, opens an incident as well."""
    return [each for each in ids if type(each) is int] if isinstance(ids, list) else []


def _parts(ids: Sequence[int], by_id: Mapping[int, str], key: str, words: Words) -> list[str]:
    return [by_id.get(each) or words.say(key, id=str(each)) for each in ids]


def _within(parts: Sequence[str]) -> str:
    """As many as fit, and how many more: "Support, Billing +3"."""
    for count in range(len(parts), 0, -1):
        more = f" +{len(parts) - count}" if count < len(parts) else ""
        text = ", ".join(parts[:count]) + more
        if len(text) <= MOST_SIGNS:
            return text
    more = f" +{len(parts) - 1}" if len(parts) > 1 else ""
    return f"{parts[0][: MOST_SIGNS - 1 - len(more)]}…{more}" if parts else ""
