"""What an open incident's value is and was at worst: seen at every reading, written every ten seconds at most.

In:  an incident's id, a live value, when it was read. Out: `value`, `worst_value`, `last_seen_at` of its row.
Must not open, change or resolve anything.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, F, FloatField, Q, Value, When

from dashboard.models import Direction, Incident

EVERY = timedelta(seconds=10)
# More incidents than this are never open; it keeps a process that sees resolved ones no more from remembering them for ever.
MOST_REMEMBERED = 5_000


@dataclass(slots=True)
class _Seen:
    written_at: datetime
    highest: float
    lowest: float


_lock = threading.Lock()
_seen: dict[int, _Seen] = {}


def observe(incident_id: int, value: float, at: datetime) -> None:
    """A live reading of an open incident. The worst between two writings is kept in this process, and is in the next one."""
    with _lock:
        seen = _seen.get(incident_id)
        if seen is not None and timedelta(0) <= at - seen.written_at < EVERY:
            seen.highest, seen.lowest = max(seen.highest, value), min(seen.lowest, value)
            return
        highest, lowest = (max(seen.highest, value), min(seen.lowest, value)) if seen is not None else (value, value)
        if len(_seen) >= MOST_REMEMBERED:
            _seen.clear()
        _seen[incident_id] = _Seen(at, value, value)
    Incident.objects.filter(pk=incident_id, resolved_at=None, last_seen_at__lt=at).update(
        value=value, last_seen_at=at, worst_value=_worst(highest, lowest)
    )


def worst_seen(incident: Incident, value: float | None) -> float | None:
    """The worst of the row, of what this process saw since, and of `value`; None when there never was one. Forgets what it saw."""
    with _lock:
        seen = _seen.pop(incident.pk, None)
    above = incident.direction == Direction.ABOVE
    known = [each for each in (incident.worst_value, value) if each is not None]
    if seen is not None:
        known.append(seen.highest if above else seen.lowest)
    return (max(known) if above else min(known)) if known else None


def forget() -> None:
    """Nothing was seen yet, as in a process that has just begun."""
    with _lock:
        _seen.clear()


def _worst(highest: float, lowest: float) -> Case:
    """The database compares, so that two workers who saw different values keep the worse."""
    return Case(
        When(Q(worst_value=None) & Q(direction=Direction.ABOVE), then=Value(highest)),
        When(worst_value=None, then=Value(lowest)),
        When(direction=Direction.ABOVE, worst_value__lt=highest, then=Value(highest)),
        When(direction=Direction.BELOW, worst_value__gt=lowest, then=Value(lowest)),
        default=F("worst_value"),
        output_field=FloatField(),
    )
