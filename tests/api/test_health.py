"""/healthz, /readyz, /metrics."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import redis as redis_py
from django.db import OperationalError, connections
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from redis.backoff import NoBackoff
from redis.retry import Retry

from dashboard.api.health import readiness
from dashboard.api.prometheus import Installation
from dashboard.live.door import admit
from dashboard.live.hub import Hub
from dashboard.live.routing import SOCKETS, with_lifespan
from dashboard.models import Board, Role
from dashboard.polling.boards import SHELF, boards_now
from dashboard.store import connection, keys, snapshots
from dashboard.store.database import DATABASE
from tests.live.examples import QUEUE


@pytest.fixture
def alive(polled: redis_py.Redis) -> redis_py.Redis:
    for part in ("beat", "worker"):
        polled.set(keys.alive(part), repr(timezone.now().timestamp()))
    return polled


def test_healthz_answers_everybody_without_redis(client: Client, no_redis: None) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json(), answer.headers["Cache-Control"]) == (200, {"status": "ok"}, "no-store")


def test_readyz_is_ready_when_every_part_works(client: Client, alive: redis_py.Redis) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert set(answer.json()["parts"]) == {"redis", "database", "beat", "worker", "poll"}


@pytest.mark.parametrize("part", ["beat", "worker"])
@pytest.mark.parametrize("sign", [None, b"nonsense", "old"])
def test_readyz_names_the_part_that_is_gone(client: Client, alive: redis_py.Redis, part: str, sign: object) -> None:
    if sign is None:
        alive.delete(keys.alive(part))
    else:
        alive.set(keys.alive(part), repr(timezone.now().timestamp() - 20) if sign == "old" else b"nonsense")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert [name for name, found in answer.json()["parts"].items() if not found["ok"]] == [part]


@pytest.mark.django_db
def test_readyz_without_redis_still_judges_the_database(client: Client, no_redis: None) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["database"]["ok"] is True
    assert "Redis does not answer" in answer.json()["parts"]["redis"]["message"]


@pytest.mark.django_db
def test_readyz_asks_a_frozen_redis_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        url = f"redis://127.0.0.1:{frozen.getsockname()[1]}/0"
        with redis_py.Redis.from_url(url, socket_timeout=0.1, retry=Retry(NoBackoff(), 0)) as client:
            parts = readiness(client, timezone.now())
        frozen.setblocking(False)
        frozen.accept()[0].close()
        with pytest.raises(BlockingIOError):  # each question that is given up on leaves a connection behind
            frozen.accept()
    assert [name for name, part in parts.items() if part.ok] == ["database"]
    assert {parts[name].message for name in ("redis", "beat", "worker", "poll")} == {"Redis does not answer (TimeoutError)."}


def test_readyz_without_a_poll_is_not_ready(redis: redis_py.Redis, board: Board) -> None:
    assert readiness(redis, timezone.now())["poll"].message == "Nothing has been polled yet."


@pytest.mark.django_db
def test_readyz_without_a_board_is_not_ready(redis: redis_py.Redis) -> None:
    assert not readiness(redis, timezone.now())["poll"].ok


def test_readyz_wants_a_recent_attempt(polled: redis_py.Redis) -> None:
    now = timezone.now()
    assert readiness(polled, now + timedelta(seconds=60))["poll"].ok
    assert not readiness(polled, now + timedelta(seconds=200))["poll"].ok


def test_readyz_of_a_vendor_that_fails_is_ready_and_says_so(alive: redis_py.Redis) -> None:
    snapshots.save_outcome(alive, QUEUE, snapshots.Outcome(timezone.now(), "server", "Zendesk answered 500.", 3))
    part = readiness(alive, timezone.now())["poll"]
    assert part.ok
    assert part.message.endswith("failed: Zendesk answered 500.")


def test_readyz_of_refused_credentials_is_ready_and_says_so(alive: redis_py.Redis) -> None:
    snapshots.save_stop(alive, "main", snapshots.Stop("auth", "Zendesk refused.", timezone.now() - timedelta(hours=1), "d"))
    part = readiness(alive, timezone.now() + timedelta(hours=1))["poll"]
    assert part.ok
    assert "stopped until the settings change: Zendesk refused." in part.message


def families(text: str) -> dict[str, dict[tuple[str, ...], float]]:
    return {
        family.name: {tuple(sample.labels.values()): sample.value for sample in family.samples}
        for family in text_string_to_metric_families(text)
    }


def test_metrics_tell_ages_failures_and_budget(alive: redis_py.Redis, log_in: Callable[[Role], Client]) -> None:
    client = log_in(Role.VIEWER)
    client.get("/api/v1/boards/main/frame")
    answer = client.get("/metrics")
    found = families(answer.content.decode())
    assert found["queuelight_ready"][("worker",)] == 1
    assert 0 <= found["queuelight_feed_age_seconds"][("main:current_queue_activity",)] < 30
    assert found["queuelight_feed_failures"][("main:agents_activity",)] == 0
    assert found["queuelight_budget_cap"][("main", "queue")] == 2000
    assert found["queuelight_frame_seq"][("main",)] > 0
    assert answer.headers["Cache-Control"] == "no-store"


def test_metrics_do_not_mark_a_board_watched(alive: redis_py.Redis, log_in: Callable[[Role], Client]) -> None:
    log_in(Role.VIEWER).get("/metrics")
    assert alive.zcard(keys.WATCH) == 0


def test_metrics_without_redis_say_that(log_in: Callable[[Role], Client], board: Board, no_redis: None) -> None:
    found = families(log_in(Role.VIEWER).get("/metrics").content.decode())
    assert found["queuelight_ready"][("redis",)] == 0
    assert "queuelight_frame_seq" not in found


async def test_web_server_tells_a_request_how_many_sockets_it_holds() -> None:
    seen: list[dict[str, Any]] = []

    async def page(scope: dict[str, Any], receive: Any, send: Any) -> None:
        seen.append(scope)

    hub = Hub(subscriber=connection.subscriber, client=connection.async_client, admit=admit, version="1")
    await with_lifespan(page, hub)({"type": "http", "path": "/metrics"}, None, None)  # type: ignore[arg-type]
    assert seen == [{"type": "http", "path": "/metrics", SOCKETS: 0}]


def test_metrics_tell_the_sockets_of_this_process(alive: redis_py.Redis) -> None:
    found = {family.name: family.samples[0].value for family in Installation(alive, timezone.now(), 7).collect() if family.samples}
    assert found["queuelight_sockets"] == 7
    assert "queuelight_sockets" not in {family.name for family in Installation(alive, timezone.now(), None).collect()}


@pytest.mark.django_db
def test_readyz_without_the_database_says_what_goes_on_and_what_waits(alive: redis_py.Redis) -> None:
    boards_now(alive)  # as the worker did a moment ago
    with connections["default"].execute_wrapper(_locked):
        parts = readiness(alive, timezone.now())
    assert [name for name, part in parts.items() if not part.ok] == ["database"]
    assert "polled on by the boards as they were 1 minute ago; tickets, alerts and history wait" in parts["database"].message
    alive.delete(keys.BOARDS)
    SHELF.forget()
    DATABASE.forget()
    with connections["default"].execute_wrapper(_locked):
        parts = readiness(alive, timezone.now())
    assert [name for name, part in parts.items() if not part.ok] == ["database", "poll"]
    assert "nothing is polled" in parts["database"].message


@pytest.mark.django_db
def test_readyz_with_a_database_that_takes_nothing_says_why(alive: redis_py.Redis) -> None:
    alive.set(keys.DATABASE_REFUSES, "refuses to write: its disk is full")  # as the worker's tick does
    parts = readiness(alive, timezone.now())
    assert [name for name, part in parts.items() if not part.ok] == ["database"]
    assert parts["database"].message.startswith("The database refuses to write: its disk is full. The phone is polled on")


def _locked(*_: object) -> None:
    raise OperationalError("database is locked")
