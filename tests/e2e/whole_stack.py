"""The whole program as an administrator runs it in parts: Redis, the emulator, worker, scheduler and web server, each a real process.

In:  a folder. Out: `Stack`, whose parts can be stopped, killed and started again at the same address. Nothing is left behind.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import redis as redis_py

from config.env import BASE_DIR
from dashboard.launch import plan
from dashboard.launch.children import Child, Plan
from dashboard.launch.redis_server import RedisServer, free_port
from dashboard.polling.planner import UNDER_WAY_S
from dashboard.store import keys

EMAIL, TOKEN = "amara@example.com", "whole-stack-api-token"
ADMIN, PASSWORD = "dana@example.com", "a long enough password for the whole stack"
START_S = 60.0
# So that the parts of the board whose usual pace is 15 s and more need not be waited for.
PACE = {"AGENTS_INTERVAL_S": "2", "ACCOUNT_INTERVAL_S": "4"}
# A Friday morning that stands still: the same calls and agents at every poll, but for what a test changes.
SCENE = ("--start", "2026-11-20T10:00:00Z", "--speed", "0")


def until(what: str, true: Callable[[], object], within_s: float) -> float:
    """Waits until `true()`; returns after how many seconds it was. AssertionError when it never is."""
    began = time.monotonic()
    while (passed_s := time.monotonic() - began) < within_s:
        if true():
            return passed_s
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {within_s:.0f} s")


class Stack:
    """Ports stay the same over all restarts. `redis` is a client that does not try again by itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = RedisServer()
        self.server.start()
        self.redis = redis_py.Redis.from_url(self.server.url, retry=None, socket_timeout=2.0)
        self.web_port, self.emulator_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.web_port}"
        self.environ = {
            **os.environ,
            **PACE,
            "DATA_DIR": str(folder),
            "REDIS_URL": self.server.url,
            "PORT": str(self.web_port),
            "QUEUELIGHT_NO_DOTENV": "1",
            "PYTHONPATH": str(BASE_DIR),
            "PYTHONUNBUFFERED": "1",
            "ADMIN_EMAIL": ADMIN,
            "ADMIN_PASSWORD": PASSWORD,
            "ZENDESK_URL": f"http://127.0.0.1:{self.emulator_port}",
            "ZENDESK_EMAIL": EMAIL,
            "ZENDESK_API_TOKEN": TOKEN,
        }
        self.vendor = httpx.Client(base_url=self.environ["ZENDESK_URL"], trust_env=False, timeout=10.0)
        self._children: dict[str, Child] = {}

    # --- life

    def start_all(self) -> None:
        """AssertionError when not everything is ready in time."""
        self.start("emulator")
        self.manage("prepare")
        for name in ("web", "worker", "beat"):
            self.start(name)
        until("everything is ready", self.ready, START_S)

    def stop_all(self) -> None:
        for child in reversed(self._children.values()):
            child.stop(lambda: False)
        self.vendor.close()
        self.redis.close()
        self.server.stop()

    def start(self, name: str) -> None:
        """Starts one of emulator, web, worker, beat; a part that runs is left alone."""
        if (known := self._children.get(name)) is not None and known.exit_code() is None:
            return
        self._children[name] = child = Child(self._plan(name), self.folder / "logs", lambda _name, _line: None)
        if name == "emulator":
            assert child.wait_for_line(plan.EMULATOR_READY, START_S, lambda: False) is not None

    def kill(self, name: str) -> None:
        """SIGKILL; returns when it is gone."""
        child = self._children[name]
        child.kill_group()
        child.process.wait(10)

    @contextmanager
    def standing_still(self, name: str) -> Iterator[None]:
        """A part, or `redis`, stopped (SIGSTOP) until the block ends: its sockets stay open and nobody answers."""
        process = self.server.process if name == "redis" else self._children[name].process
        assert process is not None
        process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            process.send_signal(signal.SIGCONT)

    def kill_redis(self) -> None:
        assert self.server.process is not None
        self.server.process.kill()
        self.server.process.wait(10)

    def start_redis(self) -> None:
        """Empty, at the same address."""
        self.server.start(self.server.port)

    def _plan(self, name: str) -> Plan:
        if name != "emulator":
            return {"web": plan.web, "worker": plan.worker, "beat": plan.beat}[name](self.environ)
        arguments = ("run_emulator", "--port", str(self.emulator_port), *SCENE)
        given = {**self.environ, "EMULATOR_EMAIL": EMAIL, "EMULATOR_TOKEN": TOKEN}
        return Plan("emulator", (sys.executable, plan.MANAGE, *arguments), given)

    # --- what tests ask and tell

    def manage(self, *words: str) -> str:
        """One command of the administrator's; what it printed. CalledProcessError when it failed."""
        command = [sys.executable, plan.MANAGE, *words]
        return subprocess.run(command, env=self.environ, check=True, capture_output=True, text=True, timeout=60).stdout

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5.0, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def tell(self, path: str, body: Mapping[str, object] | None = None) -> None:
        """Switches something at the emulator."""
        answer = self.vendor.post(f"/_emulator/{path}", json=body or {})
        assert answer.status_code == 200, answer.text

    def stats(self, endpoint: str) -> Any:
        """What the vendor answers just now."""
        answer = self.vendor.get(f"/api/v2/channels/voice/stats/{endpoint}.json", auth=(f"{EMAIL}/token", TOKEN))
        return answer.raise_for_status().json()[endpoint]

    @property
    def wall(self) -> str:
        """The first screen's address, key and all."""
        return f"{self.url}/wall/main/?key={(self.folder / 'first_screen.key').read_text().strip()}"

    def frame(self) -> Any:
        """The stored frame; None: there is none, or Redis does not answer."""
        try:
            kept = self.redis.hget(keys.frame("main"), "frame")
        except redis_py.RedisError:
            return None
        return json.loads(kept) if kept else None

    def polling(self, feed_id: str) -> bool:
        """Whether a poll of this feed is under way (or about to be)."""
        return self.redis.hexists(keys.IN_FLIGHT, feed_id) is True

    def asks_nothing(self) -> bool:
        """Whether no poll of any feed is under way or about to be."""
        return self.redis.hlen(keys.IN_FLIGHT) == 0

    def asked_now(self, feed_id: str) -> bool:
        """Whether a poll of this feed has been under way for half a second: nobody answers it."""
        held = self.redis.hget(keys.IN_FLIGHT, feed_id)
        return held is not None and int(held.split()[1]) / 1e6 - time.time() < UNDER_WAY_S - 0.5

    def logs(self) -> str:
        return "".join(path.read_text(errors="replace") for path in sorted((self.folder / "logs").glob("*.log*")))
