"""Jobs of many changes: queued, working, completed though items failed, forgotten after a day; and what each kind does."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.emulator.desk_client import DeskClient

AGENT = 360000001000


def ids_of(tickets: list[Any]) -> str:
    return ",".join(str(ticket["id"]) for ticket in tickets)


def test_job_goes_from_queued_over_working_to_completed_and_is_forgotten_after_a_day(desk: DeskClient) -> None:
    tickets = [desk.make() for _ in range(4)]
    asked = desk.ask("PUT", "tickets/update_many", {"ticket": {"priority": "low"}}, ids=ids_of(tickets)).json()["job_status"]
    assert (asked["status"], asked["total"], asked["progress"], asked["results"]) == ("queued", 4, None, None)
    clock = desk.emulator.clock
    clock.skip(0.2)
    working = desk.get(f"job_statuses/{asked['id']}")["job_status"]
    assert working["status"] == "working"
    assert 1 <= working["progress"] < 4
    assert working["message"] == f"Updating ticket #{working['progress']}"
    # The items of a job take effect one after the other.
    changed = [ticket["priority"] for ticket in desk.get("tickets", sort_by="id")["tickets"]]
    assert changed.count("low") >= working["progress"]
    clock.skip(1)
    over = desk.emulator.get(asked["url"]).json()["job_status"]
    assert (over["status"], over["progress"]) == ("completed", 4)
    assert over["message"].startswith("Completed at 20")
    assert over["results"] == [{"action": "update", "status": "Updated", "success": True, "id": ticket["id"]} for ticket in tickets]
    other = desk.done(desk.ask("POST", "tickets/create_many", {"tickets": [{"comment": {"body": "x"}}]}))
    assert [job["id"] for job in desk.get("job_statuses")["job_statuses"]] == [other["id"], asked["id"]]
    several = desk.get("job_statuses/show_many", ids=f"{asked['id']},V3-unknown,{other['id']}")
    assert [job["id"] for job in several["job_statuses"]] == [asked["id"], other["id"]]
    clock.skip(86_400)
    assert desk.refusal(desk.ask("GET", f"job_statuses/{asked['id']}"), 404)["error"] == "RecordNotFound"
    assert desk.get("job_statuses")["job_statuses"] == []


def test_item_that_fails_is_told_in_a_completed_job_and_stops_no_other(desk: DeskClient) -> None:
    closed, good = desk.make(assignee_id=AGENT), desk.make(tags=["kept", "old"])
    desk.change(closed["id"], status="closed")
    form = {
        "ticket": {"status": "pending", "additional_tags": ["vip"], "remove_tags": ["old"], "comment": {"body": "all", "public": False}}
    }
    job = desk.done(desk.ask("PUT", "tickets/update_many", form, ids=f"{closed['id']},{good['id']},999999999"))
    assert (job["total"], job["progress"]) == (3, 3)
    assert [row.get("error") for row in job["results"]] == ["TicketUpdateFailed", None, "RecordNotFound"]
    assert job["results"][0] == {
        "index": 0,
        "error": "TicketUpdateFailed",
        "id": closed["id"],
        "details": "Status closed prevents ticket update",
    }
    now = desk.ticket(good["id"])
    assert (now["status"], now["tags"]) == ("pending", ["kept", "vip"])
    wrong = desk.done(desk.ask("PUT", "tickets/update_many", {"ticket": {"status": "asleep"}}, ids=str(good["id"])))
    assert "Status: is invalid" in wrong["results"][0]["details"]


def test_batch_gives_each_ticket_its_own_change(desk: DeskClient) -> None:
    first, second = desk.make(), desk.make()
    tickets = [
        {"id": first["id"], "priority": "high", "tags": ["one"]},
        {"id": str(second["id"]), "subject": "Two", "additional_tags": ["not in this form"]},
        {"subject": "no id"},
        {"id": first["id"], "priority": "urgent"},
    ]
    job = desk.done(desk.ask("PUT", "tickets/update_many", {"tickets": tickets}))
    assert [row.get("error") for row in job["results"]] == [None, None, "RecordNotFound", None]
    now = desk.ticket(first["id"])
    assert (now["priority"], now["tags"]) == ("urgent", ["one"])
    assert (desk.ticket(second["id"])["subject"], desk.ticket(second["id"])["tags"]) == ("Two", [])


def test_ticket_that_changes_while_the_job_is_under_way_is_left_alone(desk: DeskClient) -> None:
    tickets = [desk.make() for _ in range(3)]
    desk.pass_world(60)
    asked = desk.ask("PUT", "tickets/update_many", {"ticket": {"priority": "low"}}, ids=ids_of(tickets))
    desk.change(tickets[2]["id"], priority="urgent")
    job = desk.done(asked)
    assert [row.get("error") for row in job["results"]] == [None, None, "UpdateConflict"]
    assert desk.ticket(tickets[2]["id"])["priority"] == "urgent"


def test_job_that_is_made_to_fail_keeps_what_it_has_done_and_tells_no_results(desk: DeskClient) -> None:
    tickets = [desk.make() for _ in range(5)]
    for word in ("failed", "killed"):
        asked = desk.ask("PUT", "tickets/update_many", {"ticket": {"additional_tags": [word]}}, ids=ids_of(tickets)).json()["job_status"]
        desk.emulator.clock.skip(0.22)
        desk.emulator.control("jobs", {"end": word})
        desk.emulator.clock.skip(60)
        job = desk.get(f"job_statuses/{asked['id']}")["job_status"]
        assert (job["status"], job["results"]) == (word, None)
        assert 1 <= job["progress"] < 5
        tagged = [word in ticket["tags"] for ticket in desk.get("tickets", sort_by="id")["tickets"]]
        assert tagged.count(True) == job["progress"]


def test_write_whose_answer_is_lost_has_taken_effect_once(desk: DeskClient) -> None:
    desk.emulator.fault("unheard", endpoint="ticket_create", count=1)
    form, headers = {"ticket": {"comment": {"body": "x"}, "external_id": "e-1"}}, {"Idempotency-Key": "e-1"}
    with pytest.raises(httpx.RemoteProtocolError):
        desk.ask("POST", "tickets", form, headers=headers)
    again = desk.ask("POST", "tickets", form, headers=headers)
    assert again.headers["x-idempotency-lookup"] == "hit"
    assert [ticket["id"] for ticket in desk.get("tickets", external_id="e-1")["tickets"]] == [again.json()["ticket"]["id"]]


def test_many_are_made_and_what_cannot_be_is_named_by_its_place(desk: DeskClient) -> None:
    job = desk.done(
        desk.ask("POST", "tickets/create_many", {"tickets": [{"description": "old way"}, {}, {"comment": {"body": "new way"}}]})
    )
    assert job["job_type"] == "Bulk Create Ticket"
    assert job["results"][1] == {"index": 1, "error": "TicketCreateFailed", "details": "Description: cannot be blank"}
    made = [job["results"][place] for place in (0, 2)]
    assert [row["index"] for row in made] == [0, 2]
    assert [desk.ticket(row["id"])["description"] for row in made] == ["old way", "new way"]


MANY = ",".join(map(str, range(1, 102)))


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "tickets/create_many", {"tickets": [{"description": "x"}] * 101}),
        ("PUT", "tickets/update_many", {"tickets": [{"id": 1}] * 101}),
        ("PUT", f"tickets/update_many?ids={MANY}", {"ticket": {}}),
        ("PUT", f"tickets/mark_many_as_spam?ids={MANY}", {}),
        ("DELETE", f"tickets/destroy_many?ids={MANY}", None),
        ("PUT", f"deleted_tickets/restore_many?ids={MANY}", {}),
        ("DELETE", f"deleted_tickets/destroy_many?ids={MANY}", None),
        ("GET", f"job_statuses/show_many?ids={MANY}", None),
        ("POST", "tickets/1/merge", {"ids": [*range(2, 103)]}),
    ],
)
def test_more_than_a_hundred_are_refused_with_the_vendors_two_spaces(desk: DeskClient, method: str, path: str, body: object) -> None:
    desk.make()
    assert desk.refusal(desk.ask(method, path, body), 400) == {
        "error": "TooManyValues",
        "description": "Parameter  cannot specify more than 100 values",
        "max_count": 100,
    }


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "tickets/create_many", {"tickets": []}),
        ("PUT", "tickets/update_many", {"ticket": {}}),
        ("PUT", "tickets/update_many", {"tickets": ["x"]}),
        ("PUT", "tickets/mark_many_as_spam", {}),
        ("DELETE", "tickets/destroy_many", None),
        ("PUT", "deleted_tickets/restore_many", {}),
        ("DELETE", "deleted_tickets/destroy_many", None),
        ("GET", "job_statuses/show_many", None),
        ("POST", "tickets/1/merge", {"ids": []}),
        ("POST", "tickets/1/merge", {"ids": ["x"]}),
        ("POST", "tickets/1/merge", {"ids": [1]}),
    ],
)
def test_none_at_all_are_refused(desk: DeskClient, method: str, path: str, body: object) -> None:
    desk.make()
    assert desk.ask(method, path, body).status_code == 400
    assert desk.get("job_statuses")["job_statuses"] == []


# --- merging


def test_merged_tickets_are_closed_with_a_comment_and_their_customers_are_copied(desk: DeskClient) -> None:
    customers = [361_200_000_041, 361_200_000_041 + 97, 361_200_000_041 + 194]
    target, *sources = [desk.make(subject=f"No. {number}", requester_id=each) for number, each in enumerate(customers)]
    desk.pass_world(60)
    form = {
        "ids": [ticket["id"] for ticket in sources],
        "target_comment": "They all say the same.",
        "target_comment_is_public": True,
        "source_comment": "Goes on in the other.",
    }
    job = desk.done(desk.ask("POST", f"tickets/{target['id']}/merge", form))
    assert [row["id"] for row in job["results"]] == form["ids"]
    for ticket in sources:
        now = desk.ticket(ticket["id"])
        assert (now["status"], now["tags"]) == ("closed", ["closed_by_merge"])
        assert desk.metrics(ticket["id"])["replies"] == 0  # private unless it is asked for
        assert desk.metrics(ticket["id"])["solved_at"] is not None
    now = desk.ticket(target["id"])
    assert now["email_cc_ids"] == customers[1:]
    assert now["updated_at"] > target["updated_at"]
    assert desk.metrics(target["id"])["replies"] == 1
    again = desk.done(desk.ask("POST", f"tickets/{target['id']}/merge", {"ids": [sources[0]["id"], 10**9]}))
    assert [row["error"] for row in again["results"]] == ["TicketMergeFailed", "RecordNotFound"]
    assert desk.get(f"tickets/{target['id']}", include="comment_count")["ticket"]["comment_count"] == 2
    assert desk.ask("POST", f"tickets/{sources[0]['id']}/merge", {"ids": [target["id"]]}).status_code == 422


def test_nothing_of_a_merge_is_public_where_one_of_the_tickets_is_private(desk: DeskClient) -> None:
    target, hidden = desk.make(), desk.make(comment={"body": "among us", "public": False})
    assert hidden["is_public"] is False
    form = {"ids": [hidden["id"]], "target_comment_is_public": True, "source_comment_is_public": True}
    desk.done(desk.ask("POST", f"tickets/{target['id']}/merge", form))
    assert [desk.metrics(ticket["id"])["replies"] for ticket in (target, hidden)] == [0, 0]
    assert desk.ticket(hidden["id"])["is_public"] is False
