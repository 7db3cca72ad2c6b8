"""Protocol 1 over real sockets: hello, frame, patch, beat, painted, reload, bye, and everybody who may not."""

from __future__ import annotations

import contextlib
import json
import time
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from dashboard.accounts.keys import digest_of
from dashboard.live import patch
from dashboard.live.hub import Pace
from dashboard.live.publish import say_bye, say_gone, say_reload
from dashboard.models import Board, Screen
from dashboard.store import keys
from tests.live.conftest import Floor
from tests.live.serving import DEADLINE_S, Served, Viewer, serving, until


def calls_waiting(frame: Any) -> int:
    count: int = frame["metrics"]["calls_waiting"]["value"]
    return count


def closing(viewer: Viewer) -> tuple[int, str]:
    """The close code and reason that the server gave."""
    with pytest.raises(ConnectionClosed) as caught:
        viewer.wait_for(lambda _: False)
    assert caught.value.rcvd is not None
    return caught.value.rcvd.code, caught.value.rcvd.reason


def test_hello_without_a_frame_is_answered_with_the_newest_frame(served: Served, floor: Floor, key: str) -> None:
    floor.polls(3)
    with served.viewer(key) as viewer:
        viewer.hello()
        message = viewer.next()
    assert (message["type"], message["v"], message["board"]) == ("frame", 1, "main")
    assert calls_waiting(message["frame"]) == 3


def test_hello_with_the_newest_frame_is_answered_with_a_beat(served: Served, floor: Floor, key: str) -> None:
    floor.polls(3)
    with served.viewer(key) as first, served.viewer(key) as second:
        first.hello()
        seq = first.next()["seq"]
        second.hello(seq)
        message = second.next()
        assert (message["type"], message["seq"]) == ("beat", seq)
        second.hello(seq - 1)
        assert second.next()["type"] == "frame"


def test_hello_before_any_frame_is_answered_with_a_beat_and_the_first_frame_follows(served: Served, floor: Floor, key: str) -> None:
    with served.viewer(key) as viewer:
        viewer.hello()
        assert viewer.next()["seq"] == 0
        floor.polls(3)
        assert calls_waiting(viewer.wait_for_type("frame")["frame"]) == 3


def test_changes_arrive_as_patches_that_rebuild_the_frame(served: Served, floor: Floor, key: str) -> None:
    floor.polls(0)
    with served.viewer(key) as viewer:
        viewer.hello()
        message = viewer.wait_for_type("frame")
        seq, frame = message["seq"], message["frame"]
        for count in range(1, 6):
            floor.polls(count)
            message = viewer.wait_for_type("patch", "frame")
            assert message["type"] == "patch"
            assert message["prev"] == seq < message["seq"]
            seq, frame = message["seq"], patch.apply(frame, message["patch"])
            assert calls_waiting(frame) == count


def test_a_socket_that_said_no_hello_gets_nothing_and_is_closed(floor: Floor, key: str) -> None:
    with serving(hello_timeout_s=0.3, pace=Pace(beat_s=0.05)) as served, served.viewer(key) as viewer:
        floor.polls(1)
        assert closing(viewer) == (4408, "no hello")


def test_beats_come_by_themselves_and_carry_the_servers_time(floor: Floor, key: str) -> None:
    floor.polls(1)
    with serving(pace=Pace(beat_s=0.1)) as served, served.viewer(key) as viewer:
        viewer.hello()
        seq = viewer.next()["seq"]
        beats = [viewer.wait_for_type("beat") for _ in range(3)]
    assert [set(beat) for beat in beats] == [{"type", "v", "seq", "at"}] * 3
    assert [beat["seq"] for beat in beats] == [seq] * 3
    assert beats[0]["at"] < beats[1]["at"] < beats[2]["at"]


def test_a_socket_survives_idling_longer_than_any_read_timeout(served: Served, floor: Floor, key: str) -> None:
    floor.polls(1)
    with served.viewer(key) as viewer:
        viewer.hello()
        viewer.wait_for_type("frame")
        idle_until = time.monotonic() + 7.5
        while time.monotonic() < idle_until:
            message = viewer.next(5.0)  # the protocol's promise
            assert message["type"] == "beat"
            assert "cause" not in message
        floor.polls(2)
        assert viewer.wait_for_type("patch")["patch"]["metrics"]["calls_waiting"]["value"] == 2


@pytest.mark.parametrize(
    ("message", "reason"),
    [("{", "not JSON"), (b"\x00\x01", "not text"), ('{"type":"launch"}', "unknown type of message"), ("x" * 5000, "message too long")],
)
def test_a_message_that_is_none_of_ours_closes_the_socket_with_a_reason(
    served: Served, key: str, message: str | bytes, reason: str
) -> None:
    with served.viewer(key) as viewer:
        viewer.say(message)
        assert closing(viewer) == (4400, reason)


