"""Whether a ticket can be what a client wants it to be, and with whom it then is.

In:  the desk, the ticket as it is (None: it is to be made), a `Wish`. Out: a `Place`; flaws, by field, in the vendor's sentences.
Must not change anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.emulator.helpdesk.company import Person
from dashboard.emulator.helpdesk.desk import HelpDesk
from dashboard.emulator.helpdesk.tickets import CLOSED, NEW, SOLVED, Ticket
from dashboard.emulator.helpdesk.wishes import Flaw, Wish

Flaws = dict[str, list[Flaw]]


@dataclass(frozen=True, slots=True)
class Place:
    """With whom a ticket is to be."""

    assignee_id: int | None
    group_id: int | None


def place_of(desk: HelpDesk, ticket: Ticket | None, wish: Wish, flaws: Flaws) -> Place:
    """With whom it is to be: an agent brings a group along, and another group leaves behind an agent who is not in it."""
    now = Place(None, None) if ticket is None else Place(ticket.assignee_id, ticket.group_id)
    moves, asked = "group_id" in wish.given, bool({"assignee_id", "assignee_email"} & wish.given)
    if not moves and not asked:
        return now
    groups = [group.id for group in desk.config.groups]
    group_id = wish.group_id if moves else now.group_id
    if group_id is not None and group_id not in groups:
        flaws.setdefault("group", []).append({"description": "Group: is invalid", "error": "InvalidValue"})
        return now
    agent = _asked_agent(desk, wish, flaws) if asked else desk.company.person(now.assignee_id or 0)
    if agent is None:
        return Place(None, group_id)
    # Of no group by name is only the administrator, who is in all of them.
    theirs = agent.group_ids or tuple(groups)
    if group_id in theirs or not asked:
        return Place(agent.id if group_id in theirs else None, group_id)
    if not moves or group_id is None:
        return Place(agent.id, theirs[0])
    flaws["assignee"] = [
        {"description": "Assignee: is invalid", "error": "InvalidValue"},
        {"description": "Assignee: is not a member of the group"},
    ]
    return now


def _asked_agent(desk: HelpDesk, wish: Wish, flaws: Flaws) -> Person | None:
    """Who is to have it; None: nobody, or it is flawed."""
    company = desk.company
    if wish.assignee_id is None and wish.assignee_email is None:
        return None
    found = company.person(wish.assignee_id or 0) if wish.assignee_email is None else company.by_email(wish.assignee_email)
    if found is None or found.role == "end-user":
        flaws["assignee"] = [{"description": "Assignee: is invalid", "error": "InvalidValue"}]
        return None
    return found


def check(desk: HelpDesk, ticket: Ticket | None, wish: Wish, place: Place, flaws: Flaws) -> None:
    """What the form of a wish cannot say: who and what it names must be there, and the ticket be one for which it can be done."""
    for name, person_id in (("requester", wish.requester_id), ("submitter", wish.submitter_id)):
        if person_id is not None and desk.company.person(person_id) is None:
            flaws.setdefault(name, []).append({"description": f"{name.capitalize()}: is invalid", "error": "InvalidValue"})
    if wish.comment is not None and wish.comment.author_id is not None and desk.company.person(wish.comment.author_id) is None:
        flaws.setdefault("author", []).append({"description": "Author: is invalid", "error": "InvalidValue"})
    if wish.organization_id is not None and desk.company.organization_name(wish.organization_id) is None:
        flaws.setdefault("organization", []).append({"description": "Organization: is invalid", "error": "InvalidValue"})
    if wish.problem_id is not None:
        _check_problem(desk, ticket, wish, flaws)
    if wish.status == NEW and ticket is not None and ticket.status != NEW:
        flaws.setdefault("status", []).append({"description": "Status: cannot be changed back to new", "error": "InvalidValue"})
    solves = wish.status in (SOLVED, CLOSED) and (ticket is None or ticket.is_unsolved)
    if solves and place.assignee_id is None and "assignee" not in flaws:
        flaw: Flaw = {"description": "Assignee: is required when solving a ticket", "error": None}
        flaws.setdefault("base", []).append(flaw | {"ticket_field_id": 6130830343706, "ticket_field_type": "FieldAssignee"})


def _check_problem(desk: HelpDesk, ticket: Ticket | None, wish: Wish, flaws: Flaws) -> None:
    problem = desk.book.look(wish.problem_id or 0)
    kind = wish.type if "type" in wish.given else ticket.type if ticket is not None else None
    if problem is None or problem.type != "problem" or (ticket is not None and problem.id == ticket.id):
        flaws.setdefault("problem", []).append({"description": "Problem: must be a ticket of type problem", "error": "InvalidValue"})
    elif kind != "incident":
        flaws.setdefault("problem", []).append({"description": "Problem: only an incident has a problem", "error": "InvalidValue"})
