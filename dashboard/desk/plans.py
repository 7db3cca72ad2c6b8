"""What an act on tickets will do, said before it is done: the sentences of the page that asks once, and what the act is judged by later.

In:  what is wanted, the tickets as they are, names. Out: a `Planned`, or PlanError with one sentence. Pure: asks nobody, writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from dashboard.domain.tickets import Comment, Status, TicketChange
from dashboard.models import DeskAct

What = DeskAct.What
MOST_TICKETS = 100
# One change of one ticket: the vendor compares the stamp itself. Everything else is compared by us just before.
SINGLE = frozenset({What.UPDATE, What.COMMENT, What.LINK})
# What is in the trash cannot be read, so there is nothing to compare.
OF_TRASH = frozenset({What.RESTORE, What.DESTROY})
NOTHING = TicketChange()
_LONGEST_SAID = 200
_LONGEST_LIST = 10


class PlanError(ValueError):
    """This cannot be done as it was asked for; one sentence for a page."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A ticket as it was when the plan was made. `stamp`: its `updated_at`; `fresh`: told by the vendor just now, not by our mirror.

    Of the trash only the number may be known: then the rest is empty and `stamp` is None.
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
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class Names:
    """What people call groups and people, by id; one that is missing is called by its number."""

    groups: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)

    def group(self, group_id: int | None) -> str:
        return "nobody" if group_id is None else self.groups.get(group_id, f"group {group_id}")

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


def planned(wish: Wish, seen: Sequence[Seen], names: Names, *, account: str, key: str, user_id: int) -> Planned:
    """The plan. `seen`: every ticket of the wish, `into_id` included; those of the trash may be unknown. PlanError."""
    _check(wish)
    by_id = {each.id: each for each in seen}
    missing = [each for each in (*wish.ids, *((wish.into_id,) if wish.into_id else ())) if each not in by_id]
    if missing and wish.what not in OF_TRASH:
        raise PlanError(f"The vendor knows no {_tickets(missing)}; deleted, or merged, or never there.")
    concerned = [by_id.get(each, Seen(each)) for each in wish.ids]
    if wish.what in SINGLE:
        wish = replace(wish, change=_for_one(wish.change, concerned[0]))
    sentences = _sentences(wish, concerned, by_id, names)
    if not all(each.fresh for each in by_id.values()):
        sentences = [*sentences, "The vendor did not answer just now: this is what we last saw. What has changed since is left as it is."]
    return Planned(
        account,
        wish,
        tuple(sentences),
        {each.id: each.stamp for each in by_id.values() if each.stamp is not None},
        {each.id: _before(wish.change, each) for each in concerned},
        key,
        user_id,
    )


def change_said(change: TicketChange) -> dict[str, object]:
    """The change for the audit: fields and values, of a comment its first 200 characters."""
    found = change.as_json()
    if change.comment is not None:
        found["comment"] = {"body": change.comment.body[:_LONGEST_SAID], "public": change.comment.is_public}
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


def _for_one(change: TicketChange, seen: Seen) -> TicketChange:
    """The vendor adds and removes single tags of many tickets alone; of one, the whole list is set, upon the version that was seen."""
    if seen.status == Status.CLOSED:
        raise PlanError(f"Ticket {seen.id} is closed; the vendor lets nobody change it any more.")
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


def _sentences(wish: Wish, concerned: Sequence[Seen], by_id: Mapping[int, Seen], names: Names) -> list[str]:
    said = _named(concerned)
    many = len(concerned) > 1
    are = "are" if many else "is"
    match wish.what:
        case What.SPAM:
            requesters = "Their requesters are" if many else "Its requester is"
            found = [f"{said} {_go(many)} to the trash as spam.", f"{requesters} suspended: what they write from now on opens no ticket."]
        case What.DELETE:
            found = [f"{said} {_go(many)} to the trash, from where {_it(many)} can be restored for 30 days."]
        case What.RESTORE:
            found = [f"{said} {_come(many)} back out of the trash."]
        case What.DESTROY:
            found = [f"{said} {are} deleted for good. Nobody can bring {'them' if many else 'it'} back."]
        case What.MERGE:
            found = _merge_said(wish, said, many, by_id)
        case What.BULK:
            found = [f"{said} {are} changed: {_wanted(wish.change, names)}.", *_comment_said(wish.change.comment, many)]
        case _:
            found = [*_changes_said(wish.change, concerned[0], names), *_comment_said(wish.change.comment, many)]
    return found


