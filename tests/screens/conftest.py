"""A TV, and somebody who pairs it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Board, Role
from tests.polled_floor import board, log_in, polled

__all__ = ["board", "log_in", "polled"]


@dataclass(slots=True)
class Tv:
    """A TV's browser: it has cookies and nothing else."""

    client: Client

    def open(self) -> str:
        """Opens /pair/ and reads the code from the glass."""
        page = self.client.get("/pair/")
        assert page.status_code == 200, page.content
        return "".join(re.findall(r"<span>(\w)</span>", page.content.decode()))

    def ask(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.client.post("/pair/state/").content)
        return found


@pytest.fixture
def tv() -> Tv:
    return Tv(Client())


@pytest.fixture
def desk(log_in: Callable[[Role], Client]) -> Client:
    """A supervisor's browser."""
    return log_in(Role.SUPERVISOR)


@pytest.fixture
def other_board(board: Board) -> Board:
    return Board.objects.create(slug="other", title="Sales")


def typed(desk: Client, code: str, name: str = "Reception", shows: str = "") -> Any:
    """What the server says to a code that is typed in."""
    return desk.post("/screens/add/", {"code": code, "name": name, "shows": shows})


def errors(page: Any) -> list[str]:
    """The sentences beside the fields."""
    found = re.findall(r'class="form-error"[^>]*>(?:<i[^>]*></i>)?(.*?)</p>', page.content.decode(), re.S)
    return [html.unescape(re.sub(r"<[^>]+>|[\u2068\u2069]", "", each)).strip() for each in found]
