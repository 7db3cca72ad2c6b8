"""One message per change, whoever publishes: no update lost, no patch on the wrong frame."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import redis as redis_py

from dashboard.live import patch
from dashboard.live.publish import publish_boards, say_bye, say_reload
from dashboard.live.stored import hold_frame, load_frame, swap_frame
from dashboard.models import Board
from dashboard.store import keys
from dashboard.store.series import series_of
from tests.live.examples import ACCOUNT, NOW, QUEUE, bodies, poll, queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def main_board(db: None) -> Board:
    found, _ = Board.objects.update_or_create(slug="main", defaults={"title": "Support line"})
    return found


class Wire:
    """What was published since it was opened."""

    def __init__(self, redis: redis_py.Redis) -> None:
        self._pubsub = redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        self._pubsub.subscribe(keys.PUSH)
        while self._pubsub.get_message(timeout=1) is None and not self._pubsub.subscribed:
            continue

    def close(self) -> None:
        self._pubsub.close()

    def messages(self) -> list[tuple[str, Any]]:
        """Everything that came, as (address, message)."""
        found = []
        while (message := self._pubsub.get_message(timeout=0.2)) is not None:
            address, _, text = message["data"].decode().partition("\n")
            found.append((address, json.loads(text)))
        return found


@pytest.fixture
def wire(redis: redis_py.Redis) -> Iterator[Wire]:
    opened = Wire(redis)
    yield opened
    opened.close()


def test_publish_the_first_time_sends_a_frame_numbered_by_the_clock(redis: redis_py.Redis, main_board: Board, wire: Wire) -> None:
    poll(redis, QUEUE, queue(), NOW)
    assert publish_boards(redis, NOW) == 1
    ((address, message),) = wire.messages()
    assert address == "main"
    assert (message["type"], message["v"], message["board"], message["at"]) == ("frame", 1, "main", "2026-11-21T09:00:00.120Z")
    assert message["seq"] == int(NOW.timestamp() * 1000)
    stored = load_frame(redis, "main")
    assert stored is not None
    assert (stored.seq, stored.frame) == (message["seq"], message["frame"])
    assert message["frame"]["metrics"]["calls_waiting"]["value"] == 3


def test_publish_of_a_change_sends_a_patch_on_the_frame_before(redis: redis_py.Redis, main_board: Board, wire: Wire) -> None:
    for feed, body in bodies().items():
        poll(redis, feed, body, NOW)
    publish_boards(redis, NOW)
    poll(redis, QUEUE, queue(calls_waiting=4), NOW + timedelta(seconds=1))
    assert publish_boards(redis, NOW + timedelta(seconds=1)) == 1
    (_, first), (_, second) = wire.messages()
    assert (second["type"], second["prev"]) == ("patch", first["seq"])
    assert second["seq"] > first["seq"]
    assert second["patch"]["metrics"]["calls_waiting"] == {"value": 4, "at": "2026-11-21T09:00:01.120Z"}
    assert "agents" not in second["patch"]
    stored = load_frame(redis, "main")
    assert stored is not None
    assert patch.apply(first["frame"], second["patch"]) == stored.frame


def test_publish_without_a_change_sends_nothing(redis: redis_py.Redis, main_board: Board, wire: Wire) -> None:
    poll(redis, QUEUE, queue(), NOW)
    publish_boards(redis, NOW)
    wire.messages()
    assert publish_boards(redis, NOW + timedelta(milliseconds=300)) == 0
    assert wire.messages() == []


def test_publish_when_a_reading_grows_old_sends_its_new_state(redis: redis_py.Redis, main_board: Board, wire: Wire) -> None:
    redis.zadd(keys.WATCH, {"main": NOW.timestamp()})
    poll(redis, QUEUE, queue(), NOW)
    publish_boards(redis, NOW)
    publish_boards(redis, NOW + timedelta(seconds=3))
    assert wire.messages()[-1][1]["patch"]["source"] == {"state": "late"}


def test_publish_of_named_boards_leaves_the_others_alone(redis: redis_py.Redis, main_board: Board) -> None:
    Board.objects.create(slug="second", title="Second line", line_ids=[5])
    assert publish_boards(redis, NOW, ["second", "gone"]) == 1
    assert load_frame(redis, "main") is None
    assert publish_boards(redis, NOW) == 1


def test_publish_after_redis_lost_everything_goes_on_with_a_greater_number(redis: redis_py.Redis, main_board: Board, wire: Wire) -> None:
    for second in range(5):
        poll(redis, QUEUE, queue(calls_waiting=second), NOW + timedelta(seconds=second))
        publish_boards(redis, NOW + timedelta(seconds=second))
    last = wire.messages()[-1][1]["seq"]
    redis.flushall()
    publish_boards(redis, NOW + timedelta(seconds=6))
    message = wire.messages()[-1][1]
    assert message["type"] == "frame"
    assert message["seq"] > last


def test_publish_upon_an_old_snapshot_never_uses_a_number_twice(redis: redis_py.Redis, main_board: Board, wire: Wire) -> None:
    publish_boards(redis, NOW)
    snapshot = redis.dump(keys.frame("main"))
    assert snapshot is not None
    for second in range(1, 4):
        poll(redis, QUEUE, queue(calls_waiting=second), NOW + timedelta(seconds=second))
        publish_boards(redis, NOW + timedelta(seconds=second))
    redis.restore(keys.frame("main"), 0, snapshot, replace=True)
    poll(redis, QUEUE, queue(calls_waiting=9), NOW + timedelta(seconds=5))
    publish_boards(redis, NOW + timedelta(seconds=5))
    numbers = [message["seq"] for _, message in wire.messages()]
    assert len(numbers) == len(set(numbers)) == 5


def test_publish_with_the_clock_put_back_still_counts_up(redis: redis_py.Redis, main_board: Board, wire: Wire) -> None:
    poll(redis, QUEUE, queue(), NOW)
    publish_boards(redis, NOW)
    poll(redis, QUEUE, queue(calls_waiting=5), NOW)
    publish_boards(redis, NOW - timedelta(hours=1))
    numbers = [message["seq"] for _, message in wire.messages()]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert len(numbers) >= 2


@pytest.mark.parametrize("damaged", [b"{not json", b"[1]", b"\xff", b""])
def test_publish_upon_an_unreadable_frame_replaces_it(redis: redis_py.Redis, main_board: Board, wire: Wire, damaged: bytes) -> None:
    redis.hset(keys.frame("main"), mapping={"seq": "812", "at": "x", "frame": damaged, "charts_at": "0"})
    assert publish_boards(redis, NOW) == 1
    assert wire.messages()[0][1]["type"] == "frame"


def test_swap_of_a_frame_that_was_overtaken_does_nothing(redis: redis_py.Redis, main_board: Board, wire: Wire) -> None:
    publish_boards(redis, NOW)
    held = hold_frame(redis, "main")
    assert held.stored is not None
    poll(redis, QUEUE, queue(), NOW)
    publish_boards(redis, NOW)
    wire.messages()
    assert swap_frame(redis, "main", held=held, new=held.stored, message="{}") is False
    assert wire.messages() == []


def test_charts_are_drawn_again_only_after_a_quarter_of_a_minute(redis: redis_py.Redis, main_board: Board) -> None:
    drawn = []
    for second in (0, 5, 14, 16, 20, 40):
        now = NOW + timedelta(seconds=second)
        poll(redis, QUEUE, queue(calls_waiting=second), now)
        publish_boards(redis, now)
        stored = load_frame(redis, "main")
        assert stored is not None
        drawn.append(stored.charts_at - NOW.timestamp())
    assert drawn == pytest.approx([0, 0, 0, 16, 16, 40])


def test_numbers_go_out_before_the_charts_that_take_longer(redis: redis_py.Redis, main_board: Board, wire: Wire) -> None:
    poll(redis, QUEUE, queue(), NOW)
    publish_boards(redis, NOW)
    wire.messages()
    later = NOW + timedelta(minutes=2)
    series_of(QUEUE, 1.0).append(redis, later, {"longest_wait_time": 150})
    poll(redis, QUEUE, queue(calls_waiting=8), later)
    publish_boards(redis, later)
    (_, numbers), (_, charts) = wire.messages()
    assert numbers["patch"]["metrics"]["calls_waiting"]["value"] == 8
    assert "charts" not in numbers["patch"]
    assert list(charts["patch"]) == ["charts"]
    assert charts["prev"] == numbers["seq"]


def test_charts_that_come_out_the_same_are_not_drawn_again_at_once(redis: redis_py.Redis, main_board: Board, wire: Wire) -> None:
    publish_boards(redis, NOW)
    wire.messages()
    later = NOW + timedelta(seconds=20)
    assert publish_boards(redis, later) == 0
    stored = load_frame(redis, "main")
    assert stored is not None
    assert stored.charts_at == later.timestamp()
    assert wire.messages() == []


def test_controls_are_addressed_to_everybody_or_to_one_viewer(redis: redis_py.Redis, wire: Wire) -> None:
    say_reload(redis)
    say_bye(redis, "screen:7")
    assert wire.messages() == [("*", {"type": "reload"}), ("screen:7", {"type": "bye", "reason": "revoked"})]


@pytest.mark.django_db(transaction=True)
def test_publish_by_many_threads_loses_nothing_and_chains_every_patch(redis: redis_py.Redis, wire: Wire) -> None:
    Board.objects.update_or_create(slug="main", defaults={"title": "Support line"})
    threads, rounds = 6, 12
    start = threading.Barrier(threads)

    def publisher(number: int) -> int:
        start.wait(10)
        changed = 0
        for turn in range(rounds):
            redis.hincrby("test:turns", str(number), 1)
            # Each thread owns one field of one reading, so that a lost update would show in the last frame.
            with lock:
                values[number] = turn + 1
                poll(redis, ACCOUNT, account(), NOW)
            changed += publish_boards(redis, NOW)
        return changed

    fields = ("total_calls", "total_voicemails", "total_inbound_calls", "total_outbound_calls", "max_calls_waiting", "total_hold_time")
    values = [0] * threads
    lock = threading.Lock()

    def account() -> Any:
        from dashboard.domain.readings import AccountOverview

        return AccountOverview(**dict(zip(fields, values, strict=True)))

    def closing(number: int) -> int:
        from django.db import connection

        try:
            return publisher(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        changed = sum(pool.map(closing, range(threads)))

    messages = [message for address, message in wire.messages() if address == "main"]
    assert len(messages) == changed > threads
    assert messages[0]["type"] == "frame"
    held, last = messages[0]["frame"], messages[0]["seq"]
    for message in messages[1:]:
        assert message["seq"] > last
        assert message["prev"] == last
        held, last = patch.apply(held, message["patch"]), message["seq"]
    stored = load_frame(redis, "main")
    assert stored is not None
    assert (stored.seq, stored.frame) == (last, held)
    assert [held["metrics"][name]["value"] for name in fields] == [rounds] * threads
