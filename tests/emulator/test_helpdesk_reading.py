"""The vendor's reading endpoints of tickets, over HTTP: both forms of lists, orders, single ones, events by time, errors."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.emulator.simulated import SimulatedFloor
from tests.emulator.running import DAY, RunningEmulator, running
from tests.emulator.still_floor import StillFloor

API = "/api/v2/"
EVENTS = API + "incremental/ticket_metric_events"
NOW_S = int(DAY.timestamp())


def by_cursor(emulator: RunningEmulator, path: str, name: str, **params: str) -> list[Any]:
    """The whole list, page by page, until the vendor says that there is no more."""
    rows: list[Any] = []
    after: dict[str, str] = {}
    while True:
        page = emulator.get(API + path, **{"page[size]": "100"}, **params, **after).json()
        assert "count" not in page
        assert (page["links"]["next"] is None) is (not page[name])
        rows += page[name]
        if not page["meta"]["has_more"]:
            return rows
        after = {"page[after]": page["meta"]["after_cursor"]}


def by_number(emulator: RunningEmulator, path: str, name: str, **params: str) -> list[Any]:
    rows: list[Any] = []
    url: str | None = API + path
    while url is not None:
        answer = emulator.get(url, **(params if not rows else {}))
        page = answer.json()
        rows += page[name]
        url = page["next_page"]
    assert page["count"] == len(rows)
    return rows


def test_lists_of_tickets_hold_all_in_every_order_and_both_forms(emulator: RunningEmulator) -> None:
    emulator.control("speed", {"speed": 0})
    emulator.control("limits", {"per_minute": 100_000, "clear": True})
    total = emulator.get(API + "tickets/count").json()["count"]
    assert total["refreshed_at"].endswith("Z")
    tickets = by_cursor(emulator, "tickets", "tickets", sort="id")
    assert len(tickets) == total["value"] > 400
    ids = [ticket["id"] for ticket in tickets]
    assert ids == sorted(set(ids))
    moved = by_cursor(emulator, "tickets.json", "tickets", sort="-updated_at")
    assert [ticket["updated_at"] for ticket in moved] == sorted((ticket["updated_at"] for ticket in tickets), reverse=True)
    by_status = by_cursor(emulator, "tickets", "tickets", sort="status")
    assert by_status[0]["status"] == "new"
    assert by_status[-1]["status"] == "closed"
    assert {ticket["id"] for ticket in by_status} == {ticket["id"] for ticket in moved} == set(ids)
    named = by_number(emulator, "tickets", "tickets", sort_by="subject", sort_order="desc")
    assert [ticket["subject"].casefold() for ticket in named] == sorted((ticket["subject"].casefold() for ticket in tickets), reverse=True)
    assert "fields" in named[0]
    assert "fields" not in tickets[0]
    first = emulator.get(API + "tickets", **{"page[size]": "3"}).json()
    second = emulator.get(first["links"]["next"]).json()
    assert emulator.get(second["links"]["prev"]).json()["tickets"] == first["tickets"]
    metrics = by_cursor(emulator, "ticket_metrics", "ticket_metrics")
    assert [metric["ticket_id"] for metric in metrics] == ids[::-1]
    assert [metric["id"] for metric in by_number(emulator, "ticket_metrics", "ticket_metrics")] == [metric["id"] for metric in metrics]
    lists(emulator, tickets)
    people(emulator, tickets)


def lists(emulator: RunningEmulator, tickets: list[Any]) -> None:
    """Of some: by organisation, by person, problems and their incidents."""
    some = next(ticket for ticket in tickets if ticket["organization_id"])
    same = {ticket["id"] for ticket in tickets if ticket["organization_id"] == some["organization_id"]}
    found = by_cursor(emulator, f"organizations/{some['organization_id']}/tickets", "tickets", sort="-id")
    assert {ticket["id"] for ticket in found} == same
    assert emulator.get(API + f"organizations/{some['organization_id']}/tickets/count").json()["count"]["value"] == len(same)
    for where, field in (("requested", "requester_id"), ("assigned", "assignee_id"), ("ccd", "email_cc_ids"), ("followed", "follower_ids")):
        with_one = [ticket for ticket in tickets if ticket[field]][-1]
        person_id = with_one[field] if isinstance(with_one[field], int) else with_one[field][0]
        same = {
            ticket["id"] for ticket in tickets if person_id == ticket[field] or person_id in (ticket[field] if where[0] in "cf" else ())
        }
        assert {ticket["id"] for ticket in by_number(emulator, f"users/{person_id}/tickets/{where}", "tickets")} == same
    problems = by_number(emulator, "problems", "tickets")
    assert {ticket["id"] for ticket in problems} == {ticket["id"] for ticket in tickets if ticket["type"] == "problem"}
    assert [ticket["updated_at"] for ticket in problems] == sorted((ticket["updated_at"] for ticket in problems), reverse=True)
    problem = next(ticket for ticket in problems if ticket["has_incidents"])
    incidents = by_cursor(emulator, f"tickets/{problem['id']}/incidents", "tickets")
    assert {ticket["id"] for ticket in incidents} == {ticket["id"] for ticket in tickets if ticket["problem_id"] == problem["id"]}
    assert emulator.get(API + f"tickets/{problem['id']}/related").json()["incidents"] == len(incidents)
    login = (f"{emulator.settings.email}/token", emulator.settings.api_token)
    word = problem["subject"][2:9].upper()
    for sent in ({"json": {"text": word}}, {"params": {"text": word}}):
        answer = emulator.http.post(API + "problems/autocomplete", auth=login, **sent)  # type: ignore[arg-type]
        assert problem["id"] in {ticket["id"] for ticket in answer.json()["tickets"]}


def people(emulator: RunningEmulator, tickets: list[Any]) -> None:
    """One ticket, and who is on it."""
    ticket = next(ticket for ticket in tickets if ticket["email_cc_ids"] and ticket["assignee_id"])
    shown = emulator.get(API + f"tickets/{ticket['id']}.json").json()["ticket"]
    assert {name: value for name, value in shown.items() if name != "fields"} == ticket
    assert emulator.get(API + "tickets/recent").json()["tickets"][0]["id"] == ticket["id"]
    for name in ("collaborators", "followers", "email_ccs"):
        users = emulator.get(API + f"tickets/{ticket['id']}/{name}").json()["users"]
        assert [user["id"] for user in users] == ticket[
            {"collaborators": "collaborator_ids", "followers": "follower_ids"}.get(name, "email_cc_ids")
        ]
    many = emulator.get(API + "tickets/show_many", ids=f"{ticket['id']},999999999").json()["tickets"]
    assert [found["id"] for found in many] == [ticket["id"]]
    users = emulator.get(API + "users/show_many", ids=f"{ticket['assignee_id']},{ticket['requester_id']}").json()["users"]
    assert {user["role"] for user in users} == {"agent", "end-user"}
    groups = {group["id"]: group["name"] for group in by_cursor(emulator, "groups", "groups")}
    assert groups[ticket["group_id"]] in {"Support", "Billing", "Technical"}
    beside = emulator.get(API + "tickets/show_many", ids=str(ticket["id"]), include="users,groups,comment_count,nothing").json()
    assert beside["tickets"][0]["comment_count"] >= 1
    assert {user["id"] for user in beside["users"]} == {ticket["assignee_id"], ticket["requester_id"]}
    assert [group["id"] for group in beside["groups"]] == [ticket["group_id"]]
    metric = emulator.get(API + f"tickets/{ticket['id']}/metrics").json()["ticket_metric"]
    assert emulator.get(API + f"ticket_metrics/{metric['id']}").json()["ticket_metric"] == metric


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ("tickets/999999999", 404, "RecordNotFound"),
        ("tickets/99999999999999999999999", 404, "RecordNotFound"),
        ("ticket_metrics/1", 404, "RecordNotFound"),
        ("users/1/tickets/assigned", 404, "RecordNotFound"),
        ("organizations/1/tickets", 404, "RecordNotFound"),
        ("tickets/show_many", 400, "BadRequest"),
        ("tickets/show_many?ids=" + ",".join(map(str, range(1, 102))), 400, "TooManyValues"),
        ("tickets?page[size]=101", 400, "InvalidPaginationParameter"),
        ("tickets?page[size]=5&sort=subject", 400, "InvalidPaginationParameter"),
        ("tickets?page[size]=5&page[after]=x", 400, "InvalidPaginationParameter"),
        ("tickets?sort_by=shoe_size", 400, "InvalidPaginationParameter"),
        ("tickets?page=101", 400, "InvalidPaginationParameter"),
        ("incremental/ticket_metric_events", 400, "StartTimeMissing"),
        ("incremental/ticket_metric_events?start_time=soon", 400, "InvalidStartTime"),
        (f"incremental/ticket_metric_events?start_time={NOW_S + 86_400 * 30}", 422, "StartTimeTooRecent"),
        ("tickets/one", 404, "InvalidEndpoint"),
    ],
)
def test_wrong_questions_are_answered_as_the_vendor_does(emulator: RunningEmulator, path: str, status: int, error: str) -> None:
    answer = emulator.get(API + path)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_ticket_endpoints_have_the_door_the_limits_the_faults_and_the_log_of_all_others(emulator: RunningEmulator) -> None:
    assert emulator.http.get(API + "tickets").status_code == 401
    assert emulator.http.delete(API + "groups").headers["allow"] == "GET, HEAD"
    emulator.fault("503", endpoint="ticket_metric_events", count=1)
    assert [emulator.get(EVENTS, start_time=str(NOW_S)).status_code for _ in range(2)] == [503, 200]
    emulator.control("limits", {"per_minute": 2, "clear": True})
    answers = [emulator.get(API + "tickets/count") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["content-type"].startswith("text/plain")
    assert emulator.requests()["by_endpoint"]["tickets_count"] == {"200": 2, "429": 1}


def test_events_by_time_overlap_by_a_second_and_those_of_one_second_come_all_at_once() -> None:
    with running(StillFloor) as still:
        still.control("speed", {"speed": 0})
        still.control("tickets", {"count": 300})
        still.control("clock", {"skip_world_s": 60})
        still.control("tickets", {"count": 1000})
        still.control("tickets", {"count": 1000})
        first = still.get(EVENTS, start_time=str(NOW_S - 10)).json()
        assert (first["count"], len(first["ticket_metric_events"])) == (10_000, 10_000)
        assert first["next_page"].endswith(f"start_time={first['end_time']}")
        times = [event["time"] for event in first["ticket_metric_events"]]
        assert times == sorted(times)
        second = still.get(EVENTS, start_time=str(first["end_time"])).json()
        seen = {event["id"] for event in first["ticket_metric_events"]}
        again = {event["id"] for event in second["ticket_metric_events"]}
        # A page that would hold one single second is widened to all of it, and ends a second later.
        assert second["end_time"] == first["end_time"] + 1
        assert second["count"] > 10_000
        assert seen & again
        still.control("clock", {"skip_world_s": 60})
        rest = still.get(EVENTS, start_time=str(second["end_time"])).json()
        ids = seen | again | {event["id"] for event in rest["ticket_metric_events"]}
        # Ten of each normal ticket: four clocks begin, three of them have a target and an announcement.
        assert len(ids) == 2300 * 10
        assert rest["next_page"] is not None
        walked = walked_by_cursor(still, NOW_S - 10)
        assert len(walked) == len(set(walked)) == len(ids)


def walked_by_cursor(still: RunningEmulator, start_s: int) -> list[int]:
    found: list[int] = []
    still.control("limits", {"per_minute": 100_000, "clear": True})
    params = {"start_time": str(start_s)}
    while True:
        page = still.get(EVENTS, **{"page[size]": "100"}, **params).json()
        found += [event["id"] for event in page["ticket_metric_events"]]
        if not page["meta"]["has_more"]:
            return found
        params = {"page[after]": page["meta"]["after_cursor"]}


def test_truth_and_more_tickets_of_the_control_agree_with_the_answers() -> None:
    with running(SimulatedFloor) as emulator:
        emulator.control("speed", {"speed": 0})
        before = emulator.control("truth/tickets")
        emulator.control("tickets", {"count": 4, "breach_in_min": 10})
        truth = emulator.control("truth/tickets")
        assert truth["count"] == before["count"] + 4 == emulator.get(API + "tickets/count").json()["count"]["value"]
        assert truth["sla"]["breaching_in_15"] == before["sla"]["breaching_in_15"] + 4
        tickets = by_cursor(emulator, "tickets", "tickets")
        unsolved = [ticket for ticket in tickets if ticket["status"] in {"new", "open", "pending", "hold"}]
        assert truth["backlog"]["unsolved"] == len(unsolved)
        assert truth["backlog"]["by_status"]["new"] == sum(ticket["status"] == "new" for ticket in tickets)
        assert truth["backlog"]["by_priority"]["none"] == sum(ticket["priority"] is None for ticket in unsolved)
        assert truth["backlog"]["unassigned"] == sum(ticket["assignee_id"] is None for ticket in unsolved)
        emulator.control("clock", {"skip_world_s": 660})
        assert emulator.control("truth/tickets")["sla"]["breached"] >= 4
        assert emulator.http.post("/_emulator/tickets", json={"count": 0}).status_code == 400
        emulator.control("clock", {"skip_world_s": 3 * 86_400})
        later = emulator.control("truth/tickets")
        assert later["sla"]["7d"]["missed"] >= truth["sla"]["7d"]["missed"] + 4
