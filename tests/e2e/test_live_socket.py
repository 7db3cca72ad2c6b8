"""The line to the server: static/js/live/socket.js, in a real browser with sockets and clocks of our own."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import LIVE
from tests.e2e.wall_server import WallServer

SOCKET = """async ([base, script]) => {
    const { connect } = await import(base + "socket.js");
    let now = 0, timers = [];
    const sockets = [], said = [], heard = [], delays = [];
    class Fake {
        constructor(url) { this.url = url; this.readyState = 0; sockets.push(this); }
        send(text) { said.push(JSON.parse(text)); }
        close() { this.readyState = 3; }
        opens() { this.readyState = 1; this.onopen(); }
        loses(code) { this.readyState = 3; this.onclose({ code }); }
        says(message) { this.onmessage({ data: typeof message === "string" ? message : JSON.stringify(message) }); }
    }
    const link = connect({ url: "ws://x/", seq: () => 7, version: "v9", WebSocket: Fake, now: () => now, random: () => 1,
        later: (run, ms) => { timers.push({ run, at: now + ms }); delays.push(ms); }, onMessage: (m) => heard.push(m.type) });
    const pass = (ms) => {
        const end = now + ms;
        for (;;) {
            const due = timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0];
            if (!due) break;
            timers.splice(timers.indexOf(due), 1);
            now = Math.max(now, due.at);
            due.run();
        }
        now = end;
    };
    return new Function("link", "sockets", "said", "heard", "delays", "pass", script)(link, sockets, said, heard, delays, pass);
}"""


def line(page: Page, script: str) -> Any:
    return page.evaluate(SOCKET, [LIVE, script])


@pytest.fixture
def free(page: Page, blank_server: WallServer) -> Page:
    """A blank page without a policy: the scripts below are made with `new Function`, which the wall's policy forbids."""
    blank_server.policy = False
    page.goto(blank_server.blank)
    return page


def test_socket_on_opening_says_hello_with_what_it_holds(free: Page) -> None:
    found = line(free, "sockets[0].opens(); return [said, link.line.open];")
    assert found == [[{"type": "hello", "v": 1, "seq": 7, "version": "v9"}], True]


def test_socket_backs_off_to_five_seconds_and_starts_anew_after_a_message(free: Page) -> None:
    found = line(
        free,
        """
        delays.length = 0;
        for (let i = 0; i < 7; i++) { sockets[sockets.length - 1].loses(1006); pass(5000); }
        const grown = delays.filter((ms) => ms !== 1000);
        sockets[sockets.length - 1].opens(); sockets[sockets.length - 1].says({ type: "beat", seq: 7 });
        delays.length = 0; sockets[sockets.length - 1].loses(1006);
        return [grown, delays[0], sockets.length];
        """,
    )
    # 1000 is the watchdog's pulse as well as the third step, so the filter takes that step out too
    assert found == [[250, 500, 2000, 4000, 5000, 5000], 250, 8]


def test_socket_silent_for_eight_seconds_is_replaced(free: Page) -> None:
    found = line(
        free,
        """
        sockets[0].opens(); sockets[0].says({ type: "beat", seq: 7 });
        pass(7900); const before = sockets.length;
        pass(2000); const after = sockets.length;
        return [before, after, sockets[0].readyState];
        """,
    )
    assert found == [1, 2, 3]


def test_socket_that_never_connects_is_replaced(free: Page) -> None:
    assert line(free, "pass(10000); return [sockets.length, sockets[0].readyState];") == [2, 3]


def test_socket_resync_asks_for_a_whole_frame_at_most_twice_a_second(free: Page) -> None:
    found = line(
        free,
        """
        sockets[0].opens(); pass(10); said.length = 0;
        for (let i = 0; i < 18; i++) { link.resync(); pass(50); }
        return said;
        """,
    )
    assert found == [{"type": "hello", "v": 1, "seq": None, "version": "v9"}] * 2


def test_socket_painted_is_said_every_ten_seconds(free: Page) -> None:
    found = line(
        free,
        """
        sockets[0].opens(); said.length = 0;
        for (let i = 0; i < 210; i++) { sockets[0].says({ type: "beat", seq: 7 }); link.painted(100 + i); pass(100); }
        return said.map((m) => [m.type, m.seq]);
        """,
    )
    assert found == [["painted", 100], ["painted", 200], ["painted", 300]]


def test_socket_garbage_is_passed_over(free: Page) -> None:
    assert line(free, "sockets[0].opens(); sockets[0].says('{'); sockets[0].says({ type: 'beat', seq: 7 }); return heard;") == ["beat"]


@pytest.mark.parametrize("end", ["sockets[0].says({ type: 'bye', reason: 'revoked' }); sockets[0].loses(1000);", "sockets[0].loses(4403);"])
def test_socket_refused_tries_again_slowly_and_forgets_it_when_let_in(free: Page, end: str) -> None:
    found = line(
        free,
        f"""
        sockets[0].opens(); {end}
        const refused = link.line.refused; pass(29000); const still = sockets.length; pass(1500);
        sockets[1].opens(); sockets[1].says({{ type: "frame", seq: 1 }});
        return [refused !== null, still, sockets.length, link.line.refused];
        """,
    )
    assert found == [True, 1, 2, None]
