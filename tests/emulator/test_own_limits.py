"""The limits of single endpoints: told in headers, kept apart from the account's, plain text when they are used up."""

from __future__ import annotations

import httpx
import pytest

from dashboard.emulator.own_limits import OwnLimits
from tests.emulator.desk_client import DeskClient


def own(answer: httpx.Response, name: str) -> tuple[int, int]:
    """Total and what is left, as the header of this name tells."""
    parts = dict(part.split("=") for part in answer.headers[f"zendesk-ratelimit-{name}"].split("; "))
    return int(parts["total"]), int(parts["remaining"])


def test_trash_is_listed_ten_times_a_minute_and_five_times_beyond_its_hundredth_page(desk: DeskClient) -> None:
    answers = [desk.ask("GET", "deleted_tickets", page="101") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert own(answers[0], "deleted-tickets-index-deep-pagination") == (5, 4)
    assert own(answers[0], "deleted-tickets-index") == (10, 9)
    rest = [desk.ask("GET", "deleted_tickets", **query) for query in ({}, {"page[size]": "5"}, {"page": "100"}, {}, {}, {})]
    assert [answer.status_code for answer in rest] == [200] * 5 + [429]
    refused = rest[-1]
    assert refused.text == "Number of allowed API requests per minute exceeded"
    assert refused.headers["content-type"].startswith("text/plain")
    assert own(refused, "deleted-tickets-index") == (10, 0)
    # The account's own limit is another matter: a request that was refused cost nothing of it.
    assert int(refused.headers["x-rate-limit-remaining"]) == 400 - 10
    assert desk.ask("GET", "tickets/count").status_code == 200
    desk.emulator.clock.skip(int(refused.headers["retry-after"]))
    assert desk.ask("GET", "deleted_tickets").status_code == 200


def test_four_hundred_tickets_a_minute_can_be_deleted() -> None:
    limits = OwnLimits()
    for ticket_id in range(400):
        windows = limits.windows("ticket_delete", 1, ticket_id, 1)
        assert limits.wait_s(windows, ticket_id / 10) == 0.0
        limits.take(windows, ticket_id / 10)
    others = limits.windows("ticket_delete", 2, 7, 1)  # one window for everybody and every ticket
    assert limits.wait_s(others, 40.0) == 20.0
    assert limits.headers(others, "2024", 40.0) == {"zendesk-ratelimit-tickets-destroy": "total=400; remaining=0; resets=20"}
    assert limits.wait_s(others, 60.0) == 0.0


def test_many_tickets_changed_by_many_keep_memory_in_bounds() -> None:
    limits = OwnLimits()
    for ticket_id in range(5_000):
        limits.take(limits.windows("ticket_update", 1, ticket_id, 1), 0.0)
    assert limits.wait_s(limits.windows("ticket_update", 1, 4_999, 1), 0.0) == 0.0
    assert limits.count <= 2_001


@pytest.mark.parametrize(
    ("method", "path", "name", "total"),
    [
        ("GET", "tickets", "tickets-index", 100),
        ("POST", "tickets", "ticket-request-create-by-user-and-ip", 300),
        ("PUT", "tickets/7", "tickets-update", 20),
        ("DELETE", "tickets/7", "tickets-destroy", 400),
        ("DELETE", "deleted_tickets/7", "deleted-tickets-destroy", 1000),
    ],
)
def test_endpoint_tells_its_own_limit_in_the_spelling_of_the_account(
    desk: DeskClient, method: str, path: str, name: str, total: int
) -> None:
    assert own(desk.ask(method, path), name) == (total, total - 1)
    desk.emulator.control("limits", {"headers": "2023"})
    assert desk.ask(method, path).headers[f"zendesk-rate-limit-{name}"].startswith(f"total={total}; remaining={total - 2}; resets=")
    desk.emulator.control("limits", {"headers": "x-only"})
    assert not [header for header in desk.ask(method, path).headers if header.startswith("zendesk-")]


def test_changes_are_limited_for_each_ticket_and_caller(desk: DeskClient) -> None:
    first, second = desk.make()["id"], desk.make()["id"]
    answers = [desk.change(first, priority=("low", "high")[number % 2]) for number in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert desk.change(second, priority="low").status_code == 200
    assert DeskClient(desk.emulator, "agent").change(first, priority="low").status_code == 200
    desk.emulator.control("limits", {"own_factor": 50})
    assert desk.change(first, priority="low").status_code == 200
    desk.emulator.control("calm", {})
    assert own(desk.change(first), "tickets-update") == (20, 19)
