"""/history/: what somebody finds who has never written an address."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import redis as redis_py
from django.test import Client

from dashboard.models import Board, Role

LogIn = Callable[[Role], Client]


def test_page_of_exports_is_linked_names_boards_and_ends_now(log_in: LogIn, board: Board, redis: redis_py.Redis) -> None:
    client = log_in(Role.VIEWER)
    assert 'href="/history/"' in client.get("/rewind/main/").content.decode()
    page = client.get("/history/")
    assert f"{board.title} (/main/)" in page.content.decode()
    usual = page.context["form"].initial
    assert (usual["end"].date() - usual["start"].date()).days == 6
    chosen = {**usual, "start": f"{usual['start']:%Y-%m-%dT%H:%M}", "end": f"{usual['end']:%Y-%m-%dT%H:%M}", "step": "900", "format": "csv"}
    asked = parse_qs(urlsplit(client.get("/history/", chosen)["Location"]).query)
    assert asked["to"][0].startswith(chosen["end"])
