"""Merging tickets into another: each of them is closed with a comment, and the other gets one.

In:  the desk, the ticket that goes on, one that ends, what is to be said, who does it. Out: both changed, at the desk's present second.
`Invalid` and `NotThere` say why not.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.emulator.helpdesk.changes import NotThere
from dashboard.emulator.helpdesk.desk import HelpDesk
from dashboard.emulator.helpdesk.tickets import CLOSED, Ticket
from dashboard.emulator.helpdesk.wishes import Invalid

# What is said on these is read by strangers, or cannot be said in private; so nothing of a merge is said there in public.
PRIVATE_CHANNELS = frozenset({"twitter", "facebook", "any_channel"})
MERGED_TAG = "closed_by_merge"


@dataclass(frozen=True, slots=True)
class Merge:
    """What is asked: into which ticket, and what is said on both sides. None: the vendor's own words."""

    into_id: int
    by: int
    target_comment: str | None = None
    source_comment: str | None = None
    target_is_public: bool = False
    source_is_public: bool = False


def check_target(desk: HelpDesk, ticket_id: int) -> Ticket:
    """The ticket into which others can be merged, not to be changed."""
    found = desk.book.look(ticket_id)
    if found is None:
        raise NotThere
    if found.status == CLOSED:
        raise Invalid({"status": [{"description": "Status closed prevents ticket update"}]})
    return found


def merge_one(desk: HelpDesk, asked: Merge, source_id: int, *, in_private: bool) -> None:
    """One ticket ends in the other; its requester is copied on what is said there from now on."""
    target = check_target(desk, asked.into_id)
    check_target(desk, source_id)
    source, at_ms = desk.book.open(source_id), desk.stamp_ms
    if source is None:
        raise NotThere
    words = asked.source_comment or f'This request was closed and merged into request #{target.id} "{target.subject}".'
    source.tags = [*source.tags, MERGED_TAG] if MERGED_TAG not in source.tags else source.tags
    if source.assignee_id is None and target.assignee_id is not None:
        desk.lifecycle.assign(source, target.assignee_id, target.group_id, at_ms)
    desk.lifecycle.set_status(source, CLOSED, at_ms)
    desk.lifecycle.reply(source, asked.by, at_ms, is_public=asked.source_is_public and not in_private, body=words)
    desk.touched(source)
    opened = desk.book.open(target.id)
    if opened is not None and source.requester_id not in {opened.requester_id, *opened.email_cc_ids}:
        opened.email_cc_ids = [*opened.email_cc_ids, source.requester_id]
        opened.collaborator_ids = sorted({*opened.collaborator_ids, source.requester_id})
        desk.lifecycle.touch(opened, at_ms)


def end_merge(desk: HelpDesk, asked: Merge, merged: list[Ticket], *, in_private: bool) -> None:
    """What is said to those who go on with the other ticket, when some were merged into it."""
    target = desk.book.open(asked.into_id)
    if target is None or not merged or target.status == CLOSED:
        return
    names = ", ".join(f'#{ticket.id} "{ticket.subject}"' for ticket in merged)
    words = asked.target_comment or f"Merged into this request: {names}."
    desk.lifecycle.reply(target, asked.by, desk.stamp_ms, is_public=asked.target_is_public and not in_private, body=words)
    desk.touched(target)


def is_private(desk: HelpDesk, ids: list[int]) -> bool:
    """One of these tickets is private, or came by a channel on which nothing may be said of a merge in public."""
    found = [ticket for ticket_id in ids if (ticket := desk.book.look(ticket_id)) is not None]
    return any(not ticket.is_public or ticket.channel in PRIVATE_CHANNELS for ticket in found)
