"""The poll and the tick as figures: runs `poll` inside a stage of its own. In: nothing. Out: figures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from urllib.request import Request, urlopen

from config.env import BASE_DIR
from dashboard.bench.figures import Figure
from dashboard.bench.push import QUIET
from dashboard.bench.stage import running


def _lift_limits(emulator_url: str) -> None:
    """The vendor of the stage answers as often as it is asked: here the work is measured, not the waiting."""
    body = json.dumps({"queue_limit": 1_000_000, "per_minute": 1_000_000, "own_factor": 1_000_000}).encode()
    request = Request(f"{emulator_url}/_emulator/limits", body, {"Content-Type": "application/json"})  # noqa: S310 (our own emulator on loopback)
    with urlopen(request) as answer:  # noqa: S310 (our own emulator on loopback)
        answer.read()


def measure() -> list[Figure]:
    """subprocess.CalledProcessError when the measuring child failed."""
    with running(**QUIET) as stage:
        _lift_limits(stage.emulator_url)
        child = subprocess.run(
            [sys.executable, "-m", "dashboard.bench.poll"],
            cwd=BASE_DIR,
            env={**os.environ, **stage.environment},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    found = json.loads(child.stdout.strip().splitlines()[-1])
    figures = [
        Figure(
            f"a poll of {name}",
            f"{found['poll_ms'][name]:.2f} ms, {found['poll_ms'][name] / floor_ms:.1f} x",
            f"floor: a bare request on a kept connection, {floor_ms:.2f} ms",
        )
        for name, floor_ms in found["floor_ms"].items()
    ]
    ping_ms = found["ping_ms"]
    return [
        *figures,
        Figure("a tick", f"{found['tick_ms']:.2f} ms, {found['tick_ms'] / ping_ms:.0f} x", f"floor: a PING, {ping_ms:.3f} ms"),
        Figure("a board that did not change", f"{found['unchanged_ms']:.2f} ms", "composed and compared, nothing sent"),
    ]
