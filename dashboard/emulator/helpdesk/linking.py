"""Problems and their incidents: a ticket of type incident is linked to the last problem about the same thing, more often than not.

In:  new tickets in the order in which they come. Out: `problem_id` of some, noted in the book. Chance of each ticket's own.
"""

from __future__ import annotations

from dashboard.emulator.chance import stream
from dashboard.emulator.helpdesk.book import Book
from dashboard.emulator.helpdesk.tickets import Ticket

_LINKED_SHARE = 0.7


class Linking:
    """Knows the last problem of each topic."""

    def __init__(self, seed: int, book: Book) -> None:
        self._seed, self._book = seed, book
        self._problems: dict[str, int] = {}

    def link(self, ticket: Ticket) -> None:
        """Note a new problem, or link a new incident; call once for each new ticket, before anything happens to it."""
        about = ticket.tags[0] if ticket.tags else ""
        if ticket.type == "problem":
            self._problems[about] = ticket.id
        elif ticket.type == "incident" and stream(self._seed, "link", ticket.id).random() < _LINKED_SHARE:
            problem_id = self._problems.get(about)
            if problem_id in self._book.live:
                self._book.link(ticket, problem_id)
