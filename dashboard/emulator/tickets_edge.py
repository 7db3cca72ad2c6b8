"""The vendor's tickets, the reading side: lists, counts, single tickets, who is on them and what hangs on them.

In:  `Asked`. Out: `Answer`s with bodies as the vendor's documents and recordings have them.
Must not change a ticket.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dashboard.emulator.answers import Answer, Refused, json_answer, record_not_found
from dashboard.emulator.callers import sees
from dashboard.emulator.filters import ids as ids_of
from dashboard.emulator.helpdesk.tickets import Ticket
from dashboard.emulator.listing import Numbered, by_cursor, by_number, of_keys, wants_cursor
from dashboard.emulator.places import Asked, place
from dashboard.emulator.sideloads import sideloaded
from dashboard.emulator.ticket_json import iso, person_row, ticket_row
from dashboard.emulator.ticket_lists import answer_list, seen_ids

MOST_COUNTED = 100_000
"""What the vendor counts at once; of more it says no more than this until it has counted anew."""


def required_ids(asked: Asked) -> list[int]:
    """The `ids` of the query, ascending. `Refused` with 400 where there are none, or more than 100."""
    found = ids_of(asked.request.query, "ids")
    if found is None:
        raise Refused(json_answer({"error": "BadRequest", "description": "Parameter ids is required"}, 400))
    return sorted(found)


def _all(asked: Asked) -> Answer:
    return answer_list(asked)


def _of_organization(asked: Asked) -> list[int]:
    company = asked.desk.company
    if company.organization_name(asked.id) is None:
        raise Refused(record_not_found())
    members = frozenset(person.id for person in company.customers() if person.organization_id == asked.id)
    return asked.desk.book.chosen(lambda ticket: True, members)


def _of_person(matches: Callable[[Ticket, int], bool] | None) -> Callable[[Asked], list[int]]:
    def find(asked: Asked) -> list[int]:
        person_id = asked.id
        if asked.desk.company.person(person_id) is None:
            raise Refused(record_not_found())
        if matches is None:
            return asked.desk.book.chosen(lambda ticket: True, frozenset({person_id}))
        return asked.desk.book.chosen(lambda ticket: matches(ticket, person_id))

    return find


_requested = _of_person(None)
_ccd = _of_person(lambda ticket, person_id: person_id in ticket.email_cc_ids)
_followed = _of_person(lambda ticket, person_id: person_id in ticket.follower_ids)
_assigned = _of_person(lambda ticket, person_id: ticket.assignee_id == person_id)


def _listed(find: Callable[[Asked], list[int]]) -> Callable[[Asked], Answer]:
    return lambda asked: answer_list(asked, find(asked))


def _recent(asked: Asked) -> Answer:
    """The tickets that the caller looked at last, the latest first."""
    book = asked.desk.book
    viewed = [ticket for ticket_id in asked.desk.viewed.get(asked.caller.id, ()) if (ticket := book.look(ticket_id)) is not None]
    by_place = of_keys("recent", range(len(viewed)))

    def row(place: int) -> dict[str, object]:
        return ticket_row(asked, viewed[place])

    query = asked.request.query
    if wants_cursor(query):
        return json_answer(by_cursor(by_place, row, name="tickets", query=query, url=asked.url).body)
    numbered = Numbered(by_place.take(None, False), len(viewed))
    return json_answer(by_number(numbered, row, name="tickets", query=query, url=asked.url).body)


def _count(asked: Asked, ids: list[int] | None) -> Answer:
    """How many tickets: of these, or of all (None); of a restricted agent those that they may see."""
    if asked.caller.role == "restricted":
        ids = seen_ids(asked, asked.desk.book.ids() if ids is None else iter(ids))
    value = len(asked.desk.book) if ids is None else len(ids)
    if value > MOST_COUNTED:
        return json_answer({"count": {"value": MOST_COUNTED, "refreshed_at": None}})
    return json_answer({"count": {"value": value, "refreshed_at": iso(asked.desk.now_ms)}})


def _counted(find: Callable[[Asked], list[int]]) -> Callable[[Asked], Answer]:
    return lambda asked: _count(asked, find(asked))


def _shown(asked: Asked) -> Ticket:
    ticket = asked.ticket
    if not sees(asked.desk, asked.caller, ticket):
        raise Refused(record_not_found())
    return ticket


def _show(asked: Asked) -> Answer:
    ticket = _shown(asked)
    asked.desk.note_viewed(asked.caller.id, ticket.id)
    row = ticket_row(asked, ticket)
    return json_answer(sideloaded(asked, {"ticket": row}, [row]))


def _show_many(asked: Asked) -> Answer:
    book = asked.desk.book
    found = [ticket for ticket_id in required_ids(asked) if (ticket := book.look(ticket_id)) is not None]
    rows = [ticket_row(asked, ticket) for ticket in found if sees(asked.desk, asked.caller, ticket)]
    return json_answer(sideloaded(asked, {"tickets": rows, "next_page": None, "previous_page": None, "count": len(rows)}, rows))


def _related(asked: Asked) -> Answer:
    ticket = _shown(asked)
    body: dict[str, object] = {
        "topic_id": None,
        "jira_issue_ids": [],
        "followup_source_ids": ticket.followup_source_ids,
        "from_archive": False,
        "incidents": len(asked.desk.book.incidents_of(ticket.id)),
        "twitter": None,
    }
    return json_answer(body)


def _people(which: Callable[[Ticket], Iterable[int]]) -> Callable[[Asked], Answer]:
    def tell(asked: Asked) -> Answer:
        company = asked.desk.company
        rows = [person_row(asked, person) for each in which(_shown(asked)) if (person := company.person(each)) is not None]
        return json_answer({"users": rows, "next_page": None, "previous_page": None, "count": len(rows)})

    return tell


def _incidents(asked: Asked) -> Answer:
    return answer_list(asked, asked.desk.book.incidents_of(_shown(asked).id))


def _problem_ids(asked: Asked) -> list[int]:
    return asked.desk.book.chosen(lambda ticket: ticket.type == "problem")


def _problems(asked: Asked) -> Answer:
    return answer_list(asked, _problem_ids(asked), fixed="-updated_at")


PLACES = (
    place("tickets", "tickets", _all),
    place("organization_tickets", "organizations/{id}/tickets", _listed(_of_organization)),
    place("requested_tickets", "users/{id}/tickets/requested", _listed(_requested)),
    place("ccd_tickets", "users/{id}/tickets/ccd", _listed(_ccd)),
    place("followed_tickets", "users/{id}/tickets/followed", _listed(_followed)),
    place("assigned_tickets", "users/{id}/tickets/assigned", _listed(_assigned)),
    place("recent_tickets", "tickets/recent", _recent),
    place("tickets_count", "tickets/count", lambda asked: _count(asked, None)),
    place("organization_tickets_count", "organizations/{id}/tickets/count", _counted(_of_organization)),
    place("ccd_tickets_count", "users/{id}/tickets/ccd/count", _counted(_ccd)),
    place("assigned_tickets_count", "users/{id}/tickets/assigned/count", _counted(_assigned)),
    place("ticket", "tickets/{id}", _show),
    place("tickets_show_many", "tickets/show_many", _show_many),
    place("ticket_related", "tickets/{id}/related", _related),
    place("ticket_collaborators", "tickets/{id}/collaborators", _people(lambda ticket: ticket.collaborator_ids)),
    place("ticket_followers", "tickets/{id}/followers", _people(lambda ticket: ticket.follower_ids)),
    place("ticket_email_ccs", "tickets/{id}/email_ccs", _people(lambda ticket: ticket.email_cc_ids)),
    place("ticket_incidents", "tickets/{id}/incidents", _incidents),
    place("problems", "problems", _problems),
)