def test_too_many_messages_close_the_socket(served: Served, key: str) -> None:
    with served.viewer(key) as viewer:
        with contextlib.suppress(ConnectionClosed):  # the server may close while we are still talking
            for _ in range(30):
                viewer.hello()
        assert closing(viewer)[0] == 4429


def test_hello_of_another_protocol_is_told_to_reload_and_gets_no_frame(served: Served, floor: Floor, key: str) -> None:
    floor.polls(1)
    with served.viewer(key) as viewer:
        viewer.say({"type": "hello", "v": 2, "seq": None})
        assert viewer.next() == {"type": "reload"}
        say_reload(floor.redis)
        assert viewer.next() == {"type": "reload"}


def test_hello_of_a_page_of_another_release_is_told_to_reload_and_served(served: Served, floor: Floor, key: str) -> None:
    floor.polls(1)
    with served.viewer(key) as viewer:
        viewer.hello(version="release-0")
        assert viewer.next() == {"type": "reload"}
        assert viewer.next()["type"] == "frame"
    with served.viewer(key) as viewer:
        viewer.hello(version=served.hub.version)
        assert viewer.next()["type"] == "frame"


def test_painted_is_kept_with_its_time_and_not_more_often_than_it_should_be(served: Served, floor: Floor, key: str) -> None:
    floor.polls(1)
    screen = Screen.objects.get()
    with served.viewer(key) as viewer:
        viewer.hello()
        seq = viewer.wait_for_type("frame")["seq"]
        viewer.say({"type": "painted", "seq": seq})
        viewer.say({"type": "painted", "seq": seq + 1})
        until(lambda: floor.redis.exists(keys.painted(f"screen:{screen.pk}")) == 1)
        kept = json.loads(floor.redis.get(keys.painted(f"screen:{screen.pk}")) or b"")
    assert (kept["board"], kept["seq"]) == ("main", seq)
    assert kept["at"].endswith("Z")
    assert 0 < floor.redis.ttl(keys.painted(f"screen:{screen.pk}")) <= 86_400


def test_an_open_socket_marks_its_board_as_watched_at_once(served: Served, floor: Floor, key: str) -> None:
    before = time.time()
    with served.viewer(key) as viewer:
        viewer.hello()
        until(lambda: (floor.redis.zscore(keys.WATCH, "main") or 0) >= before, 1.5)


def test_nobody_is_left_behind_when_sockets_close(served: Served, floor: Floor, key: str) -> None:
    floor.polls(1)
    for _ in range(5):
        with served.viewer(key) as viewer:
            viewer.hello()
            viewer.wait_for_type("frame")
    until(lambda: len(served.hub.seats) == 0)
    assert served.hub.newest("main", supervises=False) is None


# --- who may not


def test_a_stranger_is_closed_with_4401(served: Served) -> None:
    with served.viewer() as viewer:
        assert closing(viewer) == (4401, "not logged in")
    with served.viewer("wrong-key") as viewer:
        assert closing(viewer)[0] == 4401


def test_a_screen_of_another_board_is_closed_with_4403(served: Served, key: str) -> None:
    Board.objects.create(slug="second", title="Second line")
    with served.viewer(key, board="second") as viewer:
        assert closing(viewer)[0] == 4403


def test_a_board_that_is_not_there_is_closed_with_4404(served: Served, key: str) -> None:
    with served.viewer(key, board="gone") as viewer:
        assert closing(viewer)[0] == 4404


def test_a_page_of_another_site_is_refused_whatever_cookie_it_brings(served: Served, key: str) -> None:
    for origin in ("http://evil.example", "null"):
        with (
            pytest.raises(InvalidStatus) as caught,
            served.viewer(headers={"Cookie": f"ql_screen={key}", "Origin": origin}) as viewer,
        ):
            viewer.next()
        assert caught.value.response.status_code == 403


def test_our_own_page_with_a_screens_cookie_is_let_in(served: Served, floor: Floor, key: str) -> None:
    floor.polls(1)
    with served.viewer(headers={"Cookie": f"ql_screen={key}", "Origin": f"http://127.0.0.1:{served.port}"}) as viewer:
        viewer.hello()
        assert viewer.next()["type"] == "frame"


def test_another_address_is_refused(served: Served, key: str) -> None:
    with pytest.raises(InvalidStatus) as caught, served.viewer(key, board="a/b") as viewer:
        viewer.next()
    assert caught.value.response.status_code == 403


