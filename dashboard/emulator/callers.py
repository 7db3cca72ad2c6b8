"""Who asks: the person of the account behind a request's credentials, and what they are.

In:  the account, the Authorization header. Out: a `Caller`, or None for credentials that are not good.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.emulator.account import Account
from dashboard.emulator.helpdesk.company import ADMIN_ID
from dashboard.emulator.helpdesk.desk import HelpDesk
from dashboard.emulator.helpdesk.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Caller:
    """A person of the account: `role` is admin, agent or restricted (an agent who sees but the tickets that are theirs)."""

    id: int
    role: str


def caller_of(account: Account, authorization: str | None, now_s: float) -> Caller | None:
    """Whose credentials these are; None: nobody's."""
    return Caller(ADMIN_ID, "admin") if account.doors.admits(authorization, now_s) else None


def sees(desk: HelpDesk, caller: Caller, ticket: Ticket) -> bool:
    """Whether this person may see the ticket: administrators and agents all, a restricted agent those of theirs and of their groups."""
    if caller.role != "restricted":
        return True
    person = desk.company.agents.get(caller.id)
    theirs = caller.id in {ticket.assignee_id, ticket.requester_id, *ticket.email_cc_ids, *ticket.follower_ids}
    return theirs or (person is not None and ticket.group_id in person.group_ids)
