"""How old a number is when it is on the glass: from the vendor's answer leaving its server to the painted tile, in a real Chromium,
with 200 other viewers on the same board.

In:  how long. Out: percentiles in milliseconds. The poll's own interval is not part of it: that is waiting for the next question.
The page is not told that it is measured: a script that runs before it stamps the paint that follows each message.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from urllib.request import urlopen

from config.env import BASE_DIR
from dashboard.bench.browser import chromium
from dashboard.bench.figures import Figure, percentile
from dashboard.bench.stage import Stage, running

OTHER_VIEWERS = 200
SECONDS = 40
BOUND_MS = 150
# The emulator notes a departure after the last byte was handed over, and `at` has whole ms: an answer can be here "before" it left.
# Two questions are a second apart, so that this cannot mistake one for another.
SLACK_MS = 50
FEED = "main:current_queue_activity"

# Stamps the paint that follows each message with a new answer of the queue: a frame callback, and then the task after it.
WATCH = """
window.paints = [];
const Socket = window.WebSocket;
window.WebSocket = class extends Socket {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", (event) => {
      const message = JSON.parse(event.data);
      const body = message.patch || message.frame;
      const feed = body && body.feeds && body.feeds["%s"];
      if (!feed || !feed.at) return;
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => window.paints.push([Date.parse(feed.at), performance.timeOrigin + performance.now()]);
        channel.port2.postMessage(0);
      });
    });
  }
};
"""


def measure() -> list[Figure]:
    """NotMeasuredError without a Chromium; RuntimeError when the page showed nothing."""
    with running() as stage:
        viewers = _others(stage)
        try:
            paints = _watch(stage)
        finally:
            viewers.terminate()
            viewers.wait(30)
        ages_ms = _ages_ms(paints, _answered_ms(stage))
    return [
        Figure("vendor's answer to the glass, p50", f"{percentile(ages_ms, 0.5):.0f} ms"),
        Figure("vendor's answer to the glass, p95", f"{percentile(ages_ms, 0.95):.0f} ms", f"promised: at most {BOUND_MS} ms"),
        Figure("worst", f"{max(ages_ms):.0f} ms"),
        Figure("answers seen", f"{len(ages_ms)}", f"{OTHER_VIEWERS} other viewers, {SECONDS} s"),
    ]


def _others(stage: Stage) -> subprocess.Popen[str]:
    viewers = subprocess.Popen(
        [sys.executable, "-m", "dashboard.bench.viewers", stage.socket_url, str(OTHER_VIEWERS), str(SECONDS + 60)],
        cwd=BASE_DIR,
        env={**os.environ, "QL_BENCH_TOKEN": stage.token},
        stdout=subprocess.PIPE,
        text=True,
    )
    opened = viewers.stdout.readline() if viewers.stdout else ""
    if opened.strip() != f"OPEN {OTHER_VIEWERS}":
        viewers.kill()
        raise RuntimeError(f"the viewers could not connect: {opened!r}")
    return viewers


def _watch(stage: Stage) -> list[tuple[float, float]]:
    """(when our worker had the answer, when it was painted) of each answer, Unix ms."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.add_init_script(WATCH % FEED)
        page.goto(stage.wall_url)
        page.wait_for_selector("body[data-live=yes]")
        page.wait_for_timeout(SECONDS * 1000)
        paints = page.evaluate("window.paints")
    return [(received, painted) for received, painted in paints]


def _answered_ms(stage: Stage) -> list[float]:
    """When each answer of the queue left the emulator, Unix ms, in order."""
    with urlopen(f"{stage.emulator_url}/_emulator/requests?endpoint=current_queue_activity&limit=1000") as answer:  # noqa: S310 (our own emulator on loopback)
        recent = json.load(answer)["recent"]
    return sorted((entry["at"] + entry["took_s"]) * 1000 for entry in recent if entry["took_s"] is not None)


def _ages_ms(paints: Sequence[tuple[float, float]], answered_ms: Sequence[float]) -> list[float]:
    """For each painted answer, the paint less the last departure before we had it; the page's first seconds do not count."""
    ages = []
    for received, painted in paints[3:]:
        departures = [at for at in answered_ms if at <= received + SLACK_MS]
        if departures:
            ages.append(painted - departures[-1])
    if not ages:
        raise RuntimeError("the page painted no answer")
    return ages
