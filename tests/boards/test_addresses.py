"""Addresses with a sign that PostgreSQL takes in no text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from dashboard.models import Board, Role

LogIn = Callable[[Role], Client]


@pytest.mark.parametrize(
    "address",
    [
        "/?board=a%00b",
        "/desk/log/?person=a%00b",
        "/desk/log.csv?person=%00",
        "/api/v1/agents?board=%00",
        "/api/v1/history/export?board=a%00",
        "/api/v1/metrics/a%00b/history",
        "/mail/%00/",
        "/desk/?group=%00",
        "/nothing%00",
    ],
)
def test_address_with_nul_is_a_bad_request_on_any_database(address: str, log_in: LogIn, board: Board, redis: object) -> None:
    answer = log_in(Role.ADMINISTRATOR).get(address)
    assert answer.status_code == 400
    assert "bad_request" in answer.content.decode() or "Bad request" in answer.content.decode()


def test_address_with_percent_signs_is_none(log_in: LogIn, board: Board, redis: object) -> None:
    assert log_in(Role.ADMINISTRATOR).get("/desk/log/?person=100%2500").status_code == 200
