"""The description of the API, held to the addresses that exist and to what they really answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import redis as redis_py
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from dashboard.api.openapi import document
from dashboard.models import Role
from tests.api.shapes import check

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
