"""Many viewers get one text; one that stops reading costs the others nothing and is right again when it reads."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from datetime import UTC, datetime

from dashboard.domain.readings import AgentActivity, AgentsActivity
from dashboard.live import patch
from dashboard.live.hub import Pace
from dashboard.live.publish import publish_boards
from tests.live.conftest import Floor
from tests.live.examples import AGENTS, poll
from tests.live.raw import RawViewer
from tests.live.serving import Served, serving, until

VIEWERS = 300
AGENTS_COUNT = 200
ROUNDS = 60


QUIET = Pace(beat_s=60)


def shuffle(floor: Floor, turn: int) -> None:
    """All agents change their state at once: the largest patch there is (about 25 KB)."""
    state, status = ("online", "on_call") if turn % 2 else ("away", None)
    now = datetime.now(UTC)
    agents = tuple(AgentActivity(number, f"Agent {number:03} {turn}", state, status) for number in range(AGENTS_COUNT))  # type: ignore[arg-type]
    poll(floor.redis, AGENTS, AgentsActivity(agents), now)
    publish_boards(floor.redis, now)


def test_three_hundred_viewers_get_the_same_text(served: Served, floor: Floor, key: str) -> None:
    floor.polls(0)
    with ExitStack() as stack:
        viewers = []
        for _ in range(VIEWERS):
            viewers.append(stack.enter_context(RawViewer(served, key)))
            viewers[-1].hello()  # at once: who says nothing for ten seconds is sent away, and the others may take longer than that to come
        assert {viewer.next()["type"] for viewer in viewers} == {"frame"}
        for count in (1, 2, 3):
            floor.polls(count)
            texts = {viewer.next_change() for viewer in viewers}
            assert len(texts) == 1
            assert '"type":"patch"' in texts.pop()


def test_a_viewer_that_stops_reading_delays_nobody_and_gets_the_newest_frame_when_it_reads_again(floor: Floor, key: str) -> None:
    shuffle(floor, 0)
    with (
        serving(pace=QUIET) as served,
        RawViewer(served, key, receive_buffer=16_384) as stalled,
        RawViewer(served, key) as brisk,
    ):
        for viewer in (stalled, brisk):
            viewer.hello()
        frame = stalled.next()
        brisk.next()
        slowest_s, sent_bytes = 0.0, 0
        for turn in range(1, ROUNDS + 1):
            shuffle(floor, turn)
            began = time.monotonic()
            text = brisk.next_change()
            slowest_s, sent_bytes = max(slowest_s, time.monotonic() - began), sent_bytes + len(text)
        assert slowest_s < 10  # whoever waits for a stalled one waits a minute
        (seat,) = [seat for seat in served.hub.seats if seat.outlet.stalled_s > 0]

        received_before = stalled.received_bytes
        held, picture, patches = frame["seq"], frame["frame"], 0
        while True:
            message = json.loads(stalled.next_change())
            if message["type"] == "frame":
                picture = message["frame"]
            else:
                assert message["prev"] == held
                picture, patches = patch.apply(picture, message["patch"]), patches + 1
            held = message["seq"]
            if picture["agents"][0]["name"] == f"Agent 000 {ROUNDS}":
                break
        newest = served.hub.newest("main", supervises=False)
        assert newest is not None
        assert f'"seq":{held},' in newest
        # What it was sent is what fits the buffers on the way (16 KB sending, 16 KB receiving, both doubled by the kernel, 64 KiB in
        # the transport and one message beyond), and one frame: not what it missed.
        assert stalled.received_bytes - received_before < sent_bytes / 4
        until(lambda: seat.outlet.stalled_s == 0)
        shuffle(floor, ROUNDS + 1)
        message = json.loads(stalled.next_change())
        assert (message["type"], message["prev"]) == ("patch", held)


def test_a_viewer_that_never_reads_again_loses_its_seat(floor: Floor, key: str) -> None:
    shuffle(floor, 0)
    with serving(pace=Pace(beat_s=0.1, stalled_s=0.5)) as served, RawViewer(served, key, receive_buffer=4096) as stalled:
        stalled.hello()
        stalled.next()
        for turn in range(1, 30):
            shuffle(floor, turn)
        until(lambda: len(served.hub.seats) == 0)
