"""What the list of tickets is narrowed to: groups, assignees, statuses, priorities. The address says it, so that it can be shared.

In:  the query of an address. Out: `Wanted`, and one sentence about what cannot be meant. Must not read tickets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.http import urlencode

from dashboard.domain.tickets import UNSOLVED, Priority

LARGEST_ID = 2**53
# Of each kind: a thousand in one address are nobody's wish.
MOST = 100
STATUSES = tuple(status.value for status in UNSOLVED)
NONE = "none"
PRIORITIES = (*(priority.value for priority in Priority), "")
NO_STATUS = "A status is new, open, pending or hold."
NO_PRIORITY = "A priority is urgent, high, normal, low or none."
PAGE_SIZE = 200
LAST_PAGE = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list shows; empty: not narrowed by this. Group 0, assignee 0, priority "": of none. `page` from 1."""

    groups: tuple[int, ...] = ()
    assignees: tuple[int, ...] = ()
    statuses: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    page: int = field(default=1, compare=False)

    @property
    def is_all(self) -> bool:
        return self == Wanted()

    @property
    def query(self) -> str:
        """As the address has it, without the page; empty for all."""
        given = [("group", each) for each in self.groups]
        given += [("assignee", each) for each in self.assignees]
        words = [("status", each) for each in self.statuses] + [("priority", each or NONE) for each in self.priorities]
        return urlencode([*given, *words])

    @property
    def offset(self) -> int:
        return (self.page - 1) * PAGE_SIZE


def wanted(query: QueryDict) -> tuple[Wanted, str]:
    """What was asked for, and one sentence about what cannot be meant (it counts as not asked), or an empty one."""
    problems: list[str] = []
    groups = _ids(query.getlist("group"), "A group is a number.", problems)[:MOST]
    people = _ids(query.getlist("assignee"), "An assignee is a number.", problems)[:MOST]
    statuses = _words([each for each in query.getlist("status") if each.strip()], STATUSES, NO_STATUS, problems)
    given = ["" if each == NONE else each for each in query.getlist("priority") if each.strip()]
    priorities = _words(given, PRIORITIES, NO_PRIORITY, problems)
    page = query.get("page", "").strip()
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
    found = Wanted(groups, people, statuses, priorities, min(max(1, number), LAST_PAGE))
    return found, " ".join(problems)


def vendor_id(text: str) -> int | None:
    """The id that somebody wrote, with or without "#"; None: it is none."""
    given = text.strip().removeprefix("#")
    number = int(given) if given.isascii() and given.isdecimal() and len(given) < 17 else 0
    return number if 0 < number < LARGEST_ID else None


def _ids(given: Iterable[str], problem: str, problems: list[str]) -> tuple[int, ...]:
    asked = [each for each in given if each.strip()]
    numbers = [0 if each.strip() == "0" else vendor_id(each) for each in asked]
    found = [each for each in numbers if each is not None]
    if len(found) < len(asked):
        problems.append(problem)
    return tuple(dict.fromkeys(found))


def _words(given: Iterable[str], known: tuple[str, ...], problem: str, problems: list[str]) -> tuple[str, ...]:
    asked = set(given)
    if not asked <= set(known):
        problems.append(problem)
    return tuple(each for each in known if each in asked)
