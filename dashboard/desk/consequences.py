"""What comes of a change beside what was asked for: a group that moves along, a ticket that stops being new, incidents that are solved with
their problem; and what the vendor will refuse.

In:  a change, the tickets as they are, names. Out: plain text, or tickets with a reason. Pure. The rules are the vendor's own
(docs/vendor-zendesk-tickets.md, "What a change brings along"); where the vendor alone knows whether one applies, the sentence says "if".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from dashboard.desk.wishes import Names, Seen, What, Wish, counted, numbers
from dashboard.domain.tickets import UNSOLVED, Status, TicketChange, TicketType

CLOSED = "is closed: Zendesk refuses to change it any more", "are closed: Zendesk refuses to change them any more"
NOBODY = (
    "has no assignee: Zendesk refuses to solve what nobody has",
    "have no assignee: Zendesk refuses to solve what nobody has",
)
Refused = tuple[Seen, tuple[str, str]]


def refused(wish: Wish, concerned: Iterable[Seen]) -> list[Refused]:
    """The tickets whose change the vendor will refuse, as they are now, each with the reason for one and for several."""
    if wish.what in (What.SPAM, What.DELETE, What.RESTORE, What.DESTROY):
        return []
    return [(each, reason) for each in concerned if (reason := _reason(wish, each)) is not None]


def refusals_said(found: Sequence[Refused]) -> list[str]:
    """One sentence a reason."""
    by_reason: dict[tuple[str, str], list[int]] = {}
    for each, reason in found:
        by_reason.setdefault(reason, []).append(each.id)
    return [f"{counted(ids)} {reason[len(ids) > 1]}." for reason, ids in by_reason.items()]


def beside(wish: Wish, concerned: Sequence[Seen], names: Names, incidents: Mapping[int, Sequence[int]]) -> list[str]:
    """What else happens, to those that are not refused. `incidents`: unsolved incidents by their problem, as far as they are known."""
    change = wish.change
    if wish.what == What.MERGE:
        return _merged_beside(wish, concerned)
    if wish.what not in (What.UPDATE, What.COMMENT, What.LINK, What.BULK):
        return []
    no = {each.id for each, _ in refused(wish, concerned)}
    left = [each for each in concerned if each.id not in no]
    return [*_groups(change, left, names), *_no_longer_new(change, left), *_solved_along(change, left, incidents)]


def _reason(wish: Wish, seen: Seen) -> tuple[str, str] | None:
    if seen.status == Status.CLOSED:
        return CLOSED
    change = wish.change
    nobody = "assignee_id" in change.unset or (seen.assignee_id is None and change.assignee_id is None)
    solves = change.status in (Status.SOLVED, Status.CLOSED) and seen.status in [each.value for each in UNSOLVED]
    return NOBODY if solves and nobody else None


def _groups(change: TicketChange, tickets: Sequence[Seen], names: Names) -> list[str]:
    if change.assignee_id is not None and change.group_id is not None:
        return _both(change.assignee_id, change.group_id, names)
    if change.assignee_id is not None:
        return _brought_along(change.assignee_id, [each for each in tickets if each.assignee_id != change.assignee_id], names)
    if change.group_id is not None and "assignee_id" not in change.unset:
        return _left_behind(change.group_id, [each for each in tickets if each.group_id != change.group_id], names)
    return []


def _both(assignee_id: int, group_id: int, names: Names) -> list[str]:
    if names.homes.get(assignee_id) == group_id:
        return []
    return [f"If {names.person(assignee_id)} is not in {_group(group_id, names)}, Zendesk refuses this."]


def _brought_along(assignee_id: int, tickets: Sequence[Seen], names: Names) -> list[str]:
    """Who gets a ticket of a group that they are not in takes it into their own."""
    who, home = names.person(assignee_id), names.homes.get(assignee_id)
    into = f"{_group(home, names)}, which is {who}’s own" if home is not None else f"a group of {who}’s"
    found = []
    for group_id, some in groupby(sorted(tickets, key=lambda each: (each.group_id or 0, each.id)), key=lambda each: each.group_id):
        ids = [each.id for each in some]
        if group_id is None:
            found.append(f"{counted(ids)}: Zendesk moves {_them(ids)} from no group into {into}.")
        elif group_id != home:
            old = _group(group_id, names)
            found.append(f"{counted(ids)}: if {who} is not in {old}, Zendesk moves {_them(ids)} from {old} into {into}.")
    return found


def _left_behind(group_id: int, tickets: Sequence[Seen], names: Names) -> list[str]:
    """Who is not in a ticket's new group loses it."""
    having = [(each.assignee_id, each.id) for each in tickets if each.assignee_id and names.homes.get(each.assignee_id) != group_id]
    found = []
    for assignee_id, some in groupby(sorted(having), key=lambda each: each[0]):
        ids = [ticket_id for _, ticket_id in some]
        who, new = names.person(assignee_id), _group(group_id, names)
        found.append(f"{counted(ids)}: if {who} is not in {new}, Zendesk takes {_them(ids)} from {who}, and nobody has {_them(ids)}.")
    return found


def _no_longer_new(change: TicketChange, tickets: Sequence[Seen]) -> list[str]:
    ids = [each.id for each in tickets if each.status == Status.NEW]
    if change.assignee_id is None or change.status is not None or not ids:
        return []
    return [f"{counted(ids)}: status from new to open, as of every ticket that somebody gets."]


def _solved_along(change: TicketChange, tickets: Sequence[Seen], incidents: Mapping[int, Sequence[int]]) -> list[str]:
    if change.status != Status.SOLVED:
        return []
    unsolved = [each.value for each in UNSOLVED]
    problems = [each.id for each in tickets if each.type == TicketType.PROBLEM and each.status in unsolved]
    along = sorted({each for problem_id in problems for each in incidents.get(problem_id, ())})
    if not problems:
        return []
    said = f": {numbers(along)} as far as we know" if along else ""
    comment = ", with the same comment" if change.comment is not None else ""
    what = "a problem" if len(problems) == 1 else "problems"
    return [f"{counted(problems)}: {what}, so Zendesk solves unsolved incidents along{comment}{said}."]


def _merged_beside(wish: Wish, concerned: Sequence[Seen]) -> list[str]:
    said = [comment for comment in (wish.into_comment, wish.from_comment) if comment is not None]
    found = []
    if len(said) < 2:
        found.append("Where you wrote nothing, Zendesk writes in an internal comment what was merged into what.")
    if any(comment.is_public for comment in said):
        quiet = [each.id for each in concerned if each.keeps_merges_internal]
        if quiet:
            private = f"{counted(quiet)} {'is' if len(quiet) == 1 else 'are'} private, or came by a channel that cannot tell"
            found.append(f"{private}, so Zendesk keeps the comments of this merge internal all the same.")
        elif any(each.keeps_merges_internal is None for each in concerned):
            found.append("If one of the tickets is private, Zendesk keeps the comments of this merge internal all the same.")
    return found


def _group(group_id: int | None, names: Names) -> str:
    name = names.group(group_id)
    return name if name.startswith("group ") else f"group {name}"


def _them(ids: Sequence[int]) -> str:
    return "it" if len(ids) == 1 else "them"
