"""From an alert to a ticket: one problem ticket an incident, what happens later as internal comments in order, solved when it is over.

In:  rows that wait (`ticket_rows`), a client. Out: tickets at the vendor, each once. Judges nothing, and knows nothing of the desk.

Why nothing is doubled, whatever crashes when:
- The external id was written with the row. Before a ticket is opened it is looked for, and it is the Idempotency-Key as well.
- A comment goes in one safe update with the tag `queuelight-<number>`. Before it is sent the ticket is read: has it that tag, or a later
  one, the comment is in it. A request that was given up on and arrives after its repetition meets a newer ticket, and is refused.

The steps have names (`checkpoint`), at each of which the tests kill the process: claimed, looked, created, opened, shown, changed, told.
"""

from __future__ import annotations

import logging
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from dashboard.accounts.switch import writes_on
from dashboard.alerts import ticket_rows as rows
from dashboard.alerts import ticket_text
from dashboard.alerts.changing import no_checkpoint
from dashboard.alerts.ticket_rows import Claim, State
from dashboard.domain.thresholds import Severity
from dashboard.domain.tickets import Comment, Priority, Status, Ticket, TicketChange, TicketType
from dashboard.domain.vendor_names import named
from dashboard.models import IncidentTicket, Transition
from dashboard.polling.permit import heed, permit
from dashboard.sources import registry
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.zendesk_tickets import ZendeskTickets
from dashboard.words.phrases import words as words_of

logger = logging.getLogger(__name__)

# One run ends after so many rows, and one row's turn after so many comments; the next tick goes on.
MOST_ROWS = 20
MOST_STEPS = 10
# Somebody edits the ticket all the time: so often it is read anew at once.
TRIES = 3
PATIENCE_S = 10.0
TAG = "queuelight"
_MARK = re.compile(rf"{TAG}-([1-9]\d{{0,8}})")
_REFUSALS = frozenset({ErrorKind.REFUSED, ErrorKind.NOT_FOUND, ErrorKind.FORBIDDEN, ErrorKind.AUTH, ErrorKind.REFUSED_CONFIG})
# What goes wrong with one ticket, and says nothing of the next.
_OF_ONE = frozenset({ErrorKind.REFUSED, ErrorKind.NOT_FOUND, ErrorKind.CONFLICT})
_CLOSED = "The ticket was closed at Zendesk; what happened later could not be added."


@dataclass(frozen=True, slots=True)
class Tools:
    """What telling works with. `rng` gives 0..1."""

    client: Callable[[str], ZendeskTickets]
    allow: Callable[[str], Callable[[], None]]
    clock: Callable[[], datetime]
    rng: Callable[[], float]
    checkpoint: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Door:
    """The vendor, for one row."""

    tickets: ZendeskTickets
    before_request: Callable[[], None]


def tell_due(
    *,
    client: Callable[[str], ZendeskTickets] = registry.tickets,
    allow: Callable[[str], Callable[[], None]] = lambda account: permit(account, patience_s=PATIENCE_S),
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    rng: Callable[[], float] = random.random,
    checkpoint: Callable[[str], None] = no_checkpoint,
) -> int:
    """Tells what waits, while changes at the vendor are switched on; how many rows it had in hand. Running twice at once does no harm.

    django.db.DatabaseError when the database is away: what was in hand is taken up again when its claim ends.
    """
    tools = Tools(client, allow, clock, rng, checkpoint)
    rows.after_read_only(clock())
    for count in range(MOST_ROWS):
        if not writes_on():
            rows.while_read_only(clock())
            return count
        taken = rows.claim(clock())
        if taken is None:
            return count
        checkpoint("claimed")
        if not _see_to(taken, tools):
            return count + 1
    return MOST_ROWS


def _see_to(taken: Claim, tools: Tools) -> bool:
    """False: the vendor is not there for anybody, so that the other rows need not hear it as well."""
    row = taken.row
    try:
        door = _Door(tools.client(row.account), tools.allow(row.account))
        if row.ticket_id is None:
            _open(taken, door, tools)
        while_more = row.ticket_id is not None
        for _ in range(MOST_STEPS):
            if not while_more:
                break
            while_more = _tell_next(taken, door, tools)
        rows.release(taken, tools.clock())
    except SourceError as error:
        heed(row.account, error, tools.clock())
        _failed(taken, error, tools)
        return error.kind in _OF_ONE
    except ValueError as error:  # the client's own, of a form that the vendor would refuse: nothing was asked
        _failed(taken, SourceError(ErrorKind.REFUSED, str(error)), tools)
    return True


def _open(taken: Claim, door: _Door, tools: Tools) -> None:
    row = taken.row
    found = _looked_for(row.external_id, door)
    tools.checkpoint("looked")
    if found is None:
        if rows.is_past(row):  # an attempt of before was in vain, or `after_read_only` had dropped it
            rows.end(taken, State.GIVEN_UP, rows.OVER_MEANWHILE, tools.clock())
            return
        if not _may_change(taken, tools):
            return
        change = _first(row)
        found = door.tickets.create(change, idempotency_key=row.external_id, before_request=door.before_request).id
        tools.checkpoint("created")
    if rows.opened(taken, found, tools.clock()):
        row.ticket_id, row.told_number = found, 1
        row.attempts_count, row.failing_since = 0, None
        logger.info("Incident %d has ticket %d.", row.incident_id, found)
    tools.checkpoint("opened")


