"""What an act on tickets will do, said before it is done: the sentences of the page that asks once, and what the act is judged by later.

In:  what is wanted, the tickets as they are, names. Out: a `Planned`, or PlanError with one sentence. Pure: asks nobody, writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from dashboard.desk.consequences import beside, refusals_said, refused
from dashboard.desk.sentences import LONGEST_SAID, sentences
from dashboard.desk.wishes import MOST_TICKETS, OF_TRASH, SINGLE, Names, PlanError, Seen, What, Wish, numbers
from dashboard.domain.tickets import Status, TicketChange, TicketType

__all__ = [
    "MOST_TICKETS",
    "OF_TRASH",
    "SINGLE",
    "Names",
    "PlanError",
    "Planned",
    "Seen",
    "What",
    "Wish",
    "change_said",
    "planned",
    "wished_again",
]


@dataclass(frozen=True, slots=True)
class Planned:
    """An act that somebody may say yes to, once. `sentences`: what will happen, in the order to be read; plain text that holds what people
    wrote. `stamps`: the `updated_at` of each ticket as the plan saw it, by which a change in between is noticed. `before`: the present
    values of what changes, by ticket. `key`: of this one act, however often the button is pressed. `user_id`: whose it is."""

    account: str
    wish: Wish
    sentences: tuple[str, ...]
    stamps: Mapping[int, datetime]
    before: Mapping[int, Mapping[str, object]]
    key: str
    user_id: int


def planned(
    wish: Wish,
    seen: Sequence[Seen],
    names: Names,
    *,
    account: str,
    key: str,
    user_id: int,
    incidents: Mapping[int, Sequence[int]] = MappingProxyType({}),
) -> Planned:
    """The plan. `seen`: every ticket of the wish, with `into_id` and the problem to be linked to; those of the trash may be unknown.
    `incidents`: unsolved incidents by their problem, as far as they are known. PlanError: also when the vendor would refuse all of it."""
    _check(wish)
    by_id = {each.id: each for each in seen}
    missing = [each for each in (*wish.ids, *((wish.into_id,) if wish.into_id else ())) if each not in by_id]
    if missing and wish.what not in OF_TRASH:
        raise PlanError(f"Zendesk knows no {_tickets(missing)}: deleted, never there, or not shown to our credentials.")
    concerned = [by_id.get(each, Seen(each)) for each in wish.ids]
    if wish.what == What.MERGE and by_id[wish.into_id or 0].status == Status.CLOSED:
        raise PlanError(f"Ticket {wish.into_id} is closed; Zendesk merges nothing into it any more.")
    is_fresh = all(each.fresh for each in by_id.values())
    if is_fresh and wish.change.problem_id is not None:
        _check_problem(wish.change.problem_id, by_id)
    no = refused(wish, concerned)
    if is_fresh and len(no) == len(concerned):
        raise PlanError(" ".join(refusals_said(no)))
    if wish.what in SINGLE:
        wish = replace(wish, change=_for_one(wish.change, concerned[0]))
    said = [*sentences(wish, concerned, by_id, names), *beside(wish, concerned, names, incidents), *refusals_said(no)]
    if not is_fresh:
        said = [*said, "Zendesk did not answer just now: this is what we last saw. What has changed since is left as it is."]
    return Planned(
        account,
        wish,
        tuple(said),
        {each.id: each.stamp for each in by_id.values() if each.stamp is not None},
        {each.id: _before(wish.change, each) for each in concerned},
        key,
        user_id,
    )


def wished_again(plan: Planned) -> Wish:
    """What the plan was made of, to be planned anew: of one ticket, the tags to add and to take away instead of the whole list, which would
    take away what somebody else has added since."""
    wish = plan.wish
    if wish.what not in SINGLE or wish.change.tags is None:
        return wish
    before, tags = plan.before[wish.ids[0]]["tags"], wish.change.tags
    old = [str(tag) for tag in before] if isinstance(before, list) else []
    added, gone = tuple(tag for tag in tags if tag not in old), tuple(tag for tag in old if tag not in tags)
    return replace(wish, change=replace(wish.change, tags=None, additional_tags=added or None, remove_tags=gone or None))


def change_said(wish: Wish) -> dict[str, object]:
    """What is wanted, for the audit: fields and values, of comments the first 200 characters."""
    found = wish.change.as_json() | ({"into_id": wish.into_id} if wish.what == What.MERGE else {})
    comments = (("comment", wish.change.comment), ("into_comment", wish.into_comment), ("from_comment", wish.from_comment))
    for name, comment in comments:
        if comment is not None:
            found[name] = {"body": comment.body[:LONGEST_SAID], "public": comment.is_public}
    return found


def _check(wish: Wish) -> None:
    count = len(wish.ids)
    if count == 0:
        raise PlanError("No ticket is chosen.")
    if count > MOST_TICKETS:
        raise PlanError(f"At most {MOST_TICKETS} tickets can be changed at once; {count} are chosen.")
    if len(set(wish.ids)) != count or any(each < 1 for each in wish.ids):
        raise PlanError("Each ticket can be chosen once, by its number.")
    if wish.what in SINGLE and count != 1:
        raise PlanError("This can be done to one ticket at a time.")
    if wish.what in (*SINGLE, What.BULK) and wish.change.is_empty:
        raise PlanError("Nothing is to be changed.")
    if wish.what == What.COMMENT and (wish.change.comment is None or not wish.change.comment.body.strip()):
        raise PlanError("The comment is empty.")
    if wish.what == What.BULK and wish.change.tags is not None and (wish.change.additional_tags or wish.change.remove_tags):
        raise PlanError("Tags are either replaced, or added and removed.")
    if wish.what == What.MERGE:
        if wish.into_id is None or wish.into_id < 1:
            raise PlanError("It is not said into which ticket the others are merged.")
        if wish.into_id in wish.ids:
            raise PlanError("A ticket cannot be merged into itself.")


def _check_problem(problem_id: int, by_id: Mapping[int, Seen]) -> None:
    problem = by_id.get(problem_id)
    if problem is None:
        raise PlanError(f"Zendesk knows no ticket {problem_id}, so nothing can be linked to it.")
    if problem.type != TicketType.PROBLEM:
        raise PlanError(f"Ticket {problem_id} is no problem: Zendesk links incidents to problems alone.")


def _for_one(change: TicketChange, seen: Seen) -> TicketChange:
    """The vendor adds and removes single tags of many tickets alone; of one, the whole list is set, upon the version that was seen."""
    if not change.additional_tags and not change.remove_tags:
        found = change
    else:
        base = seen.tags if change.tags is None else change.tags
        gone = set(change.remove_tags or ())
        tags = tuple(dict.fromkeys([*(tag for tag in base if tag not in gone), *(change.additional_tags or ())]))
        found = replace(change, tags=tags, additional_tags=None, remove_tags=None)
    left = _without_the_same(found, seen)
    if left.is_empty:
        raise PlanError(f"This changes nothing: ticket {seen.id} is like that already.")
    return left


def _without_the_same(change: TicketChange, seen: Seen) -> TicketChange:
    same: dict[str, None] = {
        name: None
        for name in ("status", "priority", "type", "assignee_id", "group_id", "problem_id", "requester_id", "subject", "external_id")
        if getattr(change, name) is not None and getattr(change, name) == getattr(seen, name)
    }
    if change.tags is not None and set(change.tags) == set(seen.tags):
        same["tags"] = None
    empty = frozenset(name for name in change.unset if getattr(seen, name) not in (None, ""))
    return replace(change, **same, unset=empty)


def _before(change: TicketChange, seen: Seen) -> dict[str, object]:
    touched = {name for name in change.as_json() if name != "comment"}
    if touched & {"additional_tags", "remove_tags"}:
        touched = (touched - {"additional_tags", "remove_tags"}) | {"tags"}
    if seen.stamp is None:
        return {}
    found: dict[str, object] = {}
    for name in sorted(touched):
        value = getattr(seen, name)
        found[name] = list(value) if isinstance(value, tuple) else value
    return found


def _tickets(ids: Sequence[int]) -> str:
    return f"ticket{'s' if len(ids) > 1 else ''} {numbers(ids)}"
