"""The socket of screens: what each shows, told whenever it changes; orders; and the end of one that was removed, with or without Redis."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import redis as redis_py
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from dashboard.live.hub import Pace
from dashboard.models import Board, Playlist, PlaylistItem, Screen
from dashboard.screens import control
from dashboard.store.painted import load_painted
from tests.live.conftest import Floor
from tests.live.serving import VERSION, Served, Viewer, serving, until

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def screen_socket(served: Served, key: str) -> Iterator[Viewer]:
    headers = {"Authorization": f"Bearer {key}", "User-Agent": "tv"}
    with connect(f"ws://127.0.0.1:{served.port}/ws/screen/", additional_headers=headers) as wire:
        yield Viewer(wire)


def greeted(viewer: Viewer) -> dict[str, object]:
    viewer.hello(version=VERSION)
    found: dict[str, object] = viewer.wait_for_type("screen")
    return found


def slugs(message: dict[str, object]) -> list[tuple[str, int]]:
    return [(item["slug"], item["seconds"]) for item in message["items"]]  # type: ignore[attr-defined]


def test_screen_is_told_what_it_shows_and_every_change_of_it(floor: Floor, key: str) -> None:
    screen, board = Screen.objects.get(), Board.objects.get()
    # Nobody is asked by the clock while this runs: what is told was told because it changed.
    with serving(pace=Pace(screens_s=600)) as served, screen_socket(served, key) as tv:
        assert greeted(tv) == {"type": "screen", "name": "TV", "items": [{"slug": "main", "seconds": 30}], "preempts": True}
        playlist = Playlist.objects.create(name="Morning", preempts=False)
        PlaylistItem.objects.create(playlist=playlist, board=board, position=0, seconds=7)
        screen.name, screen.playlist = "Hall", playlist
        screen.save()
        told = tv.wait_for_type("screen")
        assert (told["name"], slugs(told), told["preempts"]) == ("Hall", [("main", 7)], False)
        board.slug = "renamed"
        board.save()
        assert slugs(tv.wait_for_type("screen")) == [("renamed", 7)]
        board.delete()
        assert slugs(tv.wait_for_type("screen")) == []


def test_screen_is_told_without_a_word_of_redis(served: Served, key: str) -> None:
    with screen_socket(served, key) as tv:
        greeted(tv)
        Screen.objects.update(name="Hall")  # no signal, as from another program
        assert tv.wait_for_type("screen")["name"] == "Hall"


def test_orders_reach_the_screens_own_socket_alone(served: Served, key: str, redis: redis_py.Redis) -> None:
    screen = Screen.objects.get()
    Screen.objects.create(name="Other", key_digest="2")
    with screen_socket(served, key) as tv, served.viewer(key) as wall:
        greeted(tv)
        wall.hello()
        wall.wait_for_type("beat", "frame")
        control.flash(redis, screen)
        assert tv.wait_for_type("flash") == {"type": "flash", "seconds": 10, "text": "TV"}
        control.reload(redis, screen)
        tv.wait_for_type("reload")
        control.flash(redis, Screen.objects.get(name="Other"))
        control.flash(redis, screen)
        assert tv.wait_for_type("flash")["text"] == "TV"
        assert wall.wait_for_type("reload", "flash")["type"] == "reload"


@pytest.mark.parametrize("with_redis", [True, False])
def test_removed_screen_is_dark_within_five_seconds(served: Served, key: str, redis: redis_py.Redis, with_redis: bool) -> None:
    with screen_socket(served, key) as tv, served.viewer(key) as wall:
        greeted(tv)
        wall.hello()
        began = time.monotonic()
        Screen.objects.update(revoked_at=datetime.now(UTC))
        if with_redis:
            control.revoke(redis, Screen.objects.get())
        for each in (tv, wall):
            assert each.wait_for_type("bye") == {"type": "bye", "reason": "revoked"}
            with pytest.raises(ConnectionClosed) as closed:
                each.wait_for(lambda _: False)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4401
        assert time.monotonic() - began < 5.0


def test_stranger_is_refused(served: Served) -> None:
    with screen_socket(served, "qls_nobody") as tv:
        with pytest.raises(ConnectionClosed) as closed:
            tv.wait_for(lambda _: False)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401


def test_page_of_another_release_is_told_to_load_itself_anew(served: Served, key: str) -> None:
    with screen_socket(served, key) as tv:
        tv.hello(version="older")
        tv.wait_for_type("reload")
        assert tv.wait_for_type("screen")["name"] == "TV"


def test_painted_facts_reach_redis_and_nonsense_is_left_out(floor: Floor, key: str, redis: redis_py.Redis) -> None:
    viewer = f"screen:{Screen.objects.get().pk}"
    with serving(pace=Pace(painted_s=0.0)) as served, screen_socket(served, key) as tv:
        greeted(tv)
        clock_ms = time.time() * 1000 + 60_000
        tv.say(
            {"type": "painted", "seq": 5, "width": 1920, "height": 1080, "ratio": 1.5, "clock_ms": clock_ms, "board": "main", "odd": [1]}
        )
        until(lambda: viewer in load_painted(redis, [viewer]))
        painted = load_painted(redis, [viewer])[viewer]
        assert (painted.board, painted.seq) == ("main", 5)
        facts = dict(painted.facts)
        assert 58_000 < facts.pop("skew_ms") < 62_000
        assert facts == {"width": 1920, "height": 1080, "ratio": 1.5, "version": VERSION, "address": "127.0.0.1"}
        tv.say(json.dumps({"type": "painted", "seq": 6, "width": -1, "height": "x", "ratio": 1e400, "version": 7, "board": "y" * 65}))
        until(lambda: load_painted(redis, [viewer])[viewer].seq == 6)
        assert load_painted(redis, [viewer])[viewer].facts == {"version": VERSION, "address": "127.0.0.1"}
