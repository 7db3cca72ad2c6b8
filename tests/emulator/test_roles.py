"""Who may what: administrators, agents, and agents who see but the tickets of their own groups."""

from __future__ import annotations

import pytest

from dashboard.emulator.helpdesk.company import ADMIN_ID
from dashboard.emulator.options import EmulatorSettings
from tests.emulator.desk_client import DeskClient
from tests.emulator.still_floor import GROUPS

# Of the floor's people the first is the agent, and the second the restricted one, who is in the second group.
AGENT, RESTRICTED = 360000001000, 360000001001
FORBIDDEN = "You do not have access to this page. Please contact the account owner of this help desk for further help."


@pytest.fixture
def agent(desk: DeskClient) -> DeskClient:
    return DeskClient(desk.emulator, "agent")


@pytest.fixture
def restricted(desk: DeskClient) -> DeskClient:
    return DeskClient(desk.emulator, "restricted")


def test_tokens_tell_who_asks(desk: DeskClient, agent: DeskClient, restricted: DeskClient) -> None:
    told = [client.get("users/me")["user"] for client in (desk, agent, restricted)]
    assert [(user["id"], user["role"], user["restricted_agent"], user["ticket_restriction"]) for user in told] == [
        (ADMIN_ID, "admin", False, None),
        (AGENT, "agent", False, None),
        (RESTRICTED, "agent", True, "groups"),
    ]
    http, settings = desk.emulator.http, desk.emulator.settings
    for token, person_id in ((settings.bearer_token, ADMIN_ID), (settings.agent_token, AGENT), (settings.restricted_token, RESTRICTED)):
        user = http.get("/api/v2/users/me", headers={"Authorization": f"Bearer {token}"}).json()["user"]
        assert user["id"] == person_id
    # A token is good with the address that it belongs to.
    assert http.get("/api/v2/tickets", auth=(f"{settings.email}/token", settings.agent_token)).status_code == 401
    for secret in (settings.agent_token, settings.restricted_token):
        assert secret not in repr(settings)
    with pytest.raises(ValueError, match="agent_token must not be empty"):
        EmulatorSettings(agent_token="")


def test_deleting_and_metric_events_are_for_administrators(desk: DeskClient, agent: DeskClient, restricted: DeskClient) -> None:
    ticket_id = desk.make(group_id=GROUPS[1])["id"]
    asked = [
        ("DELETE", f"tickets/{ticket_id}"),
        ("DELETE", f"tickets/destroy_many?ids={ticket_id}"),
        ("GET", "incremental/ticket_metric_events?start_time=0"),
    ]
    for client in (agent, restricted):
        for method, path in asked:
            assert client.refusal(client.ask(method, path), 403) == {"error": {"title": "Forbidden", "message": FORBIDDEN}}
    assert desk.ticket(ticket_id)["id"] == ticket_id
    assert desk.get("job_statuses")["job_statuses"] == []
    for method, path in asked[::-1]:
        assert desk.ask(method, path).status_code in {200, 204}


def test_agents_change_merge_and_empty_the_trash(desk: DeskClient, agent: DeskClient) -> None:
    made = agent.make()
    assert (made["submitter_id"], made["requester_id"]) == (AGENT, AGENT)
    other = desk.make(group_id=GROUPS[1])["id"]
    assert agent.change(made["id"], priority="high").json()["audit"]["author_id"] == AGENT
    assert agent.done(agent.ask("POST", f"tickets/{made['id']}/merge", {"ids": [other]}))["results"][0]["success"] is True
    assert agent.ask("PUT", f"tickets/{other}/mark_as_spam", {}).status_code == 200
    assert agent.get("deleted_tickets")["deleted_tickets"][0]["actor"]["id"] == AGENT
    assert agent.ask("PUT", f"deleted_tickets/{other}/restore", {}).status_code == 200
    desk.ask("DELETE", f"tickets/{other}")
    assert agent.done(agent.ask("DELETE", f"deleted_tickets/{other}"))["results"] == {"success": True}


def test_restricted_agent_knows_only_of_the_tickets_of_their_groups(desk: DeskClient, restricted: DeskClient) -> None:
    hidden, theirs = desk.make(group_id=GROUPS[0]), desk.make(group_id=GROUPS[1])
    followed = desk.make(group_id=GROUPS[0], follower_ids=[RESTRICTED])
    for query in ({}, {"page[size]": "10"}, {"page[size]": "10", "sort": "-updated_at"}, {"page[size]": "10", "sort": "status"}):
        assert {ticket["id"] for ticket in restricted.get("tickets", **query)["tickets"]} == {theirs["id"], followed["id"]}
    assert restricted.get("tickets/count")["count"]["value"] == 2
    for query in ({}, {"page[size]": "10"}):
        metrics = restricted.get("ticket_metrics", **query)["ticket_metrics"]
        assert [row["ticket_id"] for row in metrics] == [followed["id"], theirs["id"]]
    both = f"{hidden['id']},{theirs['id']}"
    assert [ticket["id"] for ticket in restricted.get("tickets/show_many", ids=both)["tickets"]] == [theirs["id"]]
    for method, path in (("GET", ""), ("GET", "/metrics"), ("PUT", ""), ("PUT", "/mark_as_spam"), ("POST", "/merge")):
        assert restricted.ask(method, f"tickets/{hidden['id']}{path}", {"ticket": {}}).status_code == 404
    job = restricted.done(restricted.ask("PUT", "tickets/update_many", {"ticket": {"priority": "low"}}, ids=both))
    assert [row.get("error") for row in job["results"]] == ["RecordNotFound", None]
    merged = restricted.done(restricted.ask("POST", f"tickets/{theirs['id']}/merge", {"ids": [hidden["id"]]}))
    assert merged["results"][0]["error"] == "RecordNotFound"
    assert desk.ticket(hidden["id"])["status"] == "new"
    desk.ask("DELETE", f"tickets/{hidden['id']}")
    desk.ask("DELETE", f"tickets/{theirs['id']}")
    assert [row["id"] for row in restricted.get("deleted_tickets")["deleted_tickets"]] == [theirs["id"]]
    assert restricted.ask("PUT", f"deleted_tickets/{hidden['id']}/restore", {}).status_code == 404
    assert restricted.ask("DELETE", f"deleted_tickets/{hidden['id']}").status_code == 404


def test_on_enterprise_merging_is_a_permission_that_the_restricted_role_lacks(desk: DeskClient, restricted: DeskClient) -> None:
    ids = [desk.make(group_id=GROUPS[1])["id"] for _ in range(2)]
    desk.emulator.control("plan", {"plan": "enterprise"})
    assert restricted.ask("POST", f"tickets/{ids[0]}/merge", {"ids": ids[1:]}).status_code == 403
    desk.emulator.control("plan", {"plan": "professional"})
    assert restricted.ask("POST", f"tickets/{ids[0]}/merge", {"ids": ids[1:]}).status_code == 200