def test_a_full_server_says_try_again_later(floor: Floor, key: str) -> None:
    with serving(capacity=1) as served, served.viewer(key) as first:
        first.hello()
        first.next()
        with served.viewer(key) as second:
            assert closing(second) == (1013, "this server is full")
        first.wire.close()
        until(lambda: len(served.hub.seats) == 0)
        with served.viewer(key) as third:
            third.hello()
            assert third.next()["type"] in {"beat", "frame"}


# --- the end


def test_bye_ends_the_sockets_of_that_viewer_and_of_no_other(served: Served, floor: Floor, key: str) -> None:
    floor.polls(1)
    screen = Screen.objects.get()
    other = Screen.objects.create(name="Other TV", board=screen.board, key_digest=digest_of("other-key"))
    with served.viewer(key) as viewer, served.viewer("other-key") as stays:
        viewer.hello()
        stays.hello()
        viewer.wait_for_type("frame")
        stays.wait_for_type("frame")
        say_bye(floor.redis, f"screen:{screen.pk}")
        assert viewer.wait_for_type("bye") == {"type": "bye", "reason": "revoked"}
        assert closing(viewer)[0] == 4401
        floor.polls(2)
        assert stays.wait_for_type("patch")["seq"] > 0
    assert other.pk != screen.pk


def test_a_screen_that_is_revoked_in_silence_is_found_out_by_asking_again(floor: Floor, key: str) -> None:
    floor.polls(1)
    with serving(pace=Pace(recheck_s=0.1)) as served, served.viewer(key) as viewer:
        viewer.hello()
        viewer.wait_for_type("frame")
        Screen.objects.update(revoked_at="2026-11-21T09:00:00Z")
        assert viewer.wait_for_type("bye")["reason"] == "revoked"
        assert closing(viewer)[0] == 4401


def test_a_board_that_is_deleted_closes_its_sockets(floor: Floor, key: str) -> None:
    with serving(pace=Pace(recheck_s=0.1)) as served, served.viewer(key) as viewer:
        viewer.hello()
        viewer.next()
        Board.objects.all().delete()
        assert closing(viewer)[0] in {4401, 4404}


def test_a_board_that_is_told_to_be_gone_ends_its_sockets_at_once(served: Served, floor: Floor, key: str) -> None:
    floor.polls(1)
    board = Board.objects.get()
    with served.viewer(key) as viewer:
        viewer.hello()
        viewer.wait_for_type("frame")
        say_gone(floor.redis, board.slug)
        assert viewer.wait_for_type("bye") == {"type": "bye", "reason": "gone"}
        assert closing(viewer)[0] == 4404


def test_a_socket_is_right_after_a_day_of_checks_and_beats(floor: Floor, key: str) -> None:
    """25 hours are 22,500 beats and 1,500 checks of the viewer: here some hundreds of each; nothing that ends by time is involved."""
    floor.polls(0)
    with serving(pace=Pace(beat_s=0.005, recheck_s=0.005)) as served, served.viewer(key) as viewer:
        viewer.hello()
        frame, held = None, None
        for message in iter(viewer.next, None):
            if message["type"] == "frame":
                frame, held = message["frame"], message["seq"]
                break
        for _ in range(300):
            viewer.wait_for_type("beat")
        floor.polls(77)
        message = viewer.wait_for_type("patch")
        assert message["prev"] == held
        assert calls_waiting(patch.apply(frame, message["patch"])) == 77
        assert floor.redis.ttl(keys.frame("main")) == -1


def test_reload_reaches_every_socket(served: Served, floor: Floor, key: str) -> None:
    with served.viewer(key) as first, served.viewer(key) as second:
        for viewer in (first, second):
            viewer.hello()
            viewer.next()
        say_reload(floor.redis)
        assert first.wait_for_type("reload") == second.wait_for_type("reload") == {"type": "reload"}


def test_a_web_process_that_ends_says_so_and_the_next_one_serves(floor: Floor, key: str) -> None:
    floor.polls(4)
    with ExitStack() as stack:
        with serving() as served:
            viewer = stack.enter_context(served.viewer(key))
            viewer.hello()
            seq = viewer.wait_for_type("frame")["seq"]
        with pytest.raises(ConnectionClosed):
            viewer.wait_for(lambda _: False, DEADLINE_S)
    with serving() as served, served.viewer(key) as viewer:
        viewer.hello(seq)
        assert viewer.next()["seq"] == seq
        viewer.hello(seq - 1)
        assert calls_waiting(viewer.wait_for_type("frame")["frame"]) == 4
