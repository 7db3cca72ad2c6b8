"""Tickets as they are read: lists, single ones, counts, who is on them, what hangs on them, what is in the trash.

In:  ids, sorts, where a page begins. Out: typed pages and values, one HTTP request a call; of who is on a ticket all pages,
ten at most. Must not change anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Unpack

from dashboard.domain.tickets import Counted, DeletedTicket, Related, Ticket, User
from dashboard.sources import tickets_decode as decode
from dashboard.sources import values
from dashboard.sources.http import Answer
from dashboard.sources.paging import (
    LARGEST_PAGE,
    Listed,
    Page,
    cursor_page,
    cursor_params,
    entries,
    id_list,
    number_params,
    numbered_page,
    path_id,
    read_all,
)
from dashboard.sources.zendesk_door import Asking, ZendeskDoor, member

CursorSort = Literal["id", "-id", "updated_at", "-updated_at", "status", "-status"]
NumberSort = Literal[
    "assignee",
    "assignee.name",
    "created_at",
    "group",
    "id",
    "locale",
    "requester",
    "requester.name",
    "status",
    "subject",
    "updated_at",
]
SortOrder = Literal["asc", "desc"]
LONGEST_SEARCH = 200
# Beyond this page the vendor allows fewer lists a minute.
DEEP_AFTER_PAGE = 1000


class ZendeskLists(ZendeskDoor):
    """The reading half of the vendor's tickets. Ids that are none raise ValueError before anything is asked."""

    def list_page(
        self,
        *,
        sort: CursorSort = "id",
        after: str | None = None,
        size: int = LARGEST_PAGE,
        external_id: str | None = None,
        **asking: Unpack[Asking],
    ) -> Page[Ticket]:
        """Tickets of the account by cursor; archived and deleted ones are not among them. `external_id`: those alone that carry it."""
        params = cursor_params(size, after) | {"sort": sort} | ({} if external_id is None else {"external_id": external_id})
        return cursor_page(self._get("tickets", params, **asking), "tickets", decode.ticket, after)

    def list_numbered(
        self,
        *,
        page: int = 1,
        per_page: int = LARGEST_PAGE,
        sort_by: NumberSort | None = None,
        sort_order: SortOrder = "asc",
        external_id: str | None = None,
        **asking: Unpack[Asking],
    ) -> Page[Ticket]:
        """Tickets of the account by page number: with the vendor's count, but pages shift while tickets come and go."""
        params = number_params(page, per_page) | ({} if external_id is None else {"external_id": external_id})
        if sort_by is not None:
            params |= {"sort_by": sort_by, "sort_order": sort_order}
        answer = self._get("tickets", params, has_own_limit=page > DEEP_AFTER_PAGE, **asking)
        return numbered_page(answer, "tickets", decode.ticket, page)

    def of_organization_page(self, organization_id: int, *, after: str | None = None, **asking: Unpack[Asking]) -> Page[Ticket]:
        """Tickets of an organisation."""
        return self._tickets(f"organizations/{path_id(organization_id)}/tickets", after, **asking)

    def requested_by_page(self, user_id: int, *, after: str | None = None, **asking: Unpack[Asking]) -> Page[Ticket]:
        """Tickets that this person asked for."""
        return self._tickets(f"users/{path_id(user_id)}/tickets/requested", after, **asking)

    def ccd_page(self, user_id: int, *, after: str | None = None, **asking: Unpack[Asking]) -> Page[Ticket]:
        """Tickets of which this person gets copies."""
        return self._tickets(f"users/{path_id(user_id)}/tickets/ccd", after, **asking)

    def followed_page(self, user_id: int, *, after: str | None = None, **asking: Unpack[Asking]) -> Page[Ticket]:
        """Tickets that this agent follows."""
        return self._tickets(f"users/{path_id(user_id)}/tickets/followed", after, **asking)

    def assigned_page(self, user_id: int, *, after: str | None = None, **asking: Unpack[Asking]) -> Page[Ticket]:
        """Tickets that this agent is to solve."""
        return self._tickets(f"users/{path_id(user_id)}/tickets/assigned", after, **asking)

    def incidents_page(self, ticket_id: int, *, after: str | None = None, **asking: Unpack[Asking]) -> Page[Ticket]:
        """The incidents of a problem."""
        return self._tickets(f"tickets/{path_id(ticket_id)}/incidents", after, **asking)

    def problems_page(self, *, after: str | None = None, **asking: Unpack[Asking]) -> Page[Ticket]:
        """All problems, those changed last first."""
        return self._tickets("problems", after, **asking)

    def autocomplete_problems(self, text: str, **asking: Unpack[Asking]) -> tuple[Ticket, ...]:
        """Problems whose subject holds the text, of which 200 characters count; none for a blank text, without asking."""
        wanted = values.clean(text, LONGEST_SEARCH)
        if not wanted:
            return ()
        return entries(self._ask("problems/autocomplete", {"text": wanted}, **asking), "tickets", decode.ticket)

    def recent(self, **asking: Unpack[Asking]) -> tuple[Ticket, ...]:
        """What the person behind our credentials last looked at; not the newest tickets."""
        return entries(self._get("tickets/recent", **asking), "tickets", decode.ticket)

    def count(self, **asking: Unpack[Asking]) -> Counted:
        """How many tickets the account has, archived ones left out. Over 100,000 the vendor counts once a day."""
        return self._count("tickets/count", **asking)

    def count_of_organization(self, organization_id: int, **asking: Unpack[Asking]) -> Counted:
        """As `count`, of an organisation."""
        return self._count(f"organizations/{path_id(organization_id)}/tickets/count", **asking)

    def count_ccd(self, user_id: int, **asking: Unpack[Asking]) -> Counted:
        """As `count`, of what `ccd_page` lists."""
        return self._count(f"users/{path_id(user_id)}/tickets/ccd/count", **asking)

    def count_assigned(self, user_id: int, **asking: Unpack[Asking]) -> Counted:
        """As `count`, of what `assigned_page` lists."""
        return self._count(f"users/{path_id(user_id)}/tickets/assigned/count", **asking)

    def show(self, ticket_id: int, **asking: Unpack[Asking]) -> Ticket:
        """One ticket, archived ones too. SourceError not_found: there is none, or it is in the trash."""
        return ticket_of(self._get(f"tickets/{path_id(ticket_id)}", **asking), ticket_id)

    def show_many(self, ids: Iterable[int], **asking: Unpack[Asking]) -> tuple[Ticket, ...]:
        """1 to 100 tickets; those that are unknown are left out. ValueError: another number of ids."""
        return entries(self._get("tickets/show_many", {"ids": id_list(ids)}, **asking), "tickets", decode.ticket)

    def related(self, ticket_id: int, **asking: Unpack[Asking]) -> Related:
        """What hangs on a ticket."""
        return decode.related(self._get(f"tickets/{path_id(ticket_id)}/related", **asking).json)

    def collaborators(self, ticket_id: int, **asking: Unpack[Asking]) -> Listed[User]:
        """Everybody who is on a ticket besides its requester and assignee; all pages, ten at most (`has_more`), a request each."""
        return self._users(ticket_id, "collaborators", **asking)

    def followers(self, ticket_id: int, **asking: Unpack[Asking]) -> Listed[User]:
        """Agents who follow a ticket, as `collaborators`. An account without that feature refuses."""
        return self._users(ticket_id, "followers", **asking)

    def email_ccs(self, ticket_id: int, **asking: Unpack[Asking]) -> Listed[User]:
        """Those who get copies by mail, as `collaborators`. An account without that feature refuses."""
        return self._users(ticket_id, "email_ccs", **asking)

    def deleted_page(
        self,
        *,
        after: str | None = None,
        sort_by: Literal["id", "subject", "deleted_at"] = "deleted_at",
        sort_order: SortOrder = "desc",
        **asking: Unpack[Asking],
    ) -> Page[DeletedTicket]:
        """The trash of the last 30 days. The vendor allows 10 of these a minute, and 5 beyond the hundredth page."""
        params = cursor_params(LARGEST_PAGE, after) | {"sort_by": sort_by, "sort_order": sort_order}
        return cursor_page(self._get("deleted_tickets", params, has_own_limit=True, **asking), "deleted_tickets", decode.deleted, after)

    def groups_page(self, *, after: str | None = None, **asking: Unpack[Asking]) -> Page[User]:
        """The account's groups, by id and name. A vendor that refuses them raises SourceError; go on without names."""
        return cursor_page(self._get("groups", cursor_params(LARGEST_PAGE, after), **asking), "groups", decode.user, after)

    def users(self, ids: Iterable[int], **asking: Unpack[Asking]) -> tuple[User, ...]:
        """1 to 100 people by id: names for requesters and assignees. Those that are unknown are left out."""
        return entries(self._get("users/show_many", {"ids": id_list(ids)}, **asking), "users", decode.user)

    def _tickets(self, path: str, after: str | None, **asking: Unpack[Asking]) -> Page[Ticket]:
        return cursor_page(self._get(path, cursor_params(LARGEST_PAGE, after), **asking), "tickets", decode.ticket, after)

    def _count(self, path: str, **asking: Unpack[Asking]) -> Counted:
        return decode.counted(self._get(path, **asking).json)

    def _users(self, ticket_id: int, which: str, **asking: Unpack[Asking]) -> Listed[User]:
        path = f"tickets/{path_id(ticket_id)}/{which}"
        return read_all(lambda params: self._get(path, params, **asking), "users", decode.user, lambda user: user.id)


def ticket_of(answer: Answer, ticket_id: int) -> Ticket:
    """`ticket` of an answer about that ticket. SourceError: it is about another one, as of a cache in between that mixes answers up; kept
    as if it were so, it would stand for that other ticket until that moves again."""
    found = decode.ticket(member(answer, "ticket"), "ticket")
    if found.id != ticket_id:
        raise values.invalid("ticket.id", "is not that of the ticket that was asked for")
    return found
