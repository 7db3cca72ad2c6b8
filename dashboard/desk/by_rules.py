"""What rules did to tickets: opened one for an incident, commented on it, solved it, or could not. The log shows it beside what people did.

In:  the tickets of incidents; each step of their lives was written by one conditional update (alerts/ticket_rows.py), so that nothing is in
them twice. Out: lines to read. Writes nothing: the incident's own rows are the record, for as long as the incident is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dashboard.alerts.ticket_rows import Step
from dashboard.incidents.page import said
from dashboard.incidents.timeline import IN_THE_TICKET
from dashboard.models import IncidentTicket, Transition

# One step in a life: when, whose, the how manieth.
Key = tuple[datetime, int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One step. `what`: a value of `Step`. `about`: of a comment, what it tells; else empty. `ticket_id` None: there was none. `error`: why
    nothing (more) was done; empty: it was done."""

    at: datetime
    what: str
    ticket_id: int | None
    incident_id: int
    rule: str
    about: str
    error: str

    @property
    def when(self) -> str:
        return said(self.at, seconds=True)

    @property
    def is_done(self) -> bool:
        return self.what != Step.GIVEN_UP

    @property
    def title(self) -> str:
        """As the titles of people's acts: "Open ticket 12", "Comment on ticket 12"."""
        match self.what:
            case Step.OPENED:
                return f"Open ticket {self.ticket_id}"
            case Step.TOLD:
                return f"Comment on ticket {self.ticket_id}"
            case Step.SOLVED:
                return f"Solve ticket {self.ticket_id}"
            case _:
                return "Open a ticket" if self.ticket_id is None else f"Add to ticket {self.ticket_id}"


def keys(ticket_id: int | None = None) -> list[Key]:
    """All steps, of this ticket alone where it is said, the newest first. One query over what is kept: two incidents a day are a thousand
    rows."""
    rows = IncidentTicket.objects.order_by()
    if ticket_id is not None:
        rows = rows.filter(ticket_id=ticket_id)
    lives = rows.values_list("pk", "life").iterator(chunk_size=500)
    return sorted(((datetime.fromisoformat(at), pk, place) for pk, life in lives for place, (_, at, _) in enumerate(life)), reverse=True)


def lines(wanted: Iterable[Key]) -> dict[Key, Line]:
    """The steps themselves; one whose incident went meanwhile is left out."""
    asked = list(wanted)
    rows = IncidentTicket.objects.filter(pk__in={pk for _, pk, _ in asked}).select_related("incident") if asked else ()
    found = {row.pk: row for row in rows}
    about = _about(row.incident_id for row in found.values())
    return {key: _line(found[key[1]], key[2], about) for key in asked if key[1] in found}


def _line(row: IncidentTicket, place: int, about: dict[tuple[int, int], str]) -> Line:
    what, at, number = row.life[place]
    return Line(
        datetime.fromisoformat(at),
        what,
        row.ticket_id,
        row.incident_id,
        row.incident.rule_name,
        about.get((row.incident_id, number), "note") if what == Step.TOLD else "",
        (row.error or "Given up.") if what == Step.GIVEN_UP else "",
    )


def _about(incident_ids: Iterable[int]) -> dict[tuple[int, int], str]:
    ids = set(incident_ids)
    found = Transition.objects.filter(incident_id__in=ids).order_by().values_list("incident_id", "number", "what")
    return {(incident_id, number): IN_THE_TICKET.get(Transition.What(what), "note") for incident_id, number, what in found}
