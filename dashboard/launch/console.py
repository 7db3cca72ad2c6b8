"""What `manage.py up` says to the person at the terminal: one line at the start, problems as they come, and one READY block.

In:  lines of the children, the facts of the READY block. Out: text on a stream. Must not show more than a screenful of problems a minute.
"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TextIO

from dashboard.launch.children import Child

PROBLEM = re.compile(r"^\S+ \S+ (WARNING|ERROR|CRITICAL)\b")
PROBLEMS_PER_MINUTE = 12


@dataclass(frozen=True, slots=True)
class Ready:
    """The facts of the READY block. `password` None: it was shown before, or the administrator set it."""

    version: str
    wall_url: str = field(repr=False)  # holds the screen's key
    supervisor_url: str
    email: str
    password: str | None = field(repr=False)
    source: str
    warnings: tuple[str, ...] = ()


def ready_block(ready: Ready) -> str:
    """The lines, as they are printed."""
    login = f"log in as {ready.email}" + (f", password {ready.password}   (shown this once)" if ready.password else "")
    lines = [
        f"READY  Queuelight {ready.version}",
        f"  Wallboard   {ready.wall_url}",
        f"  Supervisor  {ready.supervisor_url}   {login}",
        f"  Source      {ready.source}",
        *(f"  Warning     {warning}" for warning in ready.warnings),
        "  Stop with Ctrl-C.",
    ]
    return "\n".join(lines)


def obituary(child: Child) -> str:
    """What is said of a child that ended by itself."""
    code = child.exit_code() or 0
    how = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
    said = child.last_lines() or ["(it said nothing)"]
    head = f"queuelight: {child.name} {how}; everything is stopped. Its last lines:"
    return "\n".join([head, *(f"  {child.name} | {line}" for line in said)])


class Console:
    """Thread-safe: the children's listeners call `heard`."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._lock = threading.Lock()
        self._shown_at: deque[float] = deque()
        self._silenced = False
        self.quiet = False  # while stopping, the children's complaints about each other's end are no news

    def say(self, text: str) -> None:
        with self._lock:
            try:
                print(text, file=self._stream, flush=True)
            except (OSError, ValueError):  # the terminal is gone; the children must be stopped all the same
                return

    def heard(self, name: str, line: str) -> None:
        """A child's line: shown when it is a problem, and when there were not too many within the last minute."""
        if self.quiet or not PROBLEM.match(line):
            return
        now = self._clock()
        while self._shown_at and now - self._shown_at[0] > 60:
            self._shown_at.popleft()
        if len(self._shown_at) >= PROBLEMS_PER_MINUTE:
            if not self._silenced:
                self._silenced = True
                self.say(f"{name} | (more in the logs folder)")
            return
        self._silenced = False
        self._shown_at.append(now)
        self.say(f"{name} | {line}")


def missing_words(parts: Sequence[str]) -> str:
    """`worker and beat`, in words for a sentence."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
