"""What clients do to tickets: make them and change them, with all that the vendor checks first and all that follows.

In:  the desk, a `Wish`, who asks. Out: the ticket, what of it is different now, and the comment that was written (`Done`).
`Invalid`, `Stale`, `NotThere` say why not; then nothing has changed. Must not know HTTP, nor ask who may: that is the edge's.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.emulator.helpdesk.checking import Flaws, Place, check, place_of
from dashboard.emulator.helpdesk.company import Person
from dashboard.emulator.helpdesk.desk import HelpDesk
from dashboard.emulator.helpdesk.tickets import CLOSED, NEW, SOLVED, Comment, Ticket
from dashboard.emulator.helpdesk.wishes import Copied, Invalid, Said, Wish, blank_description

# What an audit tells of, in the order in which it does.
_TOLD = (
    "subject", "type", "priority", "status", "requester_id", "assignee_id", "group_id", "organization_id", "problem_id", "external_id",
    "tags", "custom_fields", "collaborator_ids", "follower_ids", "email_cc_ids", "due_ms", "is_public",
)  # fmt: skip


class Stale(Exception):
    """The ticket has changed since it was looked at."""


class NotThere(Exception):
    """There is no such ticket, or it is in the trash."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is another than before."""

    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Done:
    """A ticket that was made or changed. `comment` None: none was written."""

    ticket: Ticket
    differences: tuple[Difference, ...]
    comment: Comment | None


