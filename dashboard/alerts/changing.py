"""The one way in which an incident changes after it was opened: upon the version it was judged by, with an entry in its timeline.

In:  an incident's id and a plan made of its present state. Out: the changed row, in one transaction with whatever else belongs to it.
Must not know why it changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DatabaseError, transaction

from dashboard.models import Incident, Transition

# Each try means that somebody else changed the same incident in the same few milliseconds.
TRIES = 10


class BusyIncidentError(DatabaseError):
    """The incident changed under us at every try. As with a database that is away, the same thing may be tried again later."""


@dataclass(frozen=True, slots=True)
class Change:
    """`fields` are columns of the incident; the rest is the timeline's entry."""

    what: Transition.What
    at: datetime
    fields: Mapping[str, object] = field(default_factory=dict)
    by: str = ""
    note: str = ""
    severity: str = ""
    value: float | None = None
    until: datetime | None = None


def no_checkpoint(_: str) -> None:
    """What happens at each step of the way in production: nothing. The tests kill the process there."""


def change(
    incident_id: int,
    plan: Callable[[Incident], Change | None],
    *,
    then: Callable[[Incident], None] | None = None,
    checkpoint: Callable[[str], None] = no_checkpoint,
) -> tuple[Incident, bool]:
    """Changes the incident by the plan, and whether it did: a plan of None leaves it. `then` runs in the same transaction.

    Incident.DoesNotExist for an unknown id. BusyIncidentError when others were always first.
    """
    for _ in range(TRIES):
        with transaction.atomic():
            incident = Incident.objects.select_related("rule").get(pk=incident_id)
            planned = plan(incident)
            if planned is None:
                return incident, False
            if not _written(incident, planned):
                continue
            checkpoint("changed")
            _entered(incident, planned)
            checkpoint("entered")
            if then is not None:
                then(incident)
            checkpoint("written")
        checkpoint("committed")
        return incident, True
    raise BusyIncidentError(f"incident {incident_id} changes all the time")


def _written(incident: Incident, planned: Change) -> bool:
    version = incident.version
    changed = Incident.objects.filter(pk=incident.pk, version=version).update(version=version + 1, **planned.fields)
    for name, value in {**planned.fields, "version": version + 1}.items():
        setattr(incident, name, value)
    return changed == 1


def _entered(incident: Incident, planned: Change) -> None:
    """The entry's number is the version it made, so that a second one of the same version cannot be written."""
    Transition.objects.create(
        incident=incident,
        number=incident.version,
        what=planned.what,
        at=planned.at,
        by=planned.by[:254],
        note=planned.note[:1000],
        severity=planned.severity or incident.severity,
        value=planned.value,
        until=planned.until,
    )
