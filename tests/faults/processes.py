"""A real worker and a real scheduler, as they run in production, against a Redis and an emulator of the test's own."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from config.env import BASE_DIR
from tests.emulator.running import RunningEmulator

CELERY = (sys.executable, "-m", "celery", "-A", "config")
WORKER = (*CELERY, "worker", "--pool", "threads", "--concurrency", "16", "--without-gossip", "--without-mingle", "--without-heartbeat")
BEAT = (*CELERY, "beat")


def until(what: str, true: Callable[[], bool], within_s: float) -> float:
    """Waits until `true()`; returns after how many seconds it was. AssertionError when it never is."""
    began = time.monotonic()
    while (passed_s := time.monotonic() - began) < within_s:
        if true():
            return passed_s
        time.sleep(0.02)
    raise AssertionError(f"{what}: not within {within_s:.0f} s")


@dataclass(frozen=True)
class Installation:
    """A folder, a database with the first board, and the variables that its processes get."""

    folder: Path
    environ: dict[str, str]

    @contextlib.contextmanager
    def running(self, name: str, arguments: tuple[str, ...]) -> Iterator[subprocess.Popen[bytes]]:
        """One process, ended when the block ends. Its output is in `folder/name.log`."""
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(arguments, cwd=BASE_DIR, env=self.environ, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
            try:
                yield process
            finally:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")


def install(folder: Path, redis_url: str, emulator: RunningEmulator, **variables: str) -> Installation:
    """A new installation in `folder` with the board `main`."""
    environ = {
        **os.environ,
        "DATA_DIR": str(folder),
        "REDIS_URL": redis_url,
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "QUEUELIGHT_NO_DOTENV": "1",
        "ZENDESK_URL": emulator.url,
        "ZENDESK_EMAIL": emulator.settings.email,
        "ZENDESK_API_TOKEN": emulator.settings.api_token,
        "PYTHONUNBUFFERED": "1",
        **variables,
    }
    first = "from dashboard.models import Board; Board.objects.get_or_create(slug='main', defaults={'title': 'Main'})"
    for arguments in (("migrate", "--verbosity", "0"), ("shell", "--verbosity", "0", "--command", first)):
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=BASE_DIR, env=environ, check=True, capture_output=True, timeout=60)
    return Installation(folder, environ)
