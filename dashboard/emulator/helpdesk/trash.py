"""The trash, and what leads into it: deleting, marking as spam, bringing back, deleting for good; and merging, which closes.

In:  the desk, ids, who does it. Out: whether it was done; `Invalid` and `NotThere` say why not. All act at the desk's present second.
Must not know HTTP, nor ask who may.
"""

from __future__ import annotations

from dashboard.emulator.helpdesk.changes import NotThere
from dashboard.emulator.helpdesk.desk import HelpDesk
from dashboard.emulator.helpdesk.tickets import Ticket

KEPT_MS = 30 * 86_400_000


class Trash:
    """What was deleted in the last 30 days can be brought back; what is older is gone."""

    def __init__(self, desk: HelpDesk) -> None:
        self._desk = desk

    def tickets(self) -> list[Ticket]:
        """What can be brought back, in the order of its ids."""
        held, now_ms = self._desk.book.trash, self._desk.now_ms
        for ticket_id in [each.id for each in held.values() if (each.deleted_ms or 0) < now_ms - KEPT_MS]:
            self._desk.book.destroy(ticket_id)
        return [held[ticket_id] for ticket_id in sorted(held)]

    def holds(self, ticket_id: int) -> Ticket | None:
        """The ticket, if it can be brought back."""
        return next((ticket for ticket in self.tickets() if ticket.id == ticket_id), None)

    def discard(self, ticket_id: int, by: int) -> None:
        """Into the trash. `NotThere` when it is not listed."""
        if self._desk.book.discard(ticket_id, by, self._desk.stamp_ms) is None:
            raise NotThere

    def mark_as_spam(self, ticket_id: int, by: int) -> None:
        """Into the trash, and who wrote it is suspended; nobody suspends a colleague in this way."""
        seen = self._desk.book.look(ticket_id)
        self.discard(ticket_id, by)
        if seen is not None and self._desk.company.customer(seen.requester_id) is not None:
            self._desk.company.suspended.add(seen.requester_id)

    def restore(self, ticket_id: int) -> None:
        """Out of the trash as it was; people go on with it. `NotThere` when it is not in it."""
        found = self._desk.book.restore(ticket_id, self._desk.stamp_ms) if self.holds(ticket_id) is not None else None
        if found is None:
            raise NotThere
        self._desk.touched(found)

    def destroy(self, ticket_id: int) -> None:
        """For good. `NotThere` when it is not in the trash."""
        if self.holds(ticket_id) is None or self._desk.book.destroy(ticket_id) is None:
            raise NotThere
