"""What handing one frame to many viewers costs the web process, beside a bare `websockets` broadcast in the same run.

In:  how many viewers, for how long. Out: figures: milliseconds of server CPU per 1,000 deliveries, latency, memory per viewer.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import redis as redis_py

from config.env import BASE_DIR
from dashboard.bench.figures import Figure, cpu_s, percentile, resident_kb
from dashboard.bench.stage import Stage, running
from dashboard.store import keys

VIEWERS = 500
SECONDS = 8.0
PER_S = 10
PATCH_BYTES = 4096
# Feeds that are asked once an hour: nothing but the measured pushes goes out.
QUIET = {f"{name}_INTERVAL_S": "3600" for name in ("QUEUE", "AGENTS", "ACCOUNT", "AGENTS_OVERVIEW")}


@dataclass(frozen=True, slots=True)
class Run:
    """One measured run: deliveries, the server's CPU for them, latencies, memory per viewer."""

    received: int
    cpu_ms: float
    latency_ms: list[float]
    kb_per_viewer: float

    @property
    def cpu_ms_per_1000(self) -> float:
        return self.cpu_ms / self.received * 1000


def measure() -> list[Figure]:
    """Both servers, one after the other, the same viewers and messages."""
    with running(**QUIET) as stage:
        client = redis_py.Redis.from_url(stage.redis_url)
        ours = _run(stage.socket_url, stage.token, stage.pids["web"], lambda: _push(client))
        floor = _floor(stage, client)
    return [
        Figure("server CPU per 1,000 deliveries", f"{ours.cpu_ms_per_1000:.1f} ms", f"floor {floor.cpu_ms_per_1000:.1f} ms"),
        Figure("ratio to the floor", f"{ours.cpu_ms_per_1000 / floor.cpu_ms_per_1000:.2f}", "websockets.broadcast(), nothing else"),
        Figure("latency p50 / p99", _latency(ours), f"floor {_latency(floor)}"),
        Figure("memory per viewer", f"{ours.kb_per_viewer:.0f} KB", f"floor {floor.kb_per_viewer:.0f} KB"),
        Figure("deliveries", f"{ours.received}", f"{VIEWERS} viewers, {PER_S} patches of {PATCH_BYTES} B a second for {SECONDS:.0f} s"),
    ]


def _latency(run: Run) -> str:
    return f"{percentile(run.latency_ms, 0.5):.0f} / {percentile(run.latency_ms, 0.99):.0f} ms"


def _push(client: redis_py.Redis) -> None:
    """One patch upon the frame that is stored, as a worker would publish it."""
    before = int(client.hget(keys.frame("main"), "seq") or 0)
    patch = {"board": {"title": "x" * PATCH_BYTES}}
    text = json.dumps(
        {"type": "patch", "v": 1, "seq": before + 1, "prev": before, "at": "", "sent_ns": time.monotonic_ns(), "patch": patch}
    )
    client.hset(keys.frame("main"), "seq", before + 1)
    client.publish(keys.PUSH, f"main\n{text}")


def _floor(stage: Stage, client: redis_py.Redis) -> Run:
    server = subprocess.Popen(
        [sys.executable, "-m", "dashboard.bench.push_floor", "QL_BENCH_REDIS", "ql:bench"],
        cwd=BASE_DIR,
        env={**os.environ, "QL_BENCH_REDIS": stage.redis_url},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        port = int((server.stdout.readline() if server.stdout else "").split()[1])

        def push() -> None:
            text = json.dumps({"sent_ns": time.monotonic_ns(), "patch": {"board": {"title": "x" * PATCH_BYTES}}})
            client.publish("ql:bench", f"main\n{text}")

        return _run(f"ws://127.0.0.1:{port}/", "", server.pid, push)
    finally:
        server.terminate()
        server.wait(10)


def _run(url: str, token: str, server_pid: int, push: Callable[[], None]) -> Run:
    before_kb = resident_kb(server_pid)
    viewers = subprocess.Popen(
        [sys.executable, "-m", "dashboard.bench.viewers", url, str(VIEWERS), str(SECONDS + 2)],
        cwd=BASE_DIR,
        env={**os.environ, "QL_BENCH_TOKEN": token},
        stdout=subprocess.PIPE,
        text=True,
    )
    opened = viewers.stdout.readline() if viewers.stdout else ""
    if opened.strip() != f"OPEN {VIEWERS}":
        viewers.kill()
        raise RuntimeError(f"the viewers could not connect: {opened!r}")
    kb_per_viewer = (resident_kb(server_pid) - before_kb) / VIEWERS
    started_s, cpu_before_s = time.monotonic(), cpu_s(server_pid)
    for number in range(int(SECONDS * PER_S)):
        push()
        time.sleep(max(0.0, started_s + (number + 1) / PER_S - time.monotonic()))
    time.sleep(0.5)  # the last deliveries
    cpu_ms = (cpu_s(server_pid) - cpu_before_s) * 1000
    report, _ = viewers.communicate(timeout=60)
    found = json.loads(report.strip().splitlines()[-1])
    return Run(len(found["latency_ms"]), cpu_ms, found["latency_ms"], kb_per_viewer)
