"""Sideloads: what `include=` adds to answers with tickets.

In:  the query's `include`, the tickets of the answer. Out: their comment counts, and lists of the people, groups and organisations that
they name. A word that is not known adds nothing, as at the vendor's.
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.emulator.helpdesk.tickets import Ticket
from dashboard.emulator.places import Asked
from dashboard.emulator.ticket_json import Row, group_row, person_row


def wanted(asked: Asked) -> frozenset[str]:
    """The words of `include`."""
    return frozenset(word.strip() for word in asked.query.get("include", "").split(",") if word.strip())


def sideloaded(asked: Asked, body: Row, rows: Sequence[Row]) -> Row:
    """The body with what was asked for beside its tickets, whose rows these are."""
    words = wanted(asked)
    if not words:
        return body
    tickets = [ticket for row in rows if isinstance(found := row["id"], int) and (ticket := asked.desk.book.look(found)) is not None]
    if "comment_count" in words:
        for row, ticket in zip(rows, tickets, strict=True):
            row["comment_count"] = len(ticket.comments)
    return body | _beside(asked, tickets, words)


def _beside(asked: Asked, tickets: Sequence[Ticket], words: frozenset[str]) -> Row:
    found: Row = {}
    company = asked.desk.company
    if "users" in words:
        ids = {person for ticket in tickets for person in (ticket.requester_id, ticket.submitter_id, ticket.assignee_id) if person}
        found["users"] = [person_row(asked, person) for each in sorted(ids) if (person := company.person(each)) is not None]
    if "groups" in words:
        used = {ticket.group_id for ticket in tickets}
        found["groups"] = [group_row(asked, group.id, group.name) for group in asked.desk.config.groups if group.id in used]
    if "organizations" in words:
        ids = {ticket.organization_id for ticket in tickets if ticket.organization_id is not None}
        found["organizations"] = [
            {"id": each, "url": asked.url_of(f"organizations/{each}"), "name": company.organization_name(each)} for each in sorted(ids)
        ]
    return found
