"""The desk's writing side over HTTP, one ticket at a time: what is done takes effect, and what cannot be is refused in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dashboard.emulator.helpdesk.changes import Changes
from dashboard.emulator.helpdesk.company import ADMIN_ID
from dashboard.emulator.helpdesk.trash import Trash
from dashboard.emulator.helpdesk.wishes import read
from dashboard.emulator.lines import SUPPORT
from dashboard.emulator.options import EmulatorSettings
from dashboard.emulator.simulated import SimulatedFloor
from tests.emulator.desk_client import DeskClient
from tests.emulator.running import DAY
from tests.emulator.still_floor import GROUPS

AGENTS = (360000001000, 360000001001, 360000001002)
CUSTOMER = 361_200_000_041


def events_of(desk: DeskClient, ticket_id: int) -> list[tuple[str, str]]:
    """Metric and type of all its events, in order."""
    listed = desk.get("incremental/ticket_metric_events", start_time="0")["ticket_metric_events"]
    return [(event["metric"], event["type"]) for event in listed if event["ticket_id"] == ticket_id]


def event(desk: DeskClient, ticket_id: int, metric: str, kind: str) -> Any:
    """The last that was written; the list is in the order of their times, of which that of a breach may lie ahead."""
    listed = desk.get("incremental/ticket_metric_events", start_time="0")["ticket_metric_events"]
    found = [each for each in listed if (each["ticket_id"], each["metric"], each["type"]) == (ticket_id, metric, kind)]
    return max(found, key=lambda each: each["id"])


def sentences(body: Any) -> list[str]:
    """What a refusal says, whatever it is about."""
    assert (body["error"], body["description"]) == ("RecordInvalid", "Record validation errors")
    return [flaw["description"] for flaws in body["details"].values() for flaw in flaws]


def test_new_ticket_is_there_with_its_clocks_and_its_people(desk: DeskClient) -> None:
    answer = desk.ask("POST", "tickets", {
        "ticket": {
            "comment": {"body": "plain", "html_body": "<p>It &amp; all is <b>down</b></p>", "public": True},
            "subject": "Down",
            "priority": "urgent",
            "type": "task",
            "due_at": "2026-11-25T09:00:00Z",
            "requester": {"name": "New Person", "email": "New@Customers.example"},
            "assignee_email": "agent1@still.example",
            "email_ccs": [{"user_id": str(CUSTOMER), "action": "put"}],
            "followers": [{"user_email": "agent2@still.example"}, {"user_id": CUSTOMER}],
            "tags": "One two,TWO",
            "custom_fields": [{"id": 5, "value": "x"}],
            "external_id": "their-7",
            "brand_id": 4,
            "id": 3,
        }
    })  # fmt: skip
    assert answer.status_code == 201
    ticket = answer.json()["ticket"]
    assert desk.emulator.get(answer.headers["location"]).json()["ticket"] == {k: v for k, v in ticket.items() if k != "generated_timestamp"}
    assert (ticket["description"], ticket["priority"], ticket["type"], ticket["due_at"]) == (
        "It & all is down",
        "urgent",
        "task",
        "2026-11-25T09:00:00Z",
    )
    # Whoever has it has begun: it is no longer new; and the agent's group came along.
    assert (ticket["status"], ticket["assignee_id"], ticket["group_id"]) == ("open", AGENTS[1], GROUPS[1])
    assert (ticket["email_cc_ids"], ticket["follower_ids"]) == ([CUSTOMER], [AGENTS[2]])
    assert ticket["collaborator_ids"] == sorted([CUSTOMER, AGENTS[2]])
    assert (ticket["tags"], ticket["external_id"], ticket["custom_fields"]) == (["one", "two"], "their-7", [{"id": 5, "value": "x"}])
    person = desk.get("users/show_many", ids=str(ticket["requester_id"]))["users"][0]
    assert (person["name"], person["email"], person["role"]) == ("New Person", "new@customers.example", "end-user")
    assert (ticket["submitter_id"], ticket["via"]["channel"]) == (ADMIN_ID, "api")
    assert "ticket.id" in answer.headers["x-zendesk-api-warn"]
    assert "brand" not in answer.headers["x-zendesk-api-warn"]
    begun = events_of(desk, ticket["id"])
    assert {metric for metric, kind in begun if kind == "activate"} == {
        "reply_time",
        "requester_wait_time",
        "agent_work_time",
        "resolution_time",
    }
    assert ("reply_time", "apply_sla") in begun
    assert not event(desk, ticket["id"], "reply_time", "breach")["deleted"]
    again = desk.make(requester={"email": "new@customers.example"})
    assert again["requester_id"] == ticket["requester_id"]


def test_same_key_is_answered_as_the_first_time_and_only_with_the_same_request(desk: DeskClient) -> None:
    def ask(body: str, key: str = "k-1", who: DeskClient = desk) -> Any:
        return who.ask("POST", "tickets", {"ticket": {"comment": {"body": body}}}, headers={"Idempotency-Key": key})

    before = desk.get("tickets/count")["count"]["value"]
    first, second = ask("a"), ask("a")
    assert (first.headers["x-idempotency-lookup"], second.headers["x-idempotency-lookup"]) == ("miss", "hit")
    assert second.status_code == 201
    assert second.json() == first.json()
    assert second.headers["location"] == first.headers["location"]
    assert desk.refusal(ask("b"), 400)["error"] == "IdempotentRequestError"
    assert ask("a", key="k" * 256).status_code == 400
    assert ask("", key="k-2").status_code == 422
    assert ask("now it is there", key="k-2").headers["x-idempotency-lookup"] == "miss"  # what was refused is not kept
    assert ask("a", who=DeskClient(desk.emulator, "agent")).headers["x-idempotency-lookup"] == "miss"  # keys are each caller's own
    desk.emulator.clock.skip(2 * 3600 + 1)
    assert ask("a").headers["x-idempotency-lookup"] == "miss"
    assert desk.get("tickets/count")["count"]["value"] == before + 4


def test_reply_and_change_of_status_move_clocks_figures_and_the_last_update(desk: DeskClient) -> None:
    ticket_id = desk.make(priority="high", requester_id=CUSTOMER, assignee_id=AGENTS[0])["id"]
    desk.pass_world(600)
    made = desk.change(ticket_id, status="pending", comment={"body": "Which device?"}).json()
    assert made["ticket"]["updated_at"] > made["ticket"]["created_at"]
    kinds = [(each["type"], each.get("field_name")) for each in made["audit"]["events"]]
    assert kinds == [("Comment", None), ("Change", "status")]
    assert made["audit"]["events"][1]["previous_value"] == "open"
    figures = desk.metrics(ticket_id)
    assert (figures["replies"], figures["reply_time_in_minutes"]) == (1, {"calendar": 10, "business": 10})
    assert figures["updated_at"] == made["ticket"]["updated_at"]
    assert event(desk, ticket_id, "reply_time", "update_status")["status"] == {"calendar": 10, "business": 10}
    assert event(desk, ticket_id, "reply_time", "breach")["deleted"] is True
    moved = events_of(desk, ticket_id)
    assert {("reply_time", "fulfill"), ("requester_wait_time", "pause"), ("agent_work_time", "pause")} <= set(moved)
    desk.pass_world(1200)
    # The customer's own words open it again.
    answered = desk.change(ticket_id, comment={"body": "The blue one", "author_id": CUSTOMER}).json()
    assert answered["ticket"]["status"] == "open"
    assert answered["audit"]["events"][0]["author_id"] == CUSTOMER
    assert desk.metrics(ticket_id)["agent_wait_time_in_minutes"] == {"calendar": 20, "business": 20}
    desk.pass_world(60)
    desk.change(ticket_id, status="solved", comment={"body": "Done"})
    figures = desk.metrics(ticket_id)
    assert figures["full_resolution_time_in_minutes"] == {"calendar": 31, "business": 31}
    assert figures["requester_wait_time_in_minutes"] == {"calendar": 11, "business": 11}
    assert {metric for metric, kind in events_of(desk, ticket_id) if kind == "fulfill"} >= {"resolution_time", "agent_work_time"}
    desk.pass_world(60)
    assert desk.change(ticket_id, status="open").json()["ticket"]["status"] == "open"
    assert desk.metrics(ticket_id)["reopens"] == 1
    private = desk.change(ticket_id, comment={"body": "among ourselves", "public": False}).json()
    assert private["audit"]["events"][0]["public"] is False
    assert desk.metrics(ticket_id)["replies"] == figures["replies"]
    assert desk.get(f"tickets/{ticket_id}", include="comment_count")["ticket"]["comment_count"] == 5


def test_priority_moves_the_announced_breach_and_taking_it_away_ends_the_agreement(desk: DeskClient) -> None:
    ticket_id = desk.make(priority="low")["id"]
    first = event(desk, ticket_id, "reply_time", "breach")
    desk.change(ticket_id, priority="urgent")
    nearer = event(desk, ticket_id, "reply_time", "breach")
    assert nearer["time"] < first["time"]
    desk.change(ticket_id, priority=None)
    assert event(desk, ticket_id, "reply_time", "apply_sla")["sla"] is None
    assert event(desk, ticket_id, "reply_time", "breach")["deleted"] is True
    assert desk.ticket(ticket_id)["priority"] is None


def test_stale_copy_is_refused_and_changes_nothing(desk: DeskClient) -> None:
    ticket = desk.make()
    desk.pass_world(5)
    seen = desk.change(ticket["id"], tags=["seen"]).json()["ticket"]["updated_at"]
    desk.pass_world(5)
    desk.change(ticket["id"], priority="low")
    body = desk.refusal(desk.change(ticket["id"], safe_update=True, updated_stamp=seen, tags=["late"]), 409)
    assert body["error"] == "UpdateConflict"
    assert desk.ticket(ticket["id"])["tags"] == ["seen"]
    now = desk.ticket(ticket["id"])["updated_at"]
    for members in ({"safe_update": True, "updated_stamp": now}, {"safe_update": False, "updated_stamp": seen}, {"safe_update": True}):
        assert desk.change(ticket["id"], tags=["fresh"], **members).status_code == 200
    assert desk.change(ticket["id"], safe_update=True, updated_stamp="soon").status_code == 422


def test_closed_ticket_takes_no_change_and_a_follow_up_goes_on_with_it(desk: DeskClient) -> None:
    ticket_id = desk.make(assignee_id=AGENTS[0])["id"]
    wrong = desk.refusal(desk.ask("POST", "tickets", {"ticket": {"comment": {"body": "x"}, "via_followup_source_id": ticket_id}}), 422)
    assert "via_followup_source_id" in wrong["details"]
    desk.change(ticket_id, status="closed")
    before = desk.ticket(ticket_id)
    desk.pass_world(60)
    assert desk.refusal(desk.change(ticket_id, tags=["x"]), 422)["details"] == {
        "status": [{"description": "Status closed prevents ticket update"}]
    }
    assert desk.ticket(ticket_id) == before
    more = desk.make(via_followup_source_id=ticket_id, submitter_id=AGENTS[1])
    assert more["submitter_id"] == ADMIN_ID
    assert desk.ticket(ticket_id)["followup_ids"] == [more["id"]]
    assert desk.get(f"tickets/{more['id']}/related")["followup_source_ids"] == [ticket_id]


def test_agent_and_group_go_together(desk: DeskClient) -> None:
    ticket_id = desk.make(group_id=GROUPS[0])["id"]
    assert desk.change(ticket_id, assignee_id=AGENTS[0]).json()["ticket"]["group_id"] == GROUPS[0]
    assert desk.change(ticket_id, assignee_id=AGENTS[1]).json()["ticket"]["group_id"] == GROUPS[1]
    left = desk.change(ticket_id, group_id=GROUPS[0]).json()["ticket"]
    assert (left["assignee_id"], left["group_id"]) == (None, GROUPS[0])
    both = desk.refusal(desk.change(ticket_id, assignee_id=AGENTS[1], group_id=GROUPS[0]), 422)
    assert both["details"]["assignee"] == [
        {"description": "Assignee: is invalid", "error": "InvalidValue"},
        {"description": "Assignee: is not a member of the group"},
    ]
    assert desk.change(ticket_id, assignee_id=ADMIN_ID).json()["ticket"]["group_id"] == GROUPS[0]  # administrators are in every group
    assert desk.change(ticket_id, assignee_id=None).json()["ticket"]["assignee_id"] is None
    figures = desk.metrics(ticket_id)
    assert (figures["assignee_stations"], figures["group_stations"]) == (3, 3)


def test_problem_holds_its_incidents_and_solves_them_with_itself(desk: DeskClient) -> None:
    problem = desk.make(type="problem", assignee_id=AGENTS[0])["id"]
    incidents = [desk.make(type="incident", problem_id=problem)["id"] for _ in range(2)]
    later = desk.make()["id"]
    assert desk.change(later, type="incident", problem_id=problem).json()["ticket"]["problem_id"] == problem
    assert desk.ticket(problem)["has_incidents"] is True
    assert desk.get(f"tickets/{problem}/related")["incidents"] == 3
    assert desk.change(later, type="question").json()["ticket"]["problem_id"] is None
    for members in ({"problem_id": incidents[0]}, {"problem_id": 10**9}, {"problem_id": problem, "type": "question"}):
        assert "problem" in desk.refusal(desk.change(incidents[1], **members), 422)["details"]
    desk.change(problem, status="solved", comment={"body": "Repaired", "public": True})
    assert [desk.ticket(each)["status"] for each in (*incidents, later)] == ["solved", "solved", "new"]
    assert [desk.metrics(each)["replies"] for each in incidents] == [1, 1]


@pytest.mark.parametrize(
    ("members", "field", "sentence"),
    [
        ({"status": "sleeping"}, "status", "Status: is invalid. It must be one of new, open, pending, hold, solved, closed"),
        ({"status": "solved"}, "base", "Assignee: is required when solving a ticket"),
        ({"priority": "huge"}, "priority", "Priority: is invalid. It must be one of urgent, high, normal, low"),
        ({"type": 4}, "type", "Type: is invalid. It must be one of problem, incident, question, task"),
        ({"assignee_id": CUSTOMER}, "assignee", "Assignee: is invalid"),
        ({"assignee_id": "nobody"}, "assignee", "Assignee: is invalid"),
        ({"assignee_email": "nobody@x.example"}, "assignee", "Assignee: is invalid"),
        ({"group_id": 4}, "group", "Group: is invalid"),
        ({"requester_id": 4}, "requester", "Requester: is invalid"),
        ({"requester": {"name": "No address"}}, "requester", "Requester: Email: cannot be blank"),
        ({"organization_id": 4}, "organization", "Organization: is invalid"),
        ({"comment": {"body": "  "}}, "base", "Description: cannot be blank"),
        ({"comment": {"body": "x", "author_id": 4}}, "author", "Author: is invalid"),
        ({"comment": 4}, "comment", "Comment: is invalid"),
        ({"tags": 4}, "tags", "Tags: is invalid"),
        ({"custom_fields": [4]}, "custom_fields", "Custom fields: is invalid"),
        ({"due_at": "soon"}, "due_at", "Due at: is not a valid time"),
        ({"follower_ids": ["x"]}, "follower_ids", "Follower ids: is invalid"),
        ({"email_ccs": [{}]}, "email_ccs", "Email ccs: is invalid"),
        ({"subject": []}, "subject", "Subject: is invalid"),
    ],
)
def test_what_cannot_be_is_refused_in_words_by_field(desk: DeskClient, members: dict[str, Any], field: str, sentence: str) -> None:
    ticket = desk.make()
    body = desk.refusal(desk.change(ticket["id"], **members), 422)
    assert sentence in sentences(body)
    assert list(body["details"]) == [field]
    made = desk.ask("POST", "tickets", {"ticket": {"comment": {"body": "x"}, **members}})
    assert sentence in sentences(desk.refusal(made, 422))
    assert desk.ticket(ticket["id"])["updated_at"] == ticket["updated_at"]


def test_status_new_cannot_come_back_and_what_is_passed_over_is_named(desk: DeskClient) -> None:
    ticket_id = desk.make(status="open")["id"]
    assert sentences(desk.refusal(desk.change(ticket_id, status="new"), 422)) == ["Status: cannot be changed back to new"]
    # These two are for many tickets at once; here the vendor passes over them, and says so in a header.
    answer = desk.change(ticket_id, additional_tags=["a"], updated_at="2000-01-01T00:00:00Z", **{"Böse\r\nX: y": 1})
    assert answer.json()["ticket"]["tags"] == []
    assert '"ticket.additional_tags", "ticket.updated_at", "ticket.BseXy"' in answer.headers["x-zendesk-api-warn"]


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({}, 400, "RequiredParameterMissing"),
        ({"ticket": []}, 400, "RequiredParameterMissing"),
        ({"ticket": {}}, 422, "RecordInvalid"),
        ([], 422, "Unprocessable Entity"),
    ],
)
def test_bodies_that_are_none_are_refused(desk: DeskClient, body: object, status: int, error: str) -> None:
    assert desk.refusal(desk.ask("POST", "tickets", body), status)["error"] == error
    settings = desk.emulator.settings
    login = (f"{settings.email}/token", settings.api_token)
    plain = desk.emulator.http.post("/api/v2/tickets", auth=login, content="{", headers={"Content-Type": "text/plain"})
    assert (plain.status_code, plain.json()["error"]) == (415, "UnsupportedContent")
    broken = desk.emulator.http.post("/api/v2/tickets", auth=login, content="{", headers={"Content-Type": "application/json"})
    assert broken.status_code == 422


@pytest.fixture
def emulated() -> SimulatedFloor:
    """A floor on a Friday morning, whose people also work on tickets."""
    return SimulatedFloor(EmulatorSettings(start=DAY, tickets_count=0), DAY)


def test_simulated_people_go_on_with_what_a_client_leaves(emulated: SimulatedFloor) -> None:
    changes, trash, floor = Changes(emulated.desk), Trash(emulated.desk), emulated
    wish = read({"comment": {"body": "Please"}, "priority": "urgent", "group_id": SUPPORT.id}, is_new=True)
    tickets = [changes.create(wish, ADMIN_ID).ticket for _ in range(3)]
    trash.discard(tickets[0].id, ADMIN_ID)
    floor.advance(DAY + timedelta(hours=2))
    assert all(ticket.assignee_id for ticket in tickets[1:])
    assert tickets[0].assignee_id is None
    trash.restore(tickets[0].id)
    floor.advance(DAY + timedelta(hours=4))
    assert tickets[0].assignee_id is not None


def test_whom_a_client_names_comes_to_the_ticket_and_anyone_when_they_do_not(emulated: SimulatedFloor) -> None:
    changes, named = Changes(emulated.desk), {}
    for agent_id in sorted(emulated.desk.free_agents())[:3]:
        wish = read({"comment": {"body": "Please"}, "priority": "urgent", "assignee_id": agent_id}, is_new=True)
        named |= {changes.create(wish, ADMIN_ID).ticket: agent_id for _ in range(3)}
    emulated.advance(DAY + timedelta(minutes=50))
    assert all(ticket.assignee_id == agent_id for ticket, agent_id in named.items())
    emulated.advance(DAY + timedelta(hours=2))
    theirs = [ticket for ticket, agent_id in named.items() if ticket.given_to == agent_id]
    assert theirs
    assert all(ticket.comments[1].author_id == named[ticket] for ticket in theirs)
    assert {ticket.assignee_id for ticket in named} > set(named.values())
