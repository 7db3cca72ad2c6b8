"""A real `manage.py up` on the emulated call centre at eleven in the morning, with a past, to be photographed.

In:  a data directory. Out: the running program's addresses and its switches. Speaks to the emulator over HTTP like any test.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
READY_S = 90.0
MORNING_H = 11


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the pages are, and who may open them."""

    wall: str
    base: str
    email: str
    password: str


class Installation:
    """Started with the block, stopped at its end."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self._program: subprocess.Popen[str] | None = None

    def __enter__(self) -> Installation:
        others = ("ZENDESK_", "KAYAKO_", "REDIS_", "DATABASE_")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(others)}
        environment |= {"DATA_DIR": str(self.data_dir), "PORT": "0", "QUEUELIGHT_NO_DOTENV": "1", "TIME_ZONE": midday_zone()}
        self._program = subprocess.Popen([sys.executable, ROOT / "manage.py", "up"], env=environment, stdout=subprocess.PIPE, text=True)
        said, deadline = "", time.monotonic() + READY_S
        while "Stop with Ctrl-C." not in said and self._program.stdout is not None and time.monotonic() < deadline:
            line = self._program.stdout.readline()
            if not line:
                break
            said += line
        self.addresses = Addresses(
            _found(r"Wallboard +(\S+)", said),
            _found(r"Supervisor +(\S+)", said),
            _found(r"log in as (\S+),", said),
            _found(r"password (\S+)", said),
        )
        runtime = json.loads((self.data_dir / "runtime.json").read_text())
        self._emulator = urlsplit(runtime["emulator"]["url"])
        self._join()
        return self

    def __exit__(self, *_: object) -> None:
        if self._program is not None:
            self._program.send_signal(signal.SIGINT)
            self._program.wait(40)

    def tell(self, path: str, **body: object) -> None:
        """A switch of the emulator."""
        status, said = self._asked("POST", path, json.dumps(body))
        if status != 200:
            sys.exit(f"queuelight: the emulator refused {path}: {said}")

    def emulator_state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._asked("GET", "state")[1])
        return found

    def worker_pids(self) -> list[int]:
        """The processes of the worker, to be stopped for a while."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                environment = (folder / "environ").read_bytes()
            except OSError:  # it has just ended, or is not ours
                continue
            if " worker" in command and "celery" in command and f"DATA_DIR={self.data_dir}".encode() in environment:
                found.append(int(folder.name))
        return found

    def _asked(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection(self._emulator.hostname or "", self._emulator.port, timeout=10)
        connection.request(method, f"/_emulator/{path}", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        said = answer.read().decode()
        connection.close()
        return answer.status, said

    def _join(self) -> None:
        """Makes this process one of the installation: the same Redis, the same database."""
        os.environ.update(
            DATA_DIR=str(self.data_dir), QUEUELIGHT_NO_DOTENV="1", DJANGO_SETTINGS_MODULE="config.settings", DJANGO_ALLOW_ASYNC_UNSAFE="1"
        )
        os.environ["TIME_ZONE"] = midday_zone()
        sys.path.insert(0, str(ROOT))
        import django

        django.setup()


def midday_zone() -> str:
    """A zone where it is about eleven in the morning now: the floor is full then. (Etc/GMT's signs are the other way round.)"""
    behind_h = (datetime.now(UTC).hour - MORNING_H + 12) % 24 - 12
    return f"Etc/GMT{behind_h:+d}" if behind_h else "UTC"


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        sys.exit(f"queuelight: it did not get ready:\n{text}")
    return match[1]
