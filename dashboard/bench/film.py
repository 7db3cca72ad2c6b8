"""The past played at 60x in a real browser: whether the film moves sixty seconds a second, and each picture of it is drawn.

In:  nothing. Out: figures for 18 and for 200 agents: pictures drawn beside those that are wanted, the drift, the longest stand.
The past is written into the stage's Redis as its poller would have left it; the page, the API and the drawing are the real ones.
"""

from __future__ import annotations

import itertools
import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import redis as redis_py

from dashboard.bench.browser import LOGIN, chromium, logged_in, until
from dashboard.bench.figures import Figure
from dashboard.bench.stage import Stage, running
from dashboard.domain.agents import InState, follow
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.freshness import live_for_s
from dashboard.domain.readings import AgentActivity, AgentsActivity, CallStatus, QueueActivity
from dashboard.domain.totals import totals
from dashboard.polling.feeds import base_interval_s
from dashboard.store import rosters
from dashboard.store.series import series_of

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

SIZES = (18, 200)
SPEED = 60
# static/js/rewind/film.js: at 60x a picture stands for so many seconds.
STEP_S = 15
PLAYED_S = 30
PAST_S = 3600
QUEUE_S, AGENTS_S = 2, 10
STATUSES: tuple[CallStatus | None, ...] = ("on_call", "wrap_up", None)

# The moment that the page names is that of the picture on it. Looked at each frame for as long as the film is to run.
WATCH = """(seconds) => new Promise((done) => {
  const moment = document.getElementById("moment");
  const changes = [];
  const began = performance.now();
  const first = Date.parse(moment.dateTime);
  const watcher = new MutationObserver(() => {
    const at = Date.parse(moment.dateTime);
    if (!changes.length || changes[changes.length - 1][1] !== at) changes.push([performance.now() - began, at - first]);
  });
  watcher.observe(moment, { attributes: true });
  document.getElementById("play").click();
  setTimeout(() => { watcher.disconnect(); done(changes); }, seconds * 1000);
})"""


def measure() -> list[Figure]:
    """NotMeasuredError without a Chromium; RuntimeError when the film did not move."""
    figures: list[Figure] = []
    with running(**LOGIN) as stage, chromium() as browser:
        context = logged_in(browser, stage, 1366, 768)
        for size in SIZES:
            figures += _played(context, stage, size)
    return figures


def _played(context: BrowserContext, stage: Stage, size: int) -> list[Figure]:
    end = datetime.now(UTC) - timedelta(minutes=11)  # the stage's own first readings are in a block of agents of their own
    _give_past(redis_py.Redis.from_url(stage.redis_url), end, size)
    page = context.new_page()
    begin = end - timedelta(seconds=PAST_S - 300)
    page.goto(f"{stage.url}/rewind/main/?at={begin:%Y-%m-%dT%H:%M:%SZ}&speed={SPEED}")
    until(page, "document.getElementById('busy').hidden && document.getElementById('moment').dateTime !== ''")
    page.frame_locator("#stage").locator("[data-kind=agents]").wait_for()
    changes: list[list[float]] = page.evaluate(WATCH, PLAYED_S)
    page.close()
    if len(changes) < 2:
        raise RuntimeError("the film did not move")
    (first_ms, first_moment), (last_ms, last_moment) = changes[0], changes[-1]
    wanted = (last_moment - first_moment) / 1000 / STEP_S + 1
    pace = (last_moment - first_moment) / (last_ms - first_ms)
    stands = [after[0] - before[0] for before, after in itertools.pairwise(changes)]
    return [
        Figure(f"{size} agents: pace at {SPEED}x", f"{pace:.1f} x", f"over {(last_ms - first_ms) / 1000:.0f} s, past the first picture"),
        Figure("pictures drawn", f"{len(changes)} of {wanted:.0f}", f"one each {STEP_S} s of the past: {len(changes) / wanted:.0%}"),
        Figure("longest stand of a picture", f"{max(stands):.0f} ms", f"wanted: {STEP_S / SPEED * 1000:.0f} ms"),
        Figure("to the first picture after Play", f"{first_ms:.0f} ms"),
    ]


def _give_past(client: redis_py.Redis, end: datetime, size: int) -> None:
    """An hour of the queue and of `size` agents, each of whom begins something else once in a minute and a half."""
    queue, agents = Feed("main", Endpoint.QUEUE), Feed("main", Endpoint.AGENTS)
    queues, heads = series_of(queue, base_interval_s(queue.endpoint)), series_of(agents, base_interval_s(agents.endpoint))
    before: dict[int, InState] = {}
    previous: datetime | None = None
    for passed in range(0, PAST_S, QUEUE_S):
        at = end - timedelta(seconds=PAST_S - passed)
        wait_s = round(120 + 100 * math.sin(passed / 200)) + passed % 7
        queues.append(client, at, totals(QueueActivity(8, wait_s // 2, wait_s, wait_s // 25, passed % 3, 0)), live_s=live_for_s(QUEUE_S))
        if passed % AGENTS_S:
            continue
        floor = [
            AgentActivity(
                key, f"Agent {key}", "away" if key % 9 == 0 else "online", STATUSES[(passed // 90 + key) % 3] if key % 9 else None
            )
            for key in range(1, size + 1)
        ]
        after = follow(before, floor, at=at, previous_at=previous, max_gap_s=3 * AGENTS_S)
        rosters.keep(client, agents, floor, after, before, at=at)
        heads.append(client, at, totals(AgentsActivity(tuple(floor))), live_s=live_for_s(AGENTS_S))
        before, previous = after, at
