"""A whole Queuelight of its own to measure: `manage.py up` in a temporary folder, on a free port, with the emulator.

In:  settings that differ from the defaults. Out: its addresses, keys and processes. Ends everything it started.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.env import BASE_DIR
from dashboard.launch.redis_server import free_port

STOP_TIMEOUT_S = 30


@dataclass(frozen=True, slots=True)
class Stage:
    """`wall_url` holds the first screen's key; `token` is that key, which is a bearer token as well."""

    url: str
    wall_url: str = field(repr=False)
    token: str = field(repr=False)
    redis_url: str = field(repr=False)
    emulator_url: str
    pids: Mapping[str, int]
    environment: Mapping[str, str] = field(repr=False)

    @property
    def socket_url(self) -> str:
        return f"{self.url.replace('http', 'ws', 1)}/ws/boards/main/"


@contextlib.contextmanager
def running(**settings: str) -> Iterator[Stage]:
    """Everything, from READY to the last process' end. RuntimeError with what `up` printed when it does not come up."""
    with tempfile.TemporaryDirectory(prefix="queuelight-bench-") as folder:
        port = free_port()
        others = ("ZENDESK_", "KAYAKO_", "REDIS_URL", "DATABASE_URL")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
        environment = {**kept, "DATA_DIR": folder, "PORT": str(port), "QUEUELIGHT_NO_DOTENV": "1", **settings}
        with _up(environment) as process:
            wall_url = _ready(process)
            runtime = json.loads((Path(folder) / "runtime.json").read_text(encoding="utf-8"))
            yield Stage(
                url=f"http://127.0.0.1:{port}",
                wall_url=wall_url,
                token=wall_url.partition("?key=")[2],
                redis_url=runtime["redis_url"],
                emulator_url=runtime["emulator"]["url"],
                pids=runtime["pids"],
                environment=environment,
            )


@contextlib.contextmanager
def _up(environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up"],
        cwd=BASE_DIR,
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=STOP_TIMEOUT_S)


def _ready(process: subprocess.Popen[str]) -> str:
    said: list[str] = []
    for line in process.stdout or ():
        said.append(line)
        if found := re.search(r"Wallboard\s+(\S+)", line):
            return found[1]
    raise RuntimeError(f"manage.py up did not come up:\n{''.join(said)}")
