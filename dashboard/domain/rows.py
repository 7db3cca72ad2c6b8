"""The rows of a reading: groups of the backlog, targets of service levels; their order, and which of them are kept as the past.

In:  a body. Out: its rows, the first of them kept, each as a list of plain values. Pure.
A tile shows twenty rows at most and says how many there are beside: so much is kept, and a past tile is the tile of then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields

from dashboard.domain.feeds import Endpoint
from dashboard.domain.names import name_order
from dashboard.domain.readings import Body
from dashboard.domain.readings_tickets import BacklogRow, PolicyRow

Row = BacklogRow | PolicyRow

ROWS: Mapping[Endpoint, type[Row]] = {Endpoint.TICKETS: BacklogRow, Endpoint.SLA: PolicyRow}
MOST_ROWS = 20
# A tile has room for no more of a name; the vendor allows two hundred signs.
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows of one reading that are kept, and how many there were `beside`."""

    rows: tuple[Row, ...] = ()
    beside: int = 0


def unsolved(row: BacklogRow) -> int:
    """All unsolved tickets of a group."""
    return row.new + row.open + row.pending + row.hold


def order(row: Row) -> tuple[object, ...]:
    """What rows of one kind are sorted by: the group with most unsolved tickets first; the worst target first."""
    if isinstance(row, BacklogRow):
        return -unsolved(row), name_order(row.name), row.group_id
    decided = row.met + row.missed
    return -row.breached, -row.breaching, row.met / decided if decided else 1.0, row.title, row.metric


def kept(body: Body) -> Kept | None:
    """What is kept of a reading's rows; None: a feed without rows."""
    rows = getattr(body, "rows", None)
    if rows is None:
        return None
    ranked = sorted(rows, key=order)
    # In an order that does not change with the counts, so that what changed can be told by its place.
    first = sorted((_shortened(row) for row in ranked[:MOST_ROWS]), key=_identity)
    return Kept(tuple(first), max(0, len(ranked) - MOST_ROWS))


def plain(row: Row) -> list[object]:
    """A row as texts and whole numbers, in the order of its fields."""
    return list(astuple(row))


def row_of(kind: type[Row], values: Sequence[object]) -> Row:
    """The inverse of `plain`. ValueError for values of other types, or another number of them."""
    wanted = tuple(str if each.type == "str" else int for each in fields(kind))
    if tuple(map(type, values)) != wanted:
        raise ValueError(f"not a row of {kind.__name__}")
    return kind(*values)  # type: ignore[arg-type]  # checked above


def _identity(row: Row) -> tuple[object, ...]:
    return (row.group_id,) if isinstance(row, BacklogRow) else (row.policy_id, row.title, row.metric)


def _shortened(row: Row) -> Row:
    values = [value[:LONGEST_NAME] if isinstance(value, str) else value for value in plain(row)]
    return row_of(type(row), values)
