"""The trash: deleting, marking as spam, listing in three orders, bringing back, for good, and what thirty days leave of it."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.emulator.helpdesk.company import ADMIN_ID
from tests.emulator.desk_client import DeskClient

CUSTOMER = 361_200_000_041


def discarded(desk: DeskClient, *subjects: str) -> list[int]:
    """Tickets that were put into the trash one after the other, in the opposite order of their ids."""
    ids = [desk.make(subject=subject)["id"] for subject in subjects]
    for ticket_id in reversed(ids):
        desk.pass_world(10)
        assert desk.ask("DELETE", f"tickets/{ticket_id}").status_code == 204
    return ids


def listed(desk: DeskClient, **query: str) -> list[int]:
    return [row["id"] for row in desk.get("deleted_tickets", **query)["deleted_tickets"]]


def test_deleted_ticket_is_nowhere_but_in_the_trash_and_comes_back_as_it_was(desk: DeskClient) -> None:
    problem = desk.make(type="problem")["id"]
    before = desk.make(type="incident", problem_id=problem, priority="high", tags=["a"])
    ticket_id = before["id"]
    desk.pass_world(60)
    gone = desk.ask("DELETE", f"tickets/{ticket_id}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert "content-type" not in gone.headers
    for path in ("", "/metrics", "/related", "/incidents"):
        assert desk.ask("GET", f"tickets/{ticket_id}{path}").status_code == 404
    for method, path in (("DELETE", ""), ("PUT", ""), ("PUT", "/mark_as_spam"), ("POST", "/merge")):
        assert desk.ask(method, f"tickets/{ticket_id}{path}", {"ticket": {}}).status_code == 404
    assert ticket_id not in {ticket["id"] for ticket in desk.get("tickets")["tickets"]}
    assert desk.get(f"tickets/{problem}/related")["incidents"] == 0
    events = desk.get("incremental/ticket_metric_events", start_time="0")["ticket_metric_events"]
    assert ticket_id in {event["ticket_id"] for event in events}
    row = desk.get("deleted_tickets")["deleted_tickets"][0]
    assert (row["id"], row["subject"], row["previous_state"]) == (ticket_id, before["subject"], "new")
    assert row["actor"] == {"id": ADMIN_ID, "name": "Emulator administrator"}
    assert row["deleted_at"] > before["updated_at"]
    desk.pass_world(60)
    assert desk.ask("PUT", f"deleted_tickets/{ticket_id}/restore", {}).json() == {}
    after = desk.ticket(ticket_id)
    assert after["updated_at"] > before["updated_at"]
    same = {name: value for name, value in before.items() if name not in {"updated_at", "generated_timestamp"}}
    assert {name: after[name] for name in same} == same
    assert desk.get(f"tickets/{problem}/related")["incidents"] == 1
    assert desk.refusal(desk.ask("PUT", f"deleted_tickets/{ticket_id}/restore"), 404)["error"] == "RecordNotFound"


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ({}, [0, 1, 2]),
        ({"sort_by": "id", "sort_order": "desc"}, [2, 1, 0]),
        ({"sort_by": "deleted_at"}, [2, 1, 0]),
        ({"sort_by": "deleted_at", "sort_order": "desc"}, [0, 1, 2]),
        ({"sort_by": "subject"}, [1, 2, 0]),
        ({"sort_by": "subject", "sort_order": "desc"}, [0, 2, 1]),
    ],
)
def test_trash_is_listed_in_every_order_and_both_forms(desk: DeskClient, query: dict[str, str], order: list[int]) -> None:
    ids = discarded(desk, "zebra", "Apple", "mango")
    wanted = [ids[place] for place in order]
    assert listed(desk, **query) == wanted
    assert [listed(desk, per_page="2", page=page, **query) for page in ("1", "2")] == [wanted[:2], wanted[2:]]
    first = desk.get("deleted_tickets", **{"page[size]": "2"}, **query)
    assert first["meta"]["has_more"] is True
    after = {"page[size]": "2", "page[after]": first["meta"]["after_cursor"]}
    second = desk.get("deleted_tickets", **after, **query)
    assert [row["id"] for row in (*first["deleted_tickets"], *second["deleted_tickets"])] == wanted
    assert second["meta"]["has_more"] is False
    back = desk.emulator.get(second["links"]["prev"]).json()
    assert back["deleted_tickets"] == first["deleted_tickets"]


def test_orders_that_there_are_not_are_refused(desk: DeskClient) -> None:
    for query in ({"sort_by": "priority"}, {"sort_order": "up"}, {"page[size]": "2", "page[after]": "x"}):
        assert desk.ask("GET", "deleted_tickets", **query).status_code == 400


def test_spam_goes_into_the_trash_and_its_writer_is_suspended_but_no_colleague(desk: DeskClient) -> None:
    def suspended(person_id: int) -> Any:
        return desk.get("users/show_many", ids=str(person_id))["users"][0]["suspended"]

    tickets = [desk.make(requester_id=CUSTOMER), desk.make(), desk.make(requester_id=CUSTOMER + 97)]
    assert desk.ask("PUT", f"tickets/{tickets[0]['id']}/mark_as_spam", {}).json() == {}
    assert suspended(CUSTOMER) is True
    job = desk.done(desk.ask("PUT", "tickets/mark_many_as_spam", {}, ids=",".join(str(ticket["id"]) for ticket in tickets)))
    assert [row.get("error") for row in job["results"]] == ["RecordNotFound", None, None]
    assert (suspended(ADMIN_ID), suspended(CUSTOMER + 97)) == (False, True)
    assert listed(desk) == [ticket["id"] for ticket in tickets]


def test_deleted_for_good_is_gone_with_its_events(desk: DeskClient) -> None:
    ids = discarded(desk, "a", "b", "c", "d")
    job = desk.done(desk.ask("DELETE", f"deleted_tickets/{ids[0]}"))
    assert (job["total"], job["progress"], job["results"]) == (None, None, {"success": True})
    assert listed(desk) == ids[1:]
    for method, path in (("DELETE", f"deleted_tickets/{ids[0]}"), ("PUT", f"deleted_tickets/{ids[0]}/restore")):
        assert desk.refusal(desk.ask(method, path), 404) == {"error": "RecordNotFound", "description": "Not found"}
    half = desk.done(desk.ask("DELETE", "deleted_tickets/destroy_many", ids=f"{ids[0]},{ids[1]},{ids[2]}"))
    assert half["results"] == {"success": False, "errors": f"Could not find ticket {ids[0]}"}
    assert listed(desk) == ids[3:]
    events = desk.get("incremental/ticket_metric_events", start_time="0")["ticket_metric_events"]
    assert {event["ticket_id"] for event in events} == {ids[3]}


def test_many_are_deleted_by_a_job_and_brought_back_at_once(desk: DeskClient) -> None:
    ids = [desk.make()["id"] for _ in range(3)]
    named = ",".join(map(str, ids))
    job = desk.done(desk.ask("DELETE", "tickets/destroy_many", ids=named))
    assert job["results"] == [{"action": "delete", "status": "Deleted", "success": True, "id": ticket_id} for ticket_id in ids]
    assert listed(desk) == ids
    assert desk.ask("PUT", "deleted_tickets/restore_many", {}, ids=f"{ids[0]},{ids[1]},999999999").json() == {}
    assert listed(desk) == ids[2:]
    assert desk.ask("PUT", "deleted_tickets/restore_many", {}, ids="999999999").status_code == 404


def test_trash_is_kept_for_thirty_days(desk: DeskClient) -> None:
    ticket_id = discarded(desk, "old")[0]
    desk.pass_world(14 * 86_400)
    desk.pass_world(14 * 86_400)
    assert listed(desk) == [ticket_id]
    desk.pass_world(2 * 86_400 + 1)
    assert listed(desk) == []
    assert desk.ask("PUT", f"deleted_tickets/{ticket_id}/restore").status_code == 404
