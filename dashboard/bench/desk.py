"""The supervisor's page with 200 agents that change every second: how long one change keeps a real browser's page from drawing a frame.

In:  nothing. Out: figures. The whole way is real: the emulator's agents change, are polled, composed and pushed once a second; the table is
sorted by time in state, so that whoever changed moves to the other end of it. Beside it the same page with ten agents, in the same run.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import redis as redis_py

from dashboard.bench.browser import LOGIN, chromium, logged_in, until
from dashboard.bench.figures import Figure, percentile
from dashboard.bench.stage import Stage, running
from dashboard.bench.traces import CATEGORIES, Burst, bursts, frames, longest_each_s
from dashboard.store import keys

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

AGENTS, FEW = 200, 10
CHANGING_SHARE = 0.15
SECONDS = 20
BOUND_MS = 60
PACE = {"QUEUE_INTERVAL_S": "1", "AGENTS_INTERVAL_S": "1"}
STATES: tuple[dict[str, str | None], ...] = (
    {"agent_state": "online", "call_status": "on_call"},
    {"agent_state": "online", "call_status": "wrap_up"},
    {"agent_state": "online", "call_status": None},
    {"agent_state": "away", "call_status": None},
)
SORTED = "?sort=for&show=all&columns=calls+aht+occupancy+missed+talk+wrap"
ROWS = "document.querySelectorAll('ql-agents-table tbody tr').length"


def measure() -> list[Figure]:
    """NotMeasuredError without a Chromium; RuntimeError when the page did not get its agents."""
    with running(**PACE, **LOGIN) as stage, chromium() as browser:
        _tell(stage, "limits", {"queue_limit": 1_000_000, "per_minute": 100_000})
        context = logged_in(browser, stage)
        few, _, _ = _watched(browser, context, stage, FEW)
        many, drawn, changes = _watched(browser, context, stage, AGENTS)
    cpu, frame = [burst.cpu_ms for burst in many], [each.cpu_ms for each in drawn]
    ratio = percentile(cpu, 0.5) / percentile([burst.cpu_ms for burst in few], 0.5)
    return [
        Figure(f"{AGENTS} agents: a frame, p50", f"{percentile(frame, 0.5):.1f} ms", "script, styles, layout and paint; CPU time"),
        Figure("p95", f"{percentile(frame, 0.95):.1f} ms", f"promised: at most {BOUND_MS} ms: {_verdict(percentile(frame, 0.95))}"),
        Figure("worst", f"{max(frame):.1f} ms", f"of {len(frame)} frames in {SECONDS} s"),
        Figure("p50 / p95 by the clock", _wall(drawn), "longer than the CPU time by what else the machine does"),
        Figure("all frames of a change, p50 / p95", _pair(cpu), "the hardest work of each second, without a rest of half a frame"),
        Figure(f"beside {FEW} agents", f"{ratio:.1f} x", "the same page in the same run"),
        Figure("changes painted", f"{len(many)}", f"in {SECONDS} s; {changes} agents changed their state"),
    ]


def _verdict(value_ms: float) -> str:
    return "kept" if value_ms <= BOUND_MS else "NOT KEPT"


def _wall(found: list[Burst]) -> str:
    return _pair([burst.wall_ms for burst in found])


def _pair(found: list[float]) -> str:
    return f"{percentile(found, 0.5):.0f} / {percentile(found, 0.95):.0f} ms"


def _watched(browser: Browser, context: BrowserContext, stage: Stage, count: int) -> tuple[list[Burst], list[Burst], int]:
    """The hardest work of each second, each frame, and how many states were changed meanwhile."""
    _tell(stage, "agents", {"count": count, "set": {}})
    page = context.new_page()
    page.goto(f"{stage.url}/{SORTED}")
    page.wait_for_selector("body[data-live=yes]")
    until(page, f"{ROWS} === {count}")
    _play(page, stage, 5, 0)  # what the engine compiles at the first changes is no part of a day's
    browser.start_tracing(page=page, categories=list(CATEGORIES))
    changes = _play(page, stage, SECONDS, 5)
    trace = browser.stop_tracing()
    page.close()
    return longest_each_s(bursts(trace)), frames(trace), changes


def _play(page: Page, stage: Stage, seconds: int, first: int) -> int:
    """Once a second, another part of the agents begin something else. How many changes there were."""
    client = redis_py.Redis.from_url(stage.redis_url)
    ids = sorted(agent["id"] for agent in json.loads(client.hget(keys.frame("main"), "frame") or b"{}").get("agents", []))
    if not ids:
        raise RuntimeError("the board has no agents")
    each_time = max(1, int(len(ids) * CHANGING_SHARE))
    states = {agent_id: STATES[place % len(STATES)] for place, agent_id in enumerate(ids)}
    began = time.monotonic()
    for second in range(first, first + seconds):
        for turn in range(each_time):
            agent_id = ids[(second * each_time + turn) % len(ids)]
            states[agent_id] = STATES[(STATES.index(states[agent_id]) + 1) % len(STATES)]
        _tell(stage, "agents", {"set": {str(agent_id): state for agent_id, state in states.items()}})
        page.wait_for_timeout(max(0.0, (began + second - first + 1 - time.monotonic()) * 1000))
    return each_time * seconds


def _tell(stage: Stage, path: str, body: dict[str, Any]) -> None:
    """A switch of the emulator."""
    request = Request(f"{stage.emulator_url}/_emulator/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})  # noqa: S310 (our own emulator on loopback)
    with urlopen(request) as answer:  # noqa: S310 (our own emulator on loopback)
        answer.read()
