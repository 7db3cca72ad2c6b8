"""How it stands with the ticket of an incident, in words for its page.

In:  an incident. Out: one `TicketState`, or None where the incident's rule opens no tickets. Asks the vendor nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.accounts.switch import writes_on
from dashboard.alerts.ticket_rows import OVER_MEANWHILE
from dashboard.incidents.page import said
from dashboard.models import Incident, IncidentTicket

State = IncidentTicket.State
READ_ONLY = "Queuelight is read-only: it waits until an administrator switches changes at Zendesk on."


@dataclass(frozen=True, slots=True)
class TicketState:
    """`number` None: there is no ticket yet. `trouble`: why it is not as it should be; empty: it is. `stamp` changes when anything does."""

    number: int | None
    text: str
    trouble: str
    stamp: str


def state(incident: Incident) -> TicketState | None:
    """Two queries at most."""
    row = IncidentTicket.objects.filter(incident=incident).first()
    if row is None:
        return None
    text, trouble = _words(row, incident)
    stamp = f"{row.state}-{row.told_number}-{incident.version}-{row.attempts_count}-{trouble[:40]}"
    return TicketState(row.ticket_id, text, trouble, stamp)


def _words(row: IncidentTicket, incident: Incident) -> tuple[str, str]:
    if row.state == State.SOLVED:
        return ("Solved. It tells of everything up to the end." if not row.error else "Nothing more is added to it."), row.error
    if row.error == OVER_MEANWHILE:
        return row.error, ""
    if row.state == State.GIVEN_UP:
        return ("Nothing more is added to it." if row.ticket_id else "No ticket was opened."), row.error
    behind = row.told_number < incident.version
    trouble = ""
    if behind:
        trouble = _waits(row) if writes_on() else READ_ONLY
    if row.ticket_id is None:
        return "It is to be opened.", trouble
    return ("What happened last is still to be added." if behind else "It tells of everything so far."), trouble


def _waits(row: IncidentTicket) -> str:
    return f"{row.error} Tried again at {said(row.due_at, seconds=True)}." if row.error else ""
