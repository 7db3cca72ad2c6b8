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
from pathlib import Path
from typing import TextIO

from dashboard.launch.children import Child
from dashboard.launch.fleet import CannotLiveError, Fell, Rose
from dashboard.launch.fortune import SHORT_LIFE_S, SHORT_LIVES_COUNT

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
    """What is said of a child that ended by itself before everything was ready."""
    return _last_words(f"{child.name} {child.how_it_ended()}; everything is stopped.", child.name, child.last_lines(), child.log)


def fallen(fell: Fell, log: Path) -> str:
    """What is said of a part that ended and is started again."""
    return f"queuelight: {fell.name} {fell.how}; it is started again in {fell.wait_s:g} s, and everything else goes on. Its log: {log}"


def risen(rose: Rose) -> str:
    return f"queuelight: {rose.name} was started again."


def given_up(error: CannotLiveError, log: Path) -> str:
    """What is said of a part that is not started again."""
    head = f"{error.name} {error.how}, {SHORT_LIVES_COUNT} times in a row within {SHORT_LIFE_S:.0f} s of its start; everything is stopped."
    return _last_words(head, error.name, error.said, log)


def _last_words(head: str, name: str, said: Sequence[str], log: Path) -> str:
    lines = (f"  {name} | {line}" for line in said or ["(it said nothing)"])
    return "\n".join([f"queuelight: {head} Its last lines:", *lines, f"The whole log: {log}"])


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
