"""The emulator's tickets against recorded answers of live accounts, and against the shapes written by hand, which hold without those."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from dashboard.emulator.options import EmulatorSettings
from dashboard.emulator.simulated import SimulatedFloor
from tests.contract import ticket_schemas as schemas
from tests.contract.ticket_schemas import Shape, flaws
from tests.emulator.desk_client import DeskClient
from tests.emulator.running import DAY, running

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
# Of objects under these names the vendor's documents say nothing, or every answer has others.
FREE = {"from", "to", "custom", "metadata", "custom_fields", "fields", "satisfaction_rating"}
# What came with a version of the vendor's, or only in some of its answers.
COMES_AND_GOES = {"job_type", "previous_value"}


@pytest.fixture(scope="module")
def shared_desk() -> Iterator[DeskClient]:
    with running(SimulatedFloor, EmulatorSettings(start=DAY, tickets_count=40, speed=0)) as emulator:
        yield DeskClient(emulator)


@pytest.fixture
def desk(shared_desk: DeskClient) -> DeskClient:
    shared_desk.emulator.control("calm", {})
    return shared_desk


def some(desk: DeskClient, count: int) -> list[int]:
    return [desk.make(subject="test")["id"] for _ in range(count)]


def in_trash(desk: DeskClient) -> int:
    ticket_id = some(desk, 1)[0]
    desk.ask("DELETE", f"tickets/{ticket_id}")
    return ticket_id


def destroyed(desk: DeskClient) -> int:
    ticket_id = in_trash(desk)
    desk.done(desk.ask("DELETE", f"deleted_tickets/{ticket_id}"))
    return ticket_id


def batch(desk: DeskClient) -> httpx.Response:
    return desk.ask("PUT", "tickets/update_many", {"tickets": [{"id": each, "subject": "testa94a"} for each in some(desk, 2)]})


def delete_many(desk: DeskClient) -> httpx.Response:
    ids = some(desk, 3)
    return desk.ask("DELETE", "tickets/destroy_many", {"tickets": [{"id": each} for each in ids]}, ids=",".join(map(str, ids)))


def delete_one(desk: DeskClient) -> httpx.Response:
    ticket_id = some(desk, 1)[0]
    return desk.ask("DELETE", f"tickets/{ticket_id}", {"ticket": {"id": ticket_id}})


def change_one(desk: DeskClient) -> httpx.Response:
    ticket_id = some(desk, 1)[0]
    return desk.change(ticket_id, description="testa94a", id=ticket_id, subject="testa94a")


JOB: Shape = {"job_status": schemas.JOB}
NEW = {"description": "test", "subject": "test"}
# What was recorded, how the same is asked of the emulator, and its shape; an exact object where there is but one answer.
SAME: list[tuple[str, Callable[[DeskClient], httpx.Response], Shape]] = [
    ("create_many", lambda desk: desk.ask("POST", "tickets/create_many.json", {"tickets": [NEW] * 5}), JOB),
    ("create_many_400", lambda desk: desk.ask("POST", "tickets/create_many.json", {"tickets": [NEW] * 101}), {}),
    ("destroy_many", delete_many, JOB),
    ("permanent_delete", lambda desk: desk.ask("DELETE", f"deleted_tickets/{in_trash(desk)}.json"), JOB),
    ("restore", lambda desk: desk.ask("PUT", f"deleted_tickets/{in_trash(desk)}/restore.json"), {}),
    ("restore_404", lambda desk: desk.ask("PUT", f"deleted_tickets/{destroyed(desk)}/restore.json"), {}),
    ("ticket_404", lambda desk: desk.ask("DELETE", f"tickets/{2**63 - 1}.json", {"ticket": {"id": 2**63 - 1}}), {}),
    (
        "ticket_create_201",
        lambda desk: desk.ask("POST", "tickets.json", {"ticket": {"subject": "example ticket", "comment": {"body": "Some comment"}}}),
        {"ticket": schemas.TICKET, "audit": schemas.AUDIT},
    ),
    ("ticket_delete_204", delete_one, {}),
    ("ticket_show", lambda desk: desk.ask("GET", f"tickets/{some(desk, 1)[0]}.json"), {"ticket": schemas.TICKET}),
    ("ticket_update_200", change_one, {"ticket": schemas.TICKET, "audit": schemas.AUDIT}),
    (
        "tickets_list_cursor",
        lambda desk: desk.ask("GET", "tickets.json", **{"page[size]": "10"}),
        schemas.by_cursor("tickets", {name: each for name, each in schemas.TICKET.items() if name != "fields"}),
    ),
    (
        "tickets_list_offset",
        lambda desk: desk.ask("GET", "tickets.json", per_page="10"),
        schemas.numbered("tickets", schemas.TICKET),
    ),
    (
        "show_many",
        lambda desk: desk.ask("GET", "tickets/show_many.json", ids=",".join(map(str, some(desk, 2)))),
        schemas.numbered("tickets", schemas.TICKET),
    ),
    ("update_many", batch, JOB),
]
EXACT = {"create_many_400": schemas.TOO_MANY, "restore": {}, "restore_404": schemas.NOT_FOUND, "ticket_404": schemas.NOT_FOUND}
STATUS = {"create_many_400": 400, "restore_404": 404, "ticket_404": 404, "ticket_create_201": 201, "ticket_delete_204": 204}


def recorded(name: str) -> Any:
    if not SAMPLES.is_dir():
        pytest.skip("the folder of recorded answers is not beside the project; the shapes written by hand hold the same")
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


WITH_SHAPES = pytest.mark.parametrize(("name", "ask", "shape"), SAME, ids=[name for name, _, _ in SAME])


@WITH_SHAPES
def test_answer_has_the_shape_of_the_documents(
    desk: DeskClient, name: str, ask: Callable[[DeskClient], httpx.Response], shape: Shape
) -> None:
    answer = ask(desk)
    assert answer.status_code == STATUS.get(name, 200)
    if answer.status_code == 204:
        assert answer.content == b""
    elif name in EXACT:
        assert answer.json() == EXACT[name]
    else:
        assert flaws(answer.json(), shape) == []


@WITH_SHAPES
def test_answer_is_as_the_recorded_one(desk: DeskClient, name: str, ask: Callable[[DeskClient], httpx.Response], shape: Shape) -> None:
    told = recorded(name)
    desk.emulator.control("limits", {"headers": "2023" if "rate-limit" in told["headers"] else "2024", "clear": True})
    answer = ask(desk)
    assert answer.status_code == told["status"]
    body = answer.json() if answer.content else None
    assert unlike(body, told["body"] or None) == []
    same_headers(answer.headers, {header.lower(): value for header, value in told["headers"].items()})
    if name not in EXACT and body is not None:
        assert flaws(told["body"], shape) == []


def same_headers(ours: httpx.Headers, told: dict[str, str]) -> None:
    """Every header that was recorded is there, and what does not count or name anything says the same."""
    assert told.keys() - ours.keys() == set()
    assert ours.get("x-zendesk-api-warn") == told.get("x-zendesk-api-warn")
    for name, value in told.items():
        if name in {"content-type", "cache-control", "x-zendesk-api-version"}:
            assert ours[name] == value, name
        elif name.startswith("zendesk-"):
            assert ours[name].partition(";")[0] == value.partition(";")[0]
            assert [part.partition("=")[0] for part in ours[name].split("; ")] == ["total", "remaining", "resets"]
        elif "rate" in name:
            assert ours[name].isdigit()


def unlike(ours: Any, told: Any, place: str = "it") -> list[str]:
    """Where ours has other members or types than what was recorded. What is null on one side may be anything on the other."""
    if ours is None or told is None:
        return []
    if type(ours) is not type(told):
        return [f"{place}: {type(ours).__name__}, recorded {type(told).__name__}"]
    if isinstance(ours, dict):
        others = [f"{place}.{name}" for name in sorted((ours.keys() ^ told.keys()) - COMES_AND_GOES)]
        names = sorted(ours.keys() & told.keys() - FREE)
        return [*others, *(flaw for name in names for flaw in unlike(ours[name], told[name], f"{place}.{name}"))]
    if isinstance(ours, list) and ours and told:
        if isinstance(ours[0], dict) and "type" in ours[0] and "field_name" in {*ours[-1], *told[-1]}:
            kinds = {each["type"]: each for each in told}
            pairs = [(each, kinds[each["type"]]) for each in ours if each["type"] in kinds]
        else:
            pairs = [(each, told[0]) for each in ours]
        return [flaw for one, other in pairs for flaw in unlike(one, other, f"{place}[]")]
    return []


def test_jobs_have_the_shapes_of_the_documents(desk: DeskClient) -> None:
    made = desk.done(desk.ask("POST", "tickets/create_many", {"tickets": [{"comment": {"body": "a"}}, {"comment": {"body": "b"}}, {}]}))
    ids = [row["id"] for row in made["results"] if "id" in row]
    assert len(ids) == 2
    updated = desk.done(desk.ask("PUT", "tickets/update_many", {"ticket": {"priority": "high"}}, ids=f"{ids[0]},99999999"))
    deleted = desk.done(desk.ask("DELETE", "tickets/destroy_many", ids=",".join(map(str, ids))))
    gone = desk.done(desk.ask("DELETE", f"deleted_tickets/{ids[0]}"))
    half = desk.done(desk.ask("DELETE", "deleted_tickets/destroy_many", ids=",".join(map(str, ids))))
    running_job = desk.ask("PUT", "tickets/mark_many_as_spam", ids=",".join(map(str, some(desk, 4)))).json()["job_status"]
    desk.emulator.clock.skip(0.2)
    working = desk.get(f"job_statuses/{running_job['id']}")["job_status"]
    assert working["status"] == "working"
    listed = desk.get("job_statuses", per_page="3")
    assert flaws(listed, schemas.numbered("job_statuses", schemas.JOB)) == []
    assert flaws(desk.get("job_statuses", **{"page[size]": "3"}), schemas.by_cursor("job_statuses", schemas.JOB)) == []
    for job in (made, updated, deleted, gone, half, working, running_job):
        assert flaws(job, schemas.JOB) == []
    assert (gone["total"], gone["progress"], gone["results"]) == (None, None, {"success": True})


def test_recorded_jobs_have_the_shape_of_the_documents_and_of_ours(desk: DeskClient) -> None:
    ticket_id = some(desk, 1)[0]
    queued = desk.ask("PUT", "tickets/update_many", {"ticket": {"priority": "high"}}, ids=str(ticket_id))
    updated, asked = desk.done(queued), queued.json()["job_status"]
    gone = desk.done(desk.ask("DELETE", f"deleted_tickets/{in_trash(desk)}"))
    for told in recorded("job_status_variants"):
        job = told["job_status"]
        assert flaws(job, schemas.JOB) == []
        ours = gone if job["total"] is None else asked if job["status"] == "queued" else updated
        # A result is one of several kinds; the schema holds those.
        assert unlike({**ours, "results": None}, {**job, "results": None}) == []


def test_other_answers_have_the_shapes_of_the_documents(desk: DeskClient) -> None:
    problem = desk.make(type="problem", subject="All tills are down")
    incident = desk.make(type="incident", problem_id=problem["id"], tags=["a"])
    place = f"tickets/{problem['id']}"
    tickets = schemas.numbered("tickets", schemas.TICKET)
    for path in (f"{place}/incidents", "problems", "tickets/recent", f"users/{incident['requester_id']}/tickets/requested"):
        assert flaws(desk.get(path), tickets, path) == []
    found = desk.ask("POST", "problems/autocomplete", {"text": "tills"}).json()
    assert flaws(found, tickets) == []
    assert [ticket["id"] for ticket in found["tickets"]] == [problem["id"]]
    for path in ("tickets/count", f"users/{incident['requester_id']}/tickets/assigned/count"):
        assert flaws(desk.get(path), schemas.COUNT, path) == []
    assert flaws(desk.get(f"{place}/related"), schemas.RELATED) == []
    in_trash(desk)
    assert flaws(desk.get("deleted_tickets"), schemas.numbered("deleted_tickets", schemas.DELETED)) == []
    assert flaws(desk.get("deleted_tickets", **{"page[size]": "5"}), schemas.by_cursor("deleted_tickets", schemas.DELETED)) == []


def test_metrics_have_the_shape_of_the_documents(desk: DeskClient) -> None:
    fresh = desk.metrics(some(desk, 1)[0])
    listed = desk.get("ticket_metrics", **{"page[size]": "100"})
    assert flaws(fresh, schemas.METRIC) == []
    assert flaws(listed, schemas.by_cursor("ticket_metrics", schemas.METRIC)) == []


def test_recorded_metrics_have_the_shape_of_the_documents_and_of_ours(desk: DeskClient) -> None:
    told, fresh = recorded("ticket_metric_record")["ticket_metric"], desk.metrics(some(desk, 1)[0])
    assert flaws(told, schemas.METRIC) == []
    assert unlike(fresh, told) == []
    # Both are of a ticket to which nothing has happened yet: the same members are null.
    assert {name for name in fresh if fresh[name] is None} == {name for name in told if told[name] is None}
    for name in told:
        if name.endswith("_in_minutes"):
            assert fresh[name] == told[name]


def test_events_have_the_shape_of_their_type(desk: DeskClient) -> None:
    ticket = desk.make(priority="high")
    desk.change(ticket["id"], status="pending")
    events = desk.get("incremental/ticket_metric_events", start_time="0")["ticket_metric_events"]
    assert {event["type"] for event in events} == set(schemas.EVENTS)
    for event in events:
        assert flaws(event, schemas.EVENTS[event["type"]]) == []


def test_tickets_of_recorded_exports_have_the_shape_of_the_documents() -> None:
    for name in ("incremental_tickets", "incremental_tickets_cursor"):
        for ticket in recorded(name)["body"]["tickets"]:
            assert flaws(ticket, schemas.TICKET) == []
