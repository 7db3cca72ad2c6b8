"""All metric events of the account in the order in which the vendor lists them: by time, then by id.

In:  events as they are written, and the many of the seeded past as packed numbers. Out: events from any second on.
An event is found by a key, its second times 2**32 plus its number: so the order of keys is the order of the list, and millions of
past events cost eight bytes each.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator

from dashboard.emulator.helpdesk.tickets import Event

EVENT_BASE = 926_000_000_000
"""Added to an event's number it is the id that the vendor tells."""
_BITS = 32
_MASK = (1 << _BITS) - 1


def key_of(at_ms: int, number: int) -> int:
    """The key of the event with this number (>= 0, below 2**32) at this time."""
    return (at_ms // 1000 << _BITS) | number


class EventLog:
    """Events that change, by key, and those of the past, which `look_past` makes from their number (None: it has been given up)."""

    def __init__(self) -> None:
        self._keys: list[int] = []
        self._events: dict[int, Event] = {}
        self._past_keys: array[int] = array("q")
        self._look_past: Callable[[int], Event | None] = lambda number: None
        self._next_number = 0
        self._bulk = False

    def begin_with(self, past_keys: array[int], look_past: Callable[[int], Event | None], next_number: int) -> None:
        """The seeded past: its keys in order; new events are numbered from `next_number`."""
        self._past_keys, self._look_past, self._next_number = past_keys, look_past, next_number

    def bulk(self, on: bool) -> None:
        """While on, events may be added in any number without being put in order; listing waits until it is off."""
        self._bulk = on
        if not on:
            self._keys.sort()

    def add(self, event: Event) -> None:
        """Number it, and keep it."""
        number, self._next_number = self._next_number, self._next_number + 1
        event.id = EVENT_BASE + number
        self._keep(event)

    def take_over(self, event: Event) -> None:
        """Keep one of the past under the id that it has: from now on it may change."""
        self._keep(event)

    def _keep(self, event: Event) -> None:
        number = event.id - EVENT_BASE
        self._events[number] = event
        key = key_of(event.at_ms, number)
        if self._bulk or not self._keys or key > self._keys[-1]:
            self._keys.append(key)
        else:
            insort(self._keys, key)

    def drop(self, events: list[Event]) -> None:
        """Forget the events of a ticket that is gone for good."""
        for event in events:
            number = event.id - EVENT_BASE
            self._events.pop(number, None)
            key = key_of(event.at_ms, number)
            place = bisect_left(self._keys, key)
            if place < len(self._keys) and self._keys[place] == key:
                del self._keys[place]

    def since(self, start_s: int, after_number: int = -1) -> Iterator[Event]:
        """Events from that second on, in order; of that very second only those numbered beyond `after_number`."""
        start = (max(0, start_s) << _BITS) + after_number + 1
        keys, past = self._keys, self._past_keys
        place, past_place = bisect_left(keys, start), bisect_left(past, start)
        while place < len(keys) or past_place < len(past):
            if past_place == len(past) or (place < len(keys) and keys[place] < past[past_place]):
                yield self._events[keys[place] & _MASK]
                place += 1
            else:
                found = self._look_past(past[past_place] & _MASK)
                past_place += 1
                if found is not None:
                    yield found

    def __len__(self) -> int:
        return len(self._keys) + len(self._past_keys)
