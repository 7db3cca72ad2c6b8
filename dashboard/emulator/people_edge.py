"""The vendor's groups and users, as far as names of tickets' people are needed.

In:  `Asked`. Out: `Answer`s: the groups in both forms, and users by their ids.
"""

from __future__ import annotations

from dashboard.emulator.answers import Answer, json_answer
from dashboard.emulator.listing import Numbered, Row, by_cursor, by_number, of_keys, wants_cursor
from dashboard.emulator.places import Asked, place
from dashboard.emulator.ticket_json import group_row, person_row
from dashboard.emulator.tickets_edge import required_ids


def _groups(asked: Asked) -> Answer:
    names = {group.id: group.name for group in asked.desk.config.groups}
    series = of_keys("id", sorted(names))

    def row(group_id: int) -> Row:
        return group_row(asked, group_id, names[group_id])

    query = asked.request.query
    if wants_cursor(query):
        return json_answer(by_cursor(series, row, name="groups", query=query, url=asked.url).body)
    return json_answer(by_number(Numbered(series.take(None, False), len(names)), row, name="groups", query=query, url=asked.url).body)


def _users(asked: Asked) -> Answer:
    company = asked.desk.company
    rows = [person_row(asked, person) for each in required_ids(asked) if (person := company.person(each)) is not None]
    return json_answer({"users": rows, "next_page": None, "previous_page": None, "count": len(rows)})


PLACES = (
    place("groups", "groups", _groups),
    place("users_show_many", "users/show_many", _users),
)
