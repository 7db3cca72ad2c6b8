"""The description of the API, held to the addresses that exist and to what they really answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import redis as redis_py
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from dashboard.api.openapi import document
from dashboard.api.schemas import SCHEMAS
from dashboard.live.publish import publish_boards
from dashboard.live.stored import load_frame
from dashboard.models import Board, Role
from dashboard.widgets.registry import KINDS
from tests.api.shapes import check
from tests.e2e.every_kind import every_kind

LogIn = Callable[[Role], Client]
ADDRESSES = {
    "/api/v1/boards/{slug}/frame": "/api/v1/boards/main/frame",
    "/api/v1/boards/{slug}/compared": "/api/v1/boards/main/compared?metrics=longest_wait_time,total_calls",
    "/api/v1/boards/{slug}/past": "/api/v1/boards/main/past",
    "/api/v1/boards/{slug}/past/marks": "/api/v1/boards/main/past/marks",
    "/api/v1/agents": "/api/v1/agents",
    "/api/v1/metrics/{name}/history": "/api/v1/metrics/calls_waiting/history",
    "/api/v1/incidents": "/api/v1/incidents",
    "/healthz": "/healthz",
    "/readyz": "/readyz",
}


def addresses(patterns: list[Any], before: str = "/") -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found |= addresses(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            found.add(re.sub(r"<\w+:(\w+)>", r"{\1}", here))
    return found


def test_description_names_every_address_for_programs_and_no_other() -> None:
    exist = {
        address for address in addresses(get_resolver().url_patterns) if address.startswith(("/api/", "/healthz", "/readyz", "/metrics"))
    }
    assert exist == set(document()["paths"])


@pytest.mark.parametrize("described", sorted(ADDRESSES))
def test_real_answers_have_the_described_shape(polled: redis_py.Redis, log_in: LogIn, described: str) -> None:
    answer = log_in(Role.SUPERVISOR).get(ADDRESSES[described])
    responses = document()["paths"][described]["get"]["responses"]
    check(answer.json(), responses[str(answer.status_code)]["content"]["application/json"]["schema"])


def test_a_frame_with_a_tile_of_every_kind_has_the_described_shape(polled: redis_py.Redis) -> None:
    Board.objects.filter(slug="main").update(widgets=list(every_kind()), names="first")
    publish_boards(polled, datetime.now(UTC), ["main"])
    stored = load_frame(polled, "main")
    assert stored is not None
    check(stored.frame, SCHEMAS["Frame"], "frame")
    frame: Any = stored.frame
    assert {widget["kind"] for widget in frame["board"]["widgets"]} == set(KINDS)
    named = [part[name] for part in frame["widgets"].values() for name in ("chart", "trend", "points") if name in part]
    assert len(named) >= 4
    assert set(named) == set(frame["charts"])


def test_errors_have_the_described_shape(client: Client, polled: redis_py.Redis) -> None:
    for described, address in ADDRESSES.items():
        answer = client.get(address)
        if answer.status_code == 401:
            check(answer.json(), document()["paths"][described]["get"]["responses"]["401"]["content"]["application/json"]["schema"])


def test_description_is_open_to_all_and_refers_to_nothing_missing(client: Client, db: None) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert answer.json() == document()
    assert answer.json()["openapi"] == "3.1.0"
    names = set(re.findall(r"#/components/schemas/(\w+)", answer.content.decode()))
    assert names <= set(document()["components"]["schemas"])


def test_every_parameter_in_a_path_is_described() -> None:
    for address, item in document()["paths"].items():
        in_path = {parameter["name"] for parameter in item["get"]["parameters"] if parameter["in"] == "path"}
        assert in_path == set(re.findall(r"{(\w+)}", address))
