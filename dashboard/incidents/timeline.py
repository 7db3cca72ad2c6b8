"""An incident's timeline: what happened, what people did, who was told when, or why not, and what became of its ticket; oldest first.

In:  the incident's transitions, notifications and ticket. Out: entries in words, the same for the page and the API.
Nobody's address is in it: recipients have names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from dashboard.alerts.ticket_rows import OVER_MEANWHILE, Step
from dashboard.domain.amounts import span
from dashboard.domain.delivery import late_s
from dashboard.incidents.listing import amount
from dashboard.incidents.page import said
from dashboard.models import Incident, IncidentTicket, Notification, Transition

_HAPPENED = {
    Transition.What.OPENED: ("", "Opened"),
    Transition.What.WORSE: ("critical", "Worse: critical now"),
    Transition.What.EASED: ("warning", "Eased: a warning now"),
    Transition.What.RECOVERING: ("ok", "Back within its limit; over when it stays so"),
    Transition.What.BACK: ("", "Beyond its limit again"),
    Transition.What.RESOLVED: ("ok", "Resolved"),
    Transition.What.ACKNOWLEDGED: ("person", "Acknowledged"),
    Transition.What.UNACKNOWLEDGED: ("person", "Given back: nobody has it"),
    Transition.What.SNOOZED: ("bell", "Snoozed"),
    Transition.What.NOTED: ("wrap-up", "Note"),
}
_TOLD_OF = {
    Notification.What.OPENED: "of the opening",
    Notification.What.WORSE: "that it is worse",
    Notification.What.REMINDER: "that it is still open",
    Notification.What.RESOLVED: "that it is over",
    Notification.What.DIGEST: "in a digest",
}
# What a comment in an incident's ticket is about.
IN_THE_TICKET = {
    Transition.What.WORSE: "worse",
    Transition.What.EASED: "eased",
    Transition.What.ACKNOWLEDGED: "acknowledged",
    Transition.What.UNACKNOWLEDGED: "given back",
    Transition.What.NOTED: "note",
    Transition.What.RESOLVED: "resolved",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `kind`: a transition's word, or told, waiting, not_told, ticket. `icon` is a name of tokens.css, `by` a person, `note`
    words. `ticket`: the number of the ticket that the line ends with; None: it speaks of none, or of one that is not there (yet)."""

    at: datetime
    kind: str
    icon: str
    text: str
    by: str = ""
    note: str = ""
    shown_at: str = ""
    ticket: int | None = None


def timeline(incident: Incident, now: datetime) -> list[Entry]:
    """All entries, oldest first. Four queries, however many there are."""
    transitions = list(incident.transitions.order_by("number"))
    notifications = incident.notifications.select_related("recipient", "carried_by").order_by("pk")
    entries = of(incident, transitions, notifications, now)
    row = IncidentTicket.objects.filter(incident=incident).first()
    return entries if row is None else sorted([*entries, *_of_ticket(row, transitions)], key=lambda entry: entry.at)


def of(incident: Incident, transitions: Iterable[Transition], notifications: Iterable[Notification], now: datetime) -> list[Entry]:
    """The same of rows at hand. At one moment what happened stands before who was told of it."""
    entries = [_transition(incident, each) for each in transitions] + [_notification(each, now) for each in notifications]
    return sorted(entries, key=lambda entry: entry.at)


def _transition(incident: Incident, one: Transition) -> Entry:
    icon, text = _HAPPENED.get(Transition.What(one.what), ("", one.what))
    if one.what in (Transition.What.OPENED, Transition.What.BACK):
        icon = one.severity or "warning"
    if one.what == Transition.What.SNOOZED:
        text = f"Snoozed until {said(one.until)}" if one.until else "Snooze ended"
    value = amount(incident, one.value)
    if value and one.what not in (Transition.What.NOTED, Transition.What.SNOOZED):
        text = f"{text} · {value}"
    if one.what == Transition.What.OPENED and one.severity:
        text = f"{text} · {one.severity}"
    return Entry(one.at, one.what, icon, text, one.by, one.note, said(one.at, seconds=True))


def _of_ticket(row: IncidentTicket, transitions: Iterable[Transition]) -> Iterator[Entry]:
    """What became of the ticket: wanted, opened, each comment, solved, given up and why."""
    what_of = {one.number: Transition.What(one.what) for one in transitions}

    def entry(at: datetime, icon: str, text: str, note: str = "") -> Entry:
        return Entry(at, "ticket", icon, text, note=note, shown_at=said(at, seconds=True), ticket=row.ticket_id)

    yield replace(entry(row.created_at, "few", "A ticket is wanted"), ticket=None)
    for what, at_text, number in row.life:
        at = datetime.fromisoformat(at_text)
        match what:
            case Step.OPENED:
                yield entry(at, "ok", "Opened ticket")
            case Step.TOLD:
                about = IN_THE_TICKET.get(what_of.get(number, Transition.What.NOTED), "note")
                yield entry(at, "ok", f"Added a comment ({about}) to ticket")
            case Step.SOLVED:
                yield entry(at, "ok", "Solved ticket")
            case Step.GIVEN_UP if row.ticket_id is None:
                is_all = row.error == OVER_MEANWHILE
                yield entry(at, "not-live", row.error if is_all else "No ticket was opened", "" if is_all else row.error)
            case Step.GIVEN_UP:
                yield entry(at, "not-live", "Nothing more is added to ticket", row.error)


def _notification(one: Notification, now: datetime) -> Entry:
    name, what = str(one.recipient), _TOLD_OF.get(Notification.What(one.what), "")
    if one.step:
        what = f"{what} (step {one.step + 1})"
    if one.state == Notification.State.SENT and one.sent_at is not None:
        by_s = late_s(one.due_at, one.sent_at)
        late = f", {span(by_s)} late" if by_s is not None else ""
        digest = ", within a digest" if one.carried_by_id is not None else ""
        return Entry(one.sent_at, "told", "ok", f"Told {name} {what}{digest}{late}", shown_at=said(one.sent_at, seconds=True))
    if one.state == Notification.State.DROPPED:
        at = one.due_at if one.due_at <= now else one.created_at
        return Entry(
            max(at, one.created_at), "not_told", "not-live", f"{name} was not told {what}", note=one.reason, shown_at=said(at, seconds=True)
        )
    trouble = one.reason or one.recipient.last_error
    after = f", not before {said(one.due_at)}" if one.due_at > now else ""
    return Entry(
        one.created_at, "waiting", "few", f"{name} is to be told {what}{after}", note=trouble, shown_at=said(one.created_at, seconds=True)
    )
