"""The child processes of `manage.py up`: started in sessions of their own, listened to, stopped in order, never left behind.

In:  a `Plan` per child. Out: `Child`, which knows its exit code and its last lines; each line also goes to DATA_DIR/logs/<name>.log.
Start children from the main thread: the leash (leash.py) hangs on the thread that started them. Must not know what the children do.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BufferedWriter
from pathlib import Path

from dashboard.launch.leash import leashed
from dashboard.sources.redaction import redact

LOG_MAX_BYTES = 5_000_000  # twice that per child: the file and the one before it
LINE_MAX_BYTES = 8_192
LINES_KEPT = 40
POLL_S = 0.02
# Of a child that ended: so long its last words are waited for.
LAST_WORDS_S = 1.0
STOP_TIMEOUT_S = 8.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How one child is started. `env` holds secrets: they go this way and never on the command line, which everybody can read."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    orphan_signal: signal.Signals = signal.SIGKILL


class Child:
    """One running child."""

    def __init__(self, plan: Plan, log_dir: Path, heard: Callable[[str, str], None], *, stdin: bytes = b"") -> None:
        """Starts it. `heard(name, line)` is called for each line it says, from the listening thread."""
        self.name = plan.name
        self.log = log_dir / f"{plan.name}.log"
        self._heard = heard
        self._lines: deque[str] = deque(maxlen=LINES_KEPT)
        self._changed = threading.Condition()
        self.process = subprocess.Popen(
            leashed(list(plan.argv), plan.orphan_signal),
            env=dict(plan.env),
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # it died at once: its exit code tells
                self.process.stdin.write(stdin)
                self.process.stdin.close()
        self._listener = threading.Thread(target=self._listen, name=f"listen-{plan.name}", daemon=True)
        self._listener.start()

    def __repr__(self) -> str:
        return f"Child({self.name!r}, pid={self.process.pid}, exit_code={self.process.returncode})"

    def _listen(self) -> None:
        stream = self.process.stdout
        if stream is None:
            return
        log = _RotatingFile(self.log)
        try:
            while raw := stream.readline(LINE_MAX_BYTES):
                line = redact(raw.decode("utf-8", errors="replace").rstrip())
                with self._changed:
                    self._lines.append(line)
                    self._changed.notify_all()
                log.write(line)
                self._heard(self.name, line)
        finally:
            log.close()
            stream.close()
            with self._changed:
                self._changed.notify_all()

    def exit_code(self) -> int | None:
        """None while it runs; negative is the signal that ended it."""
        return self.process.poll()

    def how_it_ended(self) -> str:
        """In words that follow its name, once it has ended."""
        code = self.exit_code() or 0
        return f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"

    def last_lines(self, wait_s: float = LAST_WORDS_S) -> list[str]:
        """What it said last, oldest first, at most LINES_KEPT. Of a child that ended: once everything it said was read."""
        if self.exit_code() is not None:
            self._listener.join(wait_s)
        with self._changed:
            return list(self._lines)

    def wait_for_line(self, start: str, timeout_s: float, give_up: Callable[[], bool]) -> str | None:
        """The first kept line that begins with `start`. None when it ended without one, the time is up, or `give_up()` says so."""
        deadline = time.monotonic() + timeout_s
        over: float | None = None  # until when what it said before its end is waited for: its own children may keep the pipe open
        with self._changed:
            while True:
                for line in self._lines:
                    if line.startswith(start):
                        return line
                now = time.monotonic()
                if self.exit_code() is not None:
                    over = now + LAST_WORDS_S if over is None else over
                    if not self._listener.is_alive() or now > over:
                        return None
                if now > deadline or give_up():
                    return None
                self._changed.wait(POLL_S * 2)

    def request_stop(self) -> None:
        """SIGTERM to the child itself, which ends its own children."""
        if self.exit_code() is None:
            self.process.send_signal(signal.SIGTERM)

    def kill_group(self) -> None:
        """SIGKILL to whatever is left of its session."""
        with contextlib.suppress(ProcessLookupError, PermissionError):  # gone; on macOS a zombie's group is not permitted
            os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self, hurry: Callable[[], bool], timeout_s: float = STOP_TIMEOUT_S) -> bool:
        """Ends it, politely first; returns when it is gone. True when it went on request."""
        self.request_stop()
        deadline = time.monotonic() + timeout_s
        while self.exit_code() is None and time.monotonic() < deadline and not hurry():
            time.sleep(POLL_S)
        went = self.exit_code() is not None
        self.kill_group()
        self.process.wait()
        self._listener.join(2.0)
        return went


def first_dead(children: Sequence[Child]) -> Child | None:
    """The first child that ended, in the order of starting, or None."""
    return next((child for child in children if child.exit_code() is not None), None)


class _RotatingFile:
    """Appends lines; at LOG_MAX_BYTES the file becomes `<name>.1` and a new one begins. A disk that is full, or read-only, costs the log
    and not the child: each line tries the file anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BufferedWriter | None = None

    def write(self, line: str) -> None:
        try:
            if self._file is None:
                self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._file = self._path.open("ab")
            self._file.write(line.encode() + b"\n")
            self._file.flush()
            if self._file.tell() > LOG_MAX_BYTES:
                self.close()
                self._path.replace(self._path.with_name(f"{self._path.name}.1"))
        except (OSError, ValueError):  # a ValueError: what could not be written before is in the way
            self.close()

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                file.close()
