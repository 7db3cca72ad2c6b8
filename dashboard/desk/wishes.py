"""What somebody wants done to tickets, the tickets as they were seen then, and what people call groups and each other.

In:  forms and the vendor's answers, read by others. Out: frozen values. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dashboard.domain.tickets import Comment, TicketChange
from dashboard.models import DeskAct

What = DeskAct.What
MOST_TICKETS = 100
# One change of one ticket: the vendor compares the stamp itself. Everything else is compared by us just before.
SINGLE = frozenset({What.UPDATE, What.COMMENT, What.LINK})
# What is in the trash cannot be read, so there is nothing to compare.
OF_TRASH = frozenset({What.RESTORE, What.DESTROY})
NOTHING = TicketChange()
LONGEST_LIST = 10


class PlanError(ValueError):
    """This cannot be done as it was asked for; one sentence for a page."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A ticket as it was when the plan was made. `stamp`: its `updated_at`; `fresh`: told by the vendor just now, not by our mirror.

    `keeps_merges_internal`: private, or of a channel on which nothing of a merge may be told; None: not known. Of the trash only the number
    may be known: then the rest is empty and `stamp` is None.
    """

    id: int
    stamp: datetime | None = None
    status: str = ""
    subject: str = field(default="", repr=False)
    priority: str = ""
    type: str = ""
    group_id: int | None = None
    assignee_id: int | None = None
    requester_id: int | None = None
    problem_id: int | None = None
    external_id: str = ""
    tags: tuple[str, ...] = ()
    keeps_merges_internal: bool | None = None
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class Names:
    """What people call groups and people, by id; one that is missing is called by its number. `homes`: the group that the vendor takes for
    an agent's own, of agents of whom it was asked."""

    groups: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    homes: Mapping[int, int] = field(default_factory=dict)

    def group(self, group_id: int | None) -> str:
        return "no group" if group_id is None else self.groups.get(group_id, f"group {group_id}")

    def person(self, user_id: int | None) -> str:
        return "nobody" if user_id is None else self.people.get(user_id, f"person {user_id}")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants. `ids`: the tickets concerned, of a merge those that are closed into `into_id`.

    `change` for UPDATE, COMMENT, LINK (one ticket) and BULK. `into_comment`, `from_comment` for MERGE: written into the one that stays and
    into each that is closed.
    """

    what: DeskAct.What
    ids: tuple[int, ...]
    change: TicketChange = NOTHING
    into_id: int | None = None
    into_comment: Comment | None = None
    from_comment: Comment | None = None


def numbers(ids: Sequence[int], most: int = LONGEST_LIST) -> str:
    """The first few: "1, 2, 3 and 90 more"."""
    more = f" and {len(ids) - most} more" if len(ids) > most else ""
    return f"{', '.join(map(str, ids[:most]))}{more}"


def counted(ids: Sequence[int]) -> str:
    """Tickets by their numbers at the beginning of a sentence: "Ticket 1", "Tickets 1, 2"."""
    return f"Ticket{'s' if len(ids) > 1 else ''} {numbers(ids)}"
