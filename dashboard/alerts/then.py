"""Incidents as they were at a past moment, and what happened to them over a span: for a board that is rewound.

In:  incidents and their transitions from the database. Out: the entries that a frame of that moment had; marks for a time line.
What an incident is called and which limit it has are read from its row; its state, its severity and who had it from its transitions.
Must not change a row.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q

from dashboard.alerts.shown import MOST_SHOWN, entry, first_shown, passed_at, sentence
from dashboard.models import Board, Incident, Transition

# A metric's last value by then in a feed, by the feed's id, and when it came; None: not known.
ValueOf = Callable[[str, str], tuple[float, datetime] | None]

_MARKED = {
    Transition.What.OPENED: "opened",
    Transition.What.WORSE: "worse",
    Transition.What.ACKNOWLEDGED: "acknowledged",
    Transition.What.RESOLVED: "resolved",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened to an incident: `kind` is opened, worse, acknowledged or resolved."""

    at: datetime
    kind: str
    incident_id: int
    severity: str
    text: str
    by: str


class IncidentsThen:
    """The incidents of a board's account that were open at some moment of a span."""

    def __init__(self, board: Board, start: datetime, end: datetime) -> None:
        """Loads those of start <= t <= end (aware). django.db.DatabaseError when the database is away."""
        over = Q(resolved_at=None) | Q(resolved_at__gte=start)
        steps = Prefetch("transitions", Transition.objects.order_by("number"))
        rows = Incident.objects.filter(over, account=board.account, opened_at__lte=end).select_related("rule").prefetch_related(steps)
        self._all: Sequence[tuple[Incident, list[Transition]]] = [(row, list(row.transitions.all())) for row in rows]
        self._board = board

    def at(self, when: datetime, value_of: ValueOf) -> list[dict[str, object]]:
        """The open ones at `when`, in the form and order in which a live frame has them."""
        found = [was for row, steps in self._all if (was := as_of(row, steps, when, value_of)) is not None]
        found.sort(key=first_shown)
        return [entry(each) for each in found[:MOST_SHOWN]]

    def marks(self, start: datetime, end: datetime) -> list[Mark]:
        """What happened at start <= t <= end to those that the board shows, oldest first."""
        found = [
            Mark(step.at, _MARKED[what], row.pk, step.severity or row.severity, sentence(_then(row, steps, step.at)), step.by.split("@")[0])
            for row, steps in self._all
            if concerns(row, self._board)
            for step in steps
            if (what := Transition.What(step.what)) in _MARKED and start <= step.at <= end
        ]
        return sorted(found, key=lambda mark: mark.at)


def concerns(incident: Incident, board: Board) -> bool:
    """Whether a board of the incident's account shows it: its lines and groups are touched. Without any of its own, or of the rule's,
    all are."""
    if incident.rule is None or not incident.metric:
        return True
    pairs = ((board.line_ids, incident.rule.line_ids), (board.group_ids, incident.rule.group_ids))
    return all(not own or not others or not set(own).isdisjoint(others) for own, others in pairs)


def as_of(incident: Incident, steps: Sequence[Transition], when: datetime, value_of: ValueOf) -> Incident | None:
    """The incident as it was at `when` (aware); None: it was not open. A copy: never saved.

    Between two transitions its value is the metric's own at that moment, where that is known, else the last transition's.
    """
    if incident.opened_at > when or (incident.resolved_at is not None and incident.resolved_at <= when):
        return None
    was = _then(incident, steps, when)
    seen = value_of(was.scope, was.metric) if was.metric else None
    if seen is not None:
        was.value, was.last_seen_at = seen
    elif not was.metric and was.value is not None:
        was.value = max(0.0, (when - passed_at(was)).total_seconds())  # of lost data and a failing source: for how long
    return was


def _then(incident: Incident, steps: Sequence[Transition], when: datetime) -> Incident:
    """A copy in the state after the transitions up to `when`."""
    was = copy.copy(incident)
    was.resolved_at = was.recovering_at = was.acknowledged_at = was.snoozed_until = None
    was.acknowledged_by = ""
    was.last_seen_at = was.opened_at
    opened_severity = steps[0].severity if steps else incident.severity
    was.severity = opened_severity
    for step in steps:
        if step.at > when:
            break
        _take(was, step)
    if was.severity == opened_severity:
        was.limit, was.limit_since_at = incident.opened_limit, incident.since_at
    return was


def _take(was: Incident, step: Transition) -> None:
    what = Transition.What(step.what)
    if step.value is not None:
        was.value, was.last_seen_at = step.value, step.at
    if step.severity and what in (Transition.What.OPENED, Transition.What.WORSE, Transition.What.EASED):
        was.severity = step.severity
    if what is Transition.What.RECOVERING:
        was.recovering_at = step.at
    elif what in (Transition.What.BACK, Transition.What.WORSE):
        was.recovering_at = None
    elif what is Transition.What.ACKNOWLEDGED:
        was.acknowledged_at, was.acknowledged_by = step.at, step.by
    elif what is Transition.What.UNACKNOWLEDGED:
        was.acknowledged_at, was.acknowledged_by = None, ""
    elif what is Transition.What.SNOOZED:
        was.snoozed_until = step.until
    elif what is Transition.What.RESOLVED:
        was.resolved_at = step.at
