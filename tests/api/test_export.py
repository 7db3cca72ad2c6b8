"""History as files: the API, the page, the command."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import redis as redis_py
from asgiref.sync import sync_to_async
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.utils import timezone

from dashboard.api.export import AT_ONCE, sent
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.models import Board, Role
from tests.history.filled import fill

LogIn = Callable[[Role], Client]
PATH = "/api/v1/history/export"
QUEUE = Feed("main", Endpoint.QUEUE)


@pytest.fixture
def span(polled: redis_py.Redis) -> dict[str, str]:
    start = timezone.now().replace(second=0, microsecond=0) - timedelta(days=5)
    fill(QUEUE, {"longest_wait_time": [10, 20, 30]}, start)
    return {"from": start.isoformat(), "to": (start + timedelta(minutes=3)).isoformat(), "step": "60", "metrics": "longest_wait_time"}


def content(response: Any) -> bytes:
    """A streamed answer, whole."""

    async def whole(pieces: AsyncIterator[bytes]) -> bytes:
        try:
            return b"".join([piece async for piece in pieces])
        finally:  # as the end of a request does in a server, in the thread that has read: PostgreSQL keeps a database that is in use
            await sync_to_async(connections.close_all)()

    return asyncio.run(whole(response.streaming_content))


@pytest.mark.django_db(transaction=True)
def test_export_sends_a_csv_file_to_people(log_in: LogIn, span: dict[str, str]) -> None:
    response = log_in(Role.VIEWER).get(PATH, span)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="queuelight-main-')
    lines = content(response).decode().split("\r\n")
    assert len(lines) == 5
    assert lines[3].split(",")[1:8] == ["longest_wait_time", "s", "main:current_queue_activity", "30", "30", "30", "30"]


@pytest.mark.django_db(transaction=True)
def test_export_as_parquet_is_readable(log_in: LogIn, span: dict[str, str]) -> None:
    response = log_in(Role.VIEWER).get(PATH, {**span, "format": "parquet"})
    assert pq.read_table(io.BytesIO(content(response)))["max"].to_pylist() == [10, 20, 30]


def test_exports_beyond_two_wait_for_their_turn() -> None:
    running: list[int] = []
    most = 0

    def pieces(number: int) -> Iterator[str]:
        nonlocal most
        running.append(number)
        for _ in range(3):
            most = max(most, len(running))
            yield "row"
        running.remove(number)

    async def taken(number: int, who: str) -> str:
        return "".join([str(piece) async for piece in sent(pieces(number), who)])

    async def all_at_once(whom: Callable[[int], str]) -> list[str]:
        return await asyncio.gather(*(taken(number, whom(number)) for number in range(5)))

    assert asyncio.run(all_at_once(lambda number: f"person:{number}")) == ["rowrowrow"] * 5
    assert most == AT_ONCE
    most = 0
    assert asyncio.run(all_at_once(lambda _: "person:1")) == ["rowrowrow"] * 5
    assert most == 1  # who asks for many leaves the other turn to the others


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"format": "xml"}, "format must be csv or parquet."),
        ({"metrics": "nonsense"}, "There is no metric 'nonsense'."),
        ({"metrics": "expected_wait"}, "expected_wait has no history"),
        ({"metrics": "", "from": "2026-01-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}, "at most 2,000,000 go into one file"),
        ({"from": "yesterday"}, "from must be a time"),
    ],
)
def test_export_with_bad_input_says_what_is_wrong(log_in: LogIn, span: dict[str, str], given: dict[str, str], sentence: str) -> None:
    response = log_in(Role.VIEWER).get(PATH, {**span, **given})
    assert response.status_code == 400
    assert sentence in response.json()["message"]


def test_export_without_redis_says_so_before_the_first_byte(log_in: LogIn, span: dict[str, str], no_redis: redis_py.Redis) -> None:
    assert log_in(Role.VIEWER).get(PATH, span).status_code == 503


def test_export_to_a_screen_or_a_stranger_is_refused(log_in: LogIn, span: dict[str, str]) -> None:
    assert Client().get(PATH, span).status_code == 401


def test_page_leads_to_the_file_and_says_what_is_wrong(log_in: LogIn, polled: redis_py.Redis) -> None:
    client = log_in(Role.VIEWER)
    shown = client.get("/history/")
    assert b"Take history away" in shown.content
    chosen = {
        "board": "main",
        "metrics": ["calls_waiting"],
        "start": "2026-11-02T09:00",
        "end": "2026-11-02T17:00",
        "step": "900",
        "format": "csv",
    }
    sent = client.get("/history/", chosen)
    assert sent.status_code == 302
    assert sent["Location"].startswith(f"{PATH}?board=main&metrics=calls_waiting&from=2026-11-02T09%3A00%3A00")
    wrong = client.get("/history/", {**chosen, "end": "2026-11-01T09:00"})
    assert wrong.status_code == 422
    assert b"from must be earlier than to." in wrong.content


def test_command_writes_a_whole_file_or_none(span: dict[str, str], tmp_path: Path) -> None:
    target = tmp_path / "waits.parquet"
    options = {"metrics": "longest_wait_time", "start": span["from"], "end": span["to"], "step": "60"}
    call_command("export_history", str(target), **options, stderr=io.StringIO())
    assert pq.read_table(target)["last"].to_pylist() == [10, 20, 30]
    with pytest.raises(CommandError, match="There is no board 'nowhere'"):
        call_command("export_history", str(target), board="nowhere")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_history", str(tmp_path / "no" / "such.csv"), **options)
    assert [path.name for path in tmp_path.iterdir()] == ["waits.parquet"]
    assert Board.objects.count() == 1
