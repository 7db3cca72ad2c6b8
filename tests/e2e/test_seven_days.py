"""Seven days of a TV at 100x: boards turn, call, are edited, go dark; lines break, clocks jump. Nothing stalls, nothing grows.

What "grows" means: the size of the heap alone (Runtime.getHeapUsage) says 6.9 MB after the first hour, 7.3 after a day, 8.1 after three
and 8.2 after seven. Heap snapshots of those moments tell why. Of what the page holds (its objects, strings, arrays and closures) there
were 1.88 MB after the hour, 1.89 after three days and 1.91 after seven. All else that came is the browser's own: bytecode, machine code and
feedback of functions that got warm one after another (4.5, 5.6, 5.6 MB), and, in the first day, its caches of fonts and styles and
its ring of at most 200 entries of performance. So a day is the warm-up; from then on everything but compiled code is held to a twentieth,
and compiled code, of which there cannot be more than there are functions, to a tenth after the fourth day.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page

from tests.e2e.frames import CALM
from tests.e2e.heap_kinds import Heap, heap_of
from tests.e2e.stage_server import StageServer, play

SCRIPT = (Path(__file__).parent.parent / "js" / "seven_days.js").read_text()
STEP_S = 100
STEPS_IN_A_DAY = 24 * 3600 // STEP_S
SMALL = (
    {"id": "n", "kind": "number", "x": 0, "y": 0, "w": 8, "h": 8, "options": {"metric": "calls_waiting"}},
    {"id": "w", "kind": "wait", "x": 8, "y": 0, "w": 16, "h": 8, "options": {"chart": False}},
    {"id": "i", "kind": "incidents", "x": 0, "y": 8, "w": 12, "h": 8, "options": {}},
    {"id": "t", "kind": "text", "x": 12, "y": 8, "w": 12, "h": 8, "options": {"text": "Team meeting at 15:00"}},
)
BOARDS = {slug: CALM.but(title=f"Board {slug}", widgets=None if slug == "a" else SMALL) for slug in "abcde"}


@dataclass(frozen=True, slots=True)
class Weight:
    """What is left after the garbage is gone; `nodes` and `listeners` are those of the page."""

    heap: Heap
    nodes: int
    listeners: int


def weight(page: Page, tools: CDPSession) -> Weight:
    """Each time of the same four boards, calm and all of them built, for what a page holds depends on what it shows."""
    page.evaluate(
        """async () => {
            play.up = true;
            play.boards.c.dark = false;
            play.assign("Reception", ["a", "b", "c", "d"].map((slug) => ({ slug, seconds: 100 })));
            for (let step = 0; step < 20; step += 1) {
                play.step(100000, () => ({ incidents: [] }));
                await play.rest();
                play.idle(1000);
            }
            play.painted.length = play.speeches.length = play.said.length = 0;
        }"""
    )
    heap = heap_of(tools)
    counts = tools.send("Memory.getDOMCounters")
    return Weight(heap, counts["nodes"], counts["jsEventListeners"])


@pytest.mark.timeout(900)
def test_stage_seven_days_at_100x_neither_stalls_nor_grows(page: Page) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text))
    server = StageServer(BOARDS["a"], "a", interval_s=STEP_S, speech=True)
    server.start()
    try:
        play(page, server, BOARDS, [(slug, 100) for slug in "abcd"])
        assert page.evaluate("play.settle(() => document.body.dataset.live === 'yes' && document.querySelector('.caption') !== null)")
        tools = page.context.new_cdp_session(page)
        tools.send("HeapProfiler.enable")
        days, weights = [], []
        for day in range(7):
            days.append(played(page, day * STEPS_IN_A_DAY, (day + 1) * STEPS_IN_A_DAY, STEP_S))
            if day in (0, 3, 6):
                weights.append(weight(page, tools))
    finally:
        server.stop()
    assert errors == []
    assert server.page_loads == 1
    steps = 7 * STEPS_IN_A_DAY
    # every board had its turns, none stood there much longer than its time and a call, and it was dark only while the server was
    assert all(sum(part["seen"].get(slug, 0) for part in days) > steps / 25 for slug in "abcde")
    assert sum(part["changes"] for part in days) > steps / 3
    assert max(part["longest"] for part in days) <= 8
    assert sum(part["dark"] for part in days) <= steps / 100
    assert sum(part["painted"] for part in days) >= steps * 0.95
    assert sum(part["spoken"] for part in days) > 100
    assert max(part["layers"] for part in days) <= 5
    assert max(part["timers"] for part in days) <= 20
    first, fourth, last = weights
    assert last.heap.live_bytes <= 1.05 * first.heap.live_bytes, last.heap.grew(first.heap)
    assert last.heap.code_bytes <= 1.1 * fourth.heap.code_bytes, last.heap.grew(fourth.heap)
    assert last.nodes <= 1.1 * first.nodes, (first.nodes, last.nodes)
    assert last.listeners <= first.listeners + 20, (first.listeners, last.listeners)


def played(page: Page, start: int, end: int, step_s: float) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(f"([from, to, step_ms]) => ({SCRIPT})(from, to, step_ms)", [start, end, step_s * 1000])
    return found