class Changes:
    """The ways in which a client changes tickets, at the desk's present second."""

    def __init__(self, desk: HelpDesk) -> None:
        self._desk = desk

    # --- making one

    def create(self, wish: Wish, author_id: int) -> Done:
        """A new ticket. Without a requester it is the author's own. A follow-up is always the author's."""
        desk, at_ms = self._desk, self._desk.stamp_ms
        flaws: Flaws = {}
        if wish.comment is None:
            flaws["base"] = [blank_description()]
        source = self._followed_up(wish, flaws)
        place = place_of(desk, None, wish, flaws)
        check(desk, None, wish, place, flaws)
        if flaws or wish.comment is None:
            raise Invalid(flaws)
        requester = self._requester(wish) or desk.company.person(author_id)
        if requester is None:
            raise LookupError(author_id)
        submitter_id = author_id if source is not None else wish.submitter_id or author_id
        ticket = Ticket(
            desk.book.next_id(), at_ms, at_ms, wish.subject or wish.comment.body.strip()[:150], requester.id, submitter_id, channel="api"
        )
        said = wish.comment
        comment = Comment(at_ms, said.author_id or submitter_id, said.is_public, said.body)
        ticket.comments, ticket.description, ticket.is_public = [comment], said.body, said.is_public
        ticket.status = wish.status or NEW
        ticket.priority, ticket.type = wish.priority, wish.type
        ticket.assignee_id, ticket.group_id, ticket.given_to = place.assignee_id, place.group_id, place.assignee_id
        ticket.organization_id = wish.organization_id if "organization_id" in wish.given else requester.organization_id
        self._details(ticket, wish)
        desk.make(ticket)
        if wish.problem_id is not None:
            desk.book.link(ticket, wish.problem_id)
        if source is not None and (opened := desk.book.open(source.id)) is not None:
            opened.followup_ids.append(ticket.id)
            ticket.followup_source_ids.append(source.id)
        desk.touched(ticket)
        shown = {"subject", "type", "priority", "status", "requester_id", "assignee_id", "group_id", "tags"}
        made = tuple(Difference(name, None, value) for name in _TOLD if name in shown and (value := getattr(ticket, name)))
        return Done(ticket, made, comment)

    def _followed_up(self, wish: Wish, flaws: Flaws) -> Ticket | None:
        """The closed ticket that a new one goes on with."""
        if wish.followup_source_id is None:
            return None
        source = self._desk.book.look(wish.followup_source_id)
        if source is None or source.status != CLOSED:
            flaws["via_followup_source_id"] = [{"description": "Via followup source: must be a closed ticket", "error": "InvalidValue"}]
        return source

    # --- changing one

    def update(self, ticket_id: int, wish: Wish, author_id: int) -> Done:
        """One ticket changed; a problem that is solved solves its incidents with it."""
        seen = self._desk.book.look(ticket_id)
        if seen is None:
            raise NotThere
        if wish.stamp_ms is not None and seen.updated_ms > wish.stamp_ms:
            raise Stale
        if seen.status == CLOSED:
            raise Invalid({"status": [{"description": "Status closed prevents ticket update"}]})
        flaws: Flaws = {}
        place = place_of(self._desk, seen, wish, flaws)
        check(self._desk, seen, wish, place, flaws)
        if flaws:
            raise Invalid(flaws)
        ticket = self._desk.book.open(ticket_id)
        if ticket is None:
            raise NotThere
        before = {name: _value(ticket, name) for name in _TOLD}
        comment = self._apply(ticket, wish, place, author_id)
        self._desk.touched(ticket)
        changed = tuple(Difference(name, before[name], now) for name in _TOLD if (now := _value(ticket, name)) != before[name])
        if ticket.type == "problem" and ticket.status == SOLVED and before["status"] != SOLVED:
            self._solve_incidents(ticket, comment)
        return Done(ticket, changed, comment)

    def _apply(self, ticket: Ticket, wish: Wish, place: Place, author_id: int) -> Comment | None:
        desk, life, at_ms = self._desk, self._desk.lifecycle, self._desk.stamp_ms
        before = _details_of(ticket)
        if "subject" in wish.given:
            ticket.subject = wish.subject
        requester = self._requester(wish)
        if requester is not None and requester.id != ticket.requester_id:
            ticket.requester_id, ticket.organization_id = requester.id, requester.organization_id
        if "organization_id" in wish.given:
            ticket.organization_id = wish.organization_id
        if "type" in wish.given and wish.type != ticket.type:
            ticket.type = wish.type
            if wish.type != "incident":
                desk.book.link(ticket, None)
        if "problem_id" in wish.given:
            desk.book.link(ticket, wish.problem_id)
        self._details(ticket, wish)
        if _details_of(ticket) != before:
            life.touch(ticket, at_ms)
        if place != Place(ticket.assignee_id, ticket.group_id):
            ticket.given_to = place.assignee_id
            life.assign(ticket, place.assignee_id, place.group_id, at_ms)
        if "priority" in wish.given and wish.priority != ticket.priority:
            life.set_priority(ticket, wish.priority, at_ms)
        # A reply that comes with the solution asks for no further update, so the solution goes first.
        ends = wish.status in (SOLVED, CLOSED)
        if ends:
            life.set_status(ticket, wish.status, at_ms)
        comment = self._comment(ticket, wish.comment, author_id) if wish.comment is not None else None
        if wish.status and not ends:
            life.set_status(ticket, wish.status, at_ms)
        return comment

    def _comment(self, ticket: Ticket, said: Said, author_id: int) -> Comment:
        desk, by = self._desk, said.author_id or author_id
        author = desk.company.person(by)
        if author is not None and author.role == "end-user" and ticket.is_unsolved:
            desk.lifecycle.answer(ticket, by, desk.stamp_ms, body=said.body)
        else:
            desk.lifecycle.reply(ticket, by, desk.stamp_ms, is_public=said.is_public, body=said.body)
        return ticket.comments[-1]

    def _solve_incidents(self, problem: Ticket, comment: Comment | None) -> None:
        """As at the vendor: who solves a problem solves what hangs on it, with the same words."""
        desk, at_ms = self._desk, self._desk.stamp_ms
        for ticket_id in desk.book.incidents_of(problem.id):
            incident = desk.book.open(ticket_id)
            if incident is None or not incident.is_unsolved:
                continue
            if incident.assignee_id is None:
                desk.lifecycle.assign(incident, problem.assignee_id, problem.group_id, at_ms)
            desk.lifecycle.set_status(incident, SOLVED, at_ms)
            if comment is not None:
                desk.lifecycle.reply(incident, comment.author_id, at_ms, is_public=comment.is_public, body=comment.body)
            desk.touched(incident)

    # --- what both share

    def _details(self, ticket: Ticket, wish: Wish) -> None:
        """What moves no clock."""
        given = wish.given
        if "external_id" in given:
            ticket.external_id = wish.external_id
        if "tags" in given:
            ticket.tags = list(wish.tags)
        for tag in wish.additional_tags:
            if tag not in ticket.tags:
                ticket.tags = [*ticket.tags, tag]
        if wish.remove_tags:
            ticket.tags = [tag for tag in ticket.tags if tag not in wish.remove_tags]
        for custom in wish.custom_fields:
            ticket.custom_fields = [*(each for each in ticket.custom_fields if each["id"] != custom["id"]), custom]
        if "due_at" in given or ticket.type != "task":
            ticket.due_ms = wish.due_ms if ticket.type == "task" else None
        copies = {"collaborator_ids", "collaborators", "follower_ids", "followers", "email_cc_ids", "email_ccs"}
        if not given & copies:
            return
        if "collaborator_ids" in given or "collaborators" in given:
            named = self._copies(wish.collaborator_ids, wish.collaborators)
            ticket.follower_ids = [each for each in named if self._is_agent(each)]
            ticket.email_cc_ids = [each for each in named if not self._is_agent(each)]
        followers = wish.follower_ids if "follower_ids" in given else ticket.follower_ids
        ticket.follower_ids = [each for each in self._copies(followers, wish.followers) if self._is_agent(each)]
        ccs = wish.email_cc_ids if "email_cc_ids" in given else ticket.email_cc_ids
        ticket.email_cc_ids = self._copies(ccs, wish.email_ccs)
        ticket.collaborator_ids = sorted({*ticket.follower_ids, *ticket.email_cc_ids})

    def _copies(self, ids: tuple[int, ...] | list[int], changes: tuple[Copied, ...]) -> list[int]:
        """Who is on the copies now; people who are not known are passed over."""
        company = self._desk.company
        found = [each for each in ids if company.person(each) is not None]
        for change in changes:
            person = company.person(change.user_id) if change.user_id is not None else company.by_email(change.email or "")
            if person is not None:
                found = [each for each in found if each != person.id] + ([] if change.takes_off else [person.id])
        return found

    def _requester(self, wish: Wish) -> Person | None:
        """Whose ticket it is to be; somebody new becomes a customer. None: nothing was said of it."""
        company = self._desk.company
        if wish.requester_id is not None:
            return company.person(wish.requester_id)
        if wish.requester is not None:
            name, email = wish.requester
            return company.by_email(email) or company.welcome(name, email)
        return None

    def _is_agent(self, person_id: int) -> bool:
        person = self._desk.company.person(person_id)
        return person is not None and person.role != "end-user"


def _value(ticket: Ticket, name: str) -> object:
    value: object = getattr(ticket, name)
    return list(value) if isinstance(value, list) else value


def _details_of(ticket: Ticket) -> tuple[object, ...]:
    return tuple(_value(ticket, name) for name in _TOLD if name not in {"status", "priority", "assignee_id", "group_id", "is_public"})
