"""An act in words: what was asked for, what the fields were before, what came of it.

In:  a `DeskAct`, names. Out: plain text that holds what people wrote. Must not read anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dashboard.desk.plans import Names
from dashboard.desk.refusal_words import item_said
from dashboard.desk.wishes import numbers
from dashboard.incidents.page import said
from dashboard.models import DeskAct

VERBS = {
    "update": "Change",
    "comment": "Comment on",
    "bulk": "Change",
    "merge": "Merge",
    "spam": "Mark as spam",
    "delete": "Delete",
    "restore": "Restore",
    "destroy": "Delete for good",
    "link": "Link to a problem",
}
FIELDS = {
    "status": "Status",
    "priority": "Priority",
    "type": "Type",
    "group_id": "Group",
    "assignee_id": "Assignee",
    "problem_id": "Problem",
    "requester_id": "Requester",
    "subject": "Subject",
    "external_id": "External id",
    "tags": "Tags",
    "additional_tags": "Tags added",
    "remove_tags": "Tags taken away",
    "into_id": "Into ticket",
    "comment": "Comment",
    "into_comment": "Comment for the one that stays",
    "from_comment": "Comment for the ones that close",
}
STATES = {
    "sent": "sent, not answered yet",
    "running": "under way at Zendesk",
    "done": "done",
    "conflict": "not done: somebody was faster",
    "failed": "not done",
    "unknown": "nobody knows",
}
ICONS = {"sent": "i-away", "running": "i-away", "done": "i-ok", "conflict": "i-warning", "failed": "i-warning", "unknown": "i-unknown"}
ENDED = frozenset({"done", "conflict", "failed", "unknown"})
SAID_IDS = 5
UNKNOWN = (
    "Zendesk may have done this, or not. Nothing is repeated by itself. Look at the ticket first; then do it again only if it has not "
    "happened."
)
NONE = "none"


@dataclass(frozen=True, slots=True)
class Changed:
    """One field: what was wanted, and what it was before (empty: not known, or several)."""

    label: str
    before: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Told:
    """An act for a page. `done_count` of `total_count` items (None: the vendor does not say). `has_part`: done, and some items failed.
    `failed`: those items by their tickets' numbers (None: the vendor says it of all together), and why, in plain words."""

    act: DeskAct
    title: str
    tickets: str
    state: str
    icon: str
    when: str
    changes: tuple[Changed, ...]
    done_count: int | None
    total_count: int | None
    has_ended: bool
    has_part: bool
    failed: tuple[tuple[int | None, str], ...]


def told(act: DeskAct, names: Names) -> Told:
    """The whole of it."""
    has_part = act.state == DeskAct.State.DONE and bool(act.failed)
    count = len(act.ticket_ids)
    state = STATES.get(act.state, act.state)
    if has_part:
        is_counted = all(ticket_id is not None for ticket_id, _ in act.failed)
        state = f"done, but {len(act.failed)} of {count} failed" if is_counted else "not all of it was done"
    total = act.job_total if act.job_total is not None else count
    if act.state == DeskAct.State.FAILED and act.job_id and len(act.failed) < count:
        far = f" after {act.job_progress} of {total}" if act.job_progress is not None else ""
        state = f"broken off{far}"
    return Told(
        act,
        title(act),
        numbers(act.ticket_ids, SAID_IDS),
        state,
        "i-warning" if has_part else ICONS.get(act.state, "i-unknown"),
        said(act.at, seconds=True),
        changes(act, names),
        act.job_progress,
        total if act.job_id else None,
        act.state in ENDED,
        has_part,
        tuple((ticket_id, item_said(str(why))) for ticket_id, why in act.failed),
    )


def title(act: DeskAct) -> str:
    """What it is: "Change ticket 12", "Delete 3 tickets", "Merge 2 tickets into 9"."""
    if act.what == "switch":
        return f"Turn changes {act.change.get('changes', '')}"
    count = len(act.ticket_ids)
    what = f"ticket {act.ticket_ids[0]}" if count == 1 else f"{count} tickets"
    into = f" into {act.change['into_id']}" if act.change.get("into_id") else ""
    if act.what == "link":
        return f"Link {what} to a problem"
    if act.what == "spam":
        return f"Mark {what} as spam"
    if act.what == "destroy":
        return f"Delete {what} for good"
    return f"{VERBS.get(act.what, act.what)} {what}{into}"


def changes(act: DeskAct, names: Names) -> tuple[Changed, ...]:
    """Field by field. Of one ticket with what was before."""
    before: Mapping[str, object] = act.before.get(str(act.ticket_ids[0]), {}) if len(act.ticket_ids) == 1 else {}
    return tuple(
        Changed(FIELDS.get(name, name), value_said(name, before[name], names) if name in before else "", value_said(name, wanted, names))
        for name, wanted in act.change.items()
    )


def value_said(name: str, value: object, names: Names) -> str:
    """A field's value for people."""
    if isinstance(value, dict):
        return f"{'to the requester as well' if value.get('public') else 'for agents alone'}: “{value.get('body', '')}”"
    if value in (None, "", [], ()):
        return "nobody" if name == "assignee_id" else NONE
    if isinstance(value, int):
        people = name in ("assignee_id", "requester_id")
        return names.group(value) if name == "group_id" else names.person(value) if people else f"#{value}"
    if isinstance(value, (list, tuple)):
        return ", ".join(str(each) for each in value)
    return str(value)


def progress(act: DeskAct) -> dict[str, object]:
    """What the page asks for every 2 s: a word for the state, its words, how far; no null."""
    found: dict[str, object] = {"state": act.state, "failed_count": len(act.failed), "has_ended": act.state in ENDED}
    if act.error:
        found["trouble"] = act.error
    if act.job_progress is not None:
        found["done_count"] = act.job_progress
    if act.job_id:
        found["total_count"] = act.job_total if act.job_total is not None else len(act.ticket_ids)
    return found


def iso(at: datetime | None) -> str:
    """For a file; empty for None."""
    return "" if at is None else at.isoformat(timespec="seconds")
