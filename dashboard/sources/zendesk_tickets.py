"""Zendesk's tickets: everything that is read of them, and everything that changes them.

In:  a change, ids. Out: the ticket as it is now, a job that goes on at the vendor, or nothing; one HTTP request a call. SourceError says
with `is_unsure` that a change may have been made although it was not answered. Must not decide who may change what, nor repeat a change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Unpack

from dashboard.domain.tickets import Job, Ticket, TicketChange
from dashboard.sources import tickets_decode as decode
from dashboard.sources.http import Answer
from dashboard.sources.paging import LARGEST_PAGE, id_list, path_id
from dashboard.sources.questions import Form
from dashboard.sources.zendesk_door import Asking, done, member
from dashboard.sources.zendesk_jobs import ZendeskJobs, job_of
from dashboard.sources.zendesk_lists import ZendeskLists, ticket_of

LONGEST_KEY = 255


class ZendeskTickets(ZendeskLists, ZendeskJobs):
    """One account's tickets. Whatever the vendor would refuse for its form (no ids, more than 100, a change that changes nothing) raises
    ValueError before anything is asked."""

    def create(self, change: TicketChange, *, idempotency_key: str, **asking: Unpack[Asking]) -> Ticket:
        """A new ticket; its first comment is needed. The same key again within hours gives the same ticket instead of a second one."""
        if not 0 < len(idempotency_key) <= LONGEST_KEY or not all("!" <= character <= "~" for character in idempotency_key):
            raise ValueError(f"an idempotency key is 1 to {LONGEST_KEY} visible characters")
        headers = {"idempotency-key": idempotency_key}
        return done(self._send("POST", "tickets", Form(ticket=_new(change)), headers=headers, **asking), _ticket)

    def create_many(self, changes: Sequence[TicketChange], **asking: Unpack[Asking]) -> Job:
        """1 to 100 new tickets."""
        _within_limit(len(changes))
        return done(self._send("POST", "tickets/create_many", Form(tickets=[_new(each) for each in changes]), **asking), job_of)

    def update(
        self,
        ticket_id: int,
        change: TicketChange,
        *,
        updated_stamp: datetime | None,
        **asking: Unpack[Asking],
    ) -> Ticket:
        """One ticket changed. `updated_stamp`: its `updated_at` as the change was decided on; has it moved since, nothing is changed and
        the SourceError is a conflict. None: whatever has happened since."""
        safe = {} if updated_stamp is None else {"safe_update": True, "updated_stamp": _stamp(updated_stamp)}
        form = Form(ticket=_single(change) | safe)
        return done(self._send("PUT", f"tickets/{path_id(ticket_id)}", form, **asking), lambda answer: ticket_of(answer, ticket_id))

    def update_many(self, ids: Iterable[int], change: TicketChange, **asking: Unpack[Asking]) -> Job:
        """The same change of 1 to 100 tickets. A ticket that changes while the job runs fails in it, and the others do not."""
        return done(self._send("PUT", "tickets/update_many", Form(ticket=_of(change)), {"ids": id_list(ids)}, **asking), job_of)

    def update_each(self, changes: Mapping[int, TicketChange], **asking: Unpack[Asking]) -> Job:
        """1 to 100 tickets, each its own change."""
        _within_limit(len(changes))
        form = Form(tickets=[{"id": path_id(ticket_id), **_single(change)} for ticket_id, change in changes.items()])
        return done(self._send("PUT", "tickets/update_many", form, **asking), job_of)

    def mark_as_spam(self, ticket_id: int, **asking: Unpack[Asking]) -> None:
        """Into the trash; the requester is suspended as well."""
        self._send("PUT", f"tickets/{path_id(ticket_id)}/mark_as_spam", {}, **asking)

    def mark_many_as_spam(self, ids: Iterable[int], **asking: Unpack[Asking]) -> Job:
        """As `mark_as_spam`, 1 to 100 tickets."""
        return done(self._send("PUT", "tickets/mark_many_as_spam", {}, {"ids": id_list(ids)}, **asking), job_of)

    def merge(
        self,
        into_id: int,
        ids: Iterable[int],
        *,
        target_comment: str,
        source_comment: str,
        target_is_public: bool = False,
        source_is_public: bool = False,
        **asking: Unpack[Asking],
    ) -> Job:
        """Tickets closed into another, each with a comment. The vendor keeps comments private where a ticket is private, or came from a
        channel that cannot say which."""
        path_id(into_id)
        wanted = [int(each) for each in id_list(ids).split(",")]
        if into_id in wanted:
            raise ValueError("a ticket cannot be merged into itself")
        form = Form(
            ids=wanted,
            target_comment=target_comment,
            source_comment=source_comment,
            target_comment_is_public=target_is_public,
            source_comment_is_public=source_is_public,
        )
        del target_comment, source_comment  # as in Form: the local variables of a traceback
        return done(self._send("POST", f"tickets/{into_id}/merge", form, **asking), job_of)

    def delete(self, ticket_id: int, **asking: Unpack[Asking]) -> None:
        """Into the trash, for 30 days. The vendor allows 400 a minute."""
        self._send("DELETE", f"tickets/{path_id(ticket_id)}", has_own_limit=True, **asking)

    def delete_many(self, ids: Iterable[int], **asking: Unpack[Asking]) -> Job:
        """As `delete`, 1 to 100 tickets."""
        return done(self._send("DELETE", "tickets/destroy_many", params={"ids": id_list(ids)}, **asking), job_of)

    def restore(self, ticket_id: int, **asking: Unpack[Asking]) -> None:
        """Out of the trash. SourceError not_found: it is not in it."""
        self._send("PUT", f"deleted_tickets/{path_id(ticket_id)}/restore", {}, **asking)

    def restore_many(self, ids: Iterable[int], **asking: Unpack[Asking]) -> None:
        """As `restore`, 1 to 100 tickets."""
        self._send("PUT", "deleted_tickets/restore_many", {}, {"ids": id_list(ids)}, **asking)

    def destroy(self, ticket_id: int, **asking: Unpack[Asking]) -> Job:
        """Out of the trash, for good: nothing brings it back."""
        return done(self._send("DELETE", f"deleted_tickets/{path_id(ticket_id)}", has_own_limit=True, **asking), job_of)

    def destroy_many(self, ids: Iterable[int], **asking: Unpack[Asking]) -> Job:
        """As `destroy`, 1 to 100 tickets; one that fails does not stop the others."""
        return done(self._send("DELETE", "deleted_tickets/destroy_many", params={"ids": id_list(ids)}, **asking), job_of)


def _ticket(answer: Answer) -> Ticket:
    return decode.ticket(member(answer, "ticket"), "ticket")


def _within_limit(found_count: int) -> None:
    if not 1 <= found_count <= LARGEST_PAGE:
        raise ValueError(f"the vendor takes 1 to {LARGEST_PAGE} tickets at once, not {found_count}")


def _of(change: TicketChange) -> dict[str, object]:
    found = change.as_json()
    if not found:
        raise ValueError("this change changes nothing")
    return found


def _single(change: TicketChange) -> dict[str, object]:
    if change.additional_tags or change.remove_tags:
        # The vendor takes them in that one form and passes over them elsewhere without a word.
        raise ValueError("single tags can be added and taken away only in one change of many tickets; set `tags` instead")
    return _of(change)


def _new(change: TicketChange) -> dict[str, object]:
    if change.comment is None or not change.comment.body.strip():
        raise ValueError("a new ticket needs a first comment")
    return _single(change)


def _stamp(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("a stamp has a time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