def _looked_for(external_id: str, door: _Door) -> int | None:
    page = door.tickets.list_page(external_id=external_id, before_request=door.before_request)
    return min((ticket.id for ticket in page.items if ticket.external_id == external_id), default=None)


def _first(row: IncidentTicket) -> TicketChange:
    incident, words = row.incident, words_of(row.language)
    opening = incident.transitions.order_by("number")[0]
    return TicketChange(
        type=TicketType.PROBLEM,
        priority=Priority.URGENT if opening.severity == Severity.CRITICAL else Priority.HIGH,
        group_id=None if incident.rule is None else incident.rule.ticket_group_id,
        subject=ticket_text.subject(incident, opening, words),
        external_id=row.external_id,
        tags=(TAG, f"{TAG}-{opening.number}"),
        comment=Comment(ticket_text.first_comment(incident, opening, words)),
    )


def _tell_next(taken: Claim, door: _Door, tools: Tools) -> bool:
    """One entry of the timeline; whether another may follow."""
    row = taken.row
    entry = row.incident.transitions.filter(number__gt=row.told_number).order_by("number").first()
    if entry is None:
        return False
    if entry.what not in ticket_text.TOLD:
        return _noted(taken, entry.number, tools)
    row.incident.refresh_from_db()  # the end is told with what is known at the end
    for tries in range(1, TRIES + 1):
        ticket = door.tickets.show(row.ticket_id or 0, before_request=door.before_request)
        tools.checkpoint("shown")
        if entry.number <= (mark := _mark(ticket)) <= row.incident.version:
            return _noted(taken, mark, tools)
        if ticket.status is Status.CLOSED:
            over = entry.what == Transition.What.RESOLVED
            rows.end(taken, State.SOLVED if over else State.GIVEN_UP, _CLOSED, tools.clock())
            return False
        if not _may_change(taken, tools):
            return False
        try:
            _change(ticket, _next(row, entry, ticket), door)
            break
        except SourceError as error:
            if error.kind is not ErrorKind.CONFLICT or tries == TRIES:
                raise
    tools.checkpoint("changed")
    return _noted(taken, entry.number, tools)


def _change(ticket: Ticket, change: TicketChange, door: _Door) -> None:
    try:
        door.tickets.update(ticket.id, change, updated_stamp=ticket.updated_at, before_request=door.before_request)
    except SourceError as error:
        nobody_has_it = change.status is Status.SOLVED and ticket.assignee_id is None and ticket.submitter_id is not None
        if error.kind is not ErrorKind.REFUSED or error.is_unsure or not nobody_has_it:
            raise
    else:
        return
    # An account may let nobody solve a ticket that nobody has. Who opened it, which is ourselves, takes it then.
    mine = replace(change, assignee_id=ticket.submitter_id)
    door.tickets.update(ticket.id, mine, updated_stamp=ticket.updated_at, before_request=door.before_request)


def _next(row: IncidentTicket, entry: Transition, ticket: Ticket) -> TicketChange:
    kept = tuple(tag for tag in ticket.tags if _MARK.fullmatch(tag) is None)
    worse, over = entry.what == Transition.What.WORSE, entry.what == Transition.What.RESOLVED
    return TicketChange(
        tags=(*kept, f"{TAG}-{entry.number}"),
        comment=Comment(ticket_text.comment(row.incident, entry, words_of(row.language))),
        priority=Priority.URGENT if worse else None,
        status=Status.SOLVED if over else None,
    )


def _mark(ticket: Ticket) -> int:
    """The number of the last entry that the ticket tells of; 0: somebody took the tag away."""
    return max((int(found[1]) for tag in ticket.tags if (found := _MARK.fullmatch(tag)) is not None), default=0)


def _noted(taken: Claim, number: int, tools: Tools) -> bool:
    """The ticket tells of everything up to this entry; whether anything may follow."""
    reached = taken.row.incident.transitions.filter(number__lte=number)
    over = reached.filter(what=Transition.What.RESOLVED).exists()
    comments = reached.filter(number__gt=taken.row.told_number, what__in=ticket_text.TOLD).order_by("number")
    rows.told(taken, number, list(comments.values_list("number", flat=True)), tools.clock(), solved=over)
    tools.checkpoint("told")
    taken.row.told_number = number
    taken.row.attempts_count, taken.row.failing_since = 0, None
    return not over


def _may_change(taken: Claim, tools: Tools) -> bool:
    """Whether the row is still ours and nobody has made Queuelight read-only meanwhile."""
    return writes_on() and rows.hold(taken, tools.clock())


def _failed(taken: Claim, error: SourceError, tools: Tools) -> None:
    why = f"{named(error.message)} {error.detail}".strip()
    gave_up = rows.failed(
        taken,
        why,
        tools.clock(),
        refused=error.kind in _REFUSALS,
        unsure=error.is_unsure,
        at_least_s=error.retry_after_s or 0.0,
        rng=tools.rng(),
    )
    how = "given up" if gave_up else "not told now"
    logger.warning("The ticket of incident %d was %s: %s", taken.row.incident_id, how, error.message)