def _merge_said(wish: Wish, said: str, many: bool, by_id: Mapping[int, Seen]) -> list[str]:
    into = by_id[wish.into_id or 0]
    if into.status == Status.CLOSED:
        raise PlanError(f"Ticket {into.id} is closed; the vendor merges nothing into it any more.")
    found = [f"{said} {'are' if many else 'is'} closed and merged into {_named([into], small=True)}. This cannot be taken back."]
    for comment, where in ((wish.into_comment, f"into ticket {into.id}"), (wish.from_comment, "into each that is closed")):
        if comment is not None and comment.body.strip():
            found.append(f"{_who_reads(comment)}, {where}: “{_cut(comment.body)}”")
    return found


def _comment_said(comment: Comment | None, many: bool) -> list[str]:
    if comment is None or not comment.body.strip():
        return []
    each = " on each" if many else ""
    return [f"{_who_reads(comment)}{each}: “{_cut(comment.body)}”"]


def _who_reads(comment: Comment) -> str:
    return "A public comment, which the requester gets" if comment.is_public else "An internal comment, for agents alone"


def _changes_said(change: TicketChange, seen: Seen, names: Names) -> list[str]:
    found = []
    for name in (each for each in change.as_json() if each != "comment"):
        old, new = _shown(name, getattr(seen, name), names), _shown(name, getattr(change, name), names)
        if name == "tags":
            found.append(_tags_said(seen, change.tags or ()))
        else:
            found.append(f"Ticket {seen.id}: {_WORDS[name]} from {old} to {new}.")
    return found


def _tags_said(seen: Seen, tags: tuple[str, ...]) -> str:
    added, gone = [tag for tag in tags if tag not in seen.tags], [tag for tag in seen.tags if tag not in tags]
    parts = [f"{word} {', '.join(which)}" for word, which in (("added", added), ("taken away", gone)) if which]
    return f"Ticket {seen.id}: tags {'; '.join(parts)}."


def _wanted(change: TicketChange, names: Names) -> str:
    parts = []
    for name in change.as_json():
        if name in ("additional_tags", "remove_tags"):
            tags: tuple[str, ...] = getattr(change, name)
            parts.append(f"tags {'added' if name == 'additional_tags' else 'taken away'}: {', '.join(tags)}")
        elif name != "comment":
            parts.append(f"{_WORDS[name]} {_shown(name, getattr(change, name), names)}")
    return "; ".join(parts) or "a comment is added"


def _shown(name: str, value: object, names: Names) -> str:
    if name == "group_id":
        return names.group(value) if isinstance(value, int) else "no group"
    if name in ("assignee_id", "requester_id"):
        return names.person(value if isinstance(value, int) else None)
    if name == "problem_id":
        return f"ticket {value}" if value is not None else "none"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return _cut(str(value)) if value not in (None, "") else "none"


_WORDS = {
    "status": "status",
    "priority": "priority",
    "type": "type",
    "assignee_id": "assignee",
    "group_id": "group",
    "problem_id": "problem",
    "requester_id": "requester",
    "subject": "subject",
    "external_id": "external id",
    "tags": "tags",
}


def _named(tickets: Sequence[Seen], *, small: bool = False) -> str:
    word = "ticket" if small else "Ticket"
    if len(tickets) == 1:
        return f"{word} {tickets[0].id}" + (f" “{_cut(tickets[0].subject, 80)}”" if tickets[0].subject else "")
    listed = ", ".join(str(each.id) for each in tickets[:_LONGEST_LIST])
    more = f" and {len(tickets) - _LONGEST_LIST} more" if len(tickets) > _LONGEST_LIST else ""
    return f"{len(tickets)} tickets ({listed}{more})"


def _tickets(ids: Sequence[int]) -> str:
    return f"ticket{'s' if len(ids) > 1 else ''} {', '.join(map(str, ids[:_LONGEST_LIST]))}"


def _go(many: bool) -> str:
    return "go" if many else "goes"


def _come(many: bool) -> str:
    return "come" if many else "comes"


def _it(many: bool) -> str:
    return "they" if many else "it"


def _cut(text: str, longest: int = _LONGEST_SAID) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
