"""The log as one row of lines, newest first: acts of people, and what rules did to tickets.

In:  a queryset of acts, the steps of rules. Out: pages of both, merged by their time, each line once. Reads what is asked for, and of what
comes before it the times alone.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from django.db.models import QuerySet

from dashboard.desk import by_rules
from dashboard.desk.audit import of_ticket
from dashboard.desk.by_rules import Key, Line
from dashboard.models import DeskAct

# Instead of somebody's address: what rules did.
RULES = "rules"
AT_ONCE = 500
_Head = tuple[datetime, int, int]


class Log:
    """What was done, narrowed: for a paginator (`count`, slices with both ends), and to be read whole (`newest`)."""

    def __init__(self, acts: QuerySet[DeskAct], keys: Sequence[Key]) -> None:
        self._acts = acts
        self._keys = keys

    def count(self) -> int:
        return self._acts.count() + len(self._keys)

    def __getitem__(self, part: slice) -> list[DeskAct | Line]:
        return self._read(self._heads(part.start or 0, part.stop))

    def newest(self, most: int) -> Iterator[DeskAct | Line]:
        """The newest ones, read by the hundred."""
        heads = self._heads(0, most)
        for start in range(0, len(heads), AT_ONCE):
            yield from self._read(heads[start : start + AT_ONCE])

    def _heads(self, start: int, stop: int) -> list[_Head]:
        """When, which, and of a step the how manieth; of an act -1."""
        acts = ((at, pk, -1) for at, pk in self._acts.values_list("at", "pk")[:stop])
        merged = heapq.merge(acts, self._keys[:stop], key=lambda head: head[0], reverse=True)
        return list(islice(merged, start, stop))

    def _read(self, heads: Sequence[_Head]) -> list[DeskAct | Line]:
        acts = DeskAct.objects.in_bulk([pk for _, pk, place in heads if place < 0])
        lines = by_rules.lines(head for head in heads if head[2] >= 0)
        found = [acts.get(head[1]) if head[2] < 0 else lines.get(head) for head in heads]
        return [each for each in found if each is not None]


def log_of(person: str, ticket_id: int | None) -> Log:
    """Everything; of one person, or of the rules (`RULES`); of one ticket. An empty text, None: of all."""
    acts = DeskAct.objects.all()
    if person:
        acts = acts.none() if person == RULES else acts.filter(by=person)
    if ticket_id is not None and person != RULES:
        acts = of_ticket(ticket_id, acts)
    return Log(acts, by_rules.keys(ticket_id) if person in ("", RULES) else [])
