"""One ticket as the vendor has it at this moment, with what hangs on it, in five seconds or not at all.

In:  a ticket's number, the clients, a permit. Out: `Fresh`, or SourceError when the ticket itself cannot be had; parts that cannot be had
are None, and a sentence says why. Must not keep anything, nor touch the database.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

from dashboard.domain.tickets import Related, Ticket, TicketMetrics, TicketType, User
from dashboard.domain.vendor_names import named
from dashboard.sources.errors import SourceError
from dashboard.sources.paging import Page

WITHIN_S = 5.0
AT_ONCE = 4

T = TypeVar("T")
Permit = Callable[[], None]


class Tickets(Protocol):
    """What is asked of the vendor's tickets."""

    def show(self, ticket_id: int, *, before_request: Permit = ..., deadline: float | None = ...) -> Ticket: ...
    def related(self, ticket_id: int, *, before_request: Permit = ..., deadline: float | None = ...) -> Related: ...
    def collaborators(self, ticket_id: int, *, before_request: Permit = ..., deadline: float | None = ...) -> tuple[User, ...]: ...
    def followers(self, ticket_id: int, *, before_request: Permit = ..., deadline: float | None = ...) -> tuple[User, ...]: ...
    def email_ccs(self, ticket_id: int, *, before_request: Permit = ..., deadline: float | None = ...) -> tuple[User, ...]: ...
    def users(self, ids: Iterable[int], *, before_request: Permit = ..., deadline: float | None = ...) -> tuple[User, ...]: ...
    def incidents_page(self, ticket_id: int, *, before_request: Permit = ..., deadline: float | None = ...) -> Page[Ticket]: ...


class Metrics(Protocol):
    """What is asked of the vendor's metrics."""

    def of_ticket(self, ticket_id: int, *, before_request: Permit = ..., deadline: float | None = ...) -> TicketMetrics: ...


@dataclass(frozen=True, slots=True)
class Fresh:
    """A ticket and what hangs on it; None: not to be had (then `troubles` says why), or of a kind that this ticket has none of.

    `people`: who asked, submitted, and has it. `incidents`: the first hundred of a problem; `has_more_incidents`: there are others.
    `problem`: what it is an incident of. `refusal`: that the vendor asked for a pause meanwhile, for whoever keeps pauses.
    """

    ticket: Ticket
    metrics: TicketMetrics | None = None
    collaborators: tuple[User, ...] | None = None
    followers: tuple[User, ...] | None = None
    email_ccs: tuple[User, ...] | None = None
    incidents: tuple[Ticket, ...] | None = None
    has_more_incidents: bool = False
    problem: Ticket | None = None
    people: tuple[User, ...] = ()
    troubles: tuple[str, ...] = ()
    refusal: SourceError | None = None


def read(ticket_id: int, *, tickets: Tickets, metrics: Metrics, permit: Permit, within_s: float = WITHIN_S) -> Fresh:
    """All of it within `within_s` seconds. SourceError: the ticket itself was not to be had; not_found: there is none, or it is deleted."""
    asking: dict[str, Any] = {"before_request": permit, "deadline": time.monotonic() + within_s}
    ticket = tickets.show(ticket_id, **asking)
    questions: dict[str, Callable[[], object]] = {
        "metrics": lambda: metrics.of_ticket(ticket_id, **asking),
        "collaborators": lambda: tickets.collaborators(ticket_id, **asking),
        "followers": lambda: tickets.followers(ticket_id, **asking),
        "copies": lambda: tickets.email_ccs(ticket_id, **asking),
    }
    if ticket.type is TicketType.PROBLEM or ticket.has_incidents:
        questions["incidents"] = lambda: tickets.incidents_page(ticket_id, **asking)
    involved = {each for each in (ticket.requester_id, ticket.submitter_id, ticket.assignee_id) if each}
    if involved:
        questions["names"] = lambda: tickets.users(involved, **asking)
    problem_id = ticket.problem_id
    if problem_id is not None:
        questions["problem"] = lambda: tickets.show(problem_id, **asking)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="desk") as pool:
        running = {name: pool.submit(question) for name, question in questions.items()}
    found, troubles, refusal = _gathered(running)
    incidents = cast("Page[Ticket] | None", found.get("incidents"))
    return Fresh(
        ticket,
        cast("TicketMetrics | None", found.get("metrics")),
        cast("tuple[User, ...] | None", found.get("collaborators")),
        cast("tuple[User, ...] | None", found.get("followers")),
        cast("tuple[User, ...] | None", found.get("copies")),
        None if incidents is None else incidents.items,
        incidents is not None and incidents.after is not None,
        cast("Ticket | None", found.get("problem")),
        cast("tuple[User, ...]", found.get("names", ())),
        tuple(troubles),
        refusal,
    )


def _gathered(running: dict[str, Future[object]]) -> tuple[dict[str, object], list[str], SourceError | None]:
    """What came, one sentence for each that did not, and a refusal that others should heed."""
    refusal: SourceError | None = None
    found: dict[str, object] = {}
    reasons: dict[str, list[str]] = {}
    for name, future in running.items():
        try:
            found[name] = future.result()
        except SourceError as error:
            reasons.setdefault(named(error.message), []).append(name)
            refusal = error if error.status == 429 else refusal
    return found, [f"Not shown: {', '.join(names)}. {reason}" for reason, names in reasons.items()], refusal
