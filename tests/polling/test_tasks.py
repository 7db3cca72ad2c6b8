"""The two tasks, run in place against a real emulator; the real worker and scheduler are in tests/faults."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import redis as redis_py

from config.celery import MOST_WAITING_TASKS, PromptConnection, app, note_beat, try_stopped_account_again
from config.env import ZendeskEnv
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.models import Board
from dashboard.polling.poller import utc_now
from dashboard.sources import registry
from dashboard.store import keys, snapshots
from dashboard.tasks import poll_feed, tick
from tests.emulator.running import RunningEmulator

QUEUE = Feed("main", Endpoint.QUEUE)


@pytest.fixture
def in_place(settings: Any) -> Iterator[None]:
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def account(settings: Any, emulator: RunningEmulator) -> Iterator[None]:
    given = ZendeskEnv(emulator.url, email=emulator.settings.email, api_token=emulator.settings.api_token)
    settings.ENV = replace(settings.ENV, zendesk=given)
    yield
    registry.close_all()


@pytest.mark.django_db
def test_tick_polls_what_is_due_and_publishes_the_frame(redis: redis_py.Redis, in_place: None, account: None) -> None:
    Board.objects.create(slug="main", title="Main")
    with redis.pubsub(ignore_subscribe_messages=True) as heard:
        heard.subscribe(keys.PUSH)
        tick()
        deadline = time.monotonic() + 30
        message = None
        while message is None and time.monotonic() < deadline:
            message = heard.get_message(timeout=0.1)

    assert QUEUE in snapshots.load_readings(redis, [QUEUE])
    assert redis.exists(keys.frame("main"), keys.alive("worker")) == 2
    assert message is not None
    assert message["data"].startswith(b"main\n")


def test_tasks_without_redis_end_quietly(no_redis: None, caplog: pytest.LogCaptureFixture) -> None:
    tick()
    poll_feed(QUEUE.id, "token")
    assert "Traceback" not in caplog.text


def test_note_beat_leaves_a_sign_of_life_and_keeps_the_queue_short(redis: redis_py.Redis) -> None:
    redis.rpush(keys.TASKS, *range(MOST_WAITING_TASKS + 500))
    before_s = time.time()
    note_beat()

    assert before_s <= float(redis.get(keys.alive("beat")) or b"0") <= time.time()
    assert redis.llen(keys.TASKS) == MOST_WAITING_TASKS
    assert redis.lindex(keys.TASKS, 0) == b"0"


def test_note_beat_without_redis_is_no_reason_to_stop(no_redis: None) -> None:
    note_beat()


def test_worker_that_starts_lifts_a_stop_and_the_delays_that_came_with_it(redis: redis_py.Redis) -> None:
    snapshots.save_stop(redis, "main", snapshots.Stop("auth", "The vendor refused the credentials (401).", utc_now(), "digest"))
    redis.zadd(keys.NOT_BEFORE, {QUEUE.id: time.time() + 60, "other:current_queue_activity": 1.0})

    try_stopped_account_again()

    assert snapshots.stopped(redis, "main") is None
    assert redis.zrange(keys.NOT_BEFORE, 0, -1) == [b"other:current_queue_activity"]


def test_worker_that_starts_without_a_stop_leaves_delays_alone(redis: redis_py.Redis) -> None:
    redis.zadd(keys.NOT_BEFORE, {QUEUE.id: time.time() + 60})
    try_stopped_account_again()
    assert redis.zcard(keys.NOT_BEFORE) == 1


def test_worker_that_starts_without_redis_starts(no_redis: None) -> None:
    try_stopped_account_again()


def test_keys_name_the_list_that_celery_uses(redis: redis_py.Redis) -> None:
    tick.apply_async()
    assert redis.llen(keys.TASKS) == 1


def test_broker_connections_of_the_application_come_back_soon() -> None:
    with app.connection_for_write() as connection:
        assert isinstance(connection, PromptConnection)
