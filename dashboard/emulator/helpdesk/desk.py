"""The help desk: all state of the emulated company's tickets, and the way to change it.

In:  the account's set-up, the agenda that the calls live on, the people at work. Out: `HelpDesk`, which the endpoints ask and change.
Must not know HTTP. What happens by itself is put on the agenda by `work` and `incoming`; what a client writes acts through `lifecycle`
at `stamp_ms` on tickets that `book.open` or `book.add` gave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from dashboard.emulator.agenda import Agenda
from dashboard.emulator.helpdesk.book import Book
from dashboard.emulator.helpdesk.company import Company, Person
from dashboard.emulator.helpdesk.hours import Hours
from dashboard.emulator.helpdesk.lifecycle import Lifecycle
from dashboard.emulator.helpdesk.tickets import Comment, Ticket
from dashboard.emulator.lines import DEFAULT_GROUPS, Group

MOST_VIEWED = 15
NOBODY: tuple[int, ...] = ()


def nobody_free() -> Iterable[int]:
    """A floor on which nobody has time."""
    return NOBODY


@dataclass(frozen=True, slots=True)
class DeskConfig:
    """The account that is simulated. `tickets_count`: how many tickets there are at the midnight that the simulation begins with."""

    seed: int = 1
    time_zone: str = "UTC"
    groups: tuple[Group, ...] = DEFAULT_GROUPS
    tickets_count: int = 400


class HelpDesk:
    """One account's tickets. `free_agents` tells the ids of those who have time for a ticket now.

    Not safe to use from several threads at once. `listeners` are told of every ticket that a client has made, changed, or brought back:
    the simulated people then go on with what they find.
    """

    def __init__(
        self,
        config: DeskConfig,
        agenda: Agenda,
        agents: Iterable[Person] = (),
        free_agents: Callable[[], Iterable[int]] = nobody_free,
        admin_email: str = "admin@emulator.example",
    ) -> None:
        self.config, self.agenda, self.free_agents = config, agenda, free_agents
        self.zone = ZoneInfo(config.time_zone)
        self.hours = Hours(self.zone)
        self.company = Company(config.seed, agents, admin_email)
        self.book = Book()
        self.lifecycle = Lifecycle(self.hours, self.book)
        self.listeners: list[Callable[[Ticket], None]] = []
        self.viewed: dict[int, list[int]] = {}

    @property
    def now_ms(self) -> int:
        """The simulated time."""
        return self.agenda.now_ms

    @property
    def stamp_ms(self) -> int:
        """The simulated time in whole seconds, as everything that happens to a ticket is dated."""
        return self.agenda.now_ms // 1000 * 1000

    def make(self, ticket: Ticket) -> Ticket:
        """List a new ticket and let its life begin now. Its id must come from `book.next_id`."""
        self.book.add(ticket)
        self.lifecycle.open(ticket, self.stamp_ms)
        return ticket

    def touched(self, ticket: Ticket) -> None:
        """A client has made, changed or restored this ticket; call once after each."""
        for tell in self.listeners:
            tell(ticket)

    def note_viewed(self, person_id: int, ticket_id: int) -> None:
        """This person has looked at this ticket: `viewed` holds the last of each person, the latest first."""
        before = self.viewed.get(person_id, [])
        self.viewed[person_id] = [ticket_id, *(each for each in before if each != ticket_id)][:MOST_VIEWED]

    def first_comment(self, author_id: int, body: str, *, is_public: bool = True) -> Comment:
        """The comment that a new ticket begins with."""
        return Comment(self.stamp_ms, author_id, is_public, body)
