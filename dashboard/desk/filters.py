"""By what the list can be narrowed, as choices of a form: groups, assignees, statuses, priorities, each with any number of values.

In:  what the address asks for, who and which groups there are. Out: labels and boxes. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.desk.narrowing import NONE, PRIORITIES, STATUSES, Wanted
from dashboard.desk.people import Choices

SAID_COUNT = 2
# With more than these a field finds one by its name.
LONG = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One box. `value`: as the address has it."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One part of the form. `said`: what is chosen, in a few words."""

    name: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def said(self) -> str:
        texts = [each.text for each in self.choices if each.is_chosen]
        more = f" and {len(texts) - SAID_COUNT} more" if len(texts) > SAID_COUNT else ""
        return f"{', '.join(texts[:SAID_COUNT])}{more}" if texts else "all"

    @property
    def count(self) -> int:
        return sum(each.is_chosen for each in self.choices)

    @property
    def is_long(self) -> bool:
        return len(self.choices) > LONG


def filters(wanted: Wanted, groups: Choices, assignees: Choices) -> tuple[Filter, ...]:
    """The four, with what is wanted chosen. `groups` and `assignees` hold at least those that are wanted."""
    return (
        Filter("group", "Group", _choices([("0", "no group"), *_numbered(groups)], map(str, wanted.groups))),
        Filter("assignee", "Assignee", _choices([("0", "nobody"), *_numbered(assignees)], map(str, wanted.assignees))),
        Filter("status", "Status", _choices([(each, each) for each in STATUSES], wanted.statuses)),
        Filter(
            "priority", "Priority", _choices([(each or NONE,) * 2 for each in PRIORITIES], [each or NONE for each in wanted.priorities])
        ),
    )


def _numbered(found: Choices) -> list[tuple[str, str]]:
    return [(str(number), text) for number, text in found]


def _choices(pairs: Iterable[tuple[str, str]], chosen: Iterable[str]) -> tuple[Choice, ...]:
    wanted = set(chosen)
    return tuple(Choice(value, text, value in wanted) for value, text in pairs)
