"""What tickets cost against the size of the account: the first reading, killed half-way, and the polls after it.

In:  nothing. Out: figures. The vendor is in the measuring process (`big_account`) and answers at once: at a real vendor's pace a first
reading takes as long as its requests do, which is said beside it. Everything else is as in a worker.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from typing import Any

from config.env import BASE_DIR
from dashboard.bench.figures import Figure

SIZES = (1_000, 10_000, 100_000, 200_000)
MOST_MB = 300
MOST_RATIO = 1.5
# Half of our share of the smallest plan's limit.
FIRST_PER_MINUTE = 80


def measure() -> list[Figure]:
    """RuntimeError when a measuring child failed."""
    found = {size: _of(size) for size in SIZES}
    figures: list[Figure] = []
    for size, cost in found.items():
        figures += [
            Figure(
                f"{size:,} tickets, {10 * size:,} events: first reading",
                f"{cost['first_s']:.0f} s here, {cost['peak_mb']:.0f} MB at most",
                f"at most {MOST_MB} MB; killed half-way, it went on at {cost['began_at']:,}; {cost['first_requests']:.0f} requests "
                f"after that, {cost['first_requests'] / FIRST_PER_MINUTE:.0f} min at a vendor that grants 200 a minute",
            ),
            Figure(
                f"{size:,} tickets: a round of polls",
                f"{cost['tick_ms']:.1f} ms of CPU, {cost['statements']:.0f} statements, {cost['rows_written']:.0f} rows written",
                f"20 tickets moved; {cost['requests']:.0f} requests",
            ),
        ]
    small, large = found[SIZES[0]], found[SIZES[-1]]
    for what, name in (("CPU", "tick_ms"), ("statements", "statements"), ("rows written", "rows_written")):
        figures.append(
            Figure(f"{SIZES[-1]:,} against {SIZES[0]:,} tickets: {what}", f"{large[name] / small[name]:.2f} x", f"at most {MOST_RATIO} x")
        )
    return figures


def _of(size: int) -> dict[str, Any]:
    """The report of one account. The first child dies half-way through the tickets; the second goes on in its folder."""
    with tempfile.TemporaryDirectory(prefix="queuelight-bench-") as folder:
        now_s = int(time.time())
        died = _child(size, folder, now_s, size // 2)
        done = _child(size, folder, now_s)
    if died.returncode != -signal.SIGKILL or done.returncode:
        raise RuntimeError(f"the account of {size:,} tickets was not measured")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _child(size: int, folder: str, now_s: int, *dies_at: int) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ZENDESK_", "KAYAKO_", "REDIS_", "DATABASE_"))}
    return subprocess.run(
        [sys.executable, "-m", "dashboard.bench.mirror_load", *map(str, (size, now_s, *dies_at))],
        cwd=BASE_DIR,
        env={**environment, "DATA_DIR": folder, "QUEUELIGHT_NO_DOTENV": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
