"""An act in sentences, before it is done: what the page says that asks once.

In:  a wish, the tickets as they are, names. Out: plain text that holds what people wrote. Pure; decides nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from dashboard.desk.wishes import Names, Seen, What, Wish, numbers
from dashboard.domain.tickets import Comment, TicketChange

LONGEST_SAID = 200
# Values that are told of many tickets before a change.
MOST_OLD = 4


def sentences(wish: Wish, concerned: Sequence[Seen], by_id: Mapping[int, Seen], names: Names) -> list[str]:
    """What will happen, in the order to be read. `concerned`: the tickets of the wish; `by_id`: these and the one that others are merged
    into."""
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
            found = [f"{said} {are} changed: {_wanted(wish.change, concerned, names)}.", *_comment_said(wish.change.comment, many)]
        case _:
            found = [*_changes_said(wish.change, concerned[0], by_id, names), *_comment_said(wish.change.comment, many)]
    return found


def written(wish: Wish) -> list[tuple[str, str]]:
    """What somebody wrote, in full, each with what it is."""
    texts = (
        ("Your comment", wish.change.comment),
        ("Your comment for the one that stays", wish.into_comment),
        ("Your comment for the ones that close", wish.from_comment),
    )
    return [(label, comment.body) for label, comment in texts if comment is not None]


def _merge_said(wish: Wish, said: str, many: bool, by_id: Mapping[int, Seen]) -> list[str]:
    into = by_id[wish.into_id or 0]
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


def _changes_said(change: TicketChange, seen: Seen, by_id: Mapping[int, Seen], names: Names) -> list[str]:
    found = []
    for name in (each for each in change.as_json() if each != "comment"):
        old, new = _shown(name, getattr(seen, name), names), _shown(name, getattr(change, name), names)
        if name == "problem_id" and (problem := by_id.get(change.problem_id or 0)) is not None:
            new = _named([problem], small=True)
        if name == "tags":
            found.append(_tags_said(seen, change.tags or ()))
        else:
            found.append(f"Ticket {seen.id}: {_WORDS[name]} from {old} to {new}.")
    return found


def _tags_said(seen: Seen, tags: tuple[str, ...]) -> str:
    added, gone = [tag for tag in tags if tag not in seen.tags], [tag for tag in seen.tags if tag not in tags]
    parts = [f"{word} {', '.join(which)}" for word, which in (("added", added), ("taken away", gone)) if which]
    return f"Ticket {seen.id}: tags {'; '.join(parts)}."


def _wanted(change: TicketChange, concerned: Sequence[Seen], names: Names) -> str:
    parts = []
    for name in change.as_json():
        if name in ("additional_tags", "remove_tags"):
            tags: tuple[str, ...] = getattr(change, name)
            parts.append(f"tags {'added' if name == 'additional_tags' else 'taken away'}: {', '.join(tags)}")
        elif name != "comment":
            new = _shown(name, getattr(change, name), names)
            parts.append(f"{_WORDS[name]} {new} (now {_now(name, new, concerned, names)})")
    return "; ".join(parts) or "a comment is added"


def _now(name: str, new: str, concerned: Sequence[Seen], names: Names) -> str:
    """What the tickets have in this field, the most frequent first: "new 2, pending, open already 3"."""
    counts = Counter(_shown(name, getattr(each, name), names) for each in concerned)
    if len(counts) == 1 and new not in counts:
        return next(iter(counts))
    parts = [f"{old}{' already' if old == new else ''}{f' {count}' if count > 1 else ''}" for old, count in counts.most_common(MOST_OLD)]
    others_count = sum(counts.values()) - sum(count for _, count in counts.most_common(MOST_OLD))
    return ", ".join([*parts, *([f"others {others_count}"] if others_count else [])])


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
    return f"{len(tickets)} tickets ({numbers([each.id for each in tickets])})"


def _go(many: bool) -> str:
    return "go" if many else "goes"


def _come(many: bool) -> str:
    return "come" if many else "comes"


def _it(many: bool) -> str:
    return "they" if many else "it"


def _cut(text: str, longest: int = LONGEST_SAID) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
