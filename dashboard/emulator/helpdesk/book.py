"""The book of all tickets: those that may still change, those of the seeded past, and those in the trash.

In:  tickets as they are made and changed. Out: one by its id, all in order of id or of their last update, the events of all clocks.
It is the `Journal` of the clocks. Must not decide what happens to a ticket.
A ticket of the past is made anew each time that somebody looks (`look`); `open` takes it over for good, so that it may be changed.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator, Sequence
from heapq import merge
from typing import Protocol

from dashboard.emulator.helpdesk.event_log import EventLog
from dashboard.emulator.helpdesk.tickets import Event, Ticket

_BITS = 32
_MASK = (1 << _BITS) - 1


def update_key(updated_ms: int, ticket_id: int) -> int:
    """A number in the order of last update, then of id."""
    return (updated_ms // 1000 << _BITS) | ticket_id


class Past(Protocol):
    """Closed tickets of the past that nobody has changed since. `ids` and `update_keys` ascend and may hold ids that were given up."""

    ids: array[int]
    update_keys: array[int]

    def __len__(self) -> int:
        """How many it still holds."""

    def holds(self, ticket_id: int) -> bool: ...

    def look(self, ticket_id: int) -> Ticket | None:
        """A copy, with its events under the ids they always have; None when it does not hold it."""

    def brief(self, ticket_id: int) -> Ticket:
        """A ticket with the right dates, subject, status, type, priority, group, assignee and requester, and cheap: nothing else counts."""

    def chosen(self, match: Callable[[Ticket], bool], requester_ids: frozenset[int] | None) -> list[int]:
        """As `Book.chosen`, of the past."""

    def give_up(self, ticket_id: int) -> None: ...


class NoPast:
    """An account that begins empty."""

    def __init__(self) -> None:
        self.ids: array[int] = array("q")
        self.update_keys: array[int] = array("q")

    def __len__(self) -> int:
        return 0

    def holds(self, ticket_id: int) -> bool:
        return False

    def look(self, ticket_id: int) -> Ticket | None:
        return None

    def brief(self, ticket_id: int) -> Ticket:
        raise KeyError(ticket_id)

    def chosen(self, match: Callable[[Ticket], bool], requester_ids: frozenset[int] | None) -> list[int]:
        return []

    def give_up(self, ticket_id: int) -> None:
        raise KeyError(ticket_id)


class Book:
    """All tickets of the account. `live` are those that may change, by id; `trash` those that were deleted and can be restored."""

    def __init__(self) -> None:
        self.live: dict[int, Ticket] = {}
        self.trash: dict[int, Ticket] = {}
        self.log = EventLog()
        self.past: Past = NoPast()
        self._incidents: dict[int, set[int]] = {}
        self._ids: list[int] = []
        self._updates: list[int] = []
        self._next_id = 1
        self._bulk = False

    # --- the journal

    def write(self, event: Event, ticket: Ticket) -> None:
        """Number the event and list it, here and with its ticket."""
        self.log.add(event)
        ticket.events.append(event)

    def changed(self, ticket: Ticket, at_ms: int) -> None:
        """The ticket's last update is then, unless it was later already."""
        if at_ms <= ticket.updated_ms:
            return
        if self.live.get(ticket.id) is ticket and not self._bulk:
            self._unlist_update(ticket)
            ticket.updated_ms = at_ms
            insort(self._updates, update_key(at_ms, ticket.id))
        else:
            ticket.updated_ms = at_ms

    def _unlist_update(self, ticket: Ticket) -> None:
        key = update_key(ticket.updated_ms, ticket.id)
        place = bisect_left(self._updates, key)
        if place < len(self._updates) and self._updates[place] == key:
            del self._updates[place]

    # --- what there is

    def __len__(self) -> int:
        """Tickets that are listed: not those in the trash."""
        return len(self.live) + len(self.past)

    def look(self, ticket_id: int) -> Ticket | None:
        """The ticket, not to be changed; None when there is none, or it is in the trash."""
        return self.live.get(ticket_id) or self.past.look(ticket_id)

    def open(self, ticket_id: int) -> Ticket | None:
        """The ticket, to be changed; None when there is none, or it is in the trash."""
        ticket = self.live.get(ticket_id)
        if ticket is not None:
            return ticket
        ticket = self.past.look(ticket_id)
        if ticket is not None:
            self.past.give_up(ticket_id)
            for event in ticket.events:
                self.log.take_over(event)
            self._list(ticket)
        return ticket

    def brief(self, ticket_id: int) -> Ticket:
        """As `look`, but of a ticket of the past only what the lists choose by. KeyError for an id that is not listed."""
        return self.live.get(ticket_id) or self.past.brief(ticket_id)

    def chosen(self, match: Callable[[Ticket], bool], requester_ids: frozenset[int] | None = None) -> list[int]:
        """Ids, ascending, of listed tickets that match, and whose requester is one of these if some are given.

        `match` may look at what does not change from one use of a past ticket's course to the next: type, status, agents, copies.
        """
        found = [
            ticket_id
            for ticket_id, ticket in self.live.items()
            if (requester_ids is None or ticket.requester_id in requester_ids) and match(ticket)
        ]
        return sorted([*found, *self.past.chosen(match, requester_ids)])

    def incidents_of(self, problem_id: int) -> list[int]:
        """Ids, ascending, of the listed tickets that are incidents of this problem."""
        return sorted(ticket_id for ticket_id in self._incidents.get(problem_id, ()) if ticket_id in self.live)

    def link(self, ticket: Ticket, problem_id: int | None) -> None:
        """The ticket is an incident of that problem from now on; None: of none."""
        if ticket.problem_id is not None:
            self._incidents.get(ticket.problem_id, set()).discard(ticket.id)
        ticket.problem_id = problem_id
        if problem_id is not None:
            self._incidents.setdefault(problem_id, set()).add(ticket.id)

    # --- what comes and goes

    def begin_with(self, past: Past) -> None:
        """The seeded past; the next new ticket is numbered beyond it."""
        self.past = past
        if len(past.ids):
            self._next_id = max(self._next_id, past.ids[-1] + 1)

    def bulk(self, on: bool) -> None:
        """While on, many tickets may be added and changed quickly; listing waits until it is off."""
        self._bulk = on
        self.log.bulk(on)
        if not on:
            self._ids = sorted(self.live)
            self._updates = sorted(update_key(ticket.updated_ms, ticket.id) for ticket in self.live.values())

    def next_id(self) -> int:
        """The number of the next new ticket; each is given once."""
        ticket_id, self._next_id = self._next_id, self._next_id + 1
        return ticket_id

    def add(self, ticket: Ticket) -> None:
        """A new ticket is listed from now on; call before anything happens to it."""
        self._next_id = max(self._next_id, ticket.id + 1)
        self._list(ticket)

    def _list(self, ticket: Ticket) -> None:
        self.live[ticket.id] = ticket
        if not self._bulk:
            insort(self._ids, ticket.id)
            insort(self._updates, update_key(ticket.updated_ms, ticket.id))

    def _unlist(self, ticket: Ticket) -> None:
        del self.live[ticket.id]
        del self._ids[bisect_left(self._ids, ticket.id)]
        self._unlist_update(ticket)

    def discard(self, ticket_id: int, by: int, at_ms: int) -> Ticket | None:
        """Put it into the trash; None when it is not listed. Its events stay listed, as at the vendor; nobody works on it there."""
        ticket = self.open(ticket_id)
        if ticket is not None:
            self._unlist(ticket)
            ticket.deleted_ms, ticket.deleted_by = at_ms, by
            ticket.turn += 1
            self.trash[ticket_id] = ticket
        return ticket

    def restore(self, ticket_id: int, at_ms: int) -> Ticket | None:
        """Take it out of the trash as it was; None when it is not there."""
        ticket = self.trash.pop(ticket_id, None)
        if ticket is not None:
            ticket.deleted_ms = ticket.deleted_by = None
            self._list(ticket)
            self.changed(ticket, at_ms)
        return ticket

    def destroy(self, ticket_id: int) -> Ticket | None:
        """Out of the trash for good, and its events with it; None when it is not there."""
        ticket = self.trash.pop(ticket_id, None)
        if ticket is not None:
            self.log.drop(ticket.events)
        return ticket

    # --- in order

    def ids(self, *, after: int | None = None, descending: bool = False) -> Iterator[int]:
        """Ids of listed tickets beyond `after` in that direction. The book must not change while they are taken."""
        past = (ticket_id for ticket_id in _beyond(self.past.ids, after, descending) if self.past.holds(ticket_id))
        return merge(_beyond(self._ids, after, descending), past, reverse=descending)

    def update_keys(self, *, after: int | None = None, descending: bool = False) -> Iterator[int]:
        """Keys of listed tickets (`update_key`; `ticket_of` has the id) beyond `after`, by last update; as `ids`."""
        past = (key for key in _beyond(self.past.update_keys, after, descending) if self.past.holds(key & _MASK))
        return merge(_beyond(self._updates, after, descending), past, reverse=descending)

    @staticmethod
    def ticket_of(key: int) -> int:
        """The ticket's id in a key of `update_keys`."""
        return key & _MASK


def _beyond(numbers: Sequence[int], after: int | None, descending: bool) -> Iterator[int]:
    """Ascending numbers from beyond `after`, in either direction."""
    if descending:
        last = len(numbers) if after is None else bisect_left(numbers, after)
        places = range(last - 1, -1, -1)
    else:
        places = range(0 if after is None else bisect_right(numbers, after), len(numbers))
    return (numbers[place] for place in places)
