"""Who asks: the person of the account behind a request's credentials, and what they are.

In:  the account, the Authorization header. Out: a `Caller`, or None for credentials that are not good.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.emulator.account import Account
from dashboard.emulator.auth import Role
from dashboard.emulator.helpdesk.company import ADMIN_ID
from dashboard.emulator.helpdesk.desk import HelpDesk
from dashboard.emulator.helpdesk.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Caller:
    """A person of the account: `role` is admin, agent or restricted (an agent who sees but the tickets that are theirs)."""

    id: int
    role: Role


def caller_of(account: Account, authorization: str | None, now_s: float) -> Caller | None:
    """Whose credentials these are; None: nobody's."""
    role = account.doors.role(authorization, now_s)
    if role is None:
        return None
    agents = sorted(account.floor.desk.company.agents)
    if role == "admin" or not agents:
        return Caller(ADMIN_ID, role)
    # Of the floor's people the first is the agent, and the next the one who is restricted.
    return Caller(agents[0 if role == "agent" else 1 % len(agents)], role)


def sees(desk: HelpDesk, caller: Caller, ticket: Ticket) -> bool:
    """Whether this person may see the ticket: administrators and agents all, a restricted agent those of theirs and of their groups."""
    if caller.role != "restricted":
        return True
    person = desk.company.agents.get(caller.id)
    theirs = caller.id in {ticket.assignee_id, ticket.requester_id, *ticket.email_cc_ids, *ticket.follower_ids}
    return theirs or (person is not None and ticket.group_id in person.group_ids)
